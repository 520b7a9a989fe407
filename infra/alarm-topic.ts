import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { physicalName } from "./naming.ts";

export interface AlarmTopicArgs {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /**
   * Who gets a mail: a person, a list, or PagerDuty's address of a service. Each must confirm the subscription once.
   * Plain: it decides which subscriptions there are.
   */
  readonly emails: readonly string[];
  /** PagerDuty's HTTPS endpoint for SNS. It holds a key, so it is kept as a secret. Default: none. */
  readonly pagerDutyEndpoint?: pulumi.Input<string>;
  /** Days in which a deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Who publishes, and for what. */
const publishers = {
  "cloudwatch.amazonaws.com": "Alarms",
  "events.amazonaws.com": "Events",
  "budgets.amazonaws.com": "Budgets",
  "costalerts.amazonaws.com": "CostAnomalies",
  "backup.amazonaws.com": "Backups",
} as const;

/**
 * The SNS topic of everything that must be known even when Datadog is down, under a key of its own.
 *
 * AWS services publish for this account alone, as far as they say for whom, and only over TLS. It is known once they may.
 * Throws where there is nobody to tell, an address is none, or the account is no account.
 */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:AlarmTopic", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    checked(this, "emails", [...args.emails], z.array(z.email("must be an e-mail address")));
    checked(
      this,
      "emails",
      args.emails.length + (args.pagerDutyEndpoint === undefined ? 0 : 1),
      z.number().min(1, "somebody must be told: give an address or a PagerDuty endpoint"),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    // The topic's name begins so; its ARN is part of what KMS sees with every message.
    const topics = pulumi.interpolate`arn:aws:sns:${args.region}:${accountId}:${name}-*`;
    const key = new EncryptionKey(
      name,
      {
        description: "Messages of alarms",
        accountId,
        serviceStatements: pulumi.all([accountId, topics]).apply(([account, arns]) => mayEncrypt(account, arns)),
        deletionWindowDays: args.keyDeletionWindowDays ?? 30,
        ...tags,
      },
      parent,
    );
    const topic = new aws.sns.Topic(
      physicalName("aws:sns/topic:Topic", name, "messages"),
      { displayName: name.slice(0, 100), kmsMasterKeyId: key.arn, signatureVersion: 2, ...tags },
      parent,
    );
    const policy = new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: policyOf(topic.arn, accountId) }, parent);

    for (const email of args.emails)
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        parent,
      );
    if (args.pagerDutyEndpoint !== undefined)
      new aws.sns.TopicSubscription(
        `${name}-pagerduty`,
        {
          topic: topic.arn,
          protocol: "https",
          endpoint: pulumi.secret(args.pagerDutyEndpoint),
          endpointAutoConfirms: true,
        },
        { parent: this, additionalSecretOutputs: ["endpoint"] },
      );

    // Cost Explorer and AWS Backup refuse a topic to which they may not publish yet.
    this.arn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
    this.keyArn = key.arn;
    this.registerOutputs({ arn: this.arn, keyArn: this.keyArn });
  }
}

/**
 * EventBridge says neither KMS nor SNS for which account it publishes: with such a condition every one of its messages
 * would be lost. So the key binds it to this topic alone, and the topic not at all.
 * Sources: SNS, "Key management"; EventBridge, "Using resource-based policies", on permissions of SNS.
 */
const bySource = (purpose: string, accountId: pulumi.Input<string>) =>
  purpose === "Events" ? {} : { StringEquals: { "aws:SourceAccount": accountId } };

function mayEncrypt(accountId: string, topicArns: string): aws.iam.PolicyStatement[] {
  return Object.entries(publishers).map(([principal, purpose]) => ({
    Sid: `${purpose}OfThisAccount`,
    Effect: "Allow" as const,
    Principal: { Service: principal },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": topicArns },
      ...bySource(purpose, accountId),
    },
  }));
}

function policyOf(topicArn: pulumi.Input<string>, accountId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...Object.entries(publishers).map(([principal, purpose]) => ({
        Sid: `${purpose}OfThisAccount`,
        Effect: "Allow",
        Principal: { Service: principal },
        Action: "sns:Publish",
        Resource: topicArn,
        ...(purpose !== "Events" && { Condition: bySource(purpose, accountId) }),
      })),
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
