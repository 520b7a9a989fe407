import { didYouMean } from "../../project/nearest.ts";
import { OutputValue, type Properties, Secret, Unknown, type Value, isProperties } from "../../values/value.ts";
import { Refusal } from "../service.ts";

export const SUBNET_STRATEGIES = ["Legacy", "Auto", "AutoMerge", "Exact"] as const;
export const NAT_STRATEGIES = ["None", "Single", "OnePerAz"] as const;
const NAME_TAG_STRATEGIES = ["Legacy", "AvailabilityZone"] as const;
const ENDPOINT_STRATEGIES = ["Legacy", "Auto"] as const;

export type SubnetStrategy = (typeof SUBNET_STRATEGIES)[number];
export type NatStrategy = (typeof NAT_STRATEGIES)[number];

/** Arguments that the component hands to the VPC as they are. */
export const VPC_INPUTS = [
  "assignGeneratedIpv6CidrBlock",
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
  "ipv4IpamPoolId",
  "ipv4NetmaskLength",
  "ipv6CidrBlock",
  "ipv6CidrBlockNetworkBorderGroup",
  "ipv6IpamPoolId",
  "ipv6NetmaskLength",
  "region",
] as const;

export const VPC_ARGS: readonly string[] = [
  ...VPC_INPUTS,
  "availabilityZoneCidrMask",
  "availabilityZoneNames",
  "cidrBlock",
  "natGateways",
  "numberOfAvailabilityZones",
  "subnetNameTagStrategy",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
  "vpcEndpointSpecs",
  "vpcEndpointStrategy",
];

const NAT_ARGS = ["strategy", "elasticIpAllocationIds"];
const SUBNET_ARGS = ["type", "name", "cidrMask", "size", "cidrBlocks", "tags", "assignIpv6AddressOnCreation"];

/** Arguments that the component hands to an endpoint as they are. */
export const ENDPOINT_INPUTS = [
  "autoAccept",
  "dnsOptions",
  "ipAddressType",
  "policy",
  "privateDnsEnabled",
  "region",
  "resourceConfigurationArn",
  "routeTableIds",
  "securityGroupIds",
  "serviceName",
  "serviceNetworkArn",
  "serviceRegion",
  "subnetConfigurations",
  "subnetIds",
  "vpcEndpointType",
] as const;

export interface SubnetSpec {
  readonly type: string;
  readonly name?: string;
  readonly cidrMask?: number;
  /** Number of addresses. */
  readonly size?: number;
  /** One per zone. */
  readonly cidrBlocks?: readonly string[];
  readonly tags?: Value;
  readonly assignIpv6AddressOnCreation?: Value;
}

export interface EndpointSpec {
  readonly serviceName: string;
  /** As given, without the tags. */
  readonly inputs: Properties;
  readonly tags: Value | undefined;
}

/** The arguments of `awsx:ec2:Vpc`. What decides which resources there are is plain; the rest may be unknown. */
export interface VpcArgs {
  readonly inputs: Properties;
  readonly tags: Value | undefined;
  readonly cidrBlock: string | undefined;
  readonly zoneNames: readonly string[] | undefined;
  readonly zoneCount: number | undefined;
  readonly zoneMask: number | undefined;
  readonly natStrategy: NatStrategy;
  readonly allocationIds: readonly Value[];
  readonly subnetSpecs: readonly SubnetSpec[] | undefined;
  /** Undefined where the program leaves it to the default, `Legacy`. */
  readonly subnetStrategy: SubnetStrategy | undefined;
  readonly nameTagStrategy: (typeof NAME_TAG_STRATEGIES)[number];
  readonly endpointSpecs: readonly EndpointSpec[];
  readonly endpointStrategy: (typeof ENDPOINT_STRATEGIES)[number];
}

/** Throws a `Refusal` that names the argument. */
export function readVpcArgs(inputs: Properties): VpcArgs {
  const args = record(inputs, "", VPC_ARGS);
  const nat = args["natGateways"] === undefined ? {} : record(args["natGateways"], "natGateways", NAT_ARGS);
  return {
    inputs: pick(args, VPC_INPUTS),
    tags: args["tags"],
    cidrBlock: text(args, "cidrBlock", ""),
    zoneNames: texts(args, "availabilityZoneNames", ""),
    zoneCount: whole(args, "numberOfAvailabilityZones", ""),
    zoneMask: whole(args, "availabilityZoneCidrMask", ""),
    natStrategy: choice(nat, "strategy", "natGateways", NAT_STRATEGIES) ?? "OnePerAz",
    allocationIds: list(nat, "elasticIpAllocationIds", "natGateways") ?? [],
    subnetSpecs: list(args, "subnetSpecs", "")?.map((item, index) => subnetSpec(item, `subnetSpecs[${String(index)}]`)),
    subnetStrategy: choice(args, "subnetStrategy", "", SUBNET_STRATEGIES),
    nameTagStrategy: choice(args, "subnetNameTagStrategy", "", NAME_TAG_STRATEGIES) ?? "Legacy",
    endpointSpecs: (list(args, "vpcEndpointSpecs", "") ?? []).map((item, index) =>
      endpointSpec(item, `vpcEndpointSpecs[${String(index)}]`),
    ),
    endpointStrategy: choice(args, "vpcEndpointStrategy", "", ENDPOINT_STRATEGIES) ?? "Legacy",
  };
}

function subnetSpec(value: Value, path: string): SubnetSpec {
  const spec = record(value, path, SUBNET_ARGS);
  const type = text(spec, "type", path);
  if (type === undefined) throw invalid(join(path, "type"), "is required: Public, Private, Isolated, or Unused");
  const name = text(spec, "name", path);
  const cidrMask = whole(spec, "cidrMask", path);
  const size = whole(spec, "size", path);
  const cidrBlocks = texts(spec, "cidrBlocks", path);
  return {
    type,
    ...(name === undefined ? {} : { name }),
    ...(cidrMask === undefined ? {} : { cidrMask }),
    ...(size === undefined ? {} : { size }),
    ...(cidrBlocks === undefined ? {} : { cidrBlocks }),
    ...pick(spec, ["tags", "assignIpv6AddressOnCreation"]),
  };
}

function endpointSpec(value: Value, path: string): EndpointSpec {
  const spec = record(value, path, [...ENDPOINT_INPUTS, "tags"]);
  const serviceName = text(spec, "serviceName", path);
  if (serviceName === undefined) throw invalid(join(path, "serviceName"), "is required: it also names the endpoint");
  return { serviceName, inputs: { ...pick(spec, ENDPOINT_INPUTS), serviceName }, tags: spec["tags"] };
}

export const invalid = (path: string, what: string): Refusal =>
  new Refusal("InvalidArgument", `awsx:ec2:Vpc: ${path} ${what}`);

/**
 * The value where the plan depends on it: without its output wrapper.
 * An unknown or secret value is refused, since names and number of resources would follow from it.
 */
export function plain(value: Value, path: string): Value {
  const known = value instanceof OutputValue ? (value.secret ? new Secret(null) : value.value) : value;
  if (known === undefined || known instanceof Unknown)
    throw invalid(
      path,
      "is not known yet, but it decides which resources the VPC has: pass a plain value, not another resource's output",
    );
  if (known instanceof Secret)
    throw invalid(path, "is a secret, but it shows in resource names and inputs: pass it in plain");
  return known;
}

function record(value: Value, path: string, known: readonly string[]): Properties {
  const properties = path === "" ? value : plain(value, path);
  if (!isProperties(properties)) throw invalid(path, "must be an object");
  const present: Properties = {};
  for (const [key, item] of Object.entries(properties)) {
    if (!known.includes(key)) throw invalid(join(path, key), `is not an argument: ${didYouMean(key, known)}`);
    if (item !== null) present[key] = item;
  }
  return present;
}

function pick(properties: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => keys.includes(key)));
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function text(properties: Properties, key: string, path: string): string | undefined {
  const value = properties[key];
  if (value === undefined) return undefined;
  const known = plain(value, join(path, key));
  if (typeof known !== "string") throw invalid(join(path, key), "must be a text");
  return known;
}

function whole(properties: Properties, key: string, path: string): number | undefined {
  const value = properties[key];
  if (value === undefined) return undefined;
  const known = plain(value, join(path, key));
  if (typeof known !== "number" || !Number.isInteger(known) || known < 0)
    throw invalid(join(path, key), "must be a whole number, 0 or more");
  return known;
}

function list(properties: Properties, key: string, path: string): Value[] | undefined {
  const value = properties[key];
  if (value === undefined) return undefined;
  const known = plain(value, join(path, key));
  if (!Array.isArray(known)) throw invalid(join(path, key), "must be a list");
  return known;
}

function texts(properties: Properties, key: string, path: string): string[] | undefined {
  return list(properties, key, path)?.map((item, index) => {
    const itemPath = `${join(path, key)}[${String(index)}]`;
    const known = plain(item, itemPath);
    if (typeof known !== "string") throw invalid(itemPath, "must be a text");
    return known;
  });
}

function choice<T extends string>(
  properties: Properties,
  key: string,
  path: string,
  choices: readonly T[],
): T | undefined {
  const given = text(properties, key, path);
  if (given === undefined) return undefined;
  const found = choices.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
  if (found === undefined)
    throw invalid(join(path, key), `is ${JSON.stringify(given)}, which is none of ${choices.join(", ")}`);
  return found;
}
