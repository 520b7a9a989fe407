import type { Engine, EngineRun, PlannedStep } from "../engines/engine.ts";

// For tests: an engine that does what it is told, and writes down what it was asked.

export interface Told {
  readonly kind?: Engine["kind"];
  readonly stacks?: readonly string[];
  /** Of preview and up. */
  readonly change?: Partial<EngineRun>;
  /** Of previewDestroy and destroy. */
  readonly destroy?: Partial<EngineRun>;
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** When each stack was last changed. */
  readonly updatedAt?: Date;
}

export function toldEngine(told: Told = {}): {
  readonly engine: Engine;
  readonly asked: string[];
  /** Of each preview and up. */
  readonly configs: Readonly<Record<string, string>>[];
} {
  const asked: string[] = [];
  const configs: Readonly<Record<string, string>>[] = [];
  const stacks = new Set(told.stacks ?? []);
  const run = (what: string, stack: string, given: Partial<EngineRun> = {}): Promise<EngineRun> => {
    asked.push(`${what} ${stack}`);
    return Promise.resolve({ stack, result: "succeeded", steps: [], findings: [], errors: [], ...given });
  };
  const engine: Engine = {
    kind: told.kind ?? "pulumi",
    stacks: () =>
      Promise.resolve([...stacks].map((name) => ({ name, updatedAt: told.updatedAt, resourceCount: undefined }))),
    preview: (stack, options) => {
      configs.push(options?.config ?? {});
      return run("preview", stack, told.change);
    },
    up: (stack, options) => {
      configs.push(options?.config ?? {});
      return run(options?.skipPreview === true ? "up" : "preview and up", stack, told.change);
    },
    previewRefresh: (stack) => run("previewRefresh", stack),
    previewDestroy: (stack) => run("previewDestroy", stack, told.destroy),
    destroy: (stack) => run("destroy", stack, told.destroy),
    remove: (stack) => {
      asked.push(`remove ${stack}`);
      stacks.delete(stack);
      return Promise.resolve();
    },
    outputs: (stack) => Promise.resolve(told.outputs?.[stack]),
  };
  return { engine, asked, configs };
}

export const bucketUrn = (stack: string): string =>
  `urn:pulumi:${stack}::groundwork::aws:s3/bucket:Bucket::groundwork-${stack}-media-objects`;

export const bucketStep = (stack: string, op: PlannedStep["op"]): PlannedStep => ({
  op,
  urn: bucketUrn(stack),
  type: "aws:s3/bucket:Bucket",
  changed: op === "replace" ? ["bucket"] : [],
  replaces: op === "replace" ? ["bucket"] : [],
});
