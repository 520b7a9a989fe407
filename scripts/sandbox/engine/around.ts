import type { ResourceState } from "../state/resource.ts";
import type { Context } from "./context.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import type { HookMoment } from "./hooks.ts";

/** Runs the program's hooks before an operation. One that fails stops it. */
export async function before(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Promise<void> {
  for (const { message, ignored } of await failuresOf(context, moment, old, now)) {
    if (!ignored) throw new Error(message);
    context.report.log("warning", (now ?? old)?.urn ?? "", message);
  }
}

/** After an operation that is done and recorded, a failing hook fails the run, not the operation. */
export async function after(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Promise<void> {
  const urn = (now ?? old)?.urn ?? "";
  for (const { message, ignored } of await failuresOf(context, moment, old, now)) {
    if (ignored) context.report.log("warning", urn, message);
    else context.report.failedHook(urn, message);
  }
}

function failuresOf(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): ReturnType<Context["hooks"]["run"]> {
  const names = (now ?? old)?.resourceHooks[moment] ?? [];
  return names.length === 0 ? Promise.resolve([]) : context.hooks.run(moment, names, old, now, context.preview);
}

/** Tries an operation again as long as an error hook says so. */
export async function retrying<Result>(
  context: Context,
  operation: "create" | "update" | "delete",
  old: ResourceState | undefined,
  now: ResourceState | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const names = (now ?? old)?.resourceHooks["onError"] ?? [];
  const errors: string[] = [];
  for (;;) {
    try {
      return await work();
    } catch (error) {
      errors.unshift(serviceMessage(error));
      if (names.length === 0 || !(await context.hooks.retries(names, operation, old, now, errors))) throw error;
    }
  }
}
