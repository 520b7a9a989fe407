import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { hasUnknown, type Properties } from "../values/value.ts";
import { FULL, fromStruct, toStruct, type WireOptions } from "../values/wire.ts";
import { CHANNEL_OPTIONS, INSECURE, isServiceError, isUnimplemented, serviceMessage, unary } from "../protocol/grpc.ts";
import { nameOf, typeOf } from "../protocol/urn.ts";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

export type DiffKind = "add" | "delete" | "update";

export interface Difference {
  readonly changes: "unknown" | "none" | "some";
  /** Top-level properties that differ. */
  readonly diffs: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Nested paths, where the provider gives them. */
  readonly detailed: ReadonlyMap<string, { readonly kind: DiffKind; readonly replaces: boolean }>;
}

export const NO_DIFFERENCE: Difference = {
  changes: "none",
  diffs: [],
  replaces: [],
  deleteBeforeReplace: false,
  detailed: new Map(),
};

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
  /** Where the provider read them; otherwise undefined. */
  readonly inputs: Properties | undefined;
  /** Why the resource exists but did not come up. */
  readonly initErrors: readonly string[];
}

export interface Constructed {
  readonly urn: string;
  readonly outputs: Properties;
  readonly dependencies: Readonly<Record<string, string[]>>;
}

/** Everything that the message of a provider's failure should say. */
export class ProviderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProviderError";
  }
}

const DETAILED: Readonly<Record<number, { kind: DiffKind; replaces: boolean }>> = {
  0: { kind: "add", replaces: false },
  1: { kind: "add", replaces: true },
  2: { kind: "delete", replaces: false },
  3: { kind: "delete", replaces: true },
  4: { kind: "update", replaces: false },
  5: { kind: "update", replaces: true },
};

const RPC = services.ResourceProviderService;

const CHANGES: readonly Difference["changes"][] = ["unknown", "none", "some"];

/** The sandbox's cloud says with this header that Create is idempotent by operation id, and Read can look one up. */
const IDEMPOTENT_HEADER = "sandbox-idempotent";
const OPERATION_HEADER = "sandbox-operation-id";

/** The provider went away in the middle of a call: what it did of it is not known. */
export class LostContact extends ProviderError {
  constructor(message: string) {
    super(message);
    this.name = "LostContact";
  }
}

/** What the engine asks of a provider, wherever it lives. */
export type Provider = Pick<ProviderClient, keyof ProviderClient>;

/** One connection to one provider, for one provider resource. */
export class ProviderClient {
  readonly #client: services.ResourceProviderClient;
  readonly #package: string;
  #wire: WireOptions = { ...FULL, secrets: false, references: false, outputs: false };
  /** Whether the provider wants Create and Update calls in preview. */
  supportsPreview = false;
  /** Whether Create may be repeated with the same operation id. */
  idempotent = false;

  constructor(packageName: string, port: number) {
    this.#package = packageName;
    this.#client = new services.ResourceProviderClient(`127.0.0.1:${port}`, INSECURE, {
      ...CHANNEL_OPTIONS,
      // A connection of its own: a provider that serves several configurations tells them apart by it.
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  async start(engineAddress: string, root: string, program: string): Promise<void> {
    const request = new messages.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    request.setRootDirectory(root);
    request.setProgramDirectory(program);
    request.setConfigureWithUrn(true);
    request.setInvokeWithPreview(true);
    try {
      const response = await this.#call(RPC.handshake, request, {}, (header) => {
        this.idempotent = header.get(IDEMPOTENT_HEADER).length > 0;
      });
      this.#accept(response.getAcceptSecrets(), response.getAcceptResources(), response.getAcceptOutputs());
      this.supportsPreview = true;
    } catch (error) {
      if (!(error instanceof Unimplemented)) throw error;
    }
    try {
      const attach = new plugin.PluginAttach();
      attach.setAddress(engineAddress);
      await this.#call(RPC.attach, attach);
    } catch (error) {
      if (!(error instanceof Unimplemented)) throw error;
    }
  }

  #accept(secrets: boolean, references: boolean, outputs: boolean): void {
    this.#wire = { secrets, references, outputs, unknowns: true };
  }

  get acceptsSecrets(): boolean {
    return this.#wire.secrets;
  }

  close(): void {
    this.#client.close();
  }

  async parameterize(name: string, version: string, value: Uint8Array): Promise<void> {
    const request = new messages.ParameterizeRequest();
    const parameters = new messages.ParameterizeRequest.ParametersValue();
    parameters.setName(name);
    parameters.setVersion(version);
    parameters.setValue(value);
    request.setValue(parameters);
    await this.#call(RPC.parameterize, request);
  }

  async checkConfig(urn: string, olds: Properties, news: Properties): Promise<Checked> {
    const request = about(urn, new messages.CheckRequest());
    request.setOlds(toStruct(olds, PLAIN));
    request.setNews(toStruct(news, PLAIN));
    try {
      return checked(await this.#call(RPC.checkConfig, request));
    } catch (error) {
      if (error instanceof Unimplemented) return { inputs: news, failures: [] };
      throw error;
    }
  }

  async diffConfig(urn: string, oldInputs: Properties, oldOutputs: Properties, news: Properties): Promise<Difference> {
    const request = about(urn, new messages.DiffRequest());
    request.setOlds(toStruct(oldOutputs, PLAIN));
    request.setOldInputs(toStruct(oldInputs, PLAIN));
    request.setNews(toStruct(news, PLAIN));
    try {
      return difference(await this.#call(RPC.diffConfig, request));
    } catch (error) {
      if (error instanceof Unimplemented) return { ...NO_DIFFERENCE, changes: "unknown" };
      throw error;
    }
  }

  async configure(urn: string, id: string, args: Properties): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setId(id);
    request.setArgs(toStruct(args, { ...FULL, secrets: this.#wire.secrets }));
    const variables = request.getVariablesMap();
    toStruct(args, PLAIN)
      .getFieldsMap()
      .forEach((value, key) => {
        const plain: unknown = value.toJavaScript();
        variables.set(`${this.#package}:config:${key}`, typeof plain === "string" ? plain : JSON.stringify(plain));
      });
    const response = await this.#call(RPC.configure, request);
    if (!this.supportsPreview) {
      this.#accept(response.getAcceptsecrets(), response.getAcceptresources(), response.getAcceptoutputs());
      this.supportsPreview = response.getSupportspreview();
    }
  }

  async check(urn: string, olds: Properties | undefined, news: Properties, seed: Uint8Array): Promise<Checked> {
    const request = about(urn, new messages.CheckRequest());
    if (olds !== undefined) request.setOlds(toStruct(olds, this.#wire));
    request.setNews(toStruct(news, this.#wire));
    request.setRandomseed(seed);
    return checked(await this.#call(RPC.check, request));
  }

  async diff(
    urn: string,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<Difference> {
    const request = about(urn, new messages.DiffRequest());
    this.#describeChange(request, id, oldInputs, oldOutputs, news, ignoreChanges);
    return difference(await this.#call(RPC.diff, request));
  }

  /** `timeout` in seconds, 0 for the provider's own. */
  async create(urn: string, inputs: Properties, preview: boolean, timeout: number, operationId: string): Promise<Made> {
    const request = about(urn, new messages.CreateRequest());
    request.setProperties(toStruct(inputs, this.#wire));
    request.setPreview(preview);
    request.setTimeout(timeout);
    try {
      const response = await this.#call(RPC.create, request, operationHeader(operationId));
      return { id: response.getId(), outputs: fromStruct(response.getProperties()), inputs: undefined, initErrors: [] };
    } catch (error) {
      return partial(error);
    }
  }

  async update(
    urn: string,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
    preview: boolean,
    timeout: number,
  ): Promise<Made> {
    const request = about(urn, new messages.UpdateRequest());
    this.#describeChange(request, id, oldInputs, oldOutputs, news, ignoreChanges);
    request.setPreview(preview);
    request.setTimeout(timeout);
    try {
      const response = await this.#call(RPC.update, request);
      return { id, outputs: fromStruct(response.getProperties()), inputs: undefined, initErrors: [] };
    } catch (error) {
      return partial(error);
    }
  }

  async delete(urn: string, id: string, inputs: Properties, outputs: Properties, timeout: number): Promise<void> {
    const request = about(urn, new messages.DeleteRequest());
    request.setId(id);
    request.setProperties(toStruct(outputs, this.#wire));
    request.setOldInputs(toStruct(inputs, this.#wire));
    request.setTimeout(timeout);
    await this.#call(RPC.delete, request);
  }

  /** Undefined where the resource does not exist. */
  async read(
    urn: string,
    id: string,
    inputs: Properties,
    state: Properties,
    operationId = "",
  ): Promise<Made | undefined> {
    const request = about(urn, new messages.ReadRequest());
    request.setId(id);
    request.setInputs(toStruct(inputs, this.#wire));
    request.setProperties(toStruct(state, this.#wire));
    try {
      const response = await this.#call(RPC.read, request, operationHeader(operationId));
      if (response.getId() === "") return undefined;
      return {
        id: response.getId(),
        outputs: fromStruct(response.getProperties()),
        inputs: response.hasInputs() ? fromStruct(response.getInputs()) : undefined,
        initErrors: [],
      };
    } catch (error) {
      return partial(error);
    }
  }

  async invoke(
    token: string,
    args: Properties,
    preview: boolean,
  ): Promise<{ result: Properties; failures: CheckFailure[] }> {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args, this.#wire));
    request.setPreview(preview);
    const response = await this.#call(RPC.invoke, request);
    return { result: fromStruct(response.getReturn()), failures: failures(response.getFailuresList()) };
  }

  call(request: messages.CallRequest): Promise<messages.CallResponse> {
    return this.#call(RPC.call, request);
  }

  async construct(request: messages.ConstructRequest, inputs: Properties): Promise<Constructed> {
    request.setInputs(toStruct(inputs, FULL));
    const response = await this.#call(RPC.construct, request);
    const dependencies: Record<string, string[]> = {};
    response.getStatedependenciesMap().forEach((urns, key) => {
      dependencies[key] = urns.getUrnsList();
    });
    return { urn: response.getUrn(), outputs: fromStruct(response.getState()), dependencies };
  }

  async cancel(): Promise<void> {
    await this.#call(RPC.cancel, new empty.Empty());
  }

  /** Diff asks about a change, Update makes it. */
  #describeChange(
    request: messages.DiffRequest | messages.UpdateRequest,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): void {
    request.setId(id);
    request.setOldInputs(toStruct(oldInputs, this.#wire));
    request.setOlds(toStruct(oldOutputs, this.#wire));
    request.setNews(toStruct(news, this.#wire));
    request.setIgnorechangesList([...ignoreChanges]);
  }

  async #call<Request, Response>(
    method: grpc.MethodDefinition<Request, Response>,
    request: Request,
    metadata: Readonly<Record<string, string>> = {},
    onHeader?: (header: grpc.Metadata) => void,
  ): Promise<Response> {
    const name = method.path.slice(method.path.lastIndexOf("/") + 1);
    try {
      return await unary(this.#client, method, request, metadata, onHeader);
    } catch (error) {
      if (isUnimplemented(error)) throw new Unimplemented(this.#package, name, serviceMessage(error));
      if (isServiceError(error) && error.code === grpc.status.UNAVAILABLE)
        throw new LostContact(
          `the provider of package ${this.#package} does not answer (${name}): ${serviceMessage(error)}`,
        );
      throw error;
    }
  }
}

class Unimplemented extends ProviderError {
  constructor(packageName: string, method: string, details: string) {
    super(`the provider of package ${packageName} does not implement ${method}${details === "" ? "" : `: ${details}`}`);
    this.name = "Unimplemented";
  }
}

const PLAIN: WireOptions = { secrets: false, references: false, outputs: false, unknowns: true };

interface AboutResource {
  setUrn(value: string): unknown;
  setName(value: string): unknown;
  setType(value: string): unknown;
}

/** The request, naming the resource that it is about. */
function about<Request extends AboutResource>(urn: string, request: Request): Request {
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

const operationHeader = (operationId: string): Record<string, string> =>
  operationId === "" ? {} : { [OPERATION_HEADER]: operationId };

const failures = (list: readonly messages.CheckFailure[]): CheckFailure[] =>
  list.map((item) => ({ property: item.getProperty(), reason: item.getReason() }));

function checked(response: messages.CheckResponse): Checked {
  return { inputs: fromStruct(response.getInputs()), failures: failures(response.getFailuresList()) };
}

function difference(response: messages.DiffResponse): Difference {
  const detailed = new Map<string, { kind: DiffKind; replaces: boolean }>();
  response.getDetaileddiffMap().forEach((entry, path) => {
    const kind = DETAILED[entry.getKind()];
    if (kind !== undefined) detailed.set(path, kind);
  });
  return {
    changes: CHANGES[response.getChanges()] ?? "unknown",
    diffs: response.getDiffsList(),
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed,
  };
}

/** A resource that exists but failed to come up is an answer, not a failure of the call. */
function partial(error: unknown): Made {
  const made = initFailure(error);
  if (made === undefined) throw error;
  return made;
}

function initFailure(error: unknown): Made | undefined {
  if (!isServiceError(error)) return undefined;
  const [encoded] = error.metadata.get("grpc-status-details-bin");
  if (encoded === undefined || typeof encoded === "string") return undefined;
  for (const detail of statuses.Status.deserializeBinary(encoded).getDetailsList()) {
    if (!detail.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed")) continue;
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    return {
      id: failed.getId(),
      outputs: fromStruct(failed.getProperties()),
      inputs: failed.hasInputs() ? fromStruct(failed.getInputs()) : undefined,
      initErrors: failed.getReasonsList(),
    };
  }
  return undefined;
}

/** Whether the engine may ask a provider about these inputs at all. */
export const isFullyKnown = (properties: Properties): boolean => !Object.values(properties).some(hasUnknown);
