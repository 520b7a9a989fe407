import type callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { downgradedProperties, hasUnknown, type Properties } from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import type { Context } from "./context.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import type { CheckFailure } from "./provider-client.ts";
import { applyInvokeTransforms } from "./transforms.ts";

type ResolveProvider = (token: string, explicit: string) => Promise<string>;

/** The functions that a program calls: of providers, and the engine's own. */
export class ResourceInvokes {
  readonly #context: Context;
  readonly #transforms: callbacks.Callback[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  addTransform(transform: callbacks.Callback): void {
    this.#transforms.push(transform);
  }

  async invoke(
    request: messages.ResourceInvokeRequest,
    resolveProvider: ResolveProvider,
  ): Promise<messages.ResourceInvokeResponse> {
    const { callbacks, providers, preview } = this.#context;
    const token = request.getTok();
    const options = new messages.TransformInvokeOptions();
    options.setProvider(request.getProvider());
    options.setVersion(request.getVersion());
    options.setPluginDownloadUrl(request.getPlugindownloadurl());
    const transformed = await applyInvokeTransforms(
      token,
      fromStruct(request.getArgs()),
      options,
      this.#transforms,
      callbacks,
    );
    const args = downgradedProperties(transformed.args);
    const builtin = BUILTIN[token];
    if (builtin !== undefined) return respond(request, builtin(this.#context, args), []);
    const provider = providers.get(await resolveProvider(token, transformed.options.getProvider()));
    if (!provider.configured || Object.values(args).some(hasUnknown)) {
      const response = new messages.ResourceInvokeResponse();
      response.setUnknown(true);
      return response;
    }
    let answered;
    try {
      answered = await provider.client.invoke(token, args, preview);
    } catch (error) {
      throw new Error(`invocation of ${token} returned an error: ${serviceMessage(error)}`);
    }
    return respond(request, answered.result, answered.failures);
  }
}

function respond(
  request: messages.ResourceInvokeRequest,
  result: Properties,
  failures: readonly CheckFailure[],
): messages.ResourceInvokeResponse {
  const response = new messages.ResourceInvokeResponse();
  response.setReturn(
    toStruct(result, { ...FULL, references: request.getAcceptresources(), outputs: request.getAcceptOutputValues() }),
  );
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new providerMessages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

type Builtin = (context: Context, args: Properties) => Properties;

const BUILTIN: Readonly<Record<string, Builtin>> = {
  // How an SDK turns a resource reference back into a resource.
  "pulumi:pulumi:getResource": (context, args) => {
    const urn = typeof args["urn"] === "string" ? args["urn"] : "";
    const state = context.news.get(urn) ?? context.oldByUrn.get(urn);
    if (state === undefined) throw new Error(`unknown resource ${urn}`);
    return { urn, id: state.id, state: state.outputs };
  },
};
