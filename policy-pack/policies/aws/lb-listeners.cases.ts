import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const redirects = "lb-http-listener-redirects";
const versions = "lb-listener-tls-1-2";
const ciphers = "lb-listener-strong-ciphers";
const certificate = "lb-https-listener-has-acm-certificate";
const mutual = "lb-mutual-tls-verifies";

const listener = (props: Sent["props"]): Sent => ({
  type: "aws:lb/listener:Listener",
  name: "listener",
  props: { loadBalancerArn: UNKNOWN, tags, ...props },
});
const oldListener = (props: Sent["props"]): Sent => ({ ...listener(props), type: "aws:alb/listener:Listener" });
const http = (...defaultActions: Json[]): Sent => listener({ port: 80, protocol: "HTTP", defaultActions });
const https = (props: Sent["props"] = {}): Sent => listener({ port: 443, protocol: "HTTPS", ...props });
const redirect = (more: Record<string, Json> = {}): Json => ({
  type: "redirect",
  redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301", ...more },
});
const forward: Json = { type: "forward", targetGroupArn: UNKNOWN };
const rule = (listenerArn: Json, actions: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:lb/listenerRule:ListenerRule",
  name: "rule",
  props: { listenerArn, actions, tags },
  references,
});
const identified = (sent: Sent, id: Json): Sent => ({ ...sent, props: { ...sent.props, id, arn: id } });
const policy = (name: string): Sent => https({ sslPolicy: `ELBSecurityPolicy-${name}` });

const GOOD = [
  "TLS13-1-2-Res-PQ-2025-09",
  "TLS13-1-2-2021-06",
  "TLS13-1-2-Res-2021-06",
  "TLS13-1-3-2021-06",
  "TLS13-1-3-PQ-2025-09",
  "TLS13-1-2-PQ-2025-09",
  "TLS13-1-2-FIPS-2023-04",
  "TLS13-1-2-Res-FIPS-PQ-2025-09",
  "TLS13-1-2-Ext0-FIPS-2023-04",
  "TLS13-1-2-RFC9151-FIPS-2023-07",
  "FS-1-2-Res-2020-10",
];
const OLD = [
  "2016-08",
  "2015-05",
  "TLS-1-0-2015-04",
  "TLS-1-1-2017-01",
  "FS-2018-06",
  "FS-1-1-2019-08",
  "TLS13-1-0-2021-06",
  "TLS13-1-1-2021-06",
  "TLS13-1-0-FIPS-2023-04",
  "TLS13-1-0-PQ-2025-09",
];
const WEAK = ["TLS13-1-2-Ext1-2021-06", "TLS13-1-2-Ext2-PQ-2025-09", "TLS-1-2-Ext-2018-06", "TLS-1-2-2017-01"];

export const cases: readonly Case[] = [
  { rule: redirects, when: "a listener only redirects", given: http(redirect()), result: "passes" },
  { rule: redirects, when: "a listener speaks HTTPS", given: https({ defaultActions: [forward] }), result: "passes" },
  {
    rule: redirects,
    when: "a listener of HTTP forwards",
    given: http(forward),
    result: [/defaultActions\[0\]\.type: it is "forward", over plain HTTP\..*Fix: redirect instead/],
  },
  {
    rule: redirects,
    when: "a listener of the older type forwards, and says no protocol",
    given: oldListener({ port: 80, defaultActions: [forward] }),
    result: [/defaultActions\[0\]\.type/],
  },
  {
    rule: redirects,
    when: "the redirect stays on HTTP",
    given: http(redirect({ protocol: "HTTP" })),
    result: [/defaultActions\[0\]\.redirect\.protocol: it is "HTTP"/],
  },
  {
    rule: redirects,
    when: "the redirect keeps the protocol, by default",
    given: http({ type: "redirect", redirect: { statusCode: "HTTP_301" } }),
    result: [/redirect\.protocol: it is not set/],
  },
  {
    rule: redirects,
    when: "an action has no type",
    given: http({}),
    result: [/defaultActions\[0\]\.type: it is not set/],
  },
  { rule: redirects, when: "nothing is done by default", given: http(), result: [/defaultActions: it has none/] },
  {
    rule: redirects,
    when: "the redirect is unknown",
    given: http(redirect({ protocol: UNKNOWN })),
    result: [/not known at preview/],
  },
  {
    rule: redirects,
    when: "the type is unknown",
    given: http({ type: UNKNOWN }),
    result: [/defaultActions\[0\]\.type: its value is not known/],
  },
  {
    rule: redirects,
    when: "all actions are unknown",
    given: listener({ port: 80, protocol: "HTTP", defaultActions: UNKNOWN }),
    result: [/not known/],
  },
  {
    rule: redirects,
    when: "the protocol is unknown",
    given: listener({ protocol: UNKNOWN, defaultActions: [forward] }),
    result: [/protocol: its value/],
  },
  {
    rule: redirects,
    when: "a network load balancer listens",
    given: listener({ port: 5000, protocol: "TCP", defaultActions: [forward] }),
    result: "passes",
  },
  { rule: redirects, when: "a gateway listens", given: listener({ defaultActions: [forward] }), result: "passes" },
  {
    rule: redirects,
    when: "a rule of the HTTP listener forwards",
    given: [identified(http(redirect()), "arn:1"), rule("arn:1", [forward])],
    result: [/actions\[0\]\.type: it is "forward"/],
  },
  {
    rule: redirects,
    when: "a rule forwards, and the listener is known by reference alone",
    given: [identified(http(redirect()), UNKNOWN), rule(UNKNOWN, [forward], { listenerArn: ["listener"] })],
    result: [/actions\[0\]\.type/],
  },
  {
    rule: redirects,
    when: "a rule of the HTTPS listener forwards",
    given: [identified(https(), "arn:1"), rule("arn:1", [forward])],
    result: "passes",
  },
  {
    rule: redirects,
    when: "a rule of the HTTP listener redirects too",
    given: [identified(http(redirect()), "arn:1"), rule("arn:1", [redirect()])],
    result: "passes",
  },
  {
    rule: redirects,
    when: "a rule's actions are unknown",
    given: [identified(http(redirect()), "arn:1"), rule("arn:1", UNKNOWN)],
    result: "waits",
  },

  ...GOOD.flatMap((name): Case[] => [
    { rule: versions, when: `the policy is ${name}`, given: policy(name), result: "passes" },
    { rule: ciphers, when: `the policy is ${name}`, given: policy(name), result: "passes" },
  ]),
  ...OLD.map((name): Case => ({
    rule: versions,
    when: `the policy is ${name}`,
    given: policy(name),
    result: [/sslPolicy: it is "ELBSecurityPolicy-.*Fix: set sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"/],
  })),
  ...WEAK.flatMap((name): Case[] => [
    { rule: versions, when: `the policy is ${name}`, given: policy(name), result: "passes" },
    { rule: ciphers, when: `the policy is ${name}`, given: policy(name), result: [/sslPolicy: .*forward secrecy/] },
  ]),
  {
    rule: versions,
    when: "nothing is said, and the API chooses 2016",
    given: https(),
    result: [/sslPolicy: it is not set/],
  },
  {
    rule: versions,
    when: "a listener of TLS says nothing",
    given: oldListener({ port: 443, protocol: "tls" }),
    result: [/sslPolicy/],
  },
  { rule: versions, when: "it is unknown", given: https({ sslPolicy: UNKNOWN }), result: [/not known at preview/] },
  { rule: versions, when: "the listener ends no TLS", given: http(redirect()), result: "passes" },
  { rule: ciphers, when: "nothing is said, which another rule names", given: https(), result: "passes" },
  { rule: ciphers, when: "it is unknown", given: https({ sslPolicy: UNKNOWN }), result: [/not known at preview/] },

  {
    rule: certificate,
    when: "it is ACM's",
    given: https({ certificateArn: "arn:aws:acm:us-east-1:1:certificate/a" }),
    result: "passes",
  },
  { rule: certificate, when: "it is unknown", given: https({ certificateArn: UNKNOWN }), result: "waits" },
  { rule: certificate, when: "there is none", given: https(), result: [/certificateArn: it is not set/] },
  {
    rule: certificate,
    when: "it was uploaded to IAM",
    given: https({ certificateArn: "arn:aws:iam::111122223333:server-certificate/a" }),
    result: [/certificateArn: it is "arn:aws:iam/],
  },
  { rule: certificate, when: "the listener ends no TLS", given: http(redirect()), result: "passes" },

  {
    rule: mutual,
    when: "certificates are checked",
    given: https({
      mutualAuthentication: { mode: "verify", trustStoreArn: UNKNOWN, ignoreClientCertificateExpiry: false },
    }),
    result: "passes",
  },
  { rule: mutual, when: "none are asked for", given: https(), result: "passes" },
  { rule: mutual, when: "it is off", given: https({ mutualAuthentication: { mode: "off" } }), result: "passes" },
  {
    rule: mutual,
    when: "nothing is said about expiry",
    given: https({ mutualAuthentication: { mode: "verify", trustStoreArn: UNKNOWN } }),
    result: "passes",
  },
  {
    rule: mutual,
    when: "certificates are passed through",
    given: https({ mutualAuthentication: { mode: "passthrough" } }),
    result: [/mutualAuthentication\.mode: it is "passthrough"/],
  },
  {
    rule: mutual,
    when: "no mode is said",
    given: https({ mutualAuthentication: { trustStoreArn: UNKNOWN } }),
    result: [/mutualAuthentication\.mode: it is not set/],
  },
  {
    rule: mutual,
    when: "the mode is unknown",
    given: https({ mutualAuthentication: { mode: UNKNOWN } }),
    result: [/not known/],
  },
  {
    rule: mutual,
    when: "everything is unknown",
    given: https({ mutualAuthentication: UNKNOWN }),
    result: [/mutualAuthentication: its value/],
  },
  {
    rule: mutual,
    when: "there is no trust store",
    given: https({ mutualAuthentication: { mode: "verify" } }),
    result: [/mutualAuthentication\.trustStoreArn: it is not set/],
  },
  {
    rule: mutual,
    when: "expired ones are let in, as text",
    given: https({
      mutualAuthentication: { mode: "verify", trustStoreArn: "arn:1", ignoreClientCertificateExpiry: "true" },
    }),
    result: [/ignoreClientCertificateExpiry: certificates that have expired are let in/],
  },
  {
    rule: mutual,
    when: "expiry is unknown",
    given: https({
      mutualAuthentication: { mode: "verify", trustStoreArn: "arn:1", ignoreClientCertificateExpiry: UNKNOWN },
    }),
    result: [/not known/],
  },
];
