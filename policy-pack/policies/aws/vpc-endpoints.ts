import { isPublic, statementsOf, type Statement } from "../../support/iam/policy-document.ts";
import { companions, joinTo } from "../../support/join.ts";
import { SUBNET, VPC, zoneOf } from "../../support/network/subnets.ts";
import { elements, isAbsent, isTrue, locate, numberOf, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ENDPOINT_POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";
const TABLE_ASSOCIATION = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation";
const SUBNET_ASSOCIATION = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation";
const ECS_SERVICE = "aws:ecs/service:Service";

/** A service of AWS itself, `com.amazonaws.REGION.ecr.api`, and not one that somebody offers through PrivateLink. */
const awsService = (name: Plain): string | undefined =>
  typeof name === "string" ? /^(?:cn\.)?com\.amazonaws\.(?!vpce\.)[a-z0-9-]+\.(.+)$/.exec(name)?.[1] : undefined;

const isInterface = ({ props }: Resource): boolean => props["vpcEndpointType"] === "Interface";

/** Networks from which S3 is reached through NAT. */
function withoutS3(stack: Stack): readonly Finding[] {
  const gateways = stack.ofType([ENDPOINT]).filter((endpoint) => !isInterface(endpoint));
  const gatewaysOf = companions(stack.ofType([VPC]), gateways, "vpcId");
  const tablesOf = companions(gateways, stack.ofType([TABLE_ASSOCIATION]), "vpcEndpointId");
  const hasTables = (endpoint: StackResource): boolean =>
    elements({ property: "routeTableIds", value: endpoint.props["routeTableIds"] }).length > 0 ||
    tablesOf(endpoint).length > 0;
  return stack.ofType([VPC]).flatMap((vpc): readonly Finding[] => {
    const own = gatewaysOf(vpc);
    const names = own.map(({ props }) => props["serviceName"]);
    const s3 = own.filter(({ props }) => awsService(props["serviceName"]) === "s3");
    if (s3.some(hasTables)) return [];
    const unknown = names.find((name) => name instanceof Unknown);
    if (unknown instanceof Unknown) return [{ urn: vpc.urn, property: "serviceName", unknown }];
    return [
      s3[0] === undefined
        ? {
            urn: vpc.urn,
            property: "vpcId",
            wrong: "no gateway endpoint leads to S3",
            fix: 'add an aws.ec2.VpcEndpoint of type "Gateway" for S3, which costs nothing, with all route tables',
          }
        : {
            urn: s3[0].urn,
            property: "routeTableIds",
            wrong: "no route table leads to this endpoint",
            fix: "set routeTableIds to the tables of all subnets",
          },
    ];
  });
}

/** APIs that tasks use, and that have no endpoint in their network. */
function withoutEndpoints(stack: Stack, { services }: Config): readonly Finding[] {
  if (stack.ofType([ECS_SERVICE]).length === 0) return [];
  const endpointsOf = companions(stack.ofType([VPC]), stack.ofType([ENDPOINT]), "vpcId");
  return stack.ofType([VPC]).flatMap((vpc): readonly Finding[] => {
    const names = endpointsOf(vpc).map(({ props }) => props["serviceName"]);
    const present = new Set(names.map(awsService));
    const missing = textsOf(services).filter((service) => !present.has(service));
    if (missing.length === 0) return [];
    const unknown = names.find((name) => name instanceof Unknown);
    if (unknown instanceof Unknown) return [{ urn: vpc.urn, property: "serviceName", unknown }];
    return [
      {
        urn: vpc.urn,
        property: "vpcId",
        wrong: `no interface endpoint leads to ${missing.join(", ")}`,
        fix: 'add an aws.ec2.VpcEndpoint of type "Interface" for each, with privateDnsEnabled: true',
      },
    ];
  });
}

/** Interface endpoints with addresses in fewer zones than asked for. */
function narrowEndpoints(stack: Stack, { zones: asked }: Config): readonly Finding[] {
  const least = numberOf(asked) ?? 2;
  const subnetOf = joinTo(stack.ofType([SUBNET]));
  const associationsOf = companions(stack.ofType([ENDPOINT]), stack.ofType([SUBNET_ASSOCIATION]), "vpcEndpointId");
  return stack
    .ofType([ENDPOINT])
    .filter(isInterface)
    .flatMap((endpoint): readonly Finding[] => {
      const added = associationsOf(endpoint);
      const named = [
        ...locate(endpoint.props, "subnetIds[]"),
        ...locate(endpoint.props, "subnetConfigurations[].subnetId"),
        ...added.map(({ props }) => ({ property: "subnetId", value: props["subnetId"] })),
      ].map(({ value }) => value);
      const found = [
        ...subnetOf(endpoint, "subnetIds"),
        ...subnetOf(endpoint, "subnetConfigurations[].subnetId"),
        ...added.flatMap((association) => subnetOf(association, "subnetId")),
      ];
      const zones = found.map(zoneOf);
      // Subnets of another stack: their number is all that can be counted.
      if (found.length === 0 && new Set(named).size >= least) return [];
      if (new Set(zones.filter((zone) => typeof zone === "string")).size >= least) return [];
      const unknown = zones.find((zone) => zone instanceof Unknown) ?? (found.length === 0 ? named[0] : undefined);
      if (unknown instanceof Unknown) return [{ urn: endpoint.urn, property: "subnetIds", unknown }];
      return [
        {
          urn: endpoint.urn,
          property: "subnetIds",
          wrong: `it has addresses in ${String(Math.min(new Set(named).size, least - 1))} availability zone`,
          fix: `set subnetIds to one subnet in each of ${String(least)} zones`,
        },
      ];
    });
}

/** Interface endpoints of AWS APIs that the APIs' own names do not lead to. */
function withoutPrivateDns(resource: Resource): readonly Finding[] {
  if (!isInterface(resource)) return [];
  const { serviceName, privateDnsEnabled: value } = resource.props;
  const property = "privateDnsEnabled";
  if (isTrue.is(value)) return [];
  if (value instanceof Unknown) return [{ property, unknown: value }];
  if (serviceName instanceof Unknown) return [{ property: "serviceName", unknown: serviceName }];
  if (awsService(serviceName) === undefined) return [];
  return [
    {
      property,
      wrong: `${value === undefined ? "it is not set" : "it is false"}, so that calls still leave through NAT`,
      fix: "set privateDnsEnabled: true",
    },
  ];
}

/** Endpoints of AWS APIs whose policy serves anyone's credentials and reaches anyone's resources. */
function openPolicies(stack: Stack): readonly Finding[] {
  const policiesOf = companions(stack.ofType([ENDPOINT]), stack.ofType([ENDPOINT_POLICY]), "vpcEndpointId");
  return stack.ofType([ENDPOINT]).flatMap((endpoint): readonly Finding[] => {
    const { serviceName } = endpoint.props;
    if (!(serviceName instanceof Unknown) && awsService(serviceName) === undefined) return [];
    const [own] = policiesOf(endpoint);
    // What the program leaves out, AWS fills in with a policy that allows everything: unknown at preview.
    const given = own?.props["policy"] ?? (isLeftOut(endpoint) ? undefined : endpoint.props["policy"]);
    return policyFindings(given).map((finding): Finding => {
      const urn = own?.urn ?? endpoint.urn;
      if ("unknown" in finding || !(serviceName instanceof Unknown)) return { ...finding, urn };
      return { property: "serviceName", unknown: serviceName, urn };
    });
  });
}

const isLeftOut = ({ props, references }: StackResource): boolean =>
  props["policy"] instanceof Unknown && references.size > 0 && !references.has("policy");

function policyFindings(policy: Plain): readonly Finding[] {
  const fix =
    "set policy to statements with the conditions aws:PrincipalAccount and aws:ResourceAccount, or with the ARNs that are needed";
  if (isAbsent(policy)) return [{ property: "policy", wrong: "it is not set, and AWS then allows everything", fix }];
  return (
    statementsOf(policy, ["Effect", "Principal", "NotPrincipal", "Resource", "NotResource", "Condition"]) ?? []
  ).flatMap((statement): readonly Finding[] => {
    if (statement instanceof Unknown) return [{ property: "policy", unknown: statement }];
    if (!isPublic(statement) || !reachesAnything(statement)) return [];
    return [{ property: "policy", wrong: `${statement.id} lets anyone reach anything through the endpoint`, fix }];
  });
}

const RESOURCE_OWNERS: ReadonlySet<string> = new Set([
  "aws:resourceaccount",
  "aws:resourceorgid",
  "aws:resourceorgpaths",
  "s3:resourceaccount",
]);

function reachesAnything({ resources, notResources, conditions }: Statement): boolean {
  const owned = conditions.some(
    ({ operator, key, values }) =>
      /^(ForAnyValue:)?String(Equals|Like)$/i.test(operator) &&
      RESOURCE_OWNERS.has(key) &&
      values.every((value) => !/^[*?]/.test(value)),
  );
  if (owned) return false;
  return (
    notResources.length > 0 || resources.some((resource) => /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*.*)$/.test(resource))
  );
}

export const rules: readonly Rule[] = [
  {
    name: "vpc-s3-gateway-endpoint",
    description: "Every network reaches S3 through a gateway endpoint.",
    why: "It costs nothing, while the same traffic through NAT is paid for by the gigabyte and leaves the network.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: withoutS3,
  },
  {
    name: "vpc-interface-endpoints-for-apis-in-use",
    description: "Every network with tasks has interface endpoints for the AWS APIs that they use.",
    why: "Calls through an endpoint never leave the network, and go on when NAT fails.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP EC2.10", "CIS 6.8", "Prowler vpc_endpoint_for_ec2_enabled"],
    settings: {
      services: {
        type: "array",
        description: "Names of endpoints that tasks need, as in com.amazonaws.REGION.NAME.",
        default: ["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
      },
    },
    stack: withoutEndpoints,
  },
  {
    name: "vpc-interface-endpoint-in-two-zones",
    description: "Every interface endpoint has addresses in two availability zones or more.",
    why: "An endpoint in one zone takes its API away from all tasks when that zone fails.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler vpc_endpoint_multi_az_enabled"],
    settings: { zones: { type: "number", description: "Availability zones, at least.", default: 2 } },
    stack: narrowEndpoints,
  },
  {
    name: "vpc-interface-endpoint-private-dns",
    description: "Interface endpoints of AWS APIs answer to the APIs' own names.",
    why: "Without private DNS the endpoint is paid for, and nothing in the tasks uses it.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    // The flag may wait with the service's name: endpoints of others need not have it.
    resources: [{ types: [ENDPOINT], unknown: "defer", find: withoutPrivateDns }],
  },
  {
    name: "vpc-endpoint-policy-not-open",
    description: "Every endpoint of an AWS API serves known principals or reaches known resources alone.",
    why: "Through an open endpoint stolen credentials carry data out to somebody else's account.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler vpc_endpoint_connections_trust_boundaries"],
    stack: openPolicies,
  },
];
