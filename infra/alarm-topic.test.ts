import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AlarmTopic, type AlarmTopicArgs } from "./alarm-topic.ts";
import { capture, type CapturedResource, only } from "./capture.ts";

const args: AlarmTopicArgs = { accountId: "123456789012", region: "us-east-1", emails: ["platform@example.com"] };
const services = [
  "backup.amazonaws.com",
  "budgets.amazonaws.com",
  "cloudwatch.amazonaws.com",
  "costalerts.amazonaws.com",
  "events.amazonaws.com",
];

interface Statement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string } | string;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
const statementsOf = (policy: unknown): readonly Statement[] =>
  (JSON.parse(policy as string) as { Statement: readonly Statement[] }).Statement;
const serviceOf = ({ Principal }: Statement): string | undefined =>
  typeof Principal === "string" ? undefined : Principal.Service;

describe("the topic of alarms", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await capture(() => new AlarmTopic("groundwork-staging-alarm-topic", args)));
  });

  it("is encrypted under a key of its own", () => {
    const { inputs } = only(resources, "aws:sns/topic:Topic");
    assert.equal(inputs["kmsMasterKeyId"], "arn:aws:kms:us-east-1:123456789012:groundwork-staging-alarm-topic");
  });

  it("lets AWS services publish for this account alone, and nobody without TLS", () => {
    const statements = statementsOf(only(resources, "aws:sns/topicPolicy:TopicPolicy").inputs["policy"]);
    const allowed = statements.filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(allowed.map(serviceOf).sort(), services);
    for (const statement of allowed) {
      assert.equal(statement.Action, "sns:Publish");
      assert.deepEqual(
        statement.Condition,
        // SNS sees no condition key of what EventBridge publishes: with any condition its messages would be lost.
        serviceOf(statement) === "events.amazonaws.com"
          ? undefined
          : { StringEquals: { "aws:SourceAccount": "123456789012" } },
      );
    }
    assert.deepEqual(
      statements.filter(({ Effect }) => Effect === "Deny").map(({ Condition }) => Condition),
      [{ Bool: { "aws:SecureTransport": "false" } }],
    );
  });

  it("lets them encrypt for this topic alone, and asks EventBridge for no source, which it does not tell KMS", () => {
    const statements = statementsOf(only(resources, "aws:kms/key:Key").inputs["policy"]).filter(
      (statement) => serviceOf(statement) !== undefined,
    );
    assert.deepEqual(statements.map(serviceOf).sort(), services);
    for (const statement of statements) {
      assert.deepEqual(statement.Condition?.["ArnLike"], {
        "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:us-east-1:123456789012:groundwork-staging-alarm-topic-*",
      });
      assert.equal(statement.Condition["StringEquals"] === undefined, serviceOf(statement) === "events.amazonaws.com");
    }
  });

  it("is known once AWS services may publish: Cost Explorer and AWS Backup refuse a topic that does not let them", async () => {
    const { resources: made } = await capture(() => {
      const { arn } = new AlarmTopic("groundwork-staging-alarm-topic", args);
      new aws.backup.VaultNotifications("told", { backupVaultName: "v", backupVaultEvents: [], snsTopicArn: arn });
    });
    const { dependencies } = only(made, "aws:backup/vaultNotifications:VaultNotifications");
    assert.ok(dependencies.some((urn) => urn.includes("topicPolicy:TopicPolicy")));
  });

  it("tells each address, and PagerDuty without its key in clear", async () => {
    const endpoint = "https://events.pagerduty.com/integration/0123/enqueue";
    const captured = await capture(
      () => new AlarmTopic("groundwork-staging-alarm-topic", { ...args, pagerDutyEndpoint: endpoint }),
    );
    const subscriptions = captured.resources.filter(
      ({ type }) => type === "aws:sns/topicSubscription:TopicSubscription",
    );
    assert.deepEqual(
      subscriptions.map(({ inputs }) => inputs["protocol"]),
      ["email", "https"],
    );
    assert.equal(subscriptions[0]?.inputs["endpoint"], "platform@example.com");
    assert.ok(pulumi.runtime.isRpcSecret(subscriptions[1]?.inputs["endpoint"]));
  });

  const refused: readonly [input: string, over: Partial<AlarmTopicArgs>][] = [
    ["accountId", { accountId: "1" }],
    ["emails", { emails: ["platform"] }],
    ["emails", { emails: [] }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)}, by the input's name`, async () => {
      await assert.rejects(
        capture(() => new AlarmTopic("groundwork-staging-alarm-topic", { ...args, ...over })),
        new RegExp(`Error: ${input}: `),
      );
    });
});
