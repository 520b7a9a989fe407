import { OutputValue, type Value } from "../../values/value.ts";
import { type EndpointSpec, type SubnetSpec, type VpcArgs, invalid } from "./args.ts";
import { type Children, idOf, idsOf } from "./children.ts";
import { type Planned, PlannedOutput } from "./plan.ts";
import { isType } from "./subnets.ts";
import { mergeTags } from "./tags.ts";

const HTTPS = 443;

/** Where an endpoint's network interface goes: the first of these that a zone has. */
const ENDPOINT_SUBNETS = ["private", "isolated", "public"];

/** What a VPC has when its endpoints are planned. */
export interface Surroundings {
  readonly vpc: string;
  readonly sharedTags: Value;
  readonly subnets: readonly { readonly key: string; readonly spec: SubnetSpec; readonly zone: number }[];
  readonly routeTables: readonly string[];
  readonly zones: number;
}

/** Gives the endpoint's key. */
export function addEndpoint(children: Children, spec: EndpointSpec, args: VpcArgs, around: Surroundings): string {
  const { vpc } = around;
  const region = spec.inputs["region"] ?? args.inputs["region"];
  const vpcId = idOf(vpc);
  const tags = mergeTags(around.sharedTags, spec.tags);
  const makeGroup = (): string => {
    const group = children.add("securityGroup", `${spec.serviceName}-sg`, vpc, [vpc], { region, vpcId, tags });
    children.add("securityGroupRule", `${spec.serviceName}-ingress`, vpc, [group], {
      region,
      type: "ingress",
      securityGroupId: idOf(group),
      protocol: "tcp",
      fromPort: HTTPS,
      toPort: HTTPS,
      cidrBlocks: [new PlannedOutput(vpc, "cidrBlock")],
      ...(takesIpv6(spec) ? { ipv6CidrBlocks: [new PlannedOutput(vpc, "ipv6CidrBlock")] } : {}),
    });
    return group;
  };
  return children.add("endpoint", spec.serviceName, vpc, [vpc], {
    ...spec.inputs,
    ...automaticInputs(spec, args, around, makeGroup),
    region,
    vpcId,
    tags,
  });
}

const isAuto = (args: VpcArgs): boolean => args.endpointStrategy === "Auto";

/** In lower case; undefined where it is not known in advance. */
function endpointType(spec: EndpointSpec): string | undefined {
  const type = spec.inputs["vpcEndpointType"] ?? "Gateway";
  const known = type instanceof OutputValue && !type.secret ? type.value : type;
  return typeof known === "string" ? known.toLowerCase() : undefined;
}

/** An interface endpoint with private DNS works only where the VPC resolves names. */
export function endpointDns(args: VpcArgs): Record<string, Value> {
  if (!isAuto(args)) return {};
  const unclear = args.endpointSpecs.find((spec) => endpointType(spec) === undefined);
  if (unclear !== undefined)
    throw invalid(
      "vpcEndpointSpecs",
      `leaves the type of ${JSON.stringify(unclear.serviceName)} open, but vpcEndpointStrategy Auto must know it: give a plain vpcEndpointType`,
    );
  const privateDns = args.endpointSpecs.some(
    (spec) => endpointType(spec) === "interface" && (spec.inputs["privateDnsEnabled"] ?? true) === true,
  );
  if (!privateDns) return {};
  return Object.fromEntries(
    ["enableDnsHostnames", "enableDnsSupport"].map((input) => {
      const given = args.inputs[input] ?? true;
      if (given === false)
        throw invalid(
          input,
          "is false, but interface endpoints with private DNS need it: set it to true or leave it out",
        );
      return [input, given];
    }),
  );
}

/** What the Auto strategy adds to an endpoint that leaves it out. `makeGroup` gives the key of a security group. */
function automaticInputs(
  spec: EndpointSpec,
  args: VpcArgs,
  around: Surroundings,
  makeGroup: () => string,
): Record<string, Planned> {
  if (!isAuto(args)) return {};
  const has = (input: string): boolean => spec.inputs[input] !== undefined;
  const type = endpointType(spec);
  if (type === "gateway") return has("routeTableIds") ? {} : { routeTableIds: idsOf(around.routeTables) };
  if (type !== "interface") return {};
  return {
    ...(has("subnetIds") || has("subnetConfigurations") ? {} : { subnetIds: idsOf(endpointSubnets(around)) }),
    ...(has("privateDnsEnabled") ? {} : { privateDnsEnabled: true }),
    ...(has("securityGroupIds") ? {} : { securityGroupIds: idsOf([makeGroup()]) }),
  };
}

function endpointSubnets({ subnets, zones }: Surroundings): string[] {
  return Array.from({ length: zones }, (_, zone) =>
    ENDPOINT_SUBNETS.map((type) => subnets.find((made) => made.zone === zone && isType(made.spec, type))).find(
      (made) => made !== undefined,
    ),
  ).flatMap((made) => (made === undefined ? [] : [made.key]));
}

function takesIpv6(spec: EndpointSpec): boolean {
  const type = spec.inputs["ipAddressType"];
  return typeof type === "string" && ["ipv6", "dualstack"].includes(type.toLowerCase());
}
