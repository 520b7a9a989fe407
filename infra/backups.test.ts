import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Backups, type BackupsArgs } from "./backups.ts";
import { capture, only, type CapturedResource } from "./capture.ts";

const VAULT = "aws:backup/vault:Vault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const PLAN = "aws:backup/plan:Plan";
const ROLE = "aws:iam/role:Role";

const args: BackupsArgs = { bucketArn: "arn:aws:s3:::media-0a1b2c3", accountId: "111122223333" };

interface Rule {
  readonly ruleName: string;
  readonly schedule: string;
  readonly enableContinuousBackup?: boolean;
  readonly lifecycle: { readonly deleteAfter: number };
  readonly copyActions?: readonly unknown[];
}

const made = async (over: Partial<BackupsArgs> = {}): Promise<readonly CapturedResource[]> => {
  const { resources } = await capture(() => new Backups("groundwork-staging-backups", { ...args, ...over }));
  return resources;
};
const rulesOf = (resources: readonly CapturedResource[]): readonly Rule[] =>
  only(resources, PLAN).inputs["rules"] as Rule[];

describe("the backups", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    resources = await made();
  });

  it("are kept in a vault under a key of its own", async () => {
    const { inputs } = only(resources, VAULT);
    assert.equal(inputs["kmsKeyArn"], "arn:aws:kms:us-east-1:123456789012:groundwork-staging-backups");
    assert.equal(inputs["forceDestroy"], false);
    assert.equal(only(await made({ protect: false }), VAULT).inputs["forceDestroy"], true);
  });

  it("cannot be deleted before their time, and the lock itself can be taken away", () => {
    const { inputs } = only(resources, LOCK);
    assert.deepEqual(inputs, {
      backupVaultName: "groundwork-staging-backups-media-0a1b2c3",
      minRetentionDays: 30,
      maxRetentionDays: 365,
    });
  });

  it("are taken daily and continuously, for 30 days, in windows that do not overlap", () => {
    const rules = rulesOf(resources);
    assert.deepEqual(
      rules.map(({ ruleName, enableContinuousBackup }) => [ruleName, enableContinuousBackup]),
      [
        ["daily", undefined],
        ["continuous", true],
      ],
    );
    assert.ok(rules.every(({ lifecycle, copyActions }) => lifecycle.deleteAfter === 30 && copyActions === undefined));
    const hours = rules.map(({ schedule }) => Number(/^cron\(0 (\d+) /.exec(schedule)?.[1])).sort();
    assert.ok((hours[1] ?? 0) - (hours[0] ?? 0) > 1);
  });

  it("are of the one bucket, by its ARN", () => {
    const { inputs } = only(resources, "aws:backup/selection:Selection");
    assert.deepEqual(inputs["resources"], [args.bucketArn]);
    assert.equal(inputs["selectionTags"], undefined);
  });

  it("are read by one role and restored by another, and AWS Backup takes either for this account alone", () => {
    const roles = resources.filter(({ type }) => type === ROLE);
    assert.equal(roles.length, 2);
    for (const { inputs } of roles) {
      const { Statement } = JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: unknown[] };
      assert.deepEqual(Statement, [
        {
          Effect: "Allow",
          Principal: { Service: "backup.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
      ]);
    }
    const attached = resources
      .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => [inputs["role"], (inputs["policyArn"] as string).split("/").at(-1)])
      .sort();
    assert.deepEqual(attached, [
      ["groundwork-staging-backups-backup-0a1b2c3", "AWSBackupServiceRolePolicyForS3Backup"],
      ["groundwork-staging-backups-restore-0a1b2c3", "AWSBackupServiceRolePolicyForS3Restore"],
    ]);
  });

  it("are daily alone where nothing else is asked", async () => {
    const rules = rulesOf(await made({ continuous: false, retentionDays: 7 }));
    assert.deepEqual(
      rules.map(({ ruleName, lifecycle }) => [ruleName, lifecycle.deleteAfter]),
      [["daily", 7]],
    );
  });

  it("tell a topic of what failed, where there is one", async () => {
    assert.ok(resources.every(({ type }) => type !== "aws:backup/vaultNotifications:VaultNotifications"));
    const topicArn = "arn:aws:sns:us-east-1:111122223333:alarms";
    const { inputs } = only(await made({ topicArn }), "aws:backup/vaultNotifications:VaultNotifications");
    assert.equal(inputs["snsTopicArn"], topicArn);
    assert.ok((inputs["backupVaultEvents"] as string[]).every((event) => event.endsWith("FAILED")));
  });

  it("are copied to the recovery region: the snapshot, into a locked vault there under a key of its own", async () => {
    const { resources: copied } = await capture(
      () =>
        new Backups("groundwork-production-backups", {
          ...args,
          recoveryProvider: new aws.Provider("aws-recovery", { region: "us-west-2" }),
        }),
    );
    const abroad = copied.filter(({ provider }) => provider.includes("::aws-recovery::"));
    assert.deepEqual(abroad.map(({ type }) => type).sort(), [VAULT, LOCK, "aws:kms/alias:Alias", "aws:kms/key:Key"]);
    const [daily, continuous] = rulesOf(copied);
    assert.deepEqual(daily?.copyActions, [
      {
        destinationVaultArn: "arn:aws:backup:us-east-1:123456789012:groundwork-production-backups-copies-media",
        lifecycle: { deleteAfter: 30 },
      },
    ]);
    assert.equal(continuous?.copyActions, undefined);
    const { policy } = only(copied, "aws:iam/rolePolicy:RolePolicy").inputs;
    assert.match(policy as string, /"backup:CopyIntoBackupVault".*groundwork-production-backups-copies-media/);
  });

  const refused: readonly [input: string, over: Partial<BackupsArgs>][] = [
    ["accountId", { accountId: "12" }],
    ["bucketArn", { bucketArn: "media-0a1b2c3" }],
    ["bucketArn", { bucketArn: "arn:aws:s3:::media-0a1b2c3/users/*" }],
    ["retentionDays", { retentionDays: 0 }],
    ["retentionDays", { retentionDays: 36 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(made(over), new RegExp(`${input}: must be`));
    });
  }
});
