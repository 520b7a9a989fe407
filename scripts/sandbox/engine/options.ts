import type { Value } from "../values/value.ts";
import type { Command, EngineEvent } from "./events.ts";

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

/** Encrypts and decrypts one text, in the form of Pulumi's passphrase provider. */
export interface SecretsManager {
  readonly type: "passphrase";
  /** `{ salt }`, as the deployment's secrets_providers.state holds it. */
  readonly state: Readonly<Record<string, string>>;
  encrypt(plaintext: string): string;
  /** Throws where the text was encrypted under another passphrase. */
  decrypt(ciphertext: string): string;
}

export interface PolicyPackSource {
  /** Absolute. */
  readonly directory: string;
  /** Content of the configuration file: policy name (or "all") to level or `{ enforcementLevel, ...properties }`. */
  readonly config: Readonly<Record<string, Value>>;
}

/** Everything one run needs. */
export interface RunOptions {
  readonly command: Command;
  readonly project: Project;
  readonly stack: string;
  readonly config: StackConfig;
  /** Absolute: where state and journal of every stack are. */
  readonly stateDirectory: string;
  readonly secrets: SecretsManager;
  /** Opens the secrets of another stack by its salt. `source` is the file that holds it. */
  readonly openSecrets: (salt: string, source: string) => Promise<SecretsManager>;
  /** Package name to port of a running provider. */
  readonly providers: ReadonlyMap<string, number>;
  readonly policyPacks: readonly PolicyPackSource[];
  /** Absolute: where Node keeps what it compiled of the program and the packs. Undefined: nowhere. */
  readonly compileCache?: string;
  readonly targets: readonly string[];
  readonly parallel: number;
  readonly expectNoChanges: boolean;
  /** refresh and destroy: announce the steps and change nothing, neither the state nor the cloud. */
  readonly dryRun?: boolean;
  readonly onEvent: (event: EngineEvent) => void;
  /** Aborting lets running steps finish, then stops. */
  readonly signal?: AbortSignal;
}

/** Run options of which two may still be on their way: the program starts without waiting for them. */
export interface RunRequest extends Omit<RunOptions, "secrets" | "providers"> {
  readonly secrets: SecretsManager | Promise<SecretsManager>;
  readonly providers: ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>>;
}
