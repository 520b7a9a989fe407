import { unnamed } from "../../support/join.ts";
import { isWorld, portsOf } from "../../support/network/ranges.ts";
import { isAllPorts } from "../../support/network/security-group.ts";
import { asText, elements, firstUnknown, isTrue, numberOf } from "../../support/property.ts";
import type { Finding, Resource, Rule, StackResource, Undecided, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const ACLS = [ACL, "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
const ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule";
const ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation";

/** Ports of administration and of FTP that the benchmarks ask about. */
const PORTS: ReadonlyMap<number, string> = new Map([
  [20, "FTP"],
  [21, "FTP"],
  [22, "SSH"],
  [3389, "RDP"],
]);

/** One entry for traffic that comes in. */
interface Entry {
  /** Where it stands: "ingress[0]." or "". */
  readonly prefix: string;
  readonly urn: string;
  readonly number: Plain;
  readonly action: Plain;
  readonly protocol: Plain;
  readonly from: Plain;
  readonly to: Plain;
  readonly v4: Plain;
  readonly v6: Plain;
}

const FAMILIES = [
  ["v4", "cidrBlock"],
  ["v6", "ipv6CidrBlock"],
] as const;

function inlineEntries({ urn, props }: Resource): readonly (Entry | Undecided)[] {
  return elements({ property: "ingress", value: props["ingress"] }).map(({ property, value }) =>
    value instanceof Unknown
      ? { property, unknown: value, urn }
      : entryOf(value, urn, `${property}.`, { action: "action", number: "ruleNo" }),
  );
}

/** A rule resource; none where it is about what leaves. */
function splitEntries({ urn, props }: Resource): readonly (Entry | Undecided)[] {
  const egress = props["egress"];
  if (egress instanceof Unknown) return [{ property: "egress", unknown: egress, urn }];
  if (isTrue.is(egress)) return [];
  return [entryOf(props, urn, "", { action: "ruleAction", number: "ruleNumber" })];
}

function entryOf(source: Plain, urn: string, prefix: string, names: { action: string; number: string }): Entry {
  const value = isMap(source) ? source : {};
  return {
    prefix,
    urn,
    number: value[names.number],
    action: value[names.action],
    protocol: value["protocol"],
    from: value["fromPort"],
    to: value["toPort"],
    v4: value["cidrBlock"],
    v6: value["ipv6CidrBlock"],
  };
}

const entriesOf = (resource: Resource): readonly (Entry | Undecided)[] =>
  resource.type === ACL_RULE ? splitEntries(resource) : inlineEntries(resource);

const allows = (action: Plain): boolean => typeof action === "string" && action.toLowerCase() === "allow";

/** Entries that let the whole internet through on every port. */
function openEntries(resource: Resource): readonly Finding[] {
  return entriesOf(resource).flatMap((entry): readonly Finding[] => {
    if ("unknown" in entry) return [entry];
    return FAMILIES.flatMap(([family, key]): readonly Finding[] => {
      const property = `${entry.prefix}${key}`;
      const world = isWorld(entry[family]);
      const ports = portsOf(entry.protocol, entry.from, entry.to);
      if (world === false || (!(ports instanceof Unknown) && !isAllPorts(ports))) return [];
      const unknown = firstUnknown([entry.action, world, ports instanceof Unknown ? ports : undefined]);
      if (unknown !== undefined) return [{ property, unknown }];
      if (!allows(entry.action)) return [];
      return [
        {
          property,
          wrong: "it lets the internet reach every port of the subnets",
          fix: "allow 443 and the ports of answers (1024 to 65535, tcp), each in an entry of its own",
        },
      ];
    });
  });
}

/** Lists whose first entry about a port of administration lets the internet through. */
function openLists(stack: Stack): readonly Finding[] {
  const lists = stack.ofType(ACLS).map((acl) => inlineEntries(acl));
  const split = Map.groupBy(stack.ofType([ACL_RULE]), listOf);
  return [...lists, ...[...split.values()].map((rules) => rules.flatMap(splitEntries))].flatMap((entries) => [
    ...entries.filter((entry): entry is Undecided => "unknown" in entry),
    ...FAMILIES.flatMap(([family, key]) => openPorts(entries, family, key)),
  ]);
}

// One list by its id where that is known, by what the id came from where not.
function listOf({ props, references }: StackResource): string {
  const id = props["networkAclId"];
  return typeof id === "string" ? id : [...(references.get("networkAclId") ?? [])].join(" ");
}

function openPorts(entries: readonly (Entry | Undecided)[], family: "v4" | "v6", key: string): readonly Finding[] {
  const ordered = entries
    .filter((entry): entry is Entry => !("unknown" in entry))
    .toSorted((one, other) => (numberOf(one.number) ?? 0) - (numberOf(other.number) ?? 0));
  const found = new Map<Entry, string[]>();
  const waiting = new Map<Entry, Unknown>();
  for (const [port, name] of PORTS)
    for (const entry of ordered) {
      const unknown = firstUnknown([entry.number, entry.action, entry.protocol, entry.from, entry.to, entry[family]]);
      if (unknown !== undefined) {
        if (mayLetIn(entry, family)) waiting.set(entry, unknown);
        continue;
      }
      if (!isAbout(entry, port, entry[family])) continue;
      if (allows(entry.action) && !isAllPorts(portsOfEntry(entry)))
        found.set(entry, [...(found.get(entry) ?? []), `${String(port)} (${name})`]);
      break;
    }
  return [
    ...[...waiting].map(([{ urn, prefix }, unknown]): Undecided => ({ urn, property: `${prefix}${key}`, unknown })),
    ...[...found].map(([{ urn, prefix }, ports]): Violation => ({
      urn,
      property: `${prefix}${key}`,
      wrong: `it lets the internet reach port ${ports.join(", ")}`,
      fix: "narrow the range of ports, or put an entry that denies these before it",
    })),
  ];
}

const portsOfEntry = ({ protocol, from, to }: Entry) => {
  const ports = portsOf(protocol, from, to);
  return ports instanceof Unknown ? undefined : ports;
};

const UDP: ReadonlySet<string> = new Set(["udp", "17"]);

function isAbout(entry: Entry, port: number, block: Plain): boolean {
  const ports = portsOfEntry(entry);
  if (ports === undefined || UDP.has(asText(entry.protocol).toLowerCase())) return false;
  const wide = allows(entry.action) ? isWorld(block) === true : typeof block === "string" && block.endsWith("/0");
  return wide && ports.from <= port && port <= ports.to;
}

/** Whether an entry of which something is unknown could still turn out to let the internet in. */
const mayLetIn = (entry: Entry, family: "v4" | "v6"): boolean =>
  isWorld(entry[family]) !== false && (entry.action instanceof Unknown || allows(entry.action));

/** Lists that no subnet has. */
function unattachedLists(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([ACL]), stack.ofType([ASSOCIATION]), "networkAclId").flatMap(
    (acl): readonly Finding[] => {
      const { urn, props, references } = acl;
      const subnets = props["subnetIds"];
      if (subnets instanceof Unknown)
        // An output that only AWS fills in is unknown at preview: what the program names has a reference.
        return references.has("subnetIds") ? [] : [{ urn, property: "subnetIds", unknown: subnets }];
      if (elements({ property: "subnetIds", value: subnets }).length > 0) return [];
      return [
        {
          urn,
          property: "subnetIds",
          wrong: "no subnet has this list",
          fix: "set subnetIds, or add an aws.ec2.NetworkAclAssociation, or remove the list",
        },
      ];
    },
  );
}

export const rules: readonly Rule[] = [
  {
    name: "vpc-nacl-no-world-ingress-to-admin-ports",
    description: "No network ACL lets the internet reach ports of administration or FTP.",
    why: "The list is the last barrier when a security group is opened by mistake.",
    severity: "medium",
    level: "mandatory",
    standards: [...["CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "FSBP EC2.21", "CIS 6.2", "AWS-0105"]],
    stack: openLists,
  },
  {
    name: "vpc-nacl-not-all-ports",
    description: "No network ACL lets the internet reach every port.",
    why: "A list that lets everything through is none.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_352", "AWS-0102", "Prowler ec2_networkacl_allow_ingress_any_port"],
      "cfn-guard network_acl_port_range",
    ],
    resources: [{ types: [...ACLS, ACL_RULE], unknown: "defer", find: openEntries }],
  },
  {
    name: "vpc-nacl-attached",
    description: "Every network ACL belongs to a subnet.",
    why: "A list without a subnet protects nothing, and reads as if it did.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV2_AWS_1", "FSBP EC2.16", "Prowler ec2_networkacl_unused"],
    stack: unattachedLists,
  },
];
