import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { capture, only, type CapturedResource } from "./capture.ts";
import { CostExport, type CostExportArgs } from "./cost-export.ts";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Condition: unknown;
}

const made = async (over: Partial<CostExportArgs> = {}): Promise<readonly CapturedResource[]> => {
  const { resources } = await capture(
    () =>
      new CostExport("groundwork-staging-costs", {
        accountId: "111122223333",
        region: "eu-west-1",
        billingProvider: new aws.Provider("aws-us-east-1", { region: "us-east-1" }),
        ...over,
      }),
  );
  return resources;
};

describe("the exported bill", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    resources = await made();
  });

  it("is made in us-east-1, for the bucket in its own region", () => {
    const { inputs, provider } = only(resources, "aws:bcmdata/export:Export");
    assert.match(provider, /::aws-us-east-1::/);
    const { destinationConfigurations } = inputs["export"] as {
      destinationConfigurations: { s3Destinations: Record<string, unknown>[] }[];
    };
    const destination = destinationConfigurations[0]?.s3Destinations[0];
    assert.equal(destination?.["s3Bucket"], "groundwork-staging-costs-focus-0a1b2c3");
    assert.equal(destination["s3Region"], "eu-west-1");
  });

  it("has the columns of FOCUS 1.2 that are mandatory, each once", () => {
    const { dataQueries } = inputsOf("aws:bcmdata/export:Export")["export"] as {
      dataQueries: { queryStatement: string; tableConfigurations: unknown }[];
    };
    const [query] = dataQueries;
    const [, list = "", from] = /^SELECT (.*) FROM (\w+)$/.exec(query?.queryStatement ?? "") ?? [];
    const columns = list.split(", ");
    assert.equal(from, "FOCUS_1_2_AWS");
    assert.deepEqual(query?.tableConfigurations, { FOCUS_1_2_AWS: { TIME_GRANULARITY: "DAILY" } });
    assert.equal(new Set(columns).size, columns.length);
    const mandatory =
      "BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName";
    for (const column of mandatory.split(" ")) assert.ok(columns.includes(column), column);
  });

  it("is written by this account's exports alone", () => {
    const { policy } = inputsOf("aws:s3/bucketPolicy:BucketPolicy");
    const { Statement } = JSON.parse(policy as string) as { Statement: Statement[] };
    assert.deepEqual(
      Statement.filter(({ Effect }) => Effect === "Allow").map(({ Principal, Action, Condition }) => ({
        Principal,
        Action,
        Condition,
      })),
      [
        {
          Principal: { Service: ["bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com"] },
          Action: ["s3:PutObject", "s3:GetBucketPolicy"],
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: {
              "aws:SourceArn": [
                "arn:aws:bcm-data-exports:us-east-1:111122223333:export/*",
                "arn:aws:cur:us-east-1:111122223333:definition/*",
              ],
            },
          },
        },
      ],
    );
    assert.equal(Statement.filter(({ Effect }) => Effect === "Deny").length, 2);
  });

  it("is kept for 400 days unless told otherwise", async () => {
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const days = (all: readonly CapturedResource[]) =>
      (only(all, type).inputs["rules"] as { expiration?: { days?: number } }[])
        .map(({ expiration }) => expiration?.days)
        .find((found) => found !== undefined);
    assert.equal(days(resources), 400);
    assert.equal(days(await made({ retentionDays: 90 })), 90);
  });

  it("goes with its files only where it is not protected", async () => {
    assert.equal(inputsOf("aws:s3/bucket:Bucket")["forceDestroy"], false);
    assert.equal(only(await made({ protect: false }), "aws:s3/bucket:Bucket").inputs["forceDestroy"], true);
  });
});
