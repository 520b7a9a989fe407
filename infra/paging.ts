import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { usesSecret, writesLog } from "./function-access.ts";
import { functionRuntime } from "./function-code.ts";
import { physicalName } from "./naming.ts";

export interface PagingArgs {
  /** What is published there is paged: an `AlarmTopic`. */
  readonly topicArn: pulumi.Input<string>;
  /** A `PagingRole`. */
  readonly roleName: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
  /** The secret with PagerDuty's routing key; its policy must let the role read it. It may still be empty. */
  readonly secretArn: pulumi.Input<string>;
  /** The KMS key that encrypts it. */
  readonly secretKeyArn: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Where pages go. Default: PagerDuty's; accounts in its EU region have `https://events.eu.pagerduty.com/v2/enqueue`. */
  readonly eventsUrl?: pulumi.Input<string>;
  /** The key that encrypts the log; its policy must let CloudWatch Logs use it. */
  readonly logKeyArn: pulumi.Input<string>;
  /** One of the durations that CloudWatch Logs knows. Default: 90. */
  readonly logRetentionDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Ten seconds for PagerDuty, and as much again for Secrets Manager and for a cold start. */
const timeoutSeconds = 30;
/** The smallest that Lambda has. */
const memoryMegabytes = 128;
/** After the first try: one minute later, and two minutes after that. Lambda has no more. */
const retries = 2;
/** Lambda keeps what it is too busy for as long: a page that comes later wakes somebody for what is over. */
const eventAgeSeconds = 3600;
/** The longest that SQS has: 14 days. */
const unpagedSeconds = 1_209_600;

/**
 * Pages whoever is on call for what the topic tells, without Datadog: a Lambda function on ARM that makes a PagerDuty
 * event of each message, and ends the incident when an alarm is over.
 *
 * Its role reads the one secret with the routing key, at run time: the key stands in no variable, log, or state. It is
 * not in the VPC: what a page tells of may be the way out of the VPC.
 *
 * What PagerDuty does not take in three tries goes to a queue, where an alarm finds it; nothing takes it out but a
 * person, who has had the same message by e-mail. The topic itself has no rule for failures: it tries Lambda for 23
 * days. Throws where `eventsUrl` is no https address.
 */
export class Paging extends pulumi.ComponentResource {
  /** Messages that could not be paged: what an alarm watches. */
  readonly unpagedQueueName: pulumi.Output<string>;

  constructor(name: string, args: PagingArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:Paging", name, {}, options);
    const eventsUrl = checked(
      this,
      "eventsUrl",
      args.eventsUrl ?? "https://events.pagerduty.com/v2/enqueue",
      z.url({ protocol: /^https$/, message: "must be an https address" }),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const unpaged = new aws.sqs.Queue(
      physicalName("aws:sqs/queue:Queue", name, "unpaged"),
      { messageRetentionSeconds: unpagedSeconds, sqsManagedSseEnabled: true, ...tags },
      parent,
    );
    const queuePolicy = new aws.sqs.QueuePolicy(
      name,
      { queueUrl: unpaged.url, policy: onlyFromTopicAndOverTls(unpaged.arn, args.topicArn) },
      parent,
    );

    const logGroup = new aws.cloudwatch.LogGroup(
      physicalName("aws:cloudwatch/logGroup:LogGroup", `/${name}`, "function", "/"),
      { retentionInDays: args.logRetentionDays ?? 90, kmsKeyId: args.logKeyArn, ...tags },
      parent,
    );
    const mayPage = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "function"),
      { role: args.roleName, policy: pages(args, logGroup.arn, unpaged.arn) },
      parent,
    );
    const page = new aws.lambda.Function(
      physicalName("aws:lambda/function:Function", name, "function"),
      {
        description: "Called by SNS to hand alarms to PagerDuty.",
        role: args.roleArn,
        ...functionRuntime("paging"),
        timeout: timeoutSeconds,
        memorySize: memoryMegabytes,
        environment: { variables: { ROUTING_KEY_SECRET_ARN: args.secretArn, PAGERDUTY_EVENTS_URL: eventsUrl } },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name, systemLogLevel: "WARN" },
        ...tags,
      },
      { parent: this, dependsOn: [mayPage] },
    );
    new aws.lambda.FunctionEventInvokeConfig(
      name,
      {
        functionName: page.name,
        maximumRetryAttempts: retries,
        maximumEventAgeInSeconds: eventAgeSeconds,
        destinationConfig: { onFailure: { destination: unpaged.arn } },
      },
      parent,
    );
    const mayCall = new aws.lambda.Permission(
      name,
      {
        function: page.name,
        action: "lambda:InvokeFunction",
        principal: "sns.amazonaws.com",
        // Names the account too. SNS is not documented to say `aws:SourceAccount`, and asking for it would lose all.
        sourceArn: args.topicArn,
      },
      parent,
    );
    new aws.sns.TopicSubscription(
      name,
      {
        topic: args.topicArn,
        protocol: "lambda",
        endpoint: page.arn,
        // What SNS cannot hand to Lambda at all is kept beside what the function gave up on.
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: unpaged.arn }),
      },
      { parent: this, dependsOn: [mayCall, queuePolicy] },
    );

    this.unpagedQueueName = unpaged.name;
    this.registerOutputs({ unpagedQueueName: this.unpagedQueueName });
  }
}

function pages(
  { secretArn, secretKeyArn, region }: PagingArgs,
  logGroupArn: pulumi.Input<string>,
  queueArn: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...usesSecret({ secretArn, keyArn: secretKeyArn, region }, ["secretsmanager:GetSecretValue"], ["kms:Decrypt"]),
      writesLog(logGroupArn),
      { Sid: "Unpaged", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queueArn },
    ],
  });
}

const onlyFromTopicAndOverTls = (
  queueArn: pulumi.Input<string>,
  topicArn: pulumi.Input<string>,
): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Undelivered",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
