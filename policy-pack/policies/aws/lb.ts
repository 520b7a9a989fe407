import {
  asText,
  atLeast,
  elements,
  expects,
  isAbsent,
  isFalse,
  isTrue,
  locate,
  numberOf,
  oneOf,
  orAbsent,
  unless,
  where,
  type Expectation,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { LOAD_BALANCERS } from "../../support/tokens.ts";
import { Unknown, isMap } from "../../support/unknown.ts";

const CLASSIC = "aws:elb/loadBalancer:LoadBalancer";
const TARGET_GROUPS = ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"];

/** A check for the kinds of load balancer that have the property; the kind is "application" where nothing is said. */
const ofKinds = (kinds: readonly string[], find: Find): Find =>
  where(
    ({ props: { loadBalancerType: kind = "application" } }) => kind instanceof Unknown || kinds.includes(asText(kind)),
    find,
  );

const applicationOnly = (find: Find): Find => ofKinds(["application"], find);

/** A target group of HTTP needs a path to ask for; one of functions needs no check. */
function uncheckedTargets({ props }: Resource): readonly Finding[] {
  const { targetType, healthCheck, protocol } = props;
  if (targetType === "lambda") return [];
  if (healthCheck instanceof Unknown) return [{ property: "healthCheck", unknown: healthCheck }];
  const [first] = elements({ property: "healthCheck", value: healthCheck });
  const check = isMap(first?.value) ? first.value : undefined;
  if (check === undefined)
    return [
      { property: "healthCheck", wrong: "it is not set", fix: "set healthCheck with a path of the service's own" },
    ];
  const { enabled, path } = check;
  if (enabled instanceof Unknown) return [{ property: "healthCheck.enabled", unknown: enabled }];
  if (isFalse.is(enabled)) return [{ property: "healthCheck.enabled", wrong: "it is false", fix: "set enabled: true" }];
  // TCP checks have no path; what is asked of HTTP is "/" where nothing is said, which few services mean.
  const overHttp = [check["protocol"] ?? protocol].some((one) => one === "HTTP" || one === "HTTPS");
  if (!overHttp || !isAbsent(path)) return [];
  return [{ property: "healthCheck.path", wrong: "it is not set", fix: "set path to what says that a task is ready" }];
}

/** Subnets of a load balancer: two, in whichever form. ELB itself refuses two of one zone. */
function narrowBalancers({ props }: Resource): readonly Finding[] {
  const subnets = locate(props, "subnets[]");
  const mapped = locate(props, "subnetMappings[].subnetId");
  const whole = [...subnets, ...mapped].find(
    ({ property, value }) => value instanceof Unknown && (property === "subnets" || property === "subnetMappings"),
  );
  if (whole?.value instanceof Unknown) return [{ property: whole.property, unknown: whole.value }];
  const values = [...subnets, ...mapped].map(({ value }) => value);
  if (atLeast(2).is(new Set(values).size)) return [];
  return [
    {
      property: "subnets",
      wrong: `it stands in ${String(values.length)} subnet`,
      fix: "set subnets to one public subnet in each of two zones or more",
    },
  ];
}

const isPublic = ({ props: { internal } }: Resource): boolean => !isTrue.is(internal);

/** More doors to the internet than the environment declares. */
function surplusDoors(stack: Stack, { most }: Config): readonly Finding[] {
  const allowed = numberOf(most) ?? 1;
  return stack
    .ofType(LOAD_BALANCERS)
    .filter(isPublic)
    .slice(allowed)
    .map(({ urn, props: { internal } }): Finding =>
      internal instanceof Unknown
        ? { urn, property: "internal", unknown: internal }
        : {
            urn,
            property: "internal",
            wrong: `it faces the internet, and ${allowed === 0 ? "no" : `only ${String(allowed)}`} load balancer here may`,
            fix: "set internal: true, or raise the setting most of this rule",
          },
    );
}

const isBoolean: Expectation = {
  is: (value) => ["true", "false"].includes(asText(value)),
  expected: "true or false, as nothing said means the internet",
};

const enabledLogs = expects("accessLogs.enabled", isTrue, "set accessLogs: { enabled: true, bucket }");

/** None of the rules about listeners, logs, and firewalls fits the old kind. */
const classic = ({ type }: Resource): readonly Finding[] => [
  {
    property: "type",
    wrong: `it is a classic load balancer (${type})`,
    fix: "use an aws.lb.LoadBalancer with aws.lb.Listener and aws.lb.TargetGroup",
  },
];

export const rules: readonly Rule[] = [
  {
    name: "lb-not-classic",
    description: "Load balancers are of the current kinds.",
    why: "A classic one takes no web ACL, and none of the checks of listeners sees what it lets in.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [CLASSIC], unknown: "refuse", find: classic }],
  },
  {
    name: "lb-access-logs-enabled",
    description: "Every load balancer writes access logs.",
    why: "They are the only record of who asked for what before the service saw it.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_91", "FSBP ELB.5", "CIS 4.10", "AwsSolutions-ELB2", "Prowler elbv2_logging_enabled"],
      ...["cfn-guard elbv2_access_logging", "awsguard", "compliance-policies"],
    ],
    resources: [{ types: LOAD_BALANCERS, unknown: "refuse", find: ofKinds(["application", "network"], enabledLogs) }],
  },
  {
    name: "lb-deletion-protection-enabled",
    description: "Load balancers cannot be deleted by mistake.",
    why: "With the load balancer goes the only address that clients know.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_150", "FSBP ELB.6", "cdk-nag ELBDeletionProtectionEnabled", "Prowler elbv2_deletion_protection"],
      ...["cfn-guard elb_deletion_protection_enabled", "awsguard"],
    ],
    resources: [
      {
        types: LOAD_BALANCERS,
        unknown: "refuse",
        find: expects("enableDeletionProtection", isTrue, "set enableDeletionProtection: true"),
      },
    ],
    remedy: ({ type, props }) =>
      LOAD_BALANCERS.includes(type) && !isTrue.is(props["enableDeletionProtection"])
        ? [{ path: ["enableDeletionProtection"], value: true }]
        : [],
  },
  {
    name: "lb-drops-invalid-headers",
    description: "Application load balancers drop headers that are not valid.",
    why: "Headers that two servers read differently are how requests are smuggled past checks.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_131", "FSBP ELB.4", "cdk-nag ALBHttpDropInvalidHeaderEnabled", "AWS-0052"],
      "cfn-guard alb_http_drop_invalid_header",
    ],
    resources: [
      {
        types: LOAD_BALANCERS,
        unknown: "refuse",
        find: applicationOnly(expects("dropInvalidHeaderFields", isTrue, "set dropInvalidHeaderFields: true")),
      },
    ],
    remedy: ({ type, props }) =>
      LOAD_BALANCERS.includes(type) &&
      (props["loadBalancerType"] ?? "application") === "application" &&
      !isTrue.is(props["dropInvalidHeaderFields"])
        ? [{ path: ["dropInvalidHeaderFields"], value: true }]
        : [],
  },
  {
    name: "lb-desync-mitigation-defensive",
    description: "Application load balancers refuse or rewrite ambiguous requests.",
    why: "A request that two servers read differently poisons the next client's answer.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_328", "FSBP ELB.12", "Prowler elbv2_desync_mitigation_mode"],
    // Absent is "defensive".
    resources: [
      {
        types: LOAD_BALANCERS,
        unknown: "refuse",
        find: applicationOnly(
          expects(
            "desyncMitigationMode",
            orAbsent(oneOf("defensive", "strictest")),
            'set desyncMitigationMode: "strictest", or "defensive" for clients that bend the rules',
          ),
        ),
      },
    ],
  },
  {
    name: "lb-internet-facing-only-where-declared",
    description: "A load balancer says whether it faces the internet, and no more do than the environment has doors.",
    why: "A load balancer about which nothing is said faces the internet.",
    severity: "high",
    level: "mandatory",
    standards: ["AWS-0053", "Prowler elbv2_internet_facing"],
    settings: {
      most: { type: "number", description: "Load balancers of one stack that may face the internet.", default: 1 },
    },
    resources: [
      {
        types: LOAD_BALANCERS,
        unknown: "refuse",
        find: expects("internal", isBoolean, "set internal: true, or false where the internet is meant"),
      },
    ],
    stack: surplusDoors,
  },
  {
    name: "lb-in-two-zones",
    description: "Every load balancer stands in two availability zones or more.",
    why: "A load balancer in one zone is down whenever that zone is.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP ELB.13", "Prowler elbv2_is_in_multiple_az"],
    resources: [{ types: LOAD_BALANCERS, unknown: "defer", find: narrowBalancers }],
  },
  {
    name: "lb-cross-zone-enabled",
    description: "Network load balancers share requests among the targets of all zones.",
    why: "Otherwise the zone with fewer targets works them harder, or has none to send to.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_152"],
    resources: [
      {
        types: LOAD_BALANCERS,
        unknown: "refuse",
        find: where(
          ({ props }) => ["network", "gateway"].includes(asText(props["loadBalancerType"])),
          expects("enableCrossZoneLoadBalancing", isTrue, "set enableCrossZoneLoadBalancing: true"),
        ),
      },
    ],
  },
  {
    name: "lb-target-group-health-check",
    description: "Every target group asks its targets whether they are ready.",
    why: "Requests go to tasks that cannot answer until somebody notices.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_261"],
    resources: [{ types: TARGET_GROUPS, unknown: "defer", find: uncheckedTargets }],
  },
  {
    name: "lb-target-group-encrypted",
    description: "Load balancers talk to their targets over TLS.",
    why: "Within the network requests are readable to whoever gets between the two.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_378"],
    resources: [
      {
        types: TARGET_GROUPS,
        unknown: "defer",
        find: unless(
          ({ props }) => props["targetType"] === "lambda",
          expects(
            "protocol",
            oneOf("HTTPS", "TLS", "TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "GENEVE"),
            'set protocol: "HTTPS", and let the service listen with a certificate',
          ),
        ),
      },
    ],
  },
];
