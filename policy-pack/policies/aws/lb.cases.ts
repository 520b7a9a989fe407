import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const logs = "lb-access-logs-enabled";
const deletion = "lb-deletion-protection-enabled";
const headers = "lb-drops-invalid-headers";
const desync = "lb-desync-mitigation-defensive";
const facing = "lb-internet-facing-only-where-declared";
const zones = "lb-in-two-zones";
const cross = "lb-cross-zone-enabled";
const health = "lb-target-group-health-check";
const inner = "lb-target-group-encrypted";

const balancer = (props: Sent["props"] = {}, name = "balancer"): Sent => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name,
  props: { tags, ...props },
});
const oldBalancer = (props: Sent["props"]): Sent => ({ ...balancer(props), type: "aws:alb/loadBalancer:LoadBalancer" });
const targets = (props: Sent["props"] = {}): Sent => ({
  type: "aws:lb/targetGroup:TargetGroup",
  props: { targetType: "ip", tags, ...props },
});

export const cases: readonly Case[] = [
  {
    rule: "lb-not-classic",
    when: "it is classic",
    given: { type: "aws:elb/loadBalancer:LoadBalancer", props: { listeners: [] } },
    result: [/type: it is a classic load balancer/],
  },
  { rule: "lb-not-classic", when: "it is of the current kinds", given: balancer(), result: "passes" },
  {
    rule: logs,
    when: "they are on",
    given: balancer({ accessLogs: { enabled: true, bucket: UNKNOWN } }),
    result: "passes",
  },
  {
    rule: logs,
    when: "they are on, as text",
    given: balancer({ accessLogs: { enabled: "true", bucket: "b" } }),
    result: "passes",
  },
  { rule: logs, when: "nothing is said", given: balancer(), result: [/accessLogs\.enabled: it is not set/] },
  {
    rule: logs,
    when: "there is a bucket, and they are off by default",
    given: oldBalancer({ accessLogs: { bucket: "b" } }),
    result: [/accessLogs\.enabled: it is not set.*Fix: set accessLogs/],
  },
  {
    rule: logs,
    when: "they are off",
    given: balancer({ accessLogs: { bucket: "b", enabled: false }, loadBalancerType: "network" }),
    result: [/accessLogs\.enabled: it is false/],
  },
  {
    rule: logs,
    when: "it is unknown",
    given: balancer({ accessLogs: { bucket: "b", enabled: UNKNOWN } }),
    result: [/not known/],
  },
  { rule: logs, when: "a gateway has none", given: balancer({ loadBalancerType: "gateway" }), result: "passes" },

  { rule: deletion, when: "it is on", given: balancer({ enableDeletionProtection: true }), result: "passes" },
  {
    rule: deletion,
    when: "it is on, as text",
    given: balancer({ enableDeletionProtection: "true" }),
    result: "passes",
  },
  {
    rule: deletion,
    when: "it is off",
    given: oldBalancer({ enableDeletionProtection: false }),
    result: [/enableDeletionProtection: it is false.*Fix: set enableDeletionProtection: true/],
  },
  { rule: deletion, when: "nothing is said", given: balancer(), result: [/enableDeletionProtection: it is not set/] },
  {
    rule: deletion,
    when: "it is unknown",
    given: balancer({ enableDeletionProtection: UNKNOWN }),
    result: [/not known/],
  },

  { rule: headers, when: "they are dropped", given: balancer({ dropInvalidHeaderFields: true }), result: "passes" },
  {
    rule: headers,
    when: "they are dropped, as text",
    given: oldBalancer({ dropInvalidHeaderFields: "true" }),
    result: "passes",
  },
  {
    rule: headers,
    when: "they are kept",
    given: balancer({ dropInvalidHeaderFields: false }),
    result: [/dropInvalidHeaderFields: it is false/],
  },
  {
    rule: headers,
    when: "nothing is said",
    given: oldBalancer({}),
    result: [/dropInvalidHeaderFields: it is not set/],
  },
  {
    rule: headers,
    when: "it is unknown",
    given: balancer({ dropInvalidHeaderFields: UNKNOWN }),
    result: [/not known/],
  },
  {
    rule: headers,
    when: "a network load balancer reads no headers",
    given: balancer({ loadBalancerType: "network" }),
    result: "passes",
  },

  {
    rule: desync,
    when: "it is the strictest",
    given: balancer({ desyncMitigationMode: "strictest" }),
    result: "passes",
  },
  { rule: desync, when: "nothing is said, and the default is defensive", given: balancer(), result: "passes" },
  {
    rule: desync,
    when: "nothing is said of a load balancer of the older type",
    given: oldBalancer({}),
    result: "passes",
  },
  {
    rule: desync,
    when: "it is off",
    given: oldBalancer({ desyncMitigationMode: "monitor" }),
    result: [/desyncMitigationMode: it is "monitor"/],
  },
  { rule: desync, when: "it is unknown", given: balancer({ desyncMitigationMode: UNKNOWN }), result: [/not known/] },
  {
    rule: desync,
    when: "it is a network load balancer",
    given: balancer({ loadBalancerType: "network", desyncMitigationMode: "monitor" }),
    result: "passes",
  },

  { rule: facing, when: "it says that it does", given: balancer({ internal: false }), result: "passes" },
  {
    rule: facing,
    when: "it says that it does not, as text",
    given: oldBalancer({ internal: "true" }),
    result: "passes",
  },
  {
    rule: facing,
    when: "nothing is said",
    given: balancer(),
    result: [/internal: it is not set, and must be true or false/],
  },
  { rule: facing, when: "it is unknown", given: balancer({ internal: UNKNOWN }), result: [/not known/] },
  {
    rule: facing,
    when: "one does",
    given: [balancer({ internal: false }), balancer({ internal: true }, "other")],
    result: "passes",
  },
  {
    rule: facing,
    when: "two do",
    given: [balancer({ internal: false }), balancer({ internal: "false" }, "other")],
    result: [/internal: it faces the internet, and only 1 load balancer here may/],
  },
  {
    rule: facing,
    when: "the second one may",
    given: [balancer({ internal: false }), balancer({ internal: UNKNOWN }, "other")],
    result: "waits",
  },
  {
    rule: facing,
    when: "the environment has no door",
    given: [balancer({ internal: false })],
    result: [/no load balancer here may/],
    config: { most: 0 },
  },

  { rule: zones, when: "it stands in two", given: balancer({ subnets: [UNKNOWN, "subnet-2"] }), result: "passes" },
  {
    rule: zones,
    when: "it stands in two by mappings",
    given: oldBalancer({ subnetMappings: [{ subnetId: "subnet-1" }, { subnetId: "subnet-2" }] }),
    result: "passes",
  },
  {
    rule: zones,
    when: "it stands in one",
    given: balancer({ subnets: ["subnet-1"] }),
    result: [/subnets: it stands in 1 subnet/],
  },
  { rule: zones, when: "nothing is said", given: balancer(), result: [/subnets: it stands in 0 subnet/] },
  { rule: zones, when: "its subnets are unknown", given: balancer({ subnets: UNKNOWN }), result: "waits" },
  { rule: zones, when: "its mappings are unknown", given: balancer({ subnetMappings: UNKNOWN }), result: "waits" },

  {
    rule: cross,
    when: "it is on",
    given: balancer({ loadBalancerType: "network", enableCrossZoneLoadBalancing: true }),
    result: "passes",
  },
  {
    rule: cross,
    when: "it is off, as text",
    given: balancer({ loadBalancerType: "network", enableCrossZoneLoadBalancing: "false" }),
    result: [/enableCrossZoneLoadBalancing: it is "false"/],
  },
  {
    rule: cross,
    when: "nothing is said",
    given: oldBalancer({ loadBalancerType: "gateway" }),
    result: [/enableCrossZoneLoadBalancing: it is not set/],
  },
  {
    rule: cross,
    when: "it is unknown",
    given: balancer({ loadBalancerType: "network", enableCrossZoneLoadBalancing: UNKNOWN }),
    result: [/not known/],
  },
  { rule: cross, when: "an application load balancer always does", given: balancer(), result: "passes" },

  {
    rule: health,
    when: "a path is asked for",
    given: targets({ protocol: "HTTP", healthCheck: { path: "/ready" } }),
    result: "passes",
  },
  {
    rule: health,
    when: "nothing is said",
    given: targets({ protocol: "HTTP" }),
    result: [/healthCheck: it is not set/],
  },
  {
    rule: health,
    when: "no path is said",
    given: {
      ...targets({ protocol: "HTTPS", healthCheck: { interval: 10 } }),
      type: "aws:alb/targetGroup:TargetGroup",
    },
    result: [/healthCheck\.path: it is not set/],
  },
  {
    rule: health,
    when: "it is off",
    given: targets({ protocol: "HTTP", healthCheck: { path: "/ready", enabled: false } }),
    result: [/healthCheck\.enabled: it is false/],
  },
  { rule: health, when: "it is unknown", given: targets({ healthCheck: UNKNOWN }), result: "waits" },
  {
    rule: health,
    when: "whether it is on is unknown",
    given: targets({ healthCheck: { enabled: UNKNOWN } }),
    result: "waits",
  },
  {
    rule: health,
    when: "the path is unknown",
    given: targets({ protocol: "HTTP", healthCheck: { path: UNKNOWN } }),
    result: "passes",
  },
  {
    rule: health,
    when: "TCP is asked for",
    given: targets({ protocol: "TCP", healthCheck: { protocol: "TCP" } }),
    result: "passes",
  },
  { rule: health, when: "the target is a function", given: targets({ targetType: "lambda" }), result: "passes" },

  { rule: inner, when: "it is HTTPS", given: targets({ protocol: "HTTPS" }), result: "passes" },
  { rule: inner, when: "it is HTTP", given: targets({ protocol: "HTTP" }), result: [/protocol: it is "HTTP"/] },
  { rule: inner, when: "nothing is said", given: targets(), result: [/protocol: it is not set/] },
  { rule: inner, when: "it is unknown", given: targets({ protocol: UNKNOWN }), result: "waits" },
  { rule: inner, when: "the target is a function", given: targets({ targetType: "lambda" }), result: "passes" },
];
