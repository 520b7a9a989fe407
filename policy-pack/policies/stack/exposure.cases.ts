import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const BALANCER = "exposure-load-balancer-behind-firewall";
const API = "exposure-api-behind-firewall";
const HOST = "exposure-host-tested";
const BUCKET = "exposure-bucket-host-tested";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/edge/0123456789abcdef";
const DNS = "edge-1.us-east-1.elb.amazonaws.com";
const balancer = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "edge",
  props: { id: ARN, arn: ARN, dnsName: DNS, internal: false, securityGroups: ["sg-1"], ...props },
  references,
});
const acl = (resourceArn: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:wafv2/webAclAssociation:WebAclAssociation",
  name: "association",
  props: { resourceArn },
  references,
});
const group = (props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "group",
  props: { id: "sg-1", ...props },
});
const lets = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  name: "https",
  props: { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 443, toPort: 443, ...props },
  references,
});
const list = (...cidrs: readonly Json[]): Sent => ({
  type: "aws:ec2/managedPrefixList:ManagedPrefixList",
  name: "list",
  props: { id: "pl-1", entries: cidrs.map((cidr) => ({ cidr })) },
});
const ZONE = { zoneId: "z1" };
const record = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "cloudflare:index/dnsRecord:DnsRecord",
  name: "record",
  props: { ...ZONE, name: "api.example.org", type: "CNAME", content: DNS, proxied: true, ...props },
  references,
});
const ruleset = (rule: Json = { action: "execute", expression: "true" }, props: Sent["props"] = {}): Sent => ({
  type: "cloudflare:index/ruleset:Ruleset",
  name: "ruleset",
  props: { ...ZONE, phase: "http_request_firewall_managed", rules: [rule], ...props },
});
const behind = [group(), lets({ prefixListId: "pl-1" }), list("104.16.0.0/13"), record(), ruleset()];
const without = (type: RegExp): readonly Sent[] => behind.filter((resource) => !type.test(resource.type));

const stage = (arn: Json = "arn:stage"): Sent => ({
  type: "aws:apigateway/stage:Stage",
  name: "stage",
  props: { id: "stage", arn },
});

const test = (props: Sent["props"]): Sent => ({
  type: "datadog:index/syntheticsTest:SyntheticsTest",
  name: "test",
  props: { type: "api", subtype: "http", status: "live", ...props },
});
const asks = (url: Json): Sent["props"] => ({ requestDefinition: { method: "GET", url } });
const rule = (...values: readonly Json[]): Sent => ({
  type: "aws:lb/listenerRule:ListenerRule",
  name: "rule",
  props: { conditions: [{ hostHeader: { values: [...values] } }] },
});
const distribution = (origin: Json, aliases: Json = ["media.example.org"]): Sent => ({
  type: "aws:cloudfront/distribution:Distribution",
  name: "media",
  props: { aliases, origins: [origin] },
});
const fromBucket = { domainName: "media.s3.us-east-1.amazonaws.com", originAccessControlId: "E1", originId: "b" };
const fromServer = { domainName: "origin.example.org", customOriginConfig: { originProtocolPolicy: "https-only" } };

export const cases: readonly Case[] = [
  { rule: BALANCER, when: "it has a web ACL", given: [balancer(), acl(ARN)], result: "passes" },
  {
    rule: BALANCER,
    when: "it has a web ACL, and neither is known yet",
    given: [balancer({ id: UNKNOWN, arn: UNKNOWN }), acl(UNKNOWN, { resourceArn: ["edge"] })],
    result: "passes",
  },
  {
    rule: BALANCER,
    when: "the web ACL is another's",
    given: [balancer(), acl(`${ARN}0`)],
    result: [/securityGroups: "edge" is in the internet without a web ACL.*Fix: add an aws\.wafv2\.WebAclAssociation/],
  },
  { rule: BALANCER, when: "it is internal", given: [balancer({ internal: "true" })], result: "passes" },
  {
    rule: BALANCER,
    when: "it is unknown whether it is internal",
    given: [balancer({ internal: UNKNOWN })],
    result: "waits",
  },
  {
    rule: BALANCER,
    when: "nothing says that it is internal",
    given: [{ ...balancer(), props: { id: ARN, securityGroups: ["sg-1"] } }],
    result: [/without a web ACL/],
  },
  { rule: BALANCER, when: "it is behind Cloudflare's managed rules", given: [balancer(), ...behind], result: "passes" },
  {
    rule: BALANCER,
    when: "it is, and nothing is known yet",
    given: [
      balancer(
        { id: UNKNOWN, arn: UNKNOWN, dnsName: UNKNOWN, securityGroups: [UNKNOWN] },
        { securityGroups: ["group"] },
      ),
      group({ id: UNKNOWN, ingress: UNKNOWN }),
      lets({ securityGroupId: UNKNOWN, prefixListId: UNKNOWN }, { securityGroupId: ["group"], prefixListId: ["list"] }),
      { ...list("104.16.0.0/13"), props: { id: UNKNOWN, entries: [{ cidr: "104.16.0.0/13" }] } },
      record({ content: UNKNOWN }, { content: ["edge"] }),
      ruleset(),
    ],
    result: "passes",
  },
  {
    rule: BALANCER,
    when: "a second rule lets in everybody",
    given: [balancer(), ...behind, { ...lets({ cidrIpv4: "0.0.0.0/0" }), name: "all" }],
    result: [/securityGroups: "edge".*its security groups let in 0\.0\.0\.0\/0/],
  },
  {
    rule: BALANCER,
    when: "an inline rule lets in everybody by IPv6",
    given: [
      balancer(),
      ...without(/securityGroup:/),
      group({ ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ipv6CidrBlocks: ["::/0"] }] }),
    ],
    result: [/its security groups let in ::\/0/],
  },
  {
    rule: BALANCER,
    when: "its inline rules are unknown",
    given: [
      balancer(),
      ...without(/securityGroup:/),
      { ...group({ ingress: UNKNOWN }), references: { ingress: ["list"] } },
    ],
    result: "waits",
  },
  {
    rule: BALANCER,
    when: "a range is unknown",
    given: [balancer(), ...behind, { ...lets({ cidrIpv4: UNKNOWN }), name: "all" }],
    result: "waits",
  },
  {
    rule: BALANCER,
    when: "the prefix list holds more than Cloudflare",
    given: [balancer(), ...without(/PrefixList/), list("104.16.0.0/13", "8.0.0.0/9")],
    result: [/its security groups let in 8\.0\.0\.0\/9/],
  },
  {
    rule: BALANCER,
    when: "an entry of its own adds to the prefix list",
    given: [
      balancer(),
      ...behind,
      {
        type: "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
        name: "entry",
        props: { prefixListId: "pl-1", cidr: "0.0.0.0/1" },
      },
    ],
    result: [/let in 0\.0\.0\.0\/1/],
  },
  {
    rule: BALANCER,
    when: "the prefix list is not the stack's",
    given: [balancer(), ...without(/PrefixList/)],
    result: [/the prefix list pl-1, of which nothing is known/],
  },
  {
    rule: BALANCER,
    when: "one of its groups is not the stack's",
    given: [balancer({ securityGroups: ["sg-1", "sg-2"] }), ...behind],
    result: [/nothing says whom its security groups let in/],
  },
  {
    rule: BALANCER,
    when: "the zone has no managed rules",
    given: [balancer(), ...without(/Ruleset/)],
    result: [/dnsName: "edge".*no proxied record of a zone with managed rules leads to it alone/],
  },
  {
    rule: BALANCER,
    when: "the managed rules are switched off",
    given: [balancer(), ...without(/Ruleset/), ruleset({ action: "execute", enabled: false })],
    result: [/no proxied record/],
  },
  {
    rule: BALANCER,
    when: "the managed rules are another zone's",
    given: [balancer(), ...without(/Ruleset/), ruleset(undefined, { zoneId: "z2" })],
    result: [/no proxied record/],
  },
  {
    rule: BALANCER,
    when: "the rules are unknown",
    given: [balancer(), ...without(/Ruleset/), ruleset(UNKNOWN)],
    result: "waits",
  },
  {
    rule: BALANCER,
    when: "a second record leads past Cloudflare",
    given: [balancer(), ...behind, { ...record({ name: "direct.example.org", proxied: false }), name: "direct" }],
    result: [/no proxied record/],
  },
  {
    rule: BALANCER,
    when: "no record leads to it",
    given: [balancer(), ...without(/dnsRecord/)],
    result: [/no proxied record/],
  },
  {
    rule: BALANCER,
    when: "it is a network load balancer",
    given: [balancer({ loadBalancerType: "network", securityGroups: [] })],
    result: [/Fix: set internal: true, or put an application load balancer/],
  },
  {
    rule: BALANCER,
    when: "the environment knows other ranges",
    given: [balancer(), ...behind],
    result: [/let in 104\.16\.0\.0\/13/],
    config: { cloudflareRanges: ["173.245.48.0/20"] },
  },

  { rule: API, when: "it has a web ACL", given: [stage(), acl("arn:stage")], result: "passes" },
  { rule: API, when: "it has none", given: [stage()], result: [/arn: "stage" is in the internet without a web ACL/] },
  {
    rule: API,
    when: "it has one, and neither is known yet",
    given: [{ ...stage(UNKNOWN), props: { id: UNKNOWN, arn: UNKNOWN } }, acl(UNKNOWN, { resourceArn: ["stage"] })],
    result: "passes",
  },

  {
    rule: HOST,
    when: "tests ask every host",
    given: [
      rule("api.example.org"),
      record(),
      test(asks("https://API.example.org/heartbeat")),
      { ...record({ name: "www.example.org" }), name: "www" },
      { ...test({ type: "browser", ...asks("https://www.example.org/") }), name: "browser" },
    ],
    result: "passes",
  },
  {
    rule: HOST,
    when: "no test asks a host of a listener",
    given: [rule("api.example.org", "old.example.org"), test(asks("https://api.example.org/"))],
    result: [/conditions\[0\]\.hostHeader\.values\[1\]: no live synthetic test asks https:\/\/old\.example\.org/],
  },
  {
    rule: HOST,
    when: "no test asks a proxied record",
    given: [record()],
    result: [/name: no live synthetic test asks/],
  },
  { rule: HOST, when: "a record is not proxied", given: [record({ proxied: false })], result: "passes" },
  {
    rule: HOST,
    when: "a record says nothing of a proxy",
    given: [{ ...record(), props: { name: "a.b", type: "A" } }],
    result: "passes",
  },
  { rule: HOST, when: "a record proves something", given: [record({ type: "TXT" })], result: "passes" },
  {
    rule: HOST,
    when: "the test is paused",
    given: [record(), test({ ...asks("https://api.example.org/"), status: "paused" })],
    result: [/no live synthetic test/],
  },
  {
    rule: HOST,
    when: "the test looks at the certificate alone",
    given: [record(), test({ subtype: "ssl", requestDefinition: { host: "api.example.org", port: "443" } })],
    result: [/no live synthetic test/],
  },
  {
    rule: HOST,
    when: "a step of a test asks it",
    given: [record(), test({ subtype: "multi", apiSteps: [{ name: "s", ...asks("https://api.example.org/") }] })],
    result: "passes",
  },
  {
    rule: HOST,
    when: "a test asks something like it",
    given: [record(), test(asks("https://api.example.org.example.net/"))],
    result: [/no live synthetic test/],
  },
  { rule: HOST, when: "a test's URL is unknown", given: [record(), test(asks(UNKNOWN))], result: "waits" },
  { rule: HOST, when: "the host is unknown", given: [rule(UNKNOWN)], result: "waits" },
  {
    rule: HOST,
    when: "a test asks one host of a wildcard",
    given: [rule("api-*.example.org"), test(asks("https://api-login.example.org/"))],
    result: "passes",
  },
  {
    rule: HOST,
    when: "a distribution stands before a server",
    given: [distribution(fromServer)],
    result: [/aliases\[0\]/],
  },
  { rule: HOST, when: "a distribution stands before a bucket", given: [distribution(fromBucket)], result: "passes" },

  {
    rule: BUCKET,
    when: "no test asks the bucket's host",
    given: [distribution(fromBucket)],
    result: [/aliases\[0\]: no live synthetic test asks https:\/\/media\.example\.org/],
  },
  {
    rule: BUCKET,
    when: "one does",
    given: [distribution(fromBucket), test(asks("https://media.example.org/status.txt"))],
    result: "passes",
  },
  { rule: BUCKET, when: "it has no name of its own", given: [distribution(fromBucket, [])], result: "passes" },
  { rule: BUCKET, when: "its name is unknown", given: [distribution(fromBucket, [UNKNOWN])], result: "waits" },

  {
    rule: BALANCER,
    when: "beside Cloudflare's prefix list a foreign one is let in",
    given: [
      balancer(),
      ...without(/securityGroup/),
      group({ ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-1", "pl-foreign"] }] }),
    ],
    result: [/its security groups let in the prefix list pl-foreign, of which nothing is known/],
  },
  {
    rule: BALANCER,
    when: "the managed rules see no request",
    given: [balancer(), ...without(/ruleset/), ruleset({ action: "execute", expression: "false" })],
    result: [/no proxied record of a zone with managed rules/],
  },
  {
    rule: HOST,
    when: "the test asks without TLS",
    given: [record(), test(asks("http://api.example.org/"))],
    result: [/no live synthetic test asks https:\/\/api\.example\.org/],
  },
  {
    rule: HOST,
    when: "the step that asks may fail",
    given: [
      record(),
      test({ subtype: "multi", apiSteps: [{ ...asks("https://api.example.org/"), allowFailure: true }] }),
    ],
    result: [/no live synthetic test asks/],
  },
  {
    rule: HOST,
    when: "the step that asks may fail, and fails the test",
    given: [
      record(),
      test({
        subtype: "multi",
        apiSteps: [{ ...asks("https://api.example.org/"), allowFailure: true, isCritical: true }],
      }),
    ],
    result: "passes",
  },
];
