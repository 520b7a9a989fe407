import type { ResourceState } from "../state/resource.ts";
import type { Properties } from "../values/value.ts";
import type { Context } from "./context.ts";
import type { RunResult } from "./events.ts";
import type { PolicyPacks } from "./policy-packs.ts";
import { isDefaultProvider } from "../protocol/urn.ts";

/** A pack that does not load asked nothing; the run has failed by it. */
export async function policyCount(packs: PolicyPacks): Promise<number> {
  const loaded = await packs.loaded().catch(() => []);
  return loaded.reduce((sum, pack) => sum + pack.policyCount, 0);
}

/** What the run came to. `begun` is of the process's clock, in milliseconds. */
export function resultOf(context: Context, policiesChecked: number, begun: number): RunResult {
  const { report, options } = context;
  const resources = context.recorder.current();
  return {
    stack: options.stack,
    command: options.command,
    result: report.failing ? "failed" : "succeeded",
    changes: report.changes,
    steps: report.steps,
    failed: report.failed,
    findings: report.findings,
    waiting: report.waiting,
    remediations: report.remediations,
    policiesChecked,
    errors: report.errors,
    outputs: outputsOf(context, resources),
    resourceCount: countResources(context, resources),
    seconds: (performance.now() - begun) / 1000,
  };
}

function outputsOf(context: Context, resources: readonly ResourceState[]): Properties {
  const stack = context.news.get(context.stackUrn) ?? resources.find((state) => state.urn === context.stackUrn);
  return stack?.outputs ?? {};
}

/** As Pulumi counts: without providers that the engine made by itself. */
const countResources = (context: Context, resources: readonly ResourceState[]): number =>
  (context.preview ? [...context.news.values()] : resources).filter(
    (state) => !state.delete && !isDefaultProvider(state.urn),
  ).length;
