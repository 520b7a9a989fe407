import { textOf, type Finding, type Resource, type Rule } from "../support/rule.ts";
import { ALL_PORTS, isWorld, portsOf, type PortRange } from "../support/network.ts";
import { Unknown, isList, isMap, type Plain, type PlainMap } from "../support/unknown.ts";

const GROUPS = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** Ports on which data stores listen. */
export const DATA_PORTS: ReadonlyMap<number, string> = new Map([
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [2049, "NFS"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [5439, "Redshift"],
  [6379, "Redis"],
  [6380, "Redis"],
  [9042, "Cassandra"],
  [9092, "Kafka"],
  [9200, "OpenSearch"],
  [9300, "OpenSearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
  [27018, "MongoDB"],
  [27019, "MongoDB"],
]);

/** One opening, whichever of the three ways it was written. */
interface Ingress {
  /** Where it stands: "ingress[0]." or "". */
  readonly prefix: string;
  /** Each source's property and CIDR block. */
  readonly sources: readonly (readonly [string, Plain])[];
  readonly protocol: Plain;
  readonly from: Plain;
  readonly to: Plain;
}

/** Inline rules of a security group. */
export function inlineIngress({ props }: Resource): readonly Finding[] {
  const ingress = props["ingress"];
  if (ingress instanceof Unknown) return [{ property: "ingress", unknown: ingress }];
  if (!isList(ingress)) return [];
  return ingress.flatMap((rule, index): readonly Finding[] => {
    const prefix = `ingress[${String(index)}]`;
    if (rule instanceof Unknown) return [{ property: prefix, unknown: rule }];
    return isMap(rule) ? openings(legacyIngress(rule, `${prefix}.`)) : [];
  });
}

/** `aws.ec2.SecurityGroupRule`: ingress only; what leaves is another rule's matter. */
export function ruleIngress({ props }: Resource): readonly Finding[] {
  const type = props["type"];
  if (type instanceof Unknown) return [{ property: "type", unknown: type }];
  return type === "ingress" ? openings(legacyIngress(props, "")) : [];
}

/** `aws.vpc.SecurityGroupIngressRule`. */
export function vpcIngress({ props }: Resource): readonly Finding[] {
  return openings({
    prefix: "",
    sources: [
      ["cidrIpv4", props["cidrIpv4"]],
      ["cidrIpv6", props["cidrIpv6"]],
    ],
    protocol: props["ipProtocol"],
    from: props["fromPort"],
    to: props["toPort"],
  });
}

function legacyIngress(rule: PlainMap, prefix: string): Ingress {
  return {
    prefix,
    sources: [...sourcesOf(rule, "cidrBlocks"), ...sourcesOf(rule, "ipv6CidrBlocks")],
    protocol: rule["protocol"],
    from: rule["fromPort"],
    to: rule["toPort"],
  };
}

function sourcesOf(rule: PlainMap, property: string): readonly (readonly [string, Plain])[] {
  const blocks = rule[property];
  if (!isList(blocks)) return [[property, blocks]];
  return blocks.map((block, index) => [`${property}[${String(index)}]`, block] as const);
}

function openings(ingress: Ingress): readonly Finding[] {
  const ports = portsOf(ingress.protocol, ingress.from, ingress.to);
  if (ports === undefined) return [];
  const exposed = ports instanceof Unknown ? [] : dataPortsIn(ports);
  if (!(ports instanceof Unknown) && exposed.length === 0) return [];
  return ingress.sources.flatMap(([source, cidr]): readonly Finding[] => {
    const world = isWorld(cidr);
    const property = `${ingress.prefix}${source}`;
    if (world === false) return [];
    if (world instanceof Unknown) return [{ property, unknown: world }];
    if (ports instanceof Unknown) return [{ property: `${ingress.prefix}fromPort`, unknown: ports }];
    return [
      {
        property,
        wrong: `${textOf(cidr) ?? "it"} reaches ${describe(ports, exposed)}`,
        fix: "replace the block by the security group of the service that needs the port, or narrow the port range",
      },
    ];
  });
}

const dataPortsIn = ({ from, to }: PortRange): readonly (readonly [number, string])[] =>
  [...DATA_PORTS].filter(([port]) => from <= port && port <= to);

function describe(ports: PortRange, exposed: readonly (readonly [number, string])[]): string {
  if (ports.from <= ALL_PORTS.from && ports.to >= ALL_PORTS.to) return "every port, those of data stores included";
  return `port ${exposed.map(([port, store]) => `${String(port)} (${store})`).join(", ")}`;
}

export const rules: readonly Rule[] = [
  {
    name: "ec2-no-world-ingress-to-data-ports",
    description: "No security group lets the internet reach a port on which data stores listen.",
    why: "A data store on the internet is found by scanners within minutes.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP EC2.19", "CKV_AWS_277", "EC2RestrictedCommonPorts", "AWS-0107"],
    resources: [
      { types: GROUPS, unknown: "defer", find: inlineIngress },
      { types: [RULE], unknown: "defer", find: ruleIngress },
      { types: [INGRESS_RULE], unknown: "defer", find: vpcIngress },
    ],
  },
];
