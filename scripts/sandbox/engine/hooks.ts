import type callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { ResourceState } from "../state/resource.ts";
import { FULL, toStruct } from "../values/wire.ts";
import type { Callbacks } from "./callbacks.ts";
import { nameOf } from "../protocol/urn.ts";

interface Hook {
  readonly callback: callbacks.Callback;
  readonly onPreview: boolean;
  readonly ignoreErrors: boolean;
}

export type HookMoment =
  "beforeCreate" | "afterCreate" | "beforeUpdate" | "afterUpdate" | "beforeDelete" | "afterDelete" | "onError";

const BINDINGS: Readonly<Record<HookMoment, keyof messages.RegisterResourceRequest.ResourceHooksBinding.AsObject>> = {
  beforeCreate: "beforeCreateList",
  afterCreate: "afterCreateList",
  beforeUpdate: "beforeUpdateList",
  afterUpdate: "afterUpdateList",
  beforeDelete: "beforeDeleteList",
  afterDelete: "afterDeleteList",
  onError: "onErrorList",
};

export interface HookFailure {
  readonly message: string;
  /** The program asked for a warning instead. */
  readonly ignored: boolean;
}

/** Hook names by moment, only for moments that have some. */
export function decodeHooks(
  binding: messages.RegisterResourceRequest.ResourceHooksBinding | undefined,
): Record<string, string[]> {
  const lists = binding?.toObject();
  const result: Record<string, string[]> = {};
  if (lists === undefined) return result;
  for (const [moment, list] of Object.entries(BINDINGS)) if (lists[list].length > 0) result[moment] = [...lists[list]];
  return result;
}

/** The program's functions around the operations on a resource. */
export class Hooks {
  readonly #callbacks: Callbacks;
  readonly #hooks = new Map<string, Hook>();

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks;
  }

  register(name: string, hook: Hook): void {
    if (this.#hooks.has(name)) throw new Error(`a resource hook named ${JSON.stringify(name)} is registered already`);
    this.#hooks.set(name, hook);
  }

  /**
   * Runs the hooks of one moment in order, up to the first that fails. One that the program does not register (there
   * is none on destroy) fails: what it guards must not happen behind its back.
   */
  async run(
    moment: HookMoment,
    names: readonly string[],
    old: ResourceState | undefined,
    now: ResourceState | undefined,
    preview: boolean,
  ): Promise<HookFailure[]> {
    const failures: HookFailure[] = [];
    for (const name of names) {
      const hook = this.#hooks.get(name);
      if (hook === undefined) {
        failures.push({ message: `hook ${JSON.stringify(name)} was not registered`, ignored: false });
        break;
      }
      if (preview && !hook.onPreview) continue;
      const request = about(new messages.ResourceHookRequest(), old, now);
      if (now !== undefined && moment.startsWith("after")) request.setNewOutputs(toStruct(now.outputs, FULL));
      const response = messages.ResourceHookResponse.deserializeBinary(
        await this.#callbacks.invoke(hook.callback, request.serializeBinary()),
      );
      if (response.getError() === "") continue;
      failures.push({
        message: `hook ${JSON.stringify(name)} failed: ${response.getError()}`,
        ignored: hook.ignoreErrors,
      });
      if (!hook.ignoreErrors && moment.startsWith("before")) break;
    }
    return failures;
  }

  /** Asks the error hooks whether to try the failed operation again. `errors` are all so far, the newest first. */
  async retries(
    names: readonly string[],
    operation: "create" | "update" | "delete",
    old: ResourceState | undefined,
    now: ResourceState | undefined,
    errors: readonly string[],
  ): Promise<boolean> {
    let retry = false;
    for (const name of names) {
      const hook = this.#hooks.get(name);
      if (hook === undefined) continue;
      const request = about(new messages.ErrorHookRequest(), old, now);
      request.setFailedOperation(operation);
      request.setErrorsList([...errors]);
      const response = messages.ErrorHookResponse.deserializeBinary(
        await this.#callbacks.invoke(hook.callback, request.serializeBinary()),
      );
      if (response.getError() !== "") throw new Error(`error hook ${name}: ${response.getError()}`);
      retry ||= response.getRetry();
    }
    return retry;
  }
}

/** The request, with the resource as it was and as it is to be. */
function about<Request extends messages.ResourceHookRequest | messages.ErrorHookRequest>(
  request: Request,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Request {
  const state = now ?? old;
  request.setUrn(state?.urn ?? "");
  request.setId(state?.id ?? "");
  request.setName(nameOf(state?.urn ?? ""));
  request.setType(state?.type ?? "");
  if (now !== undefined) request.setNewInputs(toStruct(now.inputs, FULL));
  if (old !== undefined) {
    request.setOldInputs(toStruct(old.inputs, FULL));
    request.setOldOutputs(toStruct(old.outputs, FULL));
  }
  return request;
}
