import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const security = (type: Json, rules: Json): Sent => ({
  type: "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy",
  props: { type, policy: rules },
});
const access = (rules: Json): Sent => ({
  type: "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy",
  props: { type: "data", policy: rules },
});
const network = (more: Record<string, Json>): string =>
  JSON.stringify([{ Rules: [{ ResourceType: "collection", Resource: ["collection/search"] }], ...more }]);
const permission = (...permissions: Json[]): Json => [
  {
    Rules: [{ ResourceType: "index", Resource: ["index/search/*"], Permission: permissions }],
    Principal: ["arn:aws:iam::111122223333:role/search"],
  },
];
const serverless = "opensearch-serverless-not-public";
const limited = "opensearch-serverless-access-limited";

export const cases: readonly Case[] = [
  {
    rule: serverless,
    when: "endpoints alone reach it",
    given: security("network", network({ AllowFromPublic: false, SourceVPCEs: ["vpce-0a"] })),
    result: "passes",
  },
  {
    rule: serverless,
    when: "the internet reaches it",
    given: security("network", network({ AllowFromPublic: true })),
    result: [/policy: AllowFromPublic is true\..*Fix: set AllowFromPublic to false/],
  },
  {
    rule: serverless,
    when: "the internet reaches it, in an object",
    given: security("network", [{ Rules: [], AllowFromPublic: "true" }]),
    result: [/policy: AllowFromPublic is true/],
  },
  { rule: serverless, when: "the policy is unknown", given: security("network", UNKNOWN), result: "waits" },
  { rule: serverless, when: "the kind of policy is unknown", given: security(UNKNOWN, network({})), result: "waits" },
  {
    rule: serverless,
    when: "the policy is about encryption",
    given: security("encryption", JSON.stringify({ Rules: [], AWSOwnedKey: true })),
    result: "passes",
  },
  {
    rule: serverless,
    when: "the policy is absent",
    given: { type: "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", props: { type: "network" } },
    result: "passes",
  },
  { rule: limited, when: "it names its permissions", given: access(permission("aoss:ReadDocument")), result: "passes" },
  {
    rule: limited,
    when: "it gives every permission",
    given: access(JSON.stringify(permission("aoss:ReadDocument", "aoss:*"))),
    result: [/policy: it gives the permission "aoss:\*"/],
  },
  {
    rule: limited,
    when: "one permission is unknown and another is every one",
    given: access(permission(UNKNOWN, "aoss:*")),
    result: [/policy: it gives the permission "aoss:\*"/],
  },
  { rule: limited, when: "the policy is unknown", given: access(UNKNOWN), result: "waits" },
  {
    rule: limited,
    when: "the policy is absent",
    given: { type: "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy", props: { type: "data" } },
    result: "passes",
  },
];
