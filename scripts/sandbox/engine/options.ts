import type { PolicyPackSource, Project, StackConfig } from "../project/model.ts";
import type { ResourceState } from "../state/resource.ts";
import type { SecretsManager } from "../state/secrets-manager.ts";
import type { Command, EngineEvent } from "./events.ts";

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
  /** Hears what the program asked for, at a preview as far as it is known: without what it no longer asks for. */
  readonly onResources?: (resources: readonly ResourceState[]) => void;
  /** Aborting lets running steps finish, then stops. */
  readonly signal?: AbortSignal;
}

/** Run options of which two are still on their way: the program starts without waiting for them. */
export interface RunRequest extends Omit<RunOptions, "secrets" | "providers"> {
  /** Called only where there is something to seal or to open: deriving the key takes a while. */
  readonly secrets: () => Promise<SecretsManager>;
  readonly providers: ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>>;
}
