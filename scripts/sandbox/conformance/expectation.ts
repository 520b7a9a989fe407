import type { JsonObject } from "../state/deployment.ts";

export interface ScenarioStep {
  readonly command: string;
  readonly args?: readonly string[];
  /** What exists behind the engine's back before the step: an object is merged, null removes. */
  readonly store?: Readonly<Record<string, JsonObject>>;
  /** `dev` where it is left out. */
  readonly stack?: string;
}

export interface Scenario {
  readonly config?: Readonly<Record<string, string | { readonly secret: string }>>;
  readonly steps: readonly ScenarioStep[];
}

export interface Operation {
  readonly op: string;
  readonly urn: string;
  readonly diffs?: string[];
  readonly keys?: string[];
}

export interface Finding {
  readonly policy: string;
  readonly level?: string;
  readonly urn: string;
  readonly message?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
}

export type Call = JsonObject;

/** What one step came to. `operations` and `calls` in their order; the rest is a set. */
export interface StepResult {
  readonly exit: number;
  readonly operations: Operation[];
  readonly failed: Operation[];
  readonly changes: Readonly<Record<string, number>>;
  readonly errors: { readonly urn?: string; readonly message: string }[];
  readonly policy: Finding[];
  readonly calls: Call[];
  readonly resources: JsonObject[];
  readonly pending: JsonObject[];
}

export interface Expectation {
  readonly cli: string;
  readonly steps: readonly StepResult[];
}
