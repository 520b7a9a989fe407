import type { Engine, EngineOptions, EngineRun } from "../engines/engine.ts";

/** For tests alone: an engine that runs no program, and remembers with which config a stack was brought up last. */
export interface MemoryEngine extends Engine {
  /** In order: `preview staging 1.0.0`. */
  readonly asked: string[];
  /** Fails the next run of a kind. */
  fail(kind: "preview" | "up"): void;
}

export function memoryEngine(): MemoryEngine {
  const stacks = new Map<string, Readonly<Record<string, string>>>();
  const failing = new Set<string>();
  const asked: string[] = [];
  const run = (kind: "preview" | "up" | "refresh" | "destroy", stack: string, options: EngineOptions = {}) => {
    asked.push(`${kind} ${stack} ${options.config?.["version"] ?? ""}`.trim());
    const failed = failing.delete(kind);
    if (kind === "up" && !failed) stacks.set(stack, options.config ?? {});
    if (kind === "destroy") stacks.delete(stack);
    return Promise.resolve<EngineRun>({
      stack,
      result: failed ? "failed" : "succeeded",
      steps: [],
      findings: [],
      errors: failed ? [`${kind} was told to fail`] : [],
    });
  };
  return {
    kind: "sandbox",
    asked,
    fail: (kind) => void failing.add(kind),
    stacks: () => Promise.resolve([...stacks.keys()].map((name) => ({ name, updatedAt: undefined, resourceCount: 1 }))),
    preview: (stack, options) => run("preview", stack, options),
    up: (stack, options) => run("up", stack, options),
    previewRefresh: (stack, options) => run("refresh", stack, options),
    previewDestroy: (stack, options) => run("preview", stack, options),
    destroy: (stack, options) => run("destroy", stack, options),
    remove: () => Promise.resolve(),
    outputs: (stack) => Promise.resolve(stacks.get(stack)),
  };
}
