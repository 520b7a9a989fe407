import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

const PINS = "environment-provider-pins-account";
const OWN = "environment-accounts-own";

const provider = (props: Sent["props"], name = "aws"): Sent => ({ type: "pulumi:providers:aws", name, props });
const pinned = (accounts: Json): Sent["props"] => ({ allowedAccountIds: accounts });
const OURS = pinned('["111122223333"]');
const role = (assumeRolePolicy: Json, ofProvider: Sent["props"] = OURS): Sent => ({
  type: "aws:iam/role:Role",
  props: { assumeRolePolicy },
  provider: ofProvider,
});
const parameter = (value: Json): Sent => ({ type: "aws:ssm/parameter:Parameter", props: { value }, provider: OURS });
const trust = (principal: Json): string => text({ Principal: principal, Action: "sts:AssumeRole" });
const integration = (awsAccountId: Json): Sent => ({
  type: "datadog:aws/integrationAccount:IntegrationAccount",
  name: "integration",
  props: { awsAccountId },
});

export const cases: readonly Case[] = [
  { rule: PINS, when: "it is pinned to one", given: provider(OURS), result: "passes" },
  { rule: PINS, when: "the engine sends a list", given: provider(pinned(["111122223333"])), result: "passes" },
  {
    rule: PINS,
    when: "it is not pinned",
    given: provider({ region: "us-east-1" }),
    result: [/allowedAccountIds: it is not set.*Fix: set allowedAccountIds to the one account/],
  },
  {
    rule: PINS,
    when: "the list is empty",
    given: provider(pinned("[]")),
    result: [/allowedAccountIds: it is not set/],
  },
  {
    rule: PINS,
    when: "it is pinned to two",
    given: provider(pinned('["111122223333","444455556666"]')),
    result: [/must be one account/],
  },
  { rule: PINS, when: "it is no account", given: provider(pinned('["*"]')), result: [/must be one account/] },
  {
    rule: PINS,
    when: "it is unknown",
    given: provider(pinned(UNKNOWN)),
    result: [/allowedAccountIds: its value is not known/],
  },
  {
    rule: PINS,
    when: "all providers have the same",
    given: [provider(OURS), provider(OURS, "west")],
    result: "passes",
  },
  {
    rule: PINS,
    when: "two providers have different ones",
    given: [provider(OURS), provider(pinned('["444455556666"]'), "west")],
    result: [/allowedAccountIds: it is 444455556666, and another provider of the stack has 111122223333/],
  },

  { rule: OWN, when: "it is its own", given: role(trust({ AWS: "arn:aws:iam::111122223333:root" })), result: "passes" },
  {
    rule: OWN,
    when: "it is a stranger's",
    given: role(trust({ AWS: "arn:aws:iam::999988887777:root" })),
    result: [/assumeRolePolicy: it names account 999988887777.*Fix: name a resource of account 111122223333/],
  },
  {
    rule: OWN,
    when: "it is written without an ARN",
    given: role(trust({ AWS: "999988887777" })),
    result: [/999988887777/],
  },
  {
    rule: OWN,
    when: "it stands in a document that is no text",
    given: role({ Statement: [{ Principal: { AWS: ["999988887777"] } }] }),
    result: [/assumeRolePolicy\.Statement\[0\]\.Principal\.AWS\[0\]: it names account 999988887777/],
  },
  {
    rule: OWN,
    when: "it is a vendor's",
    given: role(trust({ AWS: "arn:aws:iam::464622532012:root" })),
    result: "passes",
  },
  {
    rule: OWN,
    when: "the policy is AWS's own",
    given: role("arn:aws:iam::aws:policy/ReadOnlyAccess"),
    result: "passes",
  },
  { rule: OWN, when: "it is a service", given: role(trust({ Service: "ecs-tasks.amazonaws.com" })), result: "passes" },
  {
    rule: OWN,
    when: "an image is a stranger's",
    given: parameter("999988887777.dkr.ecr.us-east-1.amazonaws.com/api:1"),
    result: [/value: it names account 999988887777/],
  },
  {
    rule: OWN,
    when: "a queue is a stranger's",
    given: parameter("https://sqs.us-east-1.amazonaws.com/999988887777/jobs"),
    result: [/value: it names account 999988887777/],
  },
  { rule: OWN, when: "twelve digits are something else", given: parameter("202601010000"), result: "passes" },
  { rule: OWN, when: "there is no value", given: { ...parameter(""), props: {} }, result: "passes" },
  {
    rule: OWN,
    when: "the environment trusts it",
    given: role(trust({ AWS: "999988887777" })),
    result: "passes",
    config: { trustedAccounts: ["999988887777"] },
  },
  { rule: OWN, when: "it is unknown", given: role(UNKNOWN), result: "waits" },
  {
    rule: OWN,
    when: "it is absent",
    given: { type: "aws:iam/role:Role", props: {}, provider: OURS },
    result: "passes",
  },
  {
    rule: OWN,
    when: "the provider's account is unknown",
    given: role(trust({ AWS: "999988887777" }), pinned(UNKNOWN)),
    result: "waits",
  },
  {
    rule: OWN,
    when: "the provider is pinned to none, which is another rule's matter",
    given: role(trust({ AWS: "999988887777" }), {}),
    result: "passes",
  },
  {
    rule: OWN,
    when: "Datadog reads the stack's own",
    given: [provider(OURS), integration("111122223333")],
    result: "passes",
  },
  {
    rule: OWN,
    when: "Datadog reads another",
    given: [provider(OURS), integration("444455556666")],
    result: [/awsAccountId: it names account 444455556666/],
  },
  {
    rule: OWN,
    when: "it is unknown what Datadog reads",
    given: [provider(OURS), integration(UNKNOWN)],
    result: "waits",
  },

  {
    rule: OWN,
    when: "another account is in an ARN of any region",
    given: parameter("arn:aws:sns:*:444455556666:alarms"),
    result: [/value: it names account 444455556666/],
  },
  {
    rule: OWN,
    when: "another account is in an ARN of a document in a list",
    given: {
      ...parameter(""),
      props: { values: [JSON.stringify({ Resource: ["arn:aws:sns:*:444455556666:alarms"] })] },
    },
    result: [/values\[0\]: it names account 444455556666/],
  },
  ...["principal", "peerOwnerId", "registryId", "expectedBucketOwner"].map((property): Case => ({
    rule: OWN,
    when: `another account is the value of ${property}`,
    given: { ...parameter(""), props: { [property]: "444455556666" } },
    result: [new RegExp(`${property}: it names account 444455556666`)],
  })),
];
