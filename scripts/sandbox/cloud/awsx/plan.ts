import type { Value } from "../../values/value.ts";

/** The key of the component itself, as a parent. */
export const COMPONENT = "component";

/** An output of a planned resource, once it is registered. */
export class PlannedOutput {
  readonly key: string;
  /** "id" or the name of an output. */
  readonly output: string;
  /** Makes the input from the output (null where the resource has none). Undefined leaves the input out. */
  readonly derive: ((output: Value) => Value | undefined) | undefined;
  constructor(key: string, output: string, derive?: (output: Value) => Value | undefined) {
    this.key = key;
    this.output = output;
    this.derive = derive;
  }
}

/** A planned resource as a value. */
export class PlannedReference {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}

export type Planned = Value | PlannedOutput | PlannedReference | Planned[];

export type PlannedProperties = Readonly<Record<string, Planned>>;

export interface PlannedResource {
  /** Unique in the plan. */
  readonly key: string;
  readonly type: string;
  readonly name: string;
  /** Key of an earlier resource, or `COMPONENT`. */
  readonly parent: string;
  /** Keys of earlier resources, beside those that the inputs name. */
  readonly dependsOn: readonly string[];
  readonly inputs: PlannedProperties;
}

/** What a component makes. Resources stand after everything they refer to. */
export interface Plan {
  readonly resources: readonly PlannedResource[];
  readonly outputs: PlannedProperties;
}
