import type { OperationKind } from "../sandbox/engine/events.ts";

/** A property that differs, for people: `was` in the state, `is` in the cloud. Secrets are masked, long values cut. */
export interface PropertyValues {
  readonly path: string;
  /** Undefined where it was not there. */
  readonly was: string | undefined;
  /** Undefined where it is no longer there. */
  readonly is: string | undefined;
}

/** What a run would do, or did, to one resource. */
export interface PlannedStep {
  readonly op: OperationKind;
  readonly urn: string;
  readonly type: string;
  /** Property paths that differ, sorted. */
  readonly changed: readonly string[];
  /** Those of them that force a replacement. */
  readonly replaces: readonly string[];
  /** The physical id, where the engine says it. */
  readonly id?: string;
  /** Of a refresh: `op` is then what it found, `update` or `delete`. */
  readonly values?: readonly PropertyValues[];
}

export interface PolicyFindingLine {
  readonly policy: string;
  readonly level: "advisory" | "mandatory" | "remediate" | "disabled";
  readonly urn: string;
  readonly message: string;
}

/** What a preview, an up, a refresh, or a destroy of one stack came to. */
export interface EngineRun {
  readonly stack: string;
  readonly result: "succeeded" | "failed";
  /** Steps that change something: without `same`, without what failed, and without providers that the engine makes. */
  readonly steps: readonly PlannedStep[];
  readonly findings: readonly PolicyFindingLine[];
  /** One line each, without secrets; empty where it succeeded. */
  readonly errors: readonly string[];
}

export interface EngineOptions {
  /** Config that goes over the stack's file: `{ imageDigest: "sha256:..." }`, without the project's namespace. */
  readonly config?: Readonly<Record<string, string>>;
  /** The folder of Pulumi.yaml. Default: this repository's. A rollback names the worktree of the old commit. */
  readonly directory?: string;
  /** Hears what the engine prints, line by line. */
  readonly onLine?: (line: string) => void;
  /** An up that its caller has just previewed: policies over the whole stack have had their say. */
  readonly skipPreview?: boolean;
}

export interface StackSummary {
  readonly name: string;
  /** When it was last changed; undefined where the backend does not say. */
  readonly updatedAt: Date | undefined;
  readonly resourceCount: number | undefined;
}

/**
 * What runs the program: Pulumi's CLI with real accounts, or the sandbox with none. Every method throws a `UserError`
 * where the engine cannot be asked at all; a run that fails is its result.
 */
export interface Engine {
  readonly kind: "pulumi" | "sandbox";
  stacks(): Promise<readonly StackSummary[]>;
  /** What up would do. A stack that does not exist is all new, and does not exist afterwards either. */
  preview(stack: string, options?: EngineOptions): Promise<EngineRun>;
  /**
   * Previews, and then makes it so. Makes a preview's stack where there is none; under the Pulumi CLI that of an
   * environment must be there, since another backend may be the one that has it.
   */
  up(stack: string, options?: EngineOptions): Promise<EngineRun>;
  /** What the cloud holds against the state; changes neither. */
  previewRefresh(stack: string, options?: EngineOptions): Promise<EngineRun>;
  /** What destroy would delete; changes nothing. Fails as destroy would, where something is protected. */
  previewDestroy(stack: string, options?: EngineOptions): Promise<EngineRun>;
  /** Refuses, as a failed run, where something is protected. */
  destroy(stack: string, options?: EngineOptions): Promise<EngineRun>;
  /** Forgets a stack that has nothing. */
  remove(stack: string): Promise<void>;
  /** Undefined where there is no such stack. What is secret is left out. */
  outputs(stack: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
