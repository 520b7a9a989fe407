import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { CostExport } from "./cost-export.ts";
import { physicalName } from "./naming.ts";

/** What there is once per account, so only in the stack that the account is made for. */
export interface AccountCosts {
  /** Excess over the expected in USD from which an anomaly is reported, more than 0. */
  readonly anomalyThresholdUsd: pulumi.Input<number>;
  /**
   * Tag keys to activate for cost allocation; plain. Default: none. A key can be activated about a day after the first
   * resource that bears it, by a management account or one without an organisation; AWS refuses it before, and to members.
   */
  readonly costAllocationTags?: readonly string[];
  /** Region of the bucket for the exported bill. */
  readonly region: pulumi.Input<string>;
  /** AWS in us-east-1, where bills are exported. */
  readonly billingProvider: aws.Provider;
  /** Days for which the exported bill is kept; plain. Default: 400. */
  readonly exportRetentionDays?: number;
}

export interface CostsArgs {
  readonly accountId: pulumi.Input<string>;
  /** What a month of AWS may cost, in USD, more than 0. */
  readonly monthlyLimitUsd: pulumi.Input<number>;
  readonly alertEmail: pulumi.Input<string>;
  /** SNS topic that is told as well; its policy must let budgets and costalerts.amazonaws.com publish. Default: none. */
  readonly alertTopicArn?: pulumi.Input<string>;
  /** Counts only what bears the tag `Stack` with this value. Default: all of the account. */
  readonly stack?: pulumi.Input<string>;
  /** Value of the tag `Environment` of what the account is for. */
  readonly environment: pulumi.Input<string>;
  /** Plain: it decides what there is. Default: nothing that exists once per account. */
  readonly account?: AccountCosts;
  /** Refuses the deletion of the bucket with the exported bill by Pulumi. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Per cent of the month's limit that are reported once they are spent. */
const spentPercents = [50, 80, 100];

const positive = z.number().positive("must be more than 0 USD");

/**
 * A monthly budget with notifications at 50, 80, and 100 per cent spent and 100 per cent forecast; and, for the stack
 * that an account is made for, an anomaly monitor, cost allocation tags, and the exported bill.
 *
 * The budget counts the whole account, since each environment has an account of its own: that includes what can bear
 * no tag (data transfer, support, tax), and it works from the first day, when no tag has been activated yet. A preview
 * shares staging's account, so it counts by the tag `Stack`, and sees nothing until that tag is active. Credits and
 * refunds do not hide what is spent. AWS charges nothing for budgets that only notify.
 *
 * Anomalies are looked for per AWS service, the one kind of monitor that every account may have (one per account);
 * where `costAllocationTags` names `Environment`, also in all that bears the tag: only accounts that may activate tags
 * may watch them. Mail comes daily, the topic is told at once: AWS combines them in no other way.
 * Throws where an amount is not positive, the account is none, or the address is none.
 */
export class Costs extends pulumi.ComponentResource {
  readonly budgetName: pulumi.Output<string>;
  /** Undefined where the bill is not exported here. */
  readonly exportBucketName: pulumi.Output<string> | undefined;

  constructor(name: string, args: CostsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:finance:Costs", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const limit = checked(this, "monthlyLimitUsd", args.monthlyLimitUsd, positive);
    const email = checked(this, "alertEmail", args.alertEmail, z.email("must be an e-mail address"));
    const { account } = args;
    const tags = args.tags && { tags: args.tags };

    const subscribers = {
      subscriberEmailAddresses: [email],
      ...(args.alertTopicArn !== undefined && { subscriberSnsTopicArns: [args.alertTopicArn] }),
    };
    const budget = new aws.budgets.Budget(
      physicalName("aws:budgets/budget:Budget", name, "monthly"),
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: limit.apply(String),
        limitUnit: "USD",
        costFilters: [
          args.stack === undefined
            ? { name: "LinkedAccount", values: [accountId] }
            : { name: "TagKeyValue", values: [pulumi.interpolate`user:Stack$${args.stack}`] },
        ],
        costTypes: { includeCredit: false, includeRefund: false },
        notifications: [
          ...spentPercents.map((threshold) => ({ notificationType: "ACTUAL", threshold })),
          { notificationType: "FORECASTED", threshold: 100 },
        ].map((notification) => ({
          ...notification,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          ...subscribers,
        })),
        ...tags,
      },
      { parent: this },
    );

    const exported =
      account &&
      new CostExport(
        name,
        {
          accountId,
          region: account.region,
          billingProvider: account.billingProvider,
          retentionDays: account.exportRetentionDays ?? 400,
          protect: args.protect ?? true,
          ...tags,
        },
        { parent: this },
      );
    if (account !== undefined) {
      const threshold = checked(this, "account.anomalyThresholdUsd", account.anomalyThresholdUsd, positive);
      const active = (account.costAllocationTags ?? []).map(
        (tagKey) =>
          new aws.costexplorer.CostAllocationTag(
            `${name}-${tagKey}`,
            { tagKey, status: "Active" },
            // A key can be activated only where something on the bill bears it: the bucket does.
            { parent: this, ...(exported && { dependsOn: [exported] }) },
          ),
      );
      const monitors = this.#monitors(name, args, active);
      this.#subscribe(name, args, monitors, threshold, email);
    }

    this.budgetName = budget.name;
    this.exportBucketName = exported?.bucketName;
    this.registerOutputs({ budgetName: this.budgetName, exportBucketName: this.exportBucketName });
  }

  #monitors(
    name: string,
    { account, environment, tags }: CostsArgs,
    active: readonly pulumi.Resource[],
  ): aws.costexplorer.AnomalyMonitor[] {
    const type = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
    const services = new aws.costexplorer.AnomalyMonitor(
      physicalName(type, name, "services"),
      { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE", ...(tags && { tags }) },
      { parent: this },
    );
    if (account?.costAllocationTags?.includes("Environment") !== true) return [services];
    const tagged = new aws.costexplorer.AnomalyMonitor(
      physicalName(type, name, "environment"),
      {
        monitorType: "CUSTOM",
        // Cost Explorer answers with every key, so one that is left out would be a difference for ever.
        monitorSpecification: pulumi.jsonStringify({
          And: null,
          CostCategories: null,
          Dimensions: null,
          Not: null,
          Or: null,
          Tags: { Key: "Environment", MatchOptions: null, Values: [environment] },
        }),
        ...(tags && { tags }),
      },
      { parent: this, dependsOn: [...active] },
    );
    return [services, tagged];
  }

  #subscribe(
    name: string,
    { alertTopicArn, tags }: CostsArgs,
    monitors: readonly aws.costexplorer.AnomalyMonitor[],
    threshold: pulumi.Output<number>,
    email: pulumi.Output<string>,
  ): void {
    const subscription = (
      purpose: string,
      frequency: string,
      subscriber: aws.types.input.costexplorer.AnomalySubscriptionSubscriber,
    ) =>
      new aws.costexplorer.AnomalySubscription(
        physicalName("aws:costexplorer/anomalySubscription:AnomalySubscription", name, purpose),
        {
          frequency,
          monitorArnLists: monitors.map(({ arn }) => arn),
          subscribers: [subscriber],
          thresholdExpression: {
            dimension: {
              key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
              matchOptions: ["GREATER_THAN_OR_EQUAL"],
              values: [threshold.apply(String)],
            },
          },
          ...(tags && { tags }),
        },
        { parent: this },
      );
    subscription("mail", "DAILY", { type: "EMAIL", address: email });
    if (alertTopicArn !== undefined) subscription("topic", "IMMEDIATE", { type: "SNS", address: alertTopicArn });
  }
}
