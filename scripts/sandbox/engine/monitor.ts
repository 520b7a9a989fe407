import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import type providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { ResourceState } from "../state/resource.ts";
import { downgradedProperties, ResourceReference } from "../values/value.ts";
import { FULL, fromStruct, toStruct, UNKNOWN_MARK } from "../values/wire.ts";
import { withHashes } from "./assets.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import { type Alias, decodeAliases, decodeTimeouts, type Goal, plainGoal } from "./goal.ts";
import { answer, failure, GRPC_STATUS, isServiceError, serviceMessage, unavailable } from "../protocol/grpc.ts";
import { callRequest } from "./call.ts";
import { construct } from "./construct.ts";
import { deploymentInfo, supportsFeature } from "./features.ts";
import { decodeTrigger, propertyDependencies, withOutputDependencies, withVersion } from "./request.ts";
import { decodeHooks } from "./hooks.ts";
import type { ResourceInvokes } from "./invokes.ts";
import { NoDefaultProvider, type PackageSource, ProviderResolution } from "./provider-resolution.ts";
import type { Registrations } from "./registrations.ts";
import { responseOptions } from "./response.ts";
import {
  applyTransforms,
  dependenciesByProperty,
  optionsOf,
  type Registration,
  withDependencies,
} from "./transforms.ts";
import {
  isProviderType,
  makeUrn,
  packageOf,
  parseProviderReference,
  providerPackage,
  STACK_TYPE,
  typeOf,
} from "../protocol/urn.ts";

/** What a component passes on to its children. */
interface Component {
  readonly providers: ReadonlyMap<string, string>;
  readonly transforms: readonly callbacks.Callback[];
  readonly parent: string;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: string;
}

/** The service that the program, and providers that construct components, register resources with. */
export class Monitor {
  readonly #context: Context;
  readonly #registrations: Registrations;
  readonly #invokes: ResourceInvokes;
  readonly #onShutdown: () => Promise<void>;
  readonly #components = new Map<string, Component>();
  readonly #stackTransforms: callbacks.Callback[] = [];
  readonly #parkedTransforms = new Map<string, callbacks.Callback[]>();
  readonly #resolution: ProviderResolution;
  #address = "";

  constructor(
    context: Context,
    registrations: Registrations,
    invokes: ResourceInvokes,
    onShutdown: () => Promise<void>,
  ) {
    this.#context = context;
    this.#registrations = registrations;
    this.#invokes = invokes;
    this.#resolution = new ProviderResolution(context, registrations);
    this.#onShutdown = onShutdown;
  }

  listenAt(address: string): void {
    this.#address = address;
  }

  service(): grpc.UntypedServiceImplementation {
    const service: services.IResourceMonitorServer = {
      getDeploymentInfo: (_call, callback) => answer(callback, () => deploymentInfo(this.#context)),
      supportsFeature: (call, callback) => answer(callback, () => supportsFeature(call.request.getId())),
      registerResource: (call, callback) => this.#guarded(callback, () => this.#registerResource(call.request)),
      registerResourceOutputs: (call, callback) =>
        answer(callback, () => {
          const { request } = call;
          const outputs = downgradedProperties(fromStruct(request.getOutputs()));
          this.#registrations.registerOutputs(request.getUrn(), outputs);
          return new empty.Empty();
        }),
      readResource: (call, callback) => this.#guarded(callback, () => this.#readResource(call.request)),
      existsResource: (call, callback) => this.#guarded(callback, () => this.#existsResource(call.request)),
      invoke: (call, callback) => this.#guarded(callback, () => this.#invoke(call.request)),
      call: (call, callback) => this.#guarded(callback, () => this.#call(call.request)),
      registerStackTransform: (call, callback) =>
        answer(callback, () => {
          this.#stackTransforms.push(call.request);
          return new empty.Empty();
        }),
      registerStackInvokeTransform: (call, callback) =>
        answer(callback, () => {
          this.#invokes.addTransform(call.request);
          return new empty.Empty();
        }),
      registerResourceHook: (call, callback) =>
        answer(callback, () => {
          const request = call.request;
          this.#registerHook(
            request.getName(),
            request.getCallback(),
            request.getOnDryRun(),
            request.getIgnoreErrors(),
          );
          return new empty.Empty();
        }),
      registerErrorHook: (call, callback) =>
        answer(callback, () => {
          this.#registerHook(call.request.getName(), call.request.getCallback(), false, false);
          return new empty.Empty();
        }),
      registerPackage: (call, callback) => answer(callback, () => this.#resolution.registerPackage(call.request)),
      signalAndWaitForShutdown: (_call, callback) =>
        answer(callback, async () => {
          await this.#onShutdown();
          return new empty.Empty();
        }),
    };
    return { ...service };
  }

  /**
   * Answers a call that may fail. What fails in the engine's own work it reports itself, and the program hears only
   * UNAVAILABLE, at which it goes quiet. What the call itself did wrong is the program's to catch, or to die of.
   */
  #guarded<Response>(callback: grpc.sendUnaryData<Response>, work: () => Promise<Response>): void {
    answer(callback, async () => {
      const stopped = (): boolean => this.#context.report.stopped;
      if (stopped()) throw unavailable("the run has stopped");
      try {
        return await work();
      } catch (error) {
        if (isServiceError(error) && error.code === GRPC_STATUS.UNAVAILABLE) throw error;
        if (stopped()) throw unavailable("the run has stopped");
        if (error instanceof Bail) {
          this.#registrations.reportFailure(error);
          throw unavailable(error.message);
        }
        throw failure(GRPC_STATUS.UNKNOWN, serviceMessage(error));
      }
    });
  }

  #registerHook(
    name: string,
    callback: callbacks.Callback | undefined,
    onPreview: boolean,
    ignoreErrors: boolean,
  ): void {
    if (callback === undefined) throw failure(GRPC_STATUS.INVALID_ARGUMENT, `hook ${name} has no callback`);
    this.#context.hooks.register(name, { callback, onPreview, ignoreErrors });
  }

  async #registerResource(request: messages.RegisterResourceRequest): Promise<messages.RegisterResourceResponse> {
    const { context, root } = { context: this.#context, root: this.#context.stackUrn };
    const type = request.getType();
    const name = request.getName();
    const isRoot = type === STACK_TYPE;
    const parent = isRoot ? "" : request.getParent() || root;
    const remote = request.getRemote();
    const above = this.#components.get(parent);
    const own = request.getTransformsList();

    const registration: Registration = {
      type,
      name,
      custom: request.getCustom(),
      parent,
      inputs: await withHashes(fromStruct(request.getObject()), context.options.project.main),
      options: optionsOf(request),
      propertyDependencies: propertyDependencies(request),
    };
    const parked = this.#takeParked(parent, type, name);
    const transforms = [...(parked ?? own), ...this.#inherited(parent), ...this.#stackTransforms];
    if (remote) this.#parkedTransforms.set(parkingPlace(parent, type, name), own);
    else if (transforms.length > 0)
      await this.#transform(registration, transforms, own.length > 0 || above !== undefined);

    const { options } = registration;
    const urn = makeUrn(context.options.stack, context.options.project.name, parent, type, name);
    const providers = this.#providersOf(registration, above);
    const custom = registration.custom;
    const packageName = packageOf(type);
    const source = this.#resolution.source(
      request.getPackageref(),
      options.getVersion(),
      options.getPluginDownloadUrl(),
    );
    const provider =
      isProviderType(type) || (!custom && !remote)
        ? ""
        : await this.#providerOf(urn, type, options.getProvider(), providers, source);
    const protect = options.hasProtect() ? options.getProtect() : above?.protect;
    const retainOnDelete = options.hasRetainOnDelete() ? options.getRetainOnDelete() : above?.retainOnDelete;
    const deletedWith = options.getDeletedWith() || (above?.deletedWith ?? "");

    if (remote)
      return construct(context, this.#address, request, registration, { provider, providers, protect, retainOnDelete });

    const inputs = registration.inputs;
    const perProperty = withOutputDependencies(inputs, registration, request);
    const goalInputs = isProviderType(type) ? withVersion(inputs, source) : inputs;
    const goal: Goal = {
      urn,
      type,
      name,
      custom,
      inputs: downgradedProperties(goalInputs),
      parent,
      provider,
      dependencies: [...new Set([...options.getDependsOnList(), ...Object.values(perProperty).flat()])],
      propertyDependencies: perProperty,
      protect: protect ?? false,
      retainOnDelete: retainOnDelete ?? false,
      deletedWith,
      deleteBeforeReplace: options.hasDeleteBeforeReplace() ? options.getDeleteBeforeReplace() : undefined,
      ignoreChanges: options.getIgnoreChangesList(),
      replaceOnChanges: options.getReplaceOnChangesList(),
      replaceWith: options.getReplaceWithList(),
      replacementTrigger: decodeTrigger(options.getReplacementTrigger()),
      hideDiffs: options.getHideDiffList(),
      additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
      aliases: this.#aliasesOf(request, options),
      customTimeouts: decodeTimeouts(options.getCustomTimeouts()),
      importId: options.getImport(),
      hooks: decodeHooks(options.getHooks()),
      sourcePosition: "",
    };
    if (!custom && !isRoot)
      this.#components.set(urn, {
        providers,
        transforms: parked ?? own,
        parent,
        protect,
        retainOnDelete,
        deletedWith,
      });
    else if (custom && !isProviderType(type))
      this.#components.set(urn, {
        providers: provider === "" ? providers : new Map([...providers, [packageName, provider]]),
        transforms: own,
        parent,
        protect,
        retainOnDelete,
        deletedWith,
      });
    const registered = this.#registrations.register(goal);
    if (isRoot) return this.#rootResponse(goal, registered);
    return this.#response(request, goal, await registered);
  }

  async #transform(
    registration: Registration,
    transforms: readonly callbacks.Callback[],
    wraps: boolean,
  ): Promise<void> {
    // A transform must not lose what an input depends on: the dependencies travel with the values.
    if (wraps) registration.inputs = withDependencies(registration.inputs, registration.propertyDependencies);
    await applyTransforms(registration, transforms, this.#context.callbacks);
    const rebuilt = dependenciesByProperty(registration.inputs);
    registration.propertyDependencies = wraps
      ? rebuilt
      : Object.fromEntries(
          Object.keys(registration.inputs).map((key) => [
            key,
            [...new Set([...(registration.propertyDependencies[key] ?? []), ...(rebuilt[key] ?? [])])],
          ]),
        );
  }

  /** The transforms of every component above, nearest first. */
  #inherited(parent: string): callbacks.Callback[] {
    const found: callbacks.Callback[] = [];
    for (let urn = parent; urn !== "";) {
      const component = this.#components.get(urn);
      if (component === undefined) break;
      found.push(...component.transforms);
      urn = component.parent;
    }
    return found;
  }

  #takeParked(parent: string, type: string, name: string): callbacks.Callback[] | undefined {
    const place = parkingPlace(parent, type, name);
    const parked = this.#parkedTransforms.get(place);
    this.#parkedTransforms.delete(place);
    return parked;
  }

  #aliasesOf(request: messages.RegisterResourceRequest, options: messages.TransformResourceOptions): Alias[] {
    return [...request.getAliasurnsList().map((urn) => ({ urn })), ...decodeAliases(options.getAliasesList())];
  }

  #providersOf(registration: Registration, above: Component | undefined): ReadonlyMap<string, string> {
    const providers = new Map(above?.providers ?? []);
    for (const [name, reference] of registration.options.getProvidersMap().getEntryList())
      providers.set(name, reference);
    const own = registration.options.getProvider();
    if (!registration.custom && own !== "") {
      const ownPackage = providerPackage(typeOf(parseProviderReference(own).urn));
      if (!providers.has(ownPackage)) providers.set(ownPackage, own);
    }
    return providers;
  }

  /**
   * The program waits for its stack before it loads the rest of itself. Nothing of the answer depends on the steps or
   * on the policies, which hold back whatever comes after: so it is given at once.
   */
  #rootResponse(goal: Goal, registered: Promise<ResourceState>): messages.RegisterResourceResponse {
    registered.catch((error: unknown) => this.#registrations.reportFailure(error));
    const response = new messages.RegisterResourceResponse();
    response.setUrn(goal.urn);
    response.setObject(toStruct({}, FULL));
    return response;
  }

  #response(
    request: messages.RegisterResourceRequest,
    goal: Goal,
    state: ResourceState,
  ): messages.RegisterResourceResponse {
    const response = new messages.RegisterResourceResponse();
    response.setUrn(state.urn);
    // An id that is not known yet is an empty one: the program makes it unknown.
    response.setId(state.id === UNKNOWN_MARK ? "" : state.id);
    const visible = goal.custom ? state.outputs : {};
    response.setObject(toStruct(visible, responseOptions(request)));
    return response;
  }

  /** The provider of a resource. Where it may have none, the run ends: no program can mend that. */
  async #providerOf(
    urn: string,
    type: string,
    explicit: string,
    inherited: ReadonlyMap<string, string>,
    source: PackageSource,
  ): Promise<string> {
    try {
      return await this.#resolution.resolve(type, explicit, inherited, source, urn);
    } catch (error) {
      if (error instanceof NoDefaultProvider) throw new Bail(urn, error.message);
      throw error;
    }
  }

  async #readResource(request: messages.ReadResourceRequest): Promise<messages.ReadResourceResponse> {
    const { options, stackUrn } = this.#context;
    const type = request.getType();
    const parent = request.getParent() || stackUrn;
    const above = this.#components.get(parent);
    const urn = makeUrn(options.stack, options.project.name, parent, type, request.getName());
    const provider = await this.#providerOf(
      urn,
      type,
      request.getProvider(),
      above?.providers ?? new Map<string, string>(),
      this.#resolution.source(request.getPackageref(), request.getVersion(), request.getPlugindownloadurl()),
    );
    const goal: Goal = {
      ...plainGoal(urn, type, request.getName()),
      inputs: downgradedProperties(fromStruct(request.getProperties())),
      parent,
      provider,
      dependencies: request.getDependenciesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    };
    const state = await this.#registrations.read(goal, request.getId());
    const response = new messages.ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(
      toStruct(state.outputs, {
        ...FULL,
        secrets: request.getAcceptsecrets(),
        references: request.getAcceptresources(),
      }),
    );
    return response;
  }

  async #existsResource(request: messages.ExistsResourceRequest): Promise<messages.ExistsResourceResponse> {
    const type = request.getType();
    const above = this.#components.get(request.getParent() || this.#context.stackUrn);
    const reference = await this.#resolution.resolve(
      type,
      request.getProvider(),
      above?.providers ?? new Map<string, string>(),
      this.#resolution.source(request.getPackageref(), request.getVersion(), request.getPlugindownloadurl()),
    );
    const response = new messages.ExistsResourceResponse();
    const instance = this.#context.providers.get(reference);
    const id = request.getId();
    if (id === UNKNOWN_MARK || !instance.configured) {
      response.setUnknown(true);
      return response;
    }
    const { options, stackUrn } = this.#context;
    const urn = makeUrn(options.stack, options.project.name, stackUrn, type, id);
    const read = await instance.client.read(urn, id, {}, fromStruct(request.getProperties()));
    response.setExists(read !== undefined);
    return response;
  }

  async #invoke(request: messages.ResourceInvokeRequest): Promise<messages.ResourceInvokeResponse> {
    const above = this.#components.get(request.getParent() || this.#context.stackUrn);
    const source = this.#resolution.source(
      request.getPackageref(),
      request.getVersion(),
      request.getPlugindownloadurl(),
    );
    return this.#invokes.invoke(request, (token, provider) =>
      this.#resolution.resolve(token, provider, above?.providers ?? new Map<string, string>(), source),
    );
  }

  async #call(request: messages.ResourceCallRequest): Promise<providerMessages.CallResponse> {
    const { providers } = this.#context;
    const token = request.getTok();
    const args = fromStruct(request.getArgs());
    const self = args["__self__"];
    const above = self instanceof ResourceReference ? this.#components.get(self.urn) : undefined;
    const source = this.#resolution.source(
      request.getPackageref(),
      request.getVersion(),
      request.getPlugindownloadurl(),
    );
    const reference = await this.#resolution.resolve(
      token,
      request.getProvider(),
      above?.providers ?? new Map<string, string>(),
      source,
    );
    return providers.get(reference).client.call(callRequest(this.#context, this.#address, request, args));
  }
}

const parkingPlace = (parent: string, type: string, name: string): string => `${parent}|${type}|${name}`;

export const MONITOR_SERVICE: grpc.ServiceDefinition = services.ResourceMonitorService;
