import { CLOUDFLARE_RANGES, isWithin } from "../../support/cloudflare/ranges.ts";
import { MANAGED_PHASE, RULESET, zonesOf } from "../../support/cloudflare/zone.ts";
import { covers } from "../../support/iam/policy-document.ts";
import { companions, joinTo, sets } from "../../support/join.ts";
import { GROUP, PREFIX_LIST, PREFIX_LIST_ENTRY, RULES, rulesOf } from "../../support/network/security-group.ts";
import { at, elements, isFalse, isTrue, locate, textsOf, type Located } from "../../support/property.ts";
import type { Config, Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { CLOUDFLARE_RECORDS, LOAD_BALANCERS } from "../../support/tokens.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";
import { someOf, type Verdict } from "../../support/verdict.ts";
import { isServer } from "../aws/cloudfront-origins.ts";

const ASSOCIATIONS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const TEST = "datadog:index/syntheticsTest:SyntheticsTest";

/** What else can have a web ACL, and is in the internet as soon as it exists. */
const APIS = [
  "aws:apigateway/stage:Stage",
  "aws:apprunner/service:Service",
  "aws:appsync/graphQLApi:GraphQLApi",
  "aws:cognito/userPool:UserPool",
];

/** What stands between a load balancer and the internet, for all balancers of a stack at once. */
interface Edge {
  readonly hasAcl: (resource: StackResource) => boolean;
  /** Why its groups let others in than Cloudflare; undefined where they do not. */
  readonly stranger: (balancer: StackResource) => string | Unknown | undefined;
  readonly isBehindManagedRules: (balancer: StackResource) => Verdict;
}

function edgeOf(stack: Stack, config: Config): Edge {
  const balancers = stack.ofType(LOAD_BALANCERS);
  return {
    hasAcl: holderOf(stack, [...balancers, ...stack.ofType(APIS)]),
    stranger: strangersOf(stack, textsOf(config["cloudflareRanges"])),
    isBehindManagedRules: zonesBefore(stack, balancers),
  };
}

function holderOf(stack: Stack, resources: readonly StackResource[]): (resource: StackResource) => boolean {
  const toResource = joinTo(resources);
  const covered = new Set(stack.ofType(ASSOCIATIONS).flatMap((association) => toResource(association, "resourceArn")));
  return (resource) => covered.has(resource);
}

/** Asks a balancer's groups whom they let in: their own rules, split rules, and prefix lists of the stack. */
function strangersOf(
  stack: Stack,
  ranges: readonly string[],
): (balancer: StackResource) => string | Unknown | undefined {
  const toGroup = joinTo(stack.ofType([GROUP]));
  const toList = joinTo(stack.ofType([PREFIX_LIST]));
  const splitRulesOf = companions(stack.ofType([GROUP]), stack.ofType(RULES), "securityGroupId");
  const entriesOf = companions(stack.ofType([PREFIX_LIST]), stack.ofType([PREFIX_LIST_ENTRY]), "prefixListId");
  const judgeBlock = ({ value }: Pick<Located, "value">): string | Unknown | undefined => {
    if (value instanceof Unknown) return value;
    return typeof value === "string" && isWithin(value, ranges)
      ? undefined
      : `its security groups let in ${shown(value)}`;
  };
  const listById = new Map(stack.ofType([PREFIX_LIST]).map((list) => [list.props["id"], list]));
  const judgeList = (holder: StackResource, { property, value }: Located): string | Unknown | undefined => {
    // The property may name several lists, of which a known id is one.
    const known = typeof value === "string" ? listById.get(value) : undefined;
    const joined = known === undefined ? toList(holder, property.replaceAll(/\[\d+\]/g, "[]")) : [known];
    const lists =
      typeof value === "string" ? joined.filter((list) => list === known || list.props["id"] === undefined) : joined;
    if (lists.length === 0)
      return value instanceof Unknown
        ? value
        : `its security groups let in the prefix list ${shown(value)}, of which nothing is known`;
    return first(
      lists.flatMap((list) => [
        ...locate(list.props, "entries[].cidr").map(judgeBlock),
        ...entriesOf(list).map((entry) => judgeBlock({ value: entry.props["cidr"] })),
      ]),
    );
  };
  return (balancer) => {
    const named = locate(balancer.props, "securityGroups[]");
    const groups = toGroup(balancer, "securityGroups");
    if (groups.length < named.length || named.length === 0) {
      const unknown = named.find(({ value }) => value instanceof Unknown)?.value;
      return unknown instanceof Unknown ? unknown : "nothing says whom its security groups let in";
    }
    return first(
      groups
        .flatMap((group) => [group, ...splitRulesOf(group)])
        .flatMap((holder) =>
          rulesOf(holder).map((rule) => {
            if ("unknown" in rule) return isOpen(holder, rule.property) ? rule.unknown : undefined;
            if (rule.direction === "egress") return undefined;
            return first([...rule.blocks.map(judgeBlock), ...rule.prefixLists.map((list) => judgeList(holder, list))]);
          }),
        ),
    );
  };
}

/** Whether an unknown rule may let somebody in. The provider also returns rules of a group that the program sets none of. */
const isOpen = (holder: StackResource, property: string): boolean =>
  !property.startsWith("egress") && (holder.type !== GROUP || sets(holder, "ingress"));

const shown = (value: Plain): string => (typeof value === "string" ? value : "what is no range");

/** The first reason; the first unknown where there is none. */
const first = (reasons: readonly (string | Unknown | undefined)[]): string | Unknown | undefined =>
  reasons.find((reason) => typeof reason === "string") ?? reasons.find((reason) => reason !== undefined);

/** Whether a proxied record in a zone with managed rules leads to a balancer. */
function zonesBefore(stack: Stack, balancers: readonly StackResource[]): (balancer: StackResource) => Verdict {
  const toBalancer = joinTo(balancers);
  const verdicts = new Map<StackResource, Verdict[]>();
  for (const zone of zonesOf(stack)) {
    const managed = someOf(zone.ofType([RULESET]).map(runsManagedRules));
    for (const record of zone.ofType(CLOUDFLARE_RECORDS)) {
      const proxied = record.props["proxied"];
      const verdict = managed === false ? false : proxied instanceof Unknown ? proxied : isTrue.is(proxied) && managed;
      for (const balancer of toBalancer(record, "content"))
        verdicts.set(balancer, [...(verdicts.get(balancer) ?? []), verdict]);
    }
  }
  return (balancer) => {
    const all = verdicts.get(balancer) ?? [];
    // One record past the rules is enough to go around them.
    return all.includes(false) ? false : (all.find((verdict) => verdict instanceof Unknown) ?? all.length > 0);
  };
}

function runsManagedRules({ props }: StackResource): Verdict {
  if (props["phase"] !== MANAGED_PHASE) return props["phase"] instanceof Unknown ? props["phase"] : false;
  return someOf(
    elements({ property: "rules", value: props["rules"] }).map(({ value }): Verdict => {
      if (value instanceof Unknown) return value;
      const action = at(value, "action");
      if (action instanceof Unknown) return action;
      const enabled = at(value, "enabled");
      return action === "execute" && !isFalse.is(enabled) && at(value, "expression") !== "false";
    }),
  );
}

const ACL_FIX = "add an aws.wafv2.WebAclAssociation for it";

/** Load balancers in the internet that no firewall stands before. */
function bareBalancers(stack: Stack, config: Config): readonly Finding[] {
  const balancers = stack.ofType(LOAD_BALANCERS).filter(({ props }) => props["loadBalancerType"] !== "gateway");
  if (balancers.length === 0) return [];
  const edge = edgeOf(stack, config);
  return balancers.flatMap((balancer): readonly Finding[] => {
    const { urn, name, props } = balancer;
    if (isTrue.is(props["internal"]) || edge.hasAcl(balancer)) return [];
    if (props["internal"] instanceof Unknown) return [{ urn, property: "internal", unknown: props["internal"] }];
    const stranger = edge.stranger(balancer);
    if (stranger instanceof Unknown) return [{ urn, property: "securityGroups", unknown: stranger }];
    const behind = stranger === undefined && edge.isBehindManagedRules(balancer);
    if (behind === true) return [];
    if (behind instanceof Unknown) return [{ urn, property: "dnsName", unknown: behind }];
    const isNetwork = props["loadBalancerType"] === "network";
    return [
      {
        urn,
        property: stranger === undefined ? "dnsName" : "securityGroups",
        wrong: `"${name}" is in the internet without a web ACL, and ${stranger ?? "no proxied record of a zone with managed rules leads to it alone"}`,
        fix: isNetwork
          ? "set internal: true, or put an application load balancer with a web ACL before it"
          : `${ACL_FIX}, or let in Cloudflare's ranges alone and give it a proxied record in a zone with managed rules`,
      },
    ];
  });
}

/** APIs in the internet without a web ACL of their own. */
function bareApis(stack: Stack): readonly Finding[] {
  const apis = stack.ofType(APIS);
  const hasAcl = holderOf(stack, apis);
  return apis
    .filter((api) => !hasAcl(api))
    .map(({ urn, name }) => ({
      urn,
      property: "arn",
      wrong: `"${name}" is in the internet without a web ACL`,
      fix: ACL_FIX,
    }));
}

/** A name under which the stack answers HTTPS. */
interface Endpoint {
  readonly resource: StackResource;
  readonly property: string;
  readonly host: string | Unknown;
  /** Whether all that answers there is a private bucket. */
  readonly isBucket: boolean;
}

/** Where names stand of what answers HTTPS. */
const NAMES: readonly (readonly [type: string, path: string])[] = [
  ["aws:apigateway/domainName:DomainName", "domainName"],
  ["aws:apigatewayv2/domainName:DomainName", "domainName"],
  ["aws:alb/listenerRule:ListenerRule", "conditions[].hostHeader.values[]"],
  ["aws:lb/listenerRule:ListenerRule", "conditions[].hostHeader.values[]"],
  ["cloudflare:index/pagesDomain:PagesDomain", "name"],
  ["cloudflare:index/workersCustomDomain:WorkersCustomDomain", "hostname"],
];
const ADDRESSES: ReadonlySet<unknown> = new Set(["A", "AAAA", "CNAME"]);

function endpointsOf(stack: Stack): readonly Endpoint[] {
  const named = NAMES.flatMap(([type, path]) => stack.ofType([type]).flatMap((resource) => namesAt(resource, path)));
  const proxied = stack
    .ofType(CLOUDFLARE_RECORDS)
    .filter(
      ({ props }) =>
        ADDRESSES.has(props["type"]) && (isTrue.is(props["proxied"]) || props["proxied"] instanceof Unknown),
    )
    .flatMap((resource) => namesAt(resource, "name"));
  const distributions = stack.ofType([DISTRIBUTION]).flatMap((resource) => {
    const origins = locate(resource.props, "origins[]").map(({ value }) => value);
    const isBucket = origins.length > 0 && origins.every((origin) => isMap(origin) && !isServer(origin));
    return namesAt(resource, "aliases[]", isBucket);
  });
  // Where an endpoint has several resources, the one that answers is named.
  const byHost = new Map<string | Unknown, Endpoint>();
  for (const endpoint of [...named, ...distributions, ...proxied])
    if (!byHost.has(endpoint.host)) byHost.set(endpoint.host, endpoint);
  return [...byHost.values()];
}

const namesAt = (resource: StackResource, path: string, isBucket = false): readonly Endpoint[] =>
  locate(resource.props, path).flatMap(({ property, value }): readonly Endpoint[] =>
    value instanceof Unknown || (typeof value === "string" && value !== "")
      ? [{ resource, property, host: typeof value === "string" ? value.toLowerCase() : value, isBucket }]
      : [],
  );

/** Kinds of API tests that send a request to a web server; a certificate or a port alone says nothing of the service. */
const REQUESTS: ReadonlySet<unknown> = new Set([undefined, "http", "multi"]);

/** Hosts that live tests ask, and whether one may still turn out to be. */
function testedHosts(stack: Stack): { readonly hosts: ReadonlySet<string>; readonly waiting: Unknown | undefined } {
  const hosts = new Set<string>();
  let waiting: Unknown | undefined;
  for (const { props } of stack.ofType([TEST])) {
    const asks = props["type"] === "browser" || (props["type"] === "api" && REQUESTS.has(props["subtype"]));
    if (!asks || (props["status"] !== "live" && !(props["status"] instanceof Unknown))) continue;
    const steps = locate(props, "apiSteps[]").filter(
      ({ value: step }) => !isTrue.is(at(step, "allowFailure")) || isTrue.is(at(step, "isCritical")),
    );
    const urls = [props, ...steps.map(({ value }) => value)].map((from) => at(from, "requestDefinition.url"));
    for (const url of [...urls, props["status"]]) {
      if (url instanceof Unknown) waiting ??= url;
      else if (typeof url === "string" && /^https:/i.test(url) && URL.canParse(url) && props["status"] === "live")
        hosts.add(new URL(url).hostname);
    }
  }
  return { hosts, waiting };
}

const untested =
  (ofBuckets: boolean) =>
  (stack: Stack): readonly Finding[] => {
    const endpoints = endpointsOf(stack).filter(({ isBucket }) => isBucket === ofBuckets);
    if (endpoints.length === 0) return [];
    const { hosts, waiting } = testedHosts(stack);
    return endpoints.flatMap(({ resource: { urn }, property, host }): readonly Finding[] => {
      if (host instanceof Unknown) return [{ urn, property, unknown: host }];
      if (hosts.has(host) || (host.includes("*") && [...hosts].some((tested) => covers(host, tested)))) return [];
      if (waiting !== undefined) return [{ urn, property, unknown: waiting }];
      return [
        {
          urn,
          property,
          wrong: `no live synthetic test asks https://${host}`,
          fix: `add a datadog.SyntheticsTest with type: "api", subtype: "http", status: "live", and requestDefinition.url: "https://${host}/..."`,
        },
      ];
    });
  };

export const rules: readonly Rule[] = [
  {
    name: "exposure-load-balancer-behind-firewall",
    description:
      "A load balancer in the internet has a web ACL, or is reached through a zone with managed rules alone.",
    why: "Without a firewall every known attack reaches the service itself.",
    severity: "high",
    level: "mandatory",
    standards: [
      "CKV2_AWS_28",
      "FSBP ELB.16",
      "cdk-nag ALBWAFEnabled",
      "Prowler elbv2_waf_acl_attached",
      "cfn-guard alb_waf_enabled",
    ],
    settings: {
      cloudflareRanges: {
        type: "array",
        description: "Cloudflare's ranges of addresses.",
        default: [...CLOUDFLARE_RANGES],
      },
    },
    stack: bareBalancers,
  },
  {
    name: "exposure-api-behind-firewall",
    description: "An API or a user pool of AWS that is in the internet has a web ACL.",
    why: "Without a firewall every known attack reaches the service itself.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: bareApis,
  },
  {
    name: "exposure-host-tested",
    description: "A live synthetic test asks every host that answers HTTPS.",
    why: "Only a request from outside shows what customers see, with name, certificate, edge, and service together.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: untested(false),
  },
  {
    name: "exposure-bucket-host-tested",
    description: "A live synthetic test asks every host that serves a private bucket.",
    why: "Its certificate and its name can fail as those of a service can, though there is no service behind them.",
    severity: "low",
    level: "advisory",
    standards: [],
    stack: untested(true),
  },
];
