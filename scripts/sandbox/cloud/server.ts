import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { CHANNEL_OPTIONS, INSECURE, answer, failure, listen, newServer } from "../protocol/grpc.ts";
import { packageOf, parseUrn, providerPackage } from "../protocol/urn.ts";
import { codeOf, messageOf } from "../user-error.ts";
import { type Properties, revealedProperties } from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import { components } from "./components.ts";
import { makeConnections } from "./connections.ts";
import type { Constructor } from "./construct.ts";
import type { ChangeKind, Difference } from "./diff.ts";
import { makeFaults, parseFault } from "./faults.ts";
import { construct } from "./monitor.ts";
import * as operations from "./operations.ts";
import { checkProviderConfig, diffProviderConfig } from "./provider-config.ts";
import { openSchemas } from "./schema/schemas.ts";
import { checkSchema } from "./schema/validate.ts";
import { annotated, withSecrets } from "./secrets.ts";
import type { CheckFailure, Service } from "./service.ts";
import { type CloudStore, openWorld } from "./world.ts";

export interface CloudOptions {
  /** Absolute: where the store is. */
  readonly directory: string;
  /** Absolute: where parsed SDK types are kept. */
  readonly cacheDirectory: string;
  /** 32 bytes: encrypts what the store keeps. */
  readonly key: Uint8Array;
  readonly services: readonly Service[];
  /** Components by token. Default: all that the cloud knows. */
  readonly constructors?: Readonly<Record<string, Constructor>>;
  /** `GLOB[@NTH][:MESSAGE]` each. */
  readonly faults?: readonly string[];
  /** How long every create, update, and delete takes at least. */
  readonly latencyMilliseconds?: number;
  /** Absolute: projects whose installed SDKs say which types exist; the first that has a package counts. */
  readonly sdkDirectories?: readonly string[];
  /** Absolute: where relative paths in inputs begin. Default: the working directory. */
  readonly programDirectory?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface RunningCloud {
  /** On 127.0.0.1; serves every package. */
  readonly port: number;
  readonly store: CloudStore;
  stop(): Promise<void>;
}

/** The header of Handshake's answer that says: Create is idempotent by operation id, and Read can look one up. */
const IDEMPOTENT_HEADER = "sandbox-idempotent";
const OPERATION_HEADER = "sandbox-operation-id";

/** Starts the cloud. Throws `WorldError` where the store cannot be used, and an error where the port is taken. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const cloud = openCloud(options);
  const server = newServer();
  const engines = makeEngines();
  server.addService(
    providerService.ResourceProviderService,
    handlers(cloud, options.constructors ?? components, engines),
  );
  try {
    const port = await listen(server, `127.0.0.1:${options.port ?? 0}`);
    return {
      port,
      store: cloud.store,
      async stop() {
        await shutdown(server);
        engines.close();
        cloud.store.close();
      },
    };
  } catch (error) {
    cloud.store.close();
    if (codeOf(error) === "EADDRINUSE" || /address already in use|No address added/.test(messageOf(error)))
      throw new Error(`port ${options.port} is taken: end what listens on it, or choose another port`);
    throw error;
  }
}

function openCloud(options: CloudOptions): operations.Cloud {
  const schemas = openSchemas({
    directories: options.sdkDirectories ?? [process.cwd(), import.meta.dirname],
    cacheDirectory: options.cacheDirectory,
  });
  const isGlobal = (type: string): boolean => {
    try {
      return type.startsWith("aws:") && !("region" in schemas.type(type).inputs);
    } catch {
      // What only a service's own rules know has the place that they give it.
      return false;
    }
  };
  return {
    schemas,
    isGlobal,
    store: openWorld(options.directory, options.key, isGlobal),
    rules: Object.assign({}, ...options.services.map(({ resources }) => resources)) as operations.Cloud["rules"],
    invokes: Object.assign({}, ...options.services.map(({ invokes }) => invokes ?? {})) as operations.Cloud["invokes"],
    faults: makeFaults((options.faults ?? []).map(parseFault)),
    latencyMilliseconds: options.latencyMilliseconds ?? 0,
    programDirectory: options.programDirectory ?? process.cwd(),
  };
}

/** How long calls under way may take when the cloud stops. */
const GRACE_MILLISECONDS = 2000;

function shutdown(server: grpc.Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), GRACE_MILLISECONDS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

type Handlers = Partial<providerService.IResourceProviderServer> & grpc.UntypedServiceImplementation;

function handlers(
  cloud: operations.Cloud,
  constructors: Readonly<Record<string, Constructor>>,
  engines: Engines,
): Handlers {
  const connections = makeConnections();
  const configFor = (peer: string, token: string) => connections.configOf(peer, packageOf(token));
  const typeOf = (urn: string): string => parseUrn(urn).type;
  const packageFromProvider = (urn: string): string => providerPackage(typeOf(urn));

  const handshake = unary((call: Call<messages.ProviderHandshakeRequest>) => {
    connections.setEngine(call.peer, call.request.getEngineAddress());
    const metadata = new grpc.Metadata();
    metadata.set(IDEMPOTENT_HEADER, "true");
    call.sendMetadata(metadata);
    const response = new messages.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptOutputs(true);
    return response;
  });

  const configure = unary(({ request, peer }: Call<messages.ConfigureRequest>) => {
    const urn = request.getUrn() ?? "";
    const named = urn === "" ? variablesPackage(request) : packageFromProvider(urn);
    connections.configure(peer, named, revealedProperties(settingsOf(request)));
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setAcceptoutputs(true);
    return response;
  });

  const checkConfig = unary(({ request, peer }: Call<messages.CheckRequest>) => {
    const packageName = packageFromProvider(request.getUrn());
    connections.announce(peer, packageName);
    const response = new messages.CheckResponse();
    const news = fromStruct(request.getNews());
    response.setInputs(toStruct(news, FULL));
    response.setFailuresList(
      checkProviderConfig(cloud.schemas, packageName, revealedProperties(news)).map(encodeFailure),
    );
    return response;
  });

  const diffConfig = unary(({ request }: Call<messages.DiffRequest>) => {
    const { diffs, replaces } = diffProviderConfig(
      packageFromProvider(request.getUrn()),
      revealedProperties(fromStruct(request.getOldInputs() ?? request.getOlds())),
      revealedProperties(fromStruct(request.getNews())),
    );
    const response = new messages.DiffResponse();
    response.setChanges(
      diffs.length === 0 ? messages.DiffResponse.DiffChanges.DIFF_NONE : messages.DiffResponse.DiffChanges.DIFF_SOME,
    );
    response.setDiffsList(diffs);
    response.setReplacesList(replaces);
    return response;
  });

  const check = unary(({ request, peer }: Call<messages.CheckRequest>) => {
    const news = fromStruct(request.getNews());
    const { inputs, failures } = operations.check(cloud, configFor(peer, typeOf(request.getUrn())), {
      urn: request.getUrn(),
      olds: fromStruct(request.getOlds()),
      news,
      seed: request.getRandomseed_asU8(),
    });
    const response = new messages.CheckResponse();
    response.setInputs(toStruct(annotated(inputs, withTagsAll(news)), FULL));
    response.setFailuresList(failures.map(encodeFailure));
    return response;
  });

  const diff = unary(({ request, peer }: Call<messages.DiffRequest>) => {
    const found = operations.diff(cloud, {
      urn: request.getUrn(),
      oldInputs: fromStruct(request.getOldInputs()),
      oldOutputs: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      ignored: request.getIgnorechangesList(),
    });
    if (!found.factsKnown && found.changes.size > 0) {
      const type = typeOf(request.getUrn());
      engines.warn(
        connections.engineOf(peer),
        request.getUrn(),
        `the sandbox does not know which changes replace ${type}: it updates in place, the real provider might replace`,
      );
    }
    return encodeDifference(found);
  });

  const create = unary(async ({ request, metadata, peer }: Call<messages.CreateRequest>) => {
    const urn = request.getUrn();
    const news = fromStruct(request.getProperties());
    const response = new messages.CreateResponse();
    const encode = (outputs: Properties) => toStruct(marked(urn, outputs, news), FULL);
    if (request.getPreview()) {
      response.setProperties(encode(operations.previewCreate(cloud, urn, news)));
      return response;
    }
    const config = configFor(peer, typeOf(urn));
    const made = await operations.create(cloud, config, { urn, news, operationId: operationId(metadata) });
    response.setId(made.id);
    response.setProperties(encode(made.outputs));
    return response;
  });

  const update = unary(async ({ request, peer }: Call<messages.UpdateRequest>) => {
    const urn = request.getUrn();
    const news = fromStruct(request.getNews());
    const config = configFor(peer, typeOf(urn));
    const parts = { urn, id: request.getId(), news, oldOutputs: fromStruct(request.getOlds()) };
    const outputs = request.getPreview()
      ? operations.previewUpdate(cloud, config, parts)
      : await operations.update(cloud, config, parts);
    const response = new messages.UpdateResponse();
    response.setProperties(toStruct(marked(urn, outputs, news), FULL));
    return response;
  });

  const read = unary(({ request, metadata, peer }: Call<messages.ReadRequest>) => {
    const urn = request.getUrn();
    const state = fromStruct(request.getProperties());
    const found = operations.read(cloud, configFor(peer, typeOf(urn)), {
      urn,
      id: request.getId(),
      state,
      operationId: operationId(metadata),
    });
    const response = new messages.ReadResponse();
    if (found === undefined) return response;
    const inputs = fromStruct(request.getInputs());
    response.setId(found.id);
    response.setProperties(toStruct(marked(urn, found.outputs, { ...inputs, ...state }), FULL));
    response.setInputs(toStruct(annotated(found.inputs, { ...state, ...inputs }), FULL));
    return response;
  });

  const remove = unary(async ({ request, peer }: Call<messages.DeleteRequest>) => {
    const urn = request.getUrn();
    await operations.remove(cloud, configFor(peer, typeOf(urn)), {
      urn,
      id: request.getId(),
      state: fromStruct(request.getProperties()),
    });
    return new empty.Empty();
  });

  const invoke = unary(({ request, peer }: Call<messages.InvokeRequest>) => {
    const token = request.getTok();
    const args = revealedProperties(fromStruct(request.getArgs()));
    const response = new messages.InvokeResponse();
    response.setReturn(toStruct(operations.invoke(cloud, configFor(peer, token), token, args), FULL));
    return response;
  });

  const constructed = unary(({ request }: Call<messages.ConstructRequest>) => {
    const type = request.getType();
    const constructor = constructors[type];
    if (constructor === undefined) {
      const others = Object.keys(constructors).sort().join(", ") || "none";
      throw failure(
        grpc.status.UNIMPLEMENTED,
        `the sandbox's cloud does not construct the component ${type}; it constructs ${others}`,
      );
    }
    const [bad] = checkSchema(cloud.schemas, cloud.schemas.type(type).inputs, fromStruct(request.getInputs()), type);
    if (bad !== undefined) throw failure(grpc.status.INVALID_ARGUMENT, bad.reason);
    return construct(request, constructor, cloud.programDirectory);
  });

  /** Outputs with what must stay secret marked: what came as one, and what the provider always marks. */
  function marked(urn: string, outputs: Properties, like: Properties): Properties {
    return withSecrets(annotated(outputs, withTagsAll(like)), cloud.schemas.type(typeOf(urn)).secretOutputs);
  }

  return {
    handshake,
    configure,
    checkConfig,
    diffConfig,
    check,
    diff,
    create,
    update,
    read,
    invoke,
    delete: remove,
    construct: constructed,
    cancel: unary(() => new empty.Empty()),
    attach: unary(({ request, peer }: Call<plugin.PluginAttach>) => {
      connections.setEngine(peer, request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: unary(() => {
      const response = new plugin.PluginInfo();
      response.setVersion("0.1.0");
      return response;
    }),
    getSchema: unary(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    call: unary(({ request }: Call<messages.CallRequest>): messages.CallResponse => {
      throw failure(
        grpc.status.UNIMPLEMENTED,
        `the sandbox's cloud has no methods of resources: ${request.getTok()} is not called`,
      );
    }),
  };
}

interface Call<Request> {
  readonly request: Request;
  readonly metadata: grpc.Metadata;
  /** Address of the connection's other end. */
  readonly peer: string;
  readonly sendMetadata: (metadata: grpc.Metadata) => void;
}

function unary<Request, Response>(
  work: (call: Call<Request>) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const { request, metadata } = call;
    answer(callback, () =>
      work({
        request,
        metadata,
        peer: call.getPeer(),
        sendMetadata: (header) => {
          call.sendMetadata(header);
        },
      }),
    );
  };
}

const operationId = (metadata: grpc.Metadata): string => {
  const [value = ""] = metadata.get(OPERATION_HEADER);
  return value.toString();
};

/** Settings as properties, or from the variables that older engines send alone. */
function settingsOf(request: messages.ConfigureRequest): Properties {
  if (request.hasArgs()) return fromStruct(request.getArgs());
  return Object.fromEntries(
    request
      .getVariablesMap()
      .getEntryList()
      .map(([key, value]) => [key.slice(key.lastIndexOf(":") + 1), value]),
  );
}

const variablesPackage = (request: messages.ConfigureRequest): string | undefined =>
  request.getVariablesMap().getEntryList()[0]?.[0].split(":")[0];

const encodeFailure = ({ property, reason }: CheckFailure): messages.CheckFailure => {
  const message = new messages.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
};

/** All tags hold the resource's own, so they are as secret as those. */
const withTagsAll = (properties: Properties): Properties =>
  properties["tags"] === undefined ? properties : { tagsAll: properties["tags"], ...properties };

const { Kind } = messages.PropertyDiff;

const KINDS: Readonly<
  Record<ChangeKind, readonly [plain: messages.PropertyDiff.Kind, replacing: messages.PropertyDiff.Kind]>
> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

function encodeDifference(difference: Difference): messages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(difference.changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  response.setDiffsList([...difference.diffs]);
  response.setReplacesList([...difference.replaces]);
  response.setDeletebeforereplace(difference.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, { kind, replaces }] of difference.changes) {
    const entry = new messages.PropertyDiff();
    entry.setKind(KINDS[kind][replaces ? 1 : 0]);
    entry.setInputdiff(true);
    detailed.set(path, entry);
  }
  return response;
}

interface Engines {
  /** Says it once for each resource and engine; an engine that does not listen is no failure. */
  warn(address: string | undefined, urn: string, message: string): void;
  close(): void;
}

function makeEngines(): Engines {
  const clients = new Map<string, engineService.EngineClient>();
  const said = new Set<string>();
  return {
    warn(address, urn, message) {
      if (address === undefined || said.has(`${address} ${urn}`)) return;
      said.add(`${address} ${urn}`);
      const client = clients.get(address) ?? new engineService.EngineClient(address, INSECURE, CHANNEL_OPTIONS);
      clients.set(address, client);
      const request = new engineMessages.LogRequest();
      request.setSeverity(engineMessages.LogSeverity.WARNING);
      request.setUrn(urn);
      request.setMessage(message);
      client.log(request, () => undefined);
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}
