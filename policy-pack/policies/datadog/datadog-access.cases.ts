import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const integration = (authConfig: Json): Sent => ({
  type: "datadog:aws/integrationAccount:IntegrationAccount",
  props: { awsAccountId: "111122223333", awsPartition: "aws", authConfig },
});
const role = (more: Record<string, Json>): Sent =>
  integration({ awsAuthConfigRole: { roleName: "datadog", externalId: "77348b0764ca4464e8d760350bf22949", ...more } });
const key = (props: Sent["props"], type = "datadog:index/applicationKey:ApplicationKey"): Sent => ({
  type,
  props: { name: "deploy", ...props },
});
const apiKey = (props: Sent["props"]): Sent => key(props, "datadog:index/apiKey:ApiKey");
const variable = (props: Sent["props"]): Sent => ({
  type: "datadog:index/syntheticsGlobalVariable:SyntheticsGlobalVariable",
  props: { name: "API_TOKEN", value: "abc", ...props },
});
const webhookVariable = (props: Sent["props"]): Sent => ({
  type: "datadog:index/webhookCustomVariable:WebhookCustomVariable",
  props: { name: "PAGER_TOKEN", value: "abc", ...props },
});
const index = (props: Sent["props"]): Sent => ({
  type: "datadog:index/logsIndex:LogsIndex",
  props: { name: "main", filters: [{ query: "*" }], ...props },
});

const byRole = "datadog-aws-access-by-role";
const scoped = "datadog-application-key-scoped";
const remote = "datadog-api-key-no-remote-configuration";
const hidden = "datadog-variable-hidden";
const limited = "datadog-logs-index-limited";

export const cases: readonly Case[] = [
  { rule: byRole, when: "it is a role", given: role({}), result: "passes" },
  {
    rule: byRole,
    when: "Datadog makes the external id",
    given: integration({ awsAuthConfigRole: { roleName: "datadog" } }),
    result: "passes",
  },
  {
    rule: byRole,
    when: "it is a key",
    given: integration({ awsAuthConfigKeys: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" } }),
    result: [/authConfig\.awsAuthConfigKeys: Datadog holds an access key that does not end/],
  },
  {
    rule: byRole,
    when: "nothing is said",
    given: integration(null),
    result: [/awsAuthConfigRole\.roleName: it is not set/],
  },
  {
    rule: byRole,
    when: "the role has no name",
    given: role({ roleName: "" }),
    result: [/awsAuthConfigRole\.roleName: it is not set/],
  },
  { rule: byRole, when: "the role is unknown", given: role({ roleName: UNKNOWN }), result: "waits" },
  {
    rule: byRole,
    when: "the external id can be guessed",
    given: role({ externalId: "groundwork" }),
    result: [/awsAuthConfigRole\.externalId: it is not one that Datadog made/],
  },
  { rule: byRole, when: "the external id is unknown", given: role({ externalId: UNKNOWN }), result: "waits" },

  { rule: scoped, when: "it has a scope", given: key({ scopes: ["metrics_read"] }), result: "passes" },
  { rule: scoped, when: "it may do all", given: key({}), result: [/scopes: it is not set/] },
  {
    rule: scoped,
    when: "a service account's key has an empty list",
    given: key({ scopes: [] }, "datadog:index/serviceAccountApplicationKey:ServiceAccountApplicationKey"),
    result: [/scopes: it is \[\], and must be set/],
  },
  { rule: scoped, when: "it is unknown", given: key({ scopes: UNKNOWN }), result: [/scopes: its value is not known/] },

  { rule: remote, when: "it is off", given: apiKey({ remoteConfigReadEnabled: false }), result: "passes" },
  { rule: remote, when: "nothing is said", given: apiKey({}), result: "passes" },
  {
    rule: remote,
    when: "it is on",
    given: apiKey({ remoteConfigReadEnabled: true }),
    result: [/remoteConfigReadEnabled: it is true/],
  },
  {
    rule: remote,
    when: "it is unknown",
    given: apiKey({ remoteConfigReadEnabled: UNKNOWN }),
    result: [/remoteConfigReadEnabled: its value is not known/],
  },

  { rule: hidden, when: "it is", given: variable({ secure: true }), result: "passes" },
  {
    rule: hidden,
    when: "it holds no secret",
    given: variable({ name: "HOST", value: "api.example.org" }),
    result: "passes",
  },
  {
    rule: hidden,
    when: "its name says secret",
    given: variable({}),
    result: [/secure: everyone who sees the variable "API_TOKEN" can read it.*set secure: true/],
  },
  {
    rule: hidden,
    when: "its value says secret",
    given: variable({ name: "TARGET", value: "https://probe:hunter22@api.example.org", secure: false }),
    result: [/secure: everyone/],
  },
  {
    rule: hidden,
    when: "it makes one-time codes",
    given: variable({ name: "CODE", isTotp: true }),
    result: [/secure: everyone/],
  },
  {
    rule: hidden,
    when: "it is unknown",
    given: variable({ secure: UNKNOWN }),
    result: [/secure: its value is not known/],
  },
  { rule: hidden, when: "a webhook's is", given: webhookVariable({ isSecret: true }), result: "passes" },
  {
    rule: hidden,
    when: "a webhook's is not",
    given: webhookVariable({ isSecret: false }),
    result: [/isSecret: everyone/],
  },

  { rule: limited, when: "it is", given: index({ dailyLimit: 1_000_000 }), result: "passes" },
  { rule: limited, when: "it is not", given: index({}), result: [/dailyLimit: it is not set/] },
  {
    rule: limited,
    when: "the limit is switched off",
    given: index({ dailyLimit: 1_000_000, disableDailyLimit: true }),
    result: [/disableDailyLimit: it is true/],
  },
  { rule: limited, when: "it is unknown", given: index({ dailyLimit: UNKNOWN }), result: "waits" },
];
