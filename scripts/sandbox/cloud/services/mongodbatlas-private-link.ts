import type { Properties } from "../../values/value.ts";
import { flagAt, textAt, textsAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type World } from "../service.ts";
import {
  atlasRegion,
  awsRegion,
  createOnly,
  encodedId,
  firstOf,
  inProject,
  isAtlasRegion,
  LINK,
  LINK_SERVICE,
  ofProject,
  projectMissing,
  projectOf,
  providerRefusal,
} from "./mongodbatlas-lookup.ts";

const AWS_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const regionOf = (inputs: Properties): string => atlasRegion(textAt(inputs, "region") ?? "");

/** Of the pieces of an encoded id, the one that Atlas itself gave. */
const linkId = (operation: Operation): string => operation.hex("private-link", 24);

function linkRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const provider = textAt(inputs, "providerName") ?? "";
  const region = regionOf(inputs);
  if (flagAt(inputs, "portMappingEnabled") === true && provider !== "GCP")
    return providerRefusal("portMappingEnabled is only applicable when providerName is GCP");
  if (provider === "AWS" && !isAtlasRegion(region))
    return new Refusal("INVALID_REGION", `No region ${textAt(inputs, "region") ?? ""} exists for provider AWS.`);
  if (textsAt(inputs, "supportedRemoteRegions").map(atlasRegion).includes(region))
    return new Refusal(
      "INVALID_ATTRIBUTE",
      `Invalid attribute supportedRemoteRegions specified: it holds the endpoint's own region ${region}.`,
    );
  const rival = ofProject(operation, LINK).find(
    (link) => textAt(link.inputs, "providerName") === provider && regionOf(link.inputs) === region,
  );
  return rival === undefined
    ? undefined
    : new Refusal(
        "PRIVATELINK_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION",
        `A PrivateLink Endpoint Service already exists for ${provider} region ${region}.`,
      );
}

const attachedTo = (world: World, link: CloudResource): CloudResource[] =>
  inProject(world, LINK_SERVICE, projectOf(link)).filter(
    ({ inputs }) => textAt(inputs, "privateLinkId") === textAt(link.outputs, "privateLinkId"),
  );

const link: ResourceRules = {
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => linkRefusal(operation),
    ),
  refuseUpdate: (operation) => createOnly(operation, "portMappingEnabled"),
  refuseDelete: ({ world, existing }) =>
    existing !== undefined && attachedTo(world, existing).length > 0
      ? new Refusal(
          "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS",
          "A PrivateLink with endpoints cannot be deleted. Please delete all endpoints and retry.",
        )
      : undefined,
  id: (operation) =>
    encodedId({
      private_link_id: linkId(operation),
      project_id: projectOf(operation),
      provider_name: textAt(operation.inputs, "providerName") ?? "",
      region: textAt(operation.inputs, "region") ?? "",
    }),
  computed(operation) {
    const aws = textAt(operation.inputs, "providerName") === "AWS";
    const region = awsRegion(regionOf(operation.inputs));
    return {
      endpointGroupNames: [],
      // The name that an interface endpoint in the own VPC asks for.
      endpointServiceName: aws ? `com.amazonaws.vpce.${region}.vpce-svc-0${operation.hex("service", 16)}` : "",
      errorMessage: "",
      interfaceEndpoints: [],
      privateEndpoints: [],
      privateLinkId: linkId(operation),
      privateLinkServiceName: "",
      privateLinkServiceResourceId: "",
      regionName: regionOf(operation.inputs),
      serviceAttachmentNames: [],
      status: "AVAILABLE",
    };
  },
};

const linkOf = (operation: Operation): CloudResource | undefined =>
  inProject(operation.world, LINK, projectOf(operation)).find(
    ({ outputs }) => textAt(outputs, "privateLinkId") === textAt(operation.inputs, "privateLinkId"),
  );

/** Values that the providers other than AWS ask for at up. */
const NEEDED: Readonly<Record<string, string>> = { AZURE: "privateEndpointIpAddress", GCP: "gcpProjectId" };

function attachRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  const needed = NEEDED[textAt(inputs, "providerName") ?? ""];
  if (needed !== undefined && inputs[needed] === undefined)
    return providerRefusal(`${needed} must be set when providerName is ${textAt(inputs, "providerName") ?? ""}`);
  const own = linkOf(operation);
  if (own === undefined)
    return new Refusal(
      "PRIVATELINK_NOT_FOUND",
      `A PrivateLink with id ${textAt(inputs, "privateLinkId") ?? ""} does not exist.`,
    );
  if (textAt(inputs, "providerName") !== "AWS") return undefined;
  const endpoint = textAt(inputs, "endpointServiceId") ?? "";
  if (!/^vpce-[0-9a-z]+$/.test(endpoint))
    return new Refusal(
      "PRIVATELINK_INTERFACE_ENDPOINT_ID_MALFORMED",
      "AWS interface endpoint ids must begin with 'vpce-' followed by a series of alphanumeric characters.",
    );
  if (attachedTo(world, own).some((other) => textAt(other.inputs, "endpointServiceId") === endpoint))
    return new Refusal(
      "PRIVATELINK_INTERFACE_ENDPOINT_ALREADY_EXISTS",
      `The PrivateLink already contains an interface endpoint with the specified id ${endpoint}.`,
    );
  const asks = world.all(AWS_ENDPOINT).find(({ id }) => id === endpoint)?.inputs["serviceName"];
  return asks !== undefined && asks === own.outputs["endpointServiceName"]
    ? undefined
    : new Refusal(
        "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND",
        `A PrivateLink interface endpoint with id ${endpoint} does not exist: AWS has no such endpoint that asks for ${textAt(own.outputs, "endpointServiceName") ?? ""}.`,
      );
}

const linkService: ResourceRules = {
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => attachRefusal(operation),
    ),
  refuseUpdate: () => providerRefusal("a private endpoint service cannot be changed: replace it"),
  id: ({ inputs }) =>
    encodedId({
      endpoint_service_id: textAt(inputs, "endpointServiceId") ?? "",
      private_link_id: textAt(inputs, "privateLinkId") ?? "",
      project_id: textAt(inputs, "projectId") ?? "",
      provider_name: textAt(inputs, "providerName") ?? "",
    }),
  computed: ({ inputs }) => ({
    awsConnectionStatus: textAt(inputs, "providerName") === "AWS" ? "AVAILABLE" : "NONE",
    azureStatus: "",
    deleteRequested: false,
    endpointGroupName: "",
    errorMessage: "",
    gcpEndpointStatus: "",
    gcpStatus: "",
    interfaceEndpointId: textAt(inputs, "endpointServiceId") ?? "",
    portMappingEnabled: false,
    privateEndpointConnectionName: "",
    privateEndpointResourceId: "",
  }),
};

/** The connection strings of a cluster whose public one is given, through each endpoint that is attached. */
export function privateEndpointsOf(world: World, projectId: string, standardSrv: string): Properties[] {
  const [, host = "", domain = ""] = /^mongodb\+srv:\/\/([^.]+)\.(.+)$/.exec(standardSrv) ?? [];
  return inProject(world, LINK_SERVICE, projectId).map((service, index) => {
    const provider = textAt(service.inputs, "providerName") ?? "";
    const own = inProject(world, LINK, projectId).find(
      ({ outputs }) => textAt(outputs, "privateLinkId") === textAt(service.inputs, "privateLinkId"),
    );
    const region = textAt(own?.outputs ?? {}, "regionName") ?? "";
    // Behind an endpoint each node is one port of the same name, from 1024 up.
    const nodes = [1024, 1025, 1026].map((port) => `pl-${index}-${awsRegion(region)}.${domain}:${port}`).join(",");
    return {
      connectionString: `mongodb://${nodes}/?ssl=true&authSource=admin`,
      endpoints: [{ endpointId: textAt(service.inputs, "endpointServiceId") ?? "", providerName: provider, region }],
      srvConnectionString: `mongodb+srv://${host}-pl-${index}.${domain}`,
      srvShardOptimizedConnectionString: "",
      type: "MONGOD",
    };
  });
}

/** The endpoint services that Atlas has opened in AWS. */
export const openedInAws = (world: World): string[] =>
  world.all(LINK).flatMap(({ outputs }) => textAt(outputs, "endpointServiceName") ?? []);

/** Whether Atlas has taken the connection of an interface endpoint. */
export const accepted = (world: World, endpointId: string): boolean =>
  world.all(LINK_SERVICE).some(({ inputs }) => textAt(inputs, "endpointServiceId") === endpointId);

export const linkResources: Readonly<Record<string, ResourceRules>> = { [LINK]: link, [LINK_SERVICE]: linkService };
