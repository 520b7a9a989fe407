import { joinTo } from "../../support/join.ts";
import { isWorld, type PortRange } from "../../support/network/ranges.ts";
import {
  GROUP,
  HOLDERS,
  isAllPorts,
  openingOf,
  ruleViolation,
  rulesOf,
  worldRules,
  worldRulesByPrefixList,
  type Concern,
} from "../../support/network/security-group.ts";
import { asText, numberOf, textsOf } from "../../support/property.ts";
import type { Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { LOAD_BALANCERS } from "../../support/tokens.ts";
import { isList, type Plain } from "../../support/unknown.ts";
import { ADMIN_PORTS, DATA_PORTS, namedPorts } from "./ec2.ts";

/** What the rules on ports of data stores and of administration do not name, and the list does not allow. */
const concernsOthers =
  (allowed: ReadonlySet<number>): Concern =>
  ({ ports, protocol }) => {
    if (ports === undefined) return isPing(protocol) ? undefined : `protocol ${asText(protocol)}`;
    if (
      isAllPorts(ports) ||
      namedPorts(DATA_PORTS, ports) !== undefined ||
      namedPorts(ADMIN_PORTS, ports) !== undefined
    )
      return undefined;
    if (allows(allowed, ports)) return undefined;
    return ports.from === ports.to
      ? `port ${String(ports.from)}`
      : `ports ${String(ports.from)} to ${String(ports.to)}`;
  };

const ICMP: ReadonlySet<string> = new Set(["icmp", "icmpv6", "1", "58"]);
const isPing = (protocol: Plain): boolean => ICMP.has(asText(protocol).toLowerCase());

function allows(allowed: ReadonlySet<number>, { from, to }: PortRange): boolean {
  let count = 0;
  for (const port of allowed) if (from <= port && port <= to) count += 1;
  return count === to - from + 1;
}

function allowedPorts(value: Plain): ReadonlySet<number> {
  const ports = isList(value) ? value.map(numberOf) : textsOf(value).map(Number);
  return new Set(ports.filter((port) => port !== undefined));
}

const othersFix = (allowed: ReadonlySet<number>): string =>
  `serve the internet on port ${[...allowed].join(" or ")} alone, or name the security group that needs the port`;

const BALANCERS = [...LOAD_BALANCERS, "aws:elb/loadBalancer:LoadBalancer"];

/** The internet on its allowed ports, in a group that is no load balancer's. */
function withoutBalancer(stack: Stack, allowed: ReadonlySet<number>): readonly Finding[] {
  const groupOf = joinTo(stack.ofType([GROUP]));
  const facing = new Set(stack.ofType(BALANCERS).flatMap((balancer) => groupOf(balancer, "securityGroups")));
  const holders = stack.ofType(HOLDERS);
  const behind = (holder: StackResource): boolean => {
    const groups = holder.type === GROUP ? [holder] : groupOf(holder, "securityGroupId");
    // A group of another stack is that stack's matter.
    return groups.some((group) => !facing.has(group));
  };
  const concern: Concern = ({ ports }) =>
    ports !== undefined && allows(allowed, ports) ? "a group that is no load balancer's" : undefined;
  const fix = "let in the load balancer's security group instead, or attach the group to the load balancer";
  const inside = new Set(holders.filter(behind).map(({ urn }) => urn));
  return [
    ...holders.flatMap((holder) =>
      worldRules("ingress", concern, fix)(holder).map((finding) => ({ ...finding, urn: holder.urn })),
    ),
    ...worldRulesByPrefixList(stack, "ingress", concern, fix),
  ].filter(
    // Before the group exists, the outputs cannot say which rules it will have.
    (finding) => inside.has(finding.urn ?? "") && !("unknown" in finding && finding.property === "ingress"),
  );
}

/** Ingress of everything from whatever is not the internet; from there it is a matter of the rule on data ports. */
function wholeIngress(resource: Resource): readonly Finding[] {
  return rulesOf(resource).flatMap((rule): readonly Finding[] => {
    if ("unknown" in rule) return rule.property.startsWith("egress") ? [] : [rule];
    if (rule.direction !== "ingress" || rule.blocks.some(({ value }) => isWorld(value) === true)) return [];
    const opening = openingOf(rule);
    if ("unknown" in opening) return [opening];
    if (!isAllPorts(opening.ports)) return [];
    return [ruleViolation(rule, opening, "it lets in every port", "name the protocol and the one port that is needed")];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "ec2-world-ingress-only-on-allowed-ports",
    description: "The internet reaches load balancers alone, and those on the ports of the web alone.",
    why: "Each further port is one more program that strangers can talk to.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_260", "FSBP EC2.18", "AwsSolutions-EC23", "cfn-guard security_group_ingress_open_to_world"],
      "compliance-policies",
    ],
    settings: {
      ports: { type: "array", description: "Ports that the internet may reach.", default: [80, 443] },
    },
    resources: [
      {
        types: HOLDERS,
        unknown: "defer",
        find: (resource, { ports }) => {
          const allowed = allowedPorts(ports);
          return worldRules("ingress", concernsOthers(allowed), othersFix(allowed))(resource);
        },
      },
    ],
    stack: (stack, { ports }) => {
      const allowed = allowedPorts(ports);
      return [
        ...worldRulesByPrefixList(stack, "ingress", concernsOthers(allowed), othersFix(allowed)),
        ...withoutBalancer(stack, allowed),
      ];
    },
  },
  {
    name: "ec2-no-ingress-of-all-ports",
    description: "No security group lets anybody reach every port.",
    why: "A rule that names its port opens nothing that is started later.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...[
        "CKV_AWS_277",
        "FSBP EC2.18",
        "cdk-nag EC2RestrictedInbound",
        "cfn-guard security_group_ingress_all_protocols",
      ],
    ],
    resources: [{ types: HOLDERS, unknown: "defer", find: wholeIngress }],
  },
];
