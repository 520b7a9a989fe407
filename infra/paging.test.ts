import assert from "node:assert/strict";
import { pageOf } from "../api/src/paging/page.ts";
import { capture, only, type CapturedResource } from "./capture.ts";
import { type EventRow, eventRows, templateOf } from "./monitoring/alarm-events.ts";
import { type AlarmRow, alarmRows, descriptionOf } from "./monitoring/alarms.ts";
import { PagingRole } from "./paging-role.ts";
import { Paging, type PagingArgs } from "./paging.ts";

const account = "444455556666";
const args: Omit<PagingArgs, "roleName" | "roleArn"> = {
  topicArn: `arn:aws:sns:us-east-1:${account}:groundwork-production-alarms-messages-0a1b2c3`,
  secretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:groundwork-production-secrets/pagerduty-routing-key-AbCdEf`,
  secretKeyArn: `arn:aws:kms:us-east-1:${account}:key/secrets`,
  region: "us-east-1",
  logKeyArn: `arn:aws:kms:us-east-1:${account}:key/logs`,
};

function build(over: Partial<PagingArgs> = {}): Paging {
  const role = new PagingRole("groundwork-production-paging", { accountId: account });
  return new Paging("groundwork-production-paging", { ...args, roleName: role.name, roleArn: role.arn, ...over });
}

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

describe("paging", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  const statementsOf = (type: string, property: string) =>
    (JSON.parse(inputsOf(type)[property] as string) as { Statement: readonly Statement[] }).Statement;
  const queueArn = "arn:aws:sqs:us-east-1:123456789012:groundwork-production-paging-unpaged";
  before(async () => {
    ({ resources } = await capture(() => build()));
  });

  it("is a function on ARM outside of the VPC that is told where its key lies, and not the key", () => {
    const inputs = inputsOf("aws:lambda/function:Function");
    assert.equal(inputs["runtime"], "nodejs24.x");
    assert.deepEqual(inputs["architectures"], ["arm64"]);
    assert.equal(inputs["vpcConfig"], undefined);
    assert.deepEqual(inputs["environment"], {
      variables: {
        ROUTING_KEY_SECRET_ARN: args.secretArn,
        PAGERDUTY_EVENTS_URL: "https://events.pagerduty.com/v2/enqueue",
      },
    });
    assert.ok((inputs["timeout"] as number) > 20, "it waits ten seconds for PagerDuty alone");
  });

  it("is called by the topic alone, and subscribed once it may be", () => {
    const { statementId: _, ...permission } = inputsOf("aws:lambda/permission:Permission");
    const functionName = "groundwork-production-paging-function-0a1b2c3";
    assert.deepEqual(permission, {
      action: "lambda:InvokeFunction",
      function: functionName,
      principal: "sns.amazonaws.com",
      sourceArn: args.topicArn,
    });
    const { inputs, dependencies } = only(resources, "aws:sns/topicSubscription:TopicSubscription");
    assert.equal(inputs["protocol"], "lambda");
    assert.equal(inputs["topic"], args.topicArn);
    assert.ok(dependencies.some((urn) => urn.includes("permission:Permission")));
  });

  it("keeps what could not be paged, encrypted, for two weeks, after three tries within an hour", () => {
    const queue = inputsOf("aws:sqs/queue:Queue");
    assert.equal(queue["messageRetentionSeconds"], 14 * 86_400);
    assert.equal(queue["sqsManagedSseEnabled"], true);
    const inputs = inputsOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    assert.deepEqual(inputs["destinationConfig"], { onFailure: { destination: queueArn } });
    assert.deepEqual([inputs["maximumRetryAttempts"], inputs["maximumEventAgeInSeconds"]], [2, 3600]);
    const subscription = only(resources, "aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(JSON.parse(subscription.inputs["redrivePolicy"] as string), { deadLetterTargetArn: queueArn });
    assert.deepEqual(
      statementsOf("aws:sqs/queuePolicy:QueuePolicy", "policy").map(({ Condition }) => Condition),
      [{ ArnEquals: { "aws:SourceArn": args.topicArn } }, { Bool: { "aws:SecureTransport": "false" } }],
    );
    assert.ok(subscription.dependencies.some((urn) => urn.includes("queuePolicy:QueuePolicy")));
  });

  it("may read its secret with that secret's key, write its log, and fill its queue: no star anywhere", () => {
    const statements = statementsOf("aws:iam/rolePolicy:RolePolicy", "policy");
    assert.deepEqual(
      statements.map(({ Action, Resource }) => [Action, Resource]),
      [
        [["secretsmanager:GetSecretValue"], args.secretArn],
        [["kms:Decrypt"], args.secretKeyArn],
        [
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          "arn:aws:cloudwatch:us-east-1:123456789012:/groundwork-production-paging/function:*",
        ],
        [["sqs:SendMessage"], queueArn],
      ],
    );
    assert.deepEqual(statements[1]?.Condition, {
      StringEquals: {
        "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
        "kms:EncryptionContext:SecretARN": args.secretArn,
      },
    });
  });

  it("has a role that Lambda takes for this account's functions alone", () => {
    assert.deepEqual(statementsOf("aws:iam/role:Role", "assumeRolePolicy"), [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  it("logs to an encrypted group that forgets", () => {
    const group = inputsOf("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group["kmsKeyId"], args.logKeyArn);
    assert.equal(group["retentionInDays"], 90);
  });

  it("refuses an address without TLS, and an account that is none", async () => {
    await assert.rejects(
      capture(() => build({ eventsUrl: "http://events.pagerduty.com/v2/enqueue" })),
      /eventsUrl: must be an https/,
    );
    await assert.rejects(
      capture(() => new PagingRole("r", { accountId: "1" })),
      /accountId: must be 12 digits/,
    );
  });
});

describe("what alarms and events say", () => {
  const runbook = (key: string) => `https://example.com/runbook.md#${key}`;
  const page = (text: string) =>
    pageOf({ id: "m", topicArn: args.topicArn as string, subject: undefined, text, sent: "" });
  const alarm = (key: string, row: AlarmRow) =>
    JSON.stringify({
      AlarmArn: `arn:aws:cloudwatch:us-east-1:${account}:alarm:${key}`,
      AlarmName: key,
      AlarmDescription: descriptionOf(row, runbook(key)),
      NewStateValue: "ALARM",
    });
  const messages = [
    ...Object.entries<AlarmRow>(alarmRows).map(([key, row]) => ({
      key,
      row,
      text: alarm(key, row),
      severity: "critical",
    })),
    ...Object.entries<EventRow>(eventRows).map(([key, row]) => ({
      key,
      row,
      text: templateOf(row, runbook(key)),
      severity: "error",
    })),
  ];
  for (const { key, row, text, severity } of messages)
    it(`${key} is paged with its words, its section of the runbook, and its urgency`, () => {
      const { payload, links } = page(text);
      assert.ok(payload.summary.includes(row.means), payload.summary);
      assert.equal(links[0]?.href, runbook(key));
      assert.equal(payload.severity, row.waits ? "warning" : severity);
    });
});
