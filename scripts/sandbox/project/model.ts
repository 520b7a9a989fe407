import type { Value } from "../values/value.ts";

/** The project as the engine needs it: made by project/. */
export interface Project {
  readonly name: string;
  /** Absolute: the folder of Pulumi.yaml. */
  readonly root: string;
  /** Absolute: the program's entry file or folder. */
  readonly main: string;
  readonly organization: string;
  /** `runtime.options.typescript`: true where the SDK itself is to compile TypeScript. */
  readonly typescript?: boolean;
  /** `runtime.options.nodeargs`: options for the program's Node. */
  readonly nodeArguments?: readonly string[];
}

/** One stack's resolved config: `namespace:key` to text (structured values as JSON). */
export interface StackConfig {
  readonly values: ReadonlyMap<string, string>;
  readonly secretKeys: ReadonlySet<string>;
}

/** How a policy's violation is taken, with Pulumi's names. */
export type PolicyLevel = "advisory" | "mandatory" | "remediate" | "disabled";

/** A pack, and how it is configured for one stack. */
export interface PolicyPackSource {
  /** Absolute. */
  readonly directory: string;
  /** Where the configuration stands, as shown to people. */
  readonly configFile?: string;
  /** Content of the configuration file: policy name (or "all") to level or `{ enforcementLevel, ...properties }`. */
  readonly config: Readonly<Record<string, Value>>;
}
