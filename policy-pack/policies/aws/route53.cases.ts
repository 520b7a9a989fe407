import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const signed = "route53-zone-signed";
const logged = "route53-zone-query-logging-enabled";
const exists = "route53-record-target-exists";

const zone = (props: Sent["props"] = {}): Sent => ({
  type: "aws:route53/zone:Zone",
  name: "zone",
  props: { id: "Z1", zoneId: "Z1", name: "example.com", tags, ...props },
});
const dnsSec = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
  name: "signatures",
  props,
  references,
});
const queryLog = (zoneId: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:route53/queryLog:QueryLog",
  name: "log",
  props: { zoneId, cloudwatchLogGroupArn: UNKNOWN },
  references,
});
const record = (type: string, props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:route53/record:Record",
  name: "record",
  props: { zoneId: "Z1", name: "api.example.com", type, ...props },
  references,
});
const alias = (name: Json): Sent => record("A", { aliases: [{ name, zoneId: "Z2", evaluateTargetHealth: true }] });
const BALANCER = "alb-1234.us-east-1.elb.amazonaws.com";
const balancer: Sent = {
  type: "aws:lb/loadBalancer:LoadBalancer",
  name: "balancer",
  props: { dnsName: BALANCER, tags },
};
const PRIVATE = { vpcs: [{ vpcId: "vpc-1" }] };

export const cases: readonly Case[] = [
  { rule: signed, when: "the zone is signed", given: [zone(), dnsSec({ hostedZoneId: "Z1" })], result: "passes" },
  {
    rule: signed,
    when: "the zone is signed, and its id is unknown",
    given: [zone({ id: UNKNOWN, zoneId: UNKNOWN }), dnsSec({ hostedZoneId: UNKNOWN }, { hostedZoneId: ["zone"] })],
    result: "passes",
  },
  { rule: signed, when: "the zone is private", given: [zone(PRIVATE)], result: "passes" },
  { rule: signed, when: "nothing signs it", given: [zone()], result: [/zoneId: nothing signs this zone/] },
  { rule: signed, when: "another zone is signed", given: [zone(), dnsSec({ hostedZoneId: "Z2" })], result: [/zoneId/] },
  { rule: signed, when: "signing is the default", given: dnsSec({ hostedZoneId: "Z1" }), result: "passes" },
  {
    rule: signed,
    when: "signing is off",
    given: dnsSec({ hostedZoneId: "Z1", signingStatus: "NOT_SIGNING" }),
    result: [/signingStatus: it is "NOT_SIGNING"/],
  },
  { rule: signed, when: "it is unknown", given: dnsSec({ signingStatus: UNKNOWN }), result: [/not known at preview/] },

  { rule: logged, when: "queries are logged", given: [zone(), queryLog("Z1")], result: "passes" },
  {
    rule: logged,
    when: "queries are logged, and the id is unknown",
    given: [zone({ id: UNKNOWN }), queryLog(UNKNOWN, { zoneId: ["zone"] })],
    result: "passes",
  },
  { rule: logged, when: "the zone is private", given: [zone(PRIVATE)], result: "passes" },
  {
    rule: logged,
    when: "queries are not logged",
    given: [zone({ vpcs: [] })],
    result: [/zoneId: nothing logs the queries/],
  },
  { rule: logged, when: "another zone's are", given: [zone(), queryLog("Z2")], result: [/zoneId/] },

  {
    rule: exists,
    when: "it leads to a load balancer of the stack",
    given: [balancer, alias(`dualstack.${BALANCER}.`)],
    result: "passes",
  },
  {
    rule: exists,
    when: "it came from a resource",
    given: [balancer, record("A", { aliases: [{ name: UNKNOWN }] }, { aliases: ["balancer"] })],
    result: "passes",
  },
  {
    rule: exists,
    when: "it leads to a load balancer that is gone",
    given: [balancer, alias("old-99.us-east-1.elb.amazonaws.com")],
    result: [/aliases\[0\]\.name: old-99\.us-east-1\.elb\.amazonaws\.com is nothing of this stack/],
  },
  {
    rule: exists,
    when: "a CNAME leads to a distribution that is gone",
    given: [record("CNAME", { records: ["d111111abcdef8.cloudfront.net"] })],
    result: [/records\[0\]/],
  },
  {
    rule: exists,
    when: "an address is nobody's",
    given: [record("A", { records: ["198.51.100.7"] })],
    result: [/records\[0\]: 198\.51\.100\.7/],
  },
  {
    rule: exists,
    when: "an IPv6 address is nobody's",
    given: [record("AAAA", { records: ["2001:db8::1"] })],
    result: [/records\[0\]: 2001:db8::1/],
  },
  {
    rule: exists,
    when: "the address is the stack's",
    given: [
      record("A", { records: ["198.51.100.7"] }),
      { type: "aws:ec2/eip:Eip", name: "address", props: { publicIp: "198.51.100.7", tags } },
    ],
    result: "passes",
  },
  { rule: exists, when: "the address is private", given: [record("A", { records: ["10.0.0.7"] })], result: "passes" },
  {
    rule: exists,
    when: "a CNAME leads elsewhere",
    given: [record("CNAME", { records: ["shops.example.net"] })],
    result: "passes",
  },
  {
    rule: exists,
    when: "a text proves something",
    given: [record("TXT", { records: ["v=spf1 -all"] })],
    result: "passes",
  },
  { rule: exists, when: "nothing is said", given: [record("A", {})], result: "passes" },
  { rule: exists, when: "an alias has no name", given: [record("A", { aliases: [{}] })], result: "passes" },
  { rule: exists, when: "where it leads is unknown", given: [alias(UNKNOWN)], result: "waits" },
];
