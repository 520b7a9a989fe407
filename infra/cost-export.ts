import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface CostExportArgs {
  readonly accountId: pulumi.Input<string>;
  /** Region of the bucket. */
  readonly region: pulumi.Input<string>;
  /** AWS in us-east-1: exports are made there alone, whatever the bucket's region. */
  readonly billingProvider: aws.Provider;
  /** Days for which the exported files are kept, 1 or more; plain. Default: 400. */
  readonly retentionDays?: number;
  /** Refuses the bucket's deletion by Pulumi, and while it holds files by S3. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The table of Data Exports whose columns are those of FOCUS 1.2. */
const table = "FOCUS_1_2_AWS";

/** FOCUS 1.2: all that are mandatory, and what a report groups, forecasts, and explains by. The service takes no `SELECT *`. */
const columns = [
  "BilledCost",
  "BillingAccountId",
  "BillingAccountName",
  "BillingCurrency",
  "BillingPeriodEnd",
  "BillingPeriodStart",
  "ChargeCategory",
  "ChargeClass",
  "ChargeDescription",
  "ChargeFrequency",
  "ChargePeriodEnd",
  "ChargePeriodStart",
  "ConsumedQuantity",
  "ConsumedUnit",
  "ContractedCost",
  "EffectiveCost",
  "InvoiceIssuerName",
  "ListCost",
  "ListUnitPrice",
  "PricingQuantity",
  "PricingUnit",
  "ProviderName",
  "PublisherName",
  "RegionId",
  "ResourceId",
  "ResourceName",
  "ResourceType",
  "ServiceCategory",
  "ServiceName",
  "SkuId",
  "SubAccountId",
  "Tags",
] as const;

const writers = ["bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com"];

/**
 * The account's bill, line by line and day by day, in FOCUS 1.2 (gzipped CSV), in a private bucket of its own.
 *
 * AWS rewrites the current month's files some times a day. Only AWS Data Exports of this account may write, for its own
 * exports, and nobody without TLS 1.2. The policy stands before the export is made: the service tries it at once.
 * Throws where the account is none or `retentionDays` is not positive.
 */
export class CostExport extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly exportArn: pulumi.Output<string>;

  constructor(name: string, args: CostExportArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:finance:CostExport", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const days = args.retentionDays ?? 400;
    checked(this, "retentionDays", days, z.int().min(1, "must be 1 or more"));
    const tags = args.tags && { tags: args.tags };
    const protect = args.protect ?? true;

    const bucket = new PrivateBucket(
      name,
      {
        purpose: "focus",
        statements: (arn) => [exportsMayWrite(arn, accountId)],
        expirationDays: days,
        // Every refresh overwrites the month's files.
        noncurrentVersionDays: 7,
        // What may be deleted may be deleted with its files: AWS writes new ones every day.
        deleteObjectsWithBucket: !protect,
        protect,
        ...tags,
      },
      { parent: this },
    );

    const billExport = new aws.bcmdata.Export(
      name,
      {
        export: {
          name,
          description: "The account's costs and usage by day, in FOCUS 1.2.",
          dataQueries: [
            {
              queryStatement: `SELECT ${columns.join(", ")} FROM ${table}`,
              tableConfigurations: { [table]: { TIME_GRANULARITY: "DAILY" } },
            },
          ],
          destinationConfigurations: [
            {
              s3Destinations: [
                {
                  s3Bucket: bucket.bucketName,
                  s3Prefix: "focus",
                  s3Region: args.region,
                  s3OutputConfigurations: [
                    {
                      compression: "GZIP",
                      format: "TEXT_OR_CSV",
                      outputType: "CUSTOM",
                      overwrite: "OVERWRITE_REPORT",
                    },
                  ],
                },
              ],
            },
          ],
          refreshCadences: [{ frequency: "SYNCHRONOUS" }],
        },
        ...tags,
      },
      // Its name is fixed, so the old one goes first where it is replaced.
      { parent: this, provider: args.billingProvider, dependsOn: [bucket], deleteBeforeReplace: true },
    );

    this.bucketName = bucket.bucketName;
    this.exportArn = billExport.arn;
    this.registerOutputs({ bucketName: this.bucketName, exportArn: this.exportArn });
  }
}

function exportsMayWrite(bucketArn: pulumi.Input<string>, accountId: pulumi.Input<string>): aws.iam.PolicyStatement {
  return {
    Sid: "OwnDataExportsWriteAndCheckThePolicy",
    Effect: "Allow",
    Principal: { Service: writers },
    Action: ["s3:PutObject", "s3:GetBucketPolicy"],
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: {
        "aws:SourceArn": [
          pulumi.interpolate`arn:aws:bcm-data-exports:us-east-1:${accountId}:export/*`,
          pulumi.interpolate`arn:aws:cur:us-east-1:${accountId}:definition/*`,
        ],
      },
    },
  };
}
