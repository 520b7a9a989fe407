import type { Properties } from "../values/value.ts";

export interface CustomTimeouts {
  /** Seconds; 0 is the provider's default. */
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** One resource of a stack: what Pulumi's deployment format version 3 keeps of it. */
export interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  /** "" for components, and while unknown. */
  id: string;
  inputs: Properties;
  outputs: Properties;
  parent: string;
  /** `URN::ID`, or "" for components and providers. */
  provider: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  /** Read, not made by this stack. */
  external: boolean;
  /** Replaced already; only its deletion is outstanding. */
  delete: boolean;
  /** Deleted already; only its replacement is outstanding. */
  pendingReplacement: boolean;
  initErrors: string[];
  additionalSecretOutputs: string[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  customTimeouts: CustomTimeouts | undefined;
  importId: string;
  retainOnDelete: boolean;
  deletedWith: string;
  replaceWith: string[];
  replacementTrigger: Properties | undefined;
  hideDiffs: string[];
  resourceHooks: Record<string, string[]>;
  sourcePosition: string;
  /** ISO 8601. */
  created: string;
  modified: string;
}

export type PendingKind = "creating" | "updating" | "deleting" | "reading" | "importing";

/** An operation that had begun and whose end is not known. */
export interface PendingOperation {
  readonly kind: PendingKind;
  readonly resource: ResourceState;
  /** What the provider was told to call this operation, for providers that can tell whether it happened. */
  readonly operationId: string;
}

/** Everything known of a stack. `resources` stand after what they depend on. */
export interface Snapshot {
  resources: ResourceState[];
  pending: PendingOperation[];
}
