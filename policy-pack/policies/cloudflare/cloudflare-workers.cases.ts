import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const worker = (...bindings: Json[]): Sent => ({
  type: "cloudflare:index/workersScript:WorkersScript",
  props: { accountId: "a", scriptName: "edge", bindings },
});
const pages = (envVars: Json, environment = "production"): Sent => ({
  type: "cloudflare:index/pagesProject:PagesProject",
  props: { accountId: "a", name: "shop", productionBranch: "main", deploymentConfigs: { [environment]: { envVars } } },
});
const subdomain = (props: Sent["props"]): Sent => ({
  type: "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
  props: { accountId: "a", scriptName: "edge", ...props },
});
const bucket = (props: Sent["props"]): Sent => ({
  type: "cloudflare:index/r2ManagedDomain:R2ManagedDomain",
  props: { accountId: "a", bucketName: "media", ...props },
});
const tunnel = (config: Json): Sent => ({
  type: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  props: { accountId: "a", tunnelId: "t", config },
});
const ROUTE = { hostname: "wiki.example.org", service: "https://wiki.internal:8443" };
const REFUSE = { service: "http_status:404" };
const token = (props: Sent["props"], type = "cloudflare:index/apiToken:ApiToken"): Sent => ({
  type,
  props: { name: "deploy", policies: [], ...props },
});

const secret = "cloudflare-no-plain-secret";
const address = "cloudflare-worker-no-second-address";
const r2 = "cloudflare-r2-bucket-not-public";
const verifies = "cloudflare-tunnel-verifies-origin";
const refuses = "cloudflare-tunnel-refuses-unknown-hosts";
const expires = "cloudflare-token-expires";
const restricted = "cloudflare-token-ip-restricted";

export const cases: readonly Case[] = [
  {
    rule: secret,
    when: "a Worker's secret is one",
    given: worker({ name: "API_TOKEN", type: "secret_text", text: UNKNOWN }),
    result: "passes",
  },
  {
    rule: secret,
    when: "a Worker's variable says nothing secret",
    given: worker({ name: "API_URL", type: "plain_text", text: "https://api.example.org" }),
    result: "passes",
  },
  {
    rule: secret,
    when: "a Worker's secret is plain, and its value unknown",
    given: worker({ name: "KV", type: "kv_namespace" }, { name: "API_TOKEN", type: "plain_text", text: UNKNOWN }),
    result: [/bindings\[1\]\.type: "API_TOKEN" is a secret.*Fix: set bindings\[1\]\.type: "secret_text"/],
  },
  {
    rule: secret,
    when: "an older Worker's variable looks like a secret",
    given: {
      ...worker({ name: "DATABASE", type: "plain_text", text: "mongodb+srv://app:hunter22@db.example.net" }),
      type: "cloudflare:index/workerScript:WorkerScript",
    },
    result: [/bindings\[0\]\.type: "DATABASE" is a secret/],
  },
  {
    rule: secret,
    when: "a Worker's kind of secret is unknown",
    given: worker({ name: "API_TOKEN", type: UNKNOWN, text: "x" }),
    result: "waits",
  },
  {
    rule: secret,
    when: "a site's variables are for browsers",
    given: pages({
      NEXT_PUBLIC_API_URL: { type: "plain_text", value: UNKNOWN },
      STRIPE_PUBLISHABLE_KEY: { type: "plain_text", value: "pk_live_1" },
    }),
    result: "passes",
  },
  {
    rule: secret,
    when: "a preview's password is plain",
    given: pages({ DB_PASSWORD: { type: "plain_text", value: "x" } }, "preview"),
    result: [/deploymentConfigs\.preview\.envVars\.DB_PASSWORD\.type: "DB_PASSWORD" is a secret/],
  },
  {
    rule: secret,
    when: "a site's password has no kind",
    given: pages({ DB_PASSWORD: { value: "x" } }),
    result: [/DB_PASSWORD\.type/],
  },
  { rule: secret, when: "a site has no variables", given: pages(null), result: "passes" },
  { rule: secret, when: "a site's variables are unknown", given: pages(UNKNOWN), result: "waits" },

  {
    rule: address,
    when: "both are off",
    given: subdomain({ enabled: false, previewsEnabled: false }),
    result: "passes",
  },
  { rule: address, when: "nothing is said", given: subdomain({}), result: "passes" },
  {
    rule: address,
    when: "it has one",
    given: subdomain({ enabled: true }),
    result: [/enabled: it is true.*set enabled: false/],
  },
  {
    rule: address,
    when: "its previews have one",
    given: subdomain({ enabled: false, previewsEnabled: true }),
    result: [/previewsEnabled: it is true/],
  },
  {
    rule: address,
    when: "it is unknown",
    given: subdomain({ enabled: UNKNOWN }),
    result: [/enabled: its value is not known/],
  },

  { rule: r2, when: "it is closed", given: bucket({ enabled: false }), result: "passes" },
  { rule: r2, when: "nothing is said", given: bucket({}), result: "passes" },
  { rule: r2, when: "it is public", given: bucket({ enabled: true }), result: [/enabled: it is true/] },
  { rule: r2, when: "it is unknown", given: bucket({ enabled: UNKNOWN }), result: [/enabled: its value is not known/] },

  { rule: verifies, when: "it checks by default", given: tunnel({ ingresses: [ROUTE, REFUSE] }), result: "passes" },
  {
    rule: verifies,
    when: "no service is checked",
    given: tunnel({ originRequest: { noTlsVerify: true }, ingresses: [ROUTE, REFUSE] }),
    result: [/config\.originRequest\.noTlsVerify: it is true/],
  },
  {
    rule: verifies,
    when: "one service is not checked",
    given: tunnel({ ingresses: [{ ...ROUTE, originRequest: { noTlsVerify: true } }, REFUSE] }),
    result: [/config\.ingresses\[0\]\.originRequest\.noTlsVerify: it is true/],
  },
  {
    rule: verifies,
    when: "it is unknown",
    given: tunnel({ originRequest: { noTlsVerify: UNKNOWN } }),
    result: [/noTlsVerify: its value is not known/],
  },

  { rule: refuses, when: "the last rule refuses", given: tunnel({ ingresses: [ROUTE, REFUSE] }), result: "passes" },
  {
    rule: refuses,
    when: "the last rule is a service",
    given: tunnel({ ingresses: [REFUSE, { service: "http://wiki.internal" }] }),
    result: [/config\.ingresses\[1\]\.service: requests for any other name/],
  },
  { rule: refuses, when: "there are no rules", given: tunnel({}), result: "passes" },
  {
    rule: refuses,
    when: "the last rule is unknown",
    given: tunnel({ ingresses: [ROUTE, { service: UNKNOWN }] }),
    result: "waits",
  },

  { rule: expires, when: "it does", given: token({ expiresOn: "2026-12-31T00:00:00Z" }), result: "passes" },
  { rule: expires, when: "it does not", given: token({}), result: [/expiresOn: it is not set/] },
  { rule: expires, when: "it ends at an unknown time", given: token({ expiresOn: UNKNOWN }), result: "waits" },
  {
    rule: expires,
    when: "an account's token has an empty end",
    given: token({ expiresOn: "" }, "cloudflare:index/accountToken:AccountToken"),
    result: [/expiresOn: it is not set/],
  },

  {
    rule: restricted,
    when: "it is",
    given: token({ condition: { requestIp: { ins: ["198.51.100.0/24"] } } }),
    result: "passes",
  },
  { rule: restricted, when: "it is not", given: token({}), result: [/condition\.requestIp\.ins: it is not set/] },
  {
    rule: restricted,
    when: "it names no address",
    given: token({ condition: { requestIp: { ins: [] } } }),
    result: [/condition\.requestIp\.ins/],
  },
  {
    rule: restricted,
    when: "the addresses are unknown",
    given: token({ condition: { requestIp: { ins: UNKNOWN } } }),
    result: "waits",
  },
];
