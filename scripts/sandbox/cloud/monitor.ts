import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import resourceService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Properties } from "../values/value.ts";
import {
  ResourceReference,
  UNKNOWN,
  Unknown,
  downgradedProperties,
  hasUnknown,
  mapProperties,
} from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import { CHANNEL_OPTIONS, INSECURE } from "../protocol/grpc.ts";
import { packageOf } from "../protocol/urn.ts";
import {
  type ConstructRequest,
  type ConstructResponse,
  type Constructor,
  type RegisterOptions,
  type Registered,
  dependenciesOf,
} from "./construct.ts";

// Child inputs name other resources by their id, as an SDK sends them to a plain resource.
const CHILD_INPUTS = { ...FULL, outputs: false };

/** Runs a constructor against the engine that the request names, and encodes its answer. */
export async function construct(
  message: provider.ConstructRequest,
  constructor: Constructor,
  programDirectory = process.cwd(),
): Promise<provider.ConstructResponse> {
  const client = new resourceService.ResourceMonitorClient(message.getMonitorendpoint(), INSECURE, CHANNEL_OPTIONS);
  try {
    return encodeResponse(await constructor(decodeRequest(message, client, programDirectory)));
  } finally {
    client.close();
  }
}

function decodeRequest(
  message: provider.ConstructRequest,
  client: resourceService.ResourceMonitorClient,
  programDirectory: string,
): ConstructRequest {
  const preview = message.getDryrun();
  const providers = Object.fromEntries(message.getProvidersMap().getEntryList());
  const dependencies = message.getDependenciesList();
  const protect = message.hasProtect() ? message.getProtect() : undefined;

  const send = (registration: resource.RegisterResourceRequest): Promise<Registered> =>
    new Promise((resolve, reject) => {
      client.registerResource(registration, (error, response) => {
        if (error !== null) {
          reject(error);
          return;
        }
        const id = response.getId();
        resolve({
          urn: response.getUrn(),
          id: id === "" && registration.getCustom() && preview ? UNKNOWN : id,
          state: fromStruct(response.getObject()),
        });
      });
    });

  const register = (type: string, name: string, inputs: Properties, options: RegisterOptions): Promise<Registered> => {
    const provider = options.provider ?? providers[packageOf(type)];
    return send(
      registration(type, name, inputs, provider === undefined ? options : { ...options, provider }, providers),
    );
  };

  return {
    type: message.getType(),
    name: message.getName(),
    parent: message.getParent(),
    project: message.getProject(),
    stack: message.getStack(),
    preview,
    programDirectory,
    inputs: fromStruct(message.getInputs()),
    options: { providers, dependencies, protect, aliases: message.getAliasesList() },
    registerComponent(inputs = {}) {
      const request = registration(
        message.getType(),
        message.getName(),
        inputs,
        {
          custom: false,
          parent: message.getParent(),
          dependsOn: dependencies,
          ...(protect === undefined ? {} : { protect }),
          ignoreChanges: message.getIgnorechangesList(),
        },
        providers,
      );
      request.setAliasesList(message.getAliasesList());
      request.setReplaceonchangesList(message.getReplaceonchangesList());
      request.setDeletedwith(message.getDeletedwith());
      const retainOnDelete = message.getRetainondelete();
      if (message.hasRetainondelete() && retainOnDelete !== undefined) request.setRetainondelete(retainOnDelete);
      return send(request);
    },
    register,
    registerOutputs(urn, outputs) {
      const request = new resource.RegisterResourceOutputsRequest();
      request.setUrn(urn);
      request.setOutputs(toStruct(outputs, CHILD_INPUTS));
      return new Promise((resolve, reject) => {
        client.registerResourceOutputs(request, (error) => (error === null ? resolve() : reject(error)));
      });
    },
    invoke(token, args, options = {}) {
      if (Object.values(args).some(hasUnknown)) return Promise.resolve(UNKNOWN);
      const request = new resource.ResourceInvokeRequest();
      request.setTok(token);
      request.setArgs(toStruct(args, CHILD_INPUTS));
      request.setProvider(options.provider ?? providers[packageOf(token)] ?? "");
      request.setVersion(options.version ?? "");
      request.setAcceptresources(true);
      return new Promise((resolve, reject) => {
        client.invoke(request, (error, response) => {
          if (error !== null) {
            reject(error);
            return;
          }
          const [failure] = response.getFailuresList();
          if (failure === undefined) resolve(response.getUnknown() ? UNKNOWN : fromStruct(response.getReturn()));
          else reject(new Error(`${token}: ${failure.getReason()} (${failure.getProperty()})`));
        });
      });
    },
  };
}

function registration(
  type: string,
  name: string,
  inputs: Properties,
  options: RegisterOptions,
  providers: Readonly<Record<string, string>>,
): resource.RegisterResourceRequest {
  const custom = options.custom ?? true;
  const request = new resource.RegisterResourceRequest();
  request.setType(type);
  request.setName(name);
  request.setCustom(custom);
  request.setParent(options.parent ?? "");
  request.setObject(toStruct(childInputs(inputs), CHILD_INPUTS));
  request.setAcceptsecrets(true);
  request.setAcceptresources(true);
  request.setSupportspartialvalues(true);
  request.setAliasspecs(true);
  request.setVersion(options.version ?? "");
  request.setIgnorechangesList([...(options.ignoreChanges ?? [])]);
  if (options.protect !== undefined) request.setProtect(options.protect);
  if (options.deleteBeforeReplace !== undefined) {
    request.setDeletebeforereplace(options.deleteBeforeReplace);
    request.setDeletebeforereplacedefined(true);
  }
  if (custom) {
    request.setProvider(options.provider ?? "");
  } else {
    const map = request.getProvidersMap();
    for (const [name, reference] of Object.entries(providers)) map.set(name, reference);
  }
  const all = new Set(options.dependsOn ?? []);
  const perProperty = request.getPropertydependenciesMap();
  for (const [property, value] of Object.entries(inputs)) {
    const urns = dependenciesOf(value);
    const list = new resource.RegisterResourceRequest.PropertyDependencies();
    list.setUrnsList([...urns]);
    perProperty.set(property, list);
    for (const urn of urns) all.add(urn);
  }
  request.setDependenciesList([...all]);
  return request;
}

// A reference to another custom resource is its id to a plain resource.
function childInputs(inputs: Properties): Properties {
  return mapProperties(downgradedProperties(inputs), (value) =>
    value instanceof ResourceReference && value.id !== undefined
      ? value.id instanceof Unknown
        ? UNKNOWN
        : value.id
      : value,
  );
}

function encodeResponse(answer: ConstructResponse): provider.ConstructResponse {
  const response = new provider.ConstructResponse();
  response.setUrn(answer.urn);
  response.setState(toStruct(answer.state, FULL));
  const map = response.getStatedependenciesMap();
  for (const [property, value] of Object.entries(answer.state)) {
    const urns = new Set([...dependenciesOf(value), ...(answer.stateDependencies?.[property] ?? [])]);
    const list = new provider.ConstructResponse.PropertyDependencies();
    list.setUrnsList([...urns]);
    map.set(property, list);
  }
  return response;
}
