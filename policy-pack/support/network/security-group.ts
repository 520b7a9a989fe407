import { cameFrom, companions, identitiesOf } from "../join.ts";
import { asText, elements, firstUnknown, isFalse, locate, type Located } from "../property.ts";
import type { Finding, Resource, StackResource, Undecided, Violation } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown, isMap, type Plain, type PlainMap } from "../unknown.ts";
import { ALL_PORTS, isWorld, portsOf, type PortRange } from "./ranges.ts";

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
export const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
/** Rules that are resources of their own. */
export const RULES = [RULE, INGRESS_RULE, EGRESS_RULE];
/** Everything in which a rule can stand. */
export const HOLDERS = [GROUP, DEFAULT_GROUP, ...RULES];

export const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
export const PREFIX_LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

export type Direction = "ingress" | "egress";

/** One rule of a security group, whichever of the ways it was written. */
export interface GroupRule {
  readonly direction: Direction;
  /** Where it stands: "ingress[0]." or "". */
  readonly prefix: string;
  readonly blocks: readonly Located[];
  readonly prefixLists: readonly Located[];
  /** Other groups, and the group itself, as texts. */
  readonly groups: readonly Located[];
  readonly protocol: Located;
  readonly from: Located;
  readonly to: Located;
  readonly description: Located;
}

/** What a rule opens: a range of ports, or a protocol that has none. */
export interface Opening {
  readonly ports: PortRange | undefined;
  readonly protocol: Plain;
}

/** Says what is wrong about an opening, "port 22 (SSH)"; undefined where it is not this rule's matter. */
export type Concern = (opening: Opening) => string | undefined;

/** The rules that a resource holds. One that cannot be read yet is the unknown in its place. */
export function rulesOf({ type, props }: Resource): readonly (GroupRule | Undecided)[] {
  if (type === INGRESS_RULE) return [single(props, "ingress")];
  if (type === EGRESS_RULE) return [single(props, "egress")];
  if (type === RULE) return legacy(props);
  return [...inline(props, "ingress"), ...inline(props, "egress")];
}

function inline(props: PlainMap, direction: Direction): readonly (GroupRule | Undecided)[] {
  return elements({ property: direction, value: props[direction] }).map(({ property, value }) =>
    value instanceof Unknown ? { property, unknown: value } : listed(value, direction, `${property}.`),
  );
}

function legacy(props: PlainMap): readonly (GroupRule | Undecided)[] {
  const type = props["type"];
  if (type instanceof Unknown) return [{ property: "type", unknown: type }];
  return [listed(props, type === "egress" ? "egress" : "ingress", "")];
}

/** The form with lists: inline rules, and `aws.ec2.SecurityGroupRule`. */
function listed(source: Plain, direction: Direction, prefix: string): GroupRule {
  const props = isMap(source) ? source : {};
  return {
    ...common(props, direction, prefix),
    blocks: [...within(props, "cidrBlocks[]", prefix), ...within(props, "ipv6CidrBlocks[]", prefix)],
    prefixLists: within(props, "prefixListIds[]", prefix),
    groups: [
      ...within(props, "securityGroups[]", prefix),
      ...given(props, "sourceSecurityGroupId", prefix),
      ...given(props, "self", prefix).filter(({ value }) => !isFalse.is(value)),
    ],
    protocol: { property: `${prefix}protocol`, value: props["protocol"] },
  };
}

/** The form with one source: `aws.vpc.SecurityGroupIngressRule` and its counterpart. */
function single(props: PlainMap, direction: Direction): GroupRule {
  return {
    ...common(props, direction, ""),
    blocks: [...given(props, "cidrIpv4", ""), ...given(props, "cidrIpv6", "")],
    prefixLists: given(props, "prefixListId", ""),
    groups: given(props, "referencedSecurityGroupId", ""),
    protocol: { property: "ipProtocol", value: props["ipProtocol"] },
  };
}

const common = (props: PlainMap, direction: Direction, prefix: string) => ({
  direction,
  prefix,
  from: { property: `${prefix}fromPort`, value: props["fromPort"] },
  to: { property: `${prefix}toPort`, value: props["toPort"] },
  description: { property: `${prefix}description`, value: props["description"] },
});

const within = (props: PlainMap, path: string, prefix: string): readonly Located[] =>
  locate(props, path).map(({ property, value }) => ({ property: `${prefix}${property}`, value }));

const given = (props: PlainMap, key: string, prefix: string): readonly Located[] =>
  elements({ property: `${prefix}${key}`, value: props[key] }).filter(({ value }) => value !== "");

/** The opening of a rule, or the first value that it waits for. */
export function openingOf({ protocol, from, to }: GroupRule): Opening | Undecided {
  const ports = portsOf(protocol.value, from.value, to.value);
  if (!(ports instanceof Unknown)) return { ports, protocol: protocol.value };
  const place = [protocol, from, to].find(({ value }) => value === ports) ?? protocol;
  return { property: place.property, unknown: ports };
}

/** Whether a range holds all ports there are; port 0 is none that anything listens on. */
export const isAllPorts = (ports: PortRange | undefined): boolean =>
  ports !== undefined && ports.from <= 1 && ports.to >= ALL_PORTS.to;

/** Rules of one direction between the group and the internet whose opening concerns the one who asks. */
export function worldRules(direction: Direction, concern: Concern, fix: string): (resource: Resource) => Finding[] {
  return (resource) =>
    rulesOf(resource).flatMap((rule): readonly Finding[] => {
      if ("unknown" in rule) return isOf(rule, direction) ? [rule] : [];
      return rule.direction === direction ? worldFindings(rule, rule.blocks, concern, fix) : [];
    });
}

// What is unknown about a rule is nothing to one who asks about the other direction, where the place tells it.
const isOf = ({ property }: Undecided, direction: Direction): boolean =>
  property === "type" || property.startsWith(direction);

function worldFindings(rule: GroupRule, blocks: readonly Located[], concern: Concern, fix: string): readonly Finding[] {
  const opening = openingOf(rule);
  const undecided = "unknown" in opening;
  const wrong = undecided ? undefined : concern(opening);
  if (!undecided && wrong === undefined) return [];
  return blocks.flatMap(({ property, value }): readonly Finding[] => {
    const world = isWorld(value);
    if (world === false) return [];
    if (world instanceof Unknown) return [{ property, unknown: world }];
    if (undecided) return [opening];
    return [{ property, wrong: `${asText(value)} reaches ${wrong ?? ""}`, fix }];
  });
}

/** A prefix list of the stack with the blocks that it stands for. */
interface PrefixList {
  readonly resource: StackResource;
  readonly blocks: readonly Plain[];
}

/** The same question about rules that name a prefix list of the stack: its entries count as the rule's own. */
export function worldRulesByPrefixList(
  stack: Stack,
  direction: Direction,
  concern: Concern,
  fix: string,
): readonly Finding[] {
  const lists = worldLists(stack);
  if (lists.length === 0) return [];
  return stack.ofType(HOLDERS).flatMap((holder) =>
    rulesOf(holder)
      .filter((rule): rule is GroupRule => "direction" in rule && rule.direction === direction)
      .flatMap((rule) =>
        rule.prefixLists.flatMap((named) =>
          lists
            .filter(({ resource }) => names(holder, named, resource))
            .flatMap(({ resource, blocks }) => {
              const entries = blocks.map((value) => ({ property: named.property, value }));
              return worldFindings(rule, entries, concern, fix).map((finding) => ({
                ...finding,
                ...("wrong" in finding && { wrong: `the prefix list "${resource.name}" holds ${finding.wrong}` }),
                urn: holder.urn,
              }));
            }),
        ),
      ),
  );
}

/** Prefix lists that hold a block of the internet, or one that is not known yet. */
function worldLists(stack: Stack): readonly PrefixList[] {
  const lists = stack.ofType([PREFIX_LIST]);
  const entriesOf = companions(lists, stack.ofType([PREFIX_LIST_ENTRY]), "prefixListId");
  return lists.flatMap((resource): readonly PrefixList[] => {
    const own = locate(resource.props, "entries[].cidr").map(({ value }) => value);
    const split = entriesOf(resource).map((entry) => entry.props["cidr"]);
    const blocks = [...own, ...split].filter((block) => isWorld(block) !== false);
    return blocks.length === 0 ? [] : [{ resource, blocks }];
  });
}

function names(holder: StackResource, { property, value }: Located, list: StackResource): boolean {
  if (typeof value === "string" && identitiesOf(list).has(value)) return true;
  const decided = typeof value === "string" && firstUnknown(list.props["id"]) === undefined && "id" in list.props;
  return !decided && cameFrom(holder, property, list);
}

/** A violation about a whole rule, at the property that says how much it opens. */
export const ruleViolation = (rule: GroupRule, opening: Opening, wrong: string, fix: string): Violation => ({
  property:
    opening.protocol === undefined || isAllProtocols(opening.protocol) ? rule.protocol.property : rule.from.property,
  wrong,
  fix,
});

const isAllProtocols = (protocol: Plain): boolean => ["-1", "all"].includes(asText(protocol).toLowerCase());
