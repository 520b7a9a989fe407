import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { backup } from "./backup.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const VAULT = "aws:backup/vault:Vault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const NOTIFICATIONS = "aws:backup/vaultNotifications:VaultNotifications";
const TOPIC = "aws:sns/topic:Topic";
const INVALID = "InvalidParameterValueException";

const trust = (service: string, account: string = PRODUCTION.account): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });

describe("AWS Backup", () => {
  let tiny: TinyWorld;
  let vault: CloudResource;
  beforeEach(() => {
    tiny = tinyWorld(backup, iam, kms);
    vault = tiny.create(VAULT, "vault", { name: "media" });
  });

  const rule = (over: Properties = {}): Properties => ({
    ruleName: "daily",
    targetVaultName: "media",
    schedule: "cron(0 3 * * ? *)",
    lifecycle: { deleteAfter: 30 },
    startWindow: 60,
    completionWindow: 180,
    ...over,
  });
  const plan = (...rules: Properties[]): CloudResource => tiny.create(PLAN, "plan", { name: "plan", rules });
  const selection = (planId: string, over: Properties = {}): CloudResource =>
    tiny.create(SELECTION, "selection", { name: "media", planId, resources: ["arn:aws:s3:::media"], ...over });

  it("names a vault once per account and region", () => {
    assert.equal(vault.id, "media");
    assert.equal(textIn(vault.outputs, "arn"), "arn:aws:backup:us-east-1:111122223333:backup-vault:media");
    assert.equal(vault.outputs["recoveryPoints"], 0);
    assertRefused(() => tiny.create(VAULT, "other", { name: "media" }), "AlreadyExistsException");
    tiny.create(VAULT, "other", { name: "media" }, STAGING);
    tiny.create(VAULT, "other", { name: "media" }, { ...PRODUCTION, region: "us-west-2" });
  });

  it("takes only a key of the vault's own account and region", () => {
    const key = tiny.create("aws:kms/key:Key", "key", {});
    const kmsKeyArn = textIn(key.outputs, "arn");
    tiny.create(VAULT, "other", { name: "other", kmsKeyArn });
    assertRefused(() => tiny.create(VAULT, "third", { name: "third", kmsKeyArn }, STAGING), INVALID, /KMS key/);
  });

  it("locks a vault once, and keeps a locked one", () => {
    const lock = tiny.create(LOCK, "lock", { backupVaultName: "media", minRetentionDays: 7, maxRetentionDays: 365 });
    assert.equal(lock.outputs["backupVaultArn"], vault.outputs["arn"]);
    assertRefused(
      () => tiny.create(LOCK, "other", { backupVaultName: "media" }),
      "InvalidRequestException",
      /deleteBeforeReplace/,
    );
    assertRefused(() => tiny.delete(vault), "InvalidRequestException", /locked/);
    tiny.delete(lock);
    tiny.delete(vault);
  });

  it("refuses a lock of no vault, or with its bounds crossed", () => {
    assertRefused(() => tiny.create(LOCK, "lock", { backupVaultName: "none" }), "ResourceNotFoundException");
    const bounds = { backupVaultName: "media", minRetentionDays: 30, maxRetentionDays: 7 };
    assertRefused(() => tiny.create(LOCK, "lock", bounds), INVALID, /MinRetentionDays/);
    assertRefused(() => tiny.create(LOCK, "lock", { ...bounds, minRetentionDays: 0 }), INVALID, /between 1/);
  });

  it("never lets go of a compliance lock", () => {
    const lock = tiny.create(LOCK, "lock", { backupVaultName: "media", changeableForDays: 3 });
    assertRefused(() => tiny.delete(lock), "InvalidRequestException", /compliance/);
  });

  it("tells an existing topic of events that it knows", () => {
    const topic = tiny.create(TOPIC, "topic", { arn: "arn:aws:sns:us-east-1:111122223333:alarms" });
    const inputs = {
      backupVaultName: "media",
      snsTopicArn: textIn(topic.outputs, "arn"),
      backupVaultEvents: ["COPY_JOB_FAILED"],
    };
    tiny.create(NOTIFICATIONS, "n", inputs);
    assertRefused(
      () => tiny.create(NOTIFICATIONS, "n", { ...inputs, backupVaultEvents: ["BACKUP_JOB_FAILED"] }),
      INVALID,
      /select from/,
    );
    assertRefused(() => tiny.create(NOTIFICATIONS, "n", { ...inputs, snsTopicArn: "arn:aws:sns:x" }), INVALID, /SNS/);
    const gone = { ...inputs, backupVaultName: "none" };
    assertRefused(() => tiny.create(NOTIFICATIONS, "n", gone), "ResourceNotFoundException");
  });

  it("makes a plan with rules that hang together", () => {
    const made = plan(
      rule(),
      rule({ ruleName: "hourly", enableContinuousBackup: true, lifecycle: { deleteAfter: 35 } }),
      rule({ ruleName: "cold", lifecycle: { coldStorageAfter: 30, deleteAfter: 120 } }),
    );
    assert.match(made.id, /^[0-9a-f-]{36}$/);
    assert.equal(made.outputs["arn"], `arn:aws:backup:us-east-1:111122223333:backup-plan:${made.id}`);
    assertRefused(() => plan(rule()), "AlreadyExistsException");
  });

  const wrongRules: readonly (readonly [what: string, over: Properties, says: RegExp])[] = [
    ["a vault that is not there", { targetVaultName: "none" }, /Backup vault none does not exist/],
    ["a schedule that is none", { schedule: "cron(0 3 * * * *)" }, /Invalid schedule expression/],
    ["more than once an hour", { schedule: "cron(0/30 * * * ? *)" }, /less than one hour/],
    ["too few days after cold storage", { lifecycle: { coldStorageAfter: 30, deleteAfter: 100 } }, /90 days apart/],
    ["a negative retention", { lifecycle: { deleteAfter: -1 } }, /DeleteAfterDays/],
    ["a short start window", { startWindow: 30 }, /StartWindowMinutes/],
    ["a completion window that ends with the start", { completionWindow: 60 }, /CompletionWindowMinutes/],
    ["continuous backup of 36 days", { enableContinuousBackup: true, lifecycle: { deleteAfter: 36 } }, /more than 35/],
    ["continuous backup for ever", { enableContinuousBackup: true, lifecycle: {} }, /Lifecycle must be specified/],
    [
      "continuous backup in cold storage",
      { enableContinuousBackup: true, lifecycle: { coldStorageAfter: 1, deleteAfter: 35 } },
      /MoveToColdStorageAfterDays is unavailable/,
    ],
    [
      "a copy into no vault",
      { copyActions: [{ destinationVaultArn: "arn:aws:backup:us-west-2:111122223333:backup-vault:none" }] },
      /does not exist/,
    ],
  ];
  for (const [what, over, says] of wrongRules)
    it(`refuses a rule with ${what}, when it is made and when it is changed`, () => {
      assertRefused(() => plan(rule(over)), INVALID, says);
      const made = plan(rule());
      assertRefused(() => tiny.update(made, { name: "plan", rules: [rule(over)] }), INVALID, says);
    });

  it("refuses a plan without rules, and names that are none", () => {
    assertRefused(() => plan(), INVALID, /at least one rule/);
    assertRefused(() => plan(rule({ ruleName: "every day" })), INVALID, /every day/);
    assertRefused(() => tiny.create(PLAN, "plan", { name: "a b", rules: [rule()] }), INVALID, /a b/);
  });

  it("refuses two rules of a name", () => {
    assertRefused(() => plan(rule(), rule()), INVALID, /unique: daily/);
  });

  it("refuses a retention that the vault's lock would fail, also of a copy", () => {
    const west = { ...PRODUCTION, region: "us-west-2" };
    const copies = tiny.create(VAULT, "copies", { name: "copies" }, west);
    tiny.create(LOCK, "copies", { backupVaultName: "copies", minRetentionDays: 30 }, west);
    tiny.create(LOCK, "lock", { backupVaultName: "media", minRetentionDays: 7, maxRetentionDays: 365 });
    const destinationVaultArn = textIn(copies.outputs, "arn");
    const copying = (deleteAfter: number): Properties =>
      rule({ copyActions: [{ destinationVaultArn, lifecycle: { deleteAfter } }] });
    plan(copying(30));
    assertRefused(() => plan(copying(29)), INVALID, /lock of vault copies: 30 to/);
    assertRefused(() => plan(rule({ lifecycle: { deleteAfter: 6 } })), INVALID, /lock of vault media: 7 to 365/);
    assertRefused(() => plan(rule({ lifecycle: {} })), INVALID, /for ever/);
  });

  it("selects with a role that AWS Backup may take for this account", () => {
    const role = (name: string, policy: string): string =>
      textIn(tiny.create("aws:iam/role:Role", name, { name, assumeRolePolicy: policy }).outputs, "arn");
    const { id } = plan(rule());
    const iamRoleArn = role("right", trust("backup.amazonaws.com"));
    selection(id, { iamRoleArn });
    const says = /cannot be assumed by AWS Backup/;
    for (const [name, policy] of [
      ["service", trust("ec2.amazonaws.com")],
      ["account", trust("backup.amazonaws.com", STAGING.account)],
    ] as const)
      assertRefused(() => selection(id, { iamRoleArn: role(name, policy) }), INVALID, says);
    assertRefused(() => selection(id, { iamRoleArn: "arn:aws:iam::111122223333:role/none" }), INVALID, says);
    assertRefused(() => selection(id, { iamRoleArn, resources: ["media"] }), INVALID, /Invalid ARN/);
    const cache = "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions";
    assertRefused(() => selection(id, { iamRoleArn, resources: [cache] }), INVALID, /Unsupported resource type/);
    const selectionTags = [{ type: "STRINGLIKE", key: "a", value: "b" }];
    assertRefused(() => selection(id, { iamRoleArn, selectionTags }), INVALID, /STRINGLIKE/);
    assertRefused(() => selection("none", { iamRoleArn }), "ResourceNotFoundException");
  });

  it("deletes a plan once its selections are gone", () => {
    const made = plan(rule());
    const role = tiny.create("aws:iam/role:Role", "role", {
      name: "role",
      assumeRolePolicy: trust("backup.amazonaws.com"),
    });
    const selected = selection(made.id, { iamRoleArn: textIn(role.outputs, "arn") });
    assertRefused(() => tiny.delete(made), "InvalidRequestException", /selections must be deleted/);
    tiny.delete(selected);
    tiny.delete(made);
  });

  it("refuses a vault policy that is none", () => {
    const type = "aws:backup/vaultPolicy:VaultPolicy";
    assertRefused(() => tiny.create(type, "p", { backupVaultName: "media", policy: "{}" }), INVALID, /malformed/);
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }],
    });
    tiny.create(type, "p", { backupVaultName: "media", policy });
  });
});
