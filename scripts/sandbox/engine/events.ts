import type { PolicyLevel } from "../project/model.ts";
import type { Properties, Value } from "../values/value.ts";

/** Pulumi's names for what is done to a resource. */
export type OperationKind =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "import"
  | "import-replacement";

/** One changed property path: what it was and what it becomes. Secrets stay `Secret`. */
export interface PropertyChange {
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly replaces: boolean;
  readonly old: Value | undefined;
  readonly now: Value | undefined;
}

/** A step that the engine announces, before it runs. */
export interface Step {
  readonly op: OperationKind;
  readonly urn: string;
  readonly type: string;
  /** Top-level or nested paths that differ, sorted; empty where nothing is compared. */
  readonly diffs: readonly string[];
  /** Paths that force the replacement. */
  readonly keys: readonly string[];
  readonly changes: readonly PropertyChange[];
  /** URNs that must come before this one: parent, provider, dependencies. Gives a preview its fixed order. */
  readonly dependsOn?: readonly string[];
  /** Of a refresh that is done: what it does to the state. */
  readonly outcome?: "same" | "update" | "delete";
}

export interface PolicyFinding {
  readonly pack: string;
  readonly policy: string;
  readonly level: PolicyLevel;
  readonly urn: string;
  readonly message: string;
  readonly severity: string;
}

/** A policy could not decide at a preview: what it asks about is known only to up, which asks it again. */
export interface PolicyWait {
  readonly pack: string;
  readonly policy: string;
  readonly urn: string;
  /** `waits for ...` */
  readonly reason: string;
}

/** A policy changed a resource's inputs. */
export interface Remediation {
  readonly policy: string;
  readonly urn: string;
  readonly before: Properties;
  readonly after: Properties;
}

export interface RunError {
  /** "" where the error belongs to no resource. */
  readonly urn: string;
  readonly message: string;
}

/** What a display hears of a run, in order. */
export type EngineEvent =
  | { readonly kind: "step-started"; readonly step: Step }
  | { readonly kind: "step-done"; readonly step: Step; readonly milliseconds: number }
  | { readonly kind: "step-failed"; readonly step: Step; readonly message: string }
  | {
      readonly kind: "log";
      readonly severity: "debug" | "info" | "warning" | "error";
      readonly urn: string;
      readonly message: string;
    }
  | { readonly kind: "policy"; readonly finding: PolicyFinding }
  | { readonly kind: "remediation"; readonly remediation: Remediation; readonly changes: readonly PropertyChange[] };

export type Command = "preview" | "up" | "refresh" | "destroy";

/** What a run comes to. */
export interface RunResult {
  readonly stack: string;
  readonly command: Command;
  readonly result: "succeeded" | "failed";
  /** Count per operation, as Pulumi counts: default providers and half steps are left out. */
  readonly changes: Readonly<Partial<Record<OperationKind, number>>>;
  readonly steps: readonly Step[];
  readonly failed: readonly { readonly op: OperationKind; readonly urn: string }[];
  readonly findings: readonly PolicyFinding[];
  readonly waiting: readonly PolicyWait[];
  readonly remediations: readonly Remediation[];
  /** How many policies of how many packs were asked. */
  readonly policiesChecked: number;
  readonly errors: readonly RunError[];
  readonly outputs: Readonly<Record<string, Value>>;
  readonly resourceCount: number;
  readonly seconds: number;
}
