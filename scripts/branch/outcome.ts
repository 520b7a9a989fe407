import type { Engine, EngineRun } from "../engines/engine.ts";
import type { Verdict } from "../stateful/losses.ts";
import type { Target } from "../target.ts";
import type { BranchCommand } from "./options.ts";

/** What a command came to. "stopped": something with data would be lost; "declined": the person said no. */
export type Result = "succeeded" | "failed" | "stopped" | "declined";

/** What --json prints. */
export interface Outcome {
  readonly command: BranchCommand;
  readonly engine: Engine["kind"];
  readonly target: Target;
  readonly result: Result;
  /** The last run: of an up that was let through, the up. Undefined where there was nothing to run on. */
  readonly run: EngineRun | undefined;
  readonly losses: Verdict;
  /** The stack's, after an up; what is secret is left out. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export const exitCodeOf = ({ result }: Pick<Outcome, "result">): 0 | 1 => (result === "succeeded" ? 0 : 1);
