import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const STATEFUL = "protection-stateful-protected";
const KEYS = "protection-keys-protected";
const STORES = "protection-data-store-backed-up";

const bucket = (more: Partial<Sent> = {}): Sent => ({
  type: "aws:s3/bucket:Bucket",
  name: "groundwork-staging-media",
  props: { bucket: "media" },
  ...more,
});
const database = (props: Sent["props"], protect = false): Sent => ({
  type: "aws:rds/instance:Instance",
  props,
  protect,
});

const KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/0123";
const key = (props: Sent["props"] = { arn: KEY_ARN, keyId: "0123" }, protect = false): Sent => ({
  type: "aws:kms/key:Key",
  name: "key",
  props,
  protect,
});
const secret = (kmsKeyId: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "token",
  props: { kmsKeyId },
  references,
});

const TABLE_ARN = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const table = (props: Sent["props"] = {}): Sent => ({
  type: "aws:dynamodb/table:Table",
  name: "orders",
  props: { id: "orders", arn: TABLE_ARN, name: "orders", ...props },
});
const selection = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:backup/selection:Selection",
  name: "selection",
  props,
  references,
});
const files = (props: Sent["props"] = {}): Sent => ({
  type: "aws:efs/fileSystem:FileSystem",
  name: "files",
  props: { id: "fs-1", ...props },
});
const filesPolicy = (status: Json, fileSystemId: Json = "fs-1", references: Sent["references"] = {}): Sent => ({
  type: "aws:efs/backupPolicy:BackupPolicy",
  name: "policy",
  props: { fileSystemId, backupPolicy: { status } },
  references,
});
const documents = (props: Sent["props"]): Sent => ({ type: "aws:docdb/cluster:Cluster", name: "documents", props });

export const cases: readonly Case[] = [
  { rule: STATEFUL, when: "Pulumi protects it", given: bucket({ protect: true }), result: "passes" },
  {
    rule: STATEFUL,
    when: "nothing does",
    given: bucket(),
    result: [/protect: nothing keeps it from being deleted.*Fix: add protect: true to its options/],
  },
  {
    rule: STATEFUL,
    when: "the program makes its content itself, as the environment says",
    given: bucket({ name: "groundwork-staging-authorities" }),
    result: "passes",
    config: { remade: ["-authorities"] },
  },
  { rule: STATEFUL, when: "the service does", given: database({ deletionProtection: true }), result: "passes" },
  { rule: STATEFUL, when: "Pulumi does, and the service does not", given: database({}, true), result: "passes" },
  {
    rule: STATEFUL,
    when: "the service does not",
    given: database({ deletionProtection: false }),
    result: [/deletionProtection: nothing keeps.*Fix: set deletionProtection: true/],
  },
  { rule: STATEFUL, when: "the service is not asked to", given: database({}), result: [/deletionProtection: nothing/] },
  {
    rule: STATEFUL,
    when: "it is unknown whether the service does",
    given: database({ deletionProtection: UNKNOWN }),
    result: [/deletionProtection: its value is not known/],
  },
  { rule: STATEFUL, when: "it is a replica", given: database({ replicateSourceDb: "main" }), result: "passes" },
  {
    rule: STATEFUL,
    when: "the service has a word for it",
    given: { type: "aws:cognito/userPool:UserPool", props: { deletionProtection: "INACTIVE" } },
    result: [/Fix: set deletionProtection: "ACTIVE"/],
  },
  {
    rule: STATEFUL,
    when: "an Atlas cluster is protected as text",
    given: {
      type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
      props: { terminationProtectionEnabled: "true" },
    },
    result: "passes",
  },
  { rule: STATEFUL, when: "it holds nothing", given: { type: "aws:ecs/cluster:Cluster", props: {} }, result: "passes" },

  {
    rule: KEYS,
    when: "the key of a secret is protected",
    given: [key(undefined, true), secret(KEY_ARN)],
    result: "passes",
  },
  {
    rule: KEYS,
    when: "it is not",
    given: [key(), secret(KEY_ARN)],
    result: [/protect: nothing keeps it from being deleted, and "token" cannot be read without it/],
  },
  {
    rule: KEYS,
    when: "it is not, and is unknown",
    given: [key({ arn: UNKNOWN }), secret(UNKNOWN, { kmsKeyId: ["key"] })],
    result: [/"token" cannot be read without it/],
  },
  {
    rule: KEYS,
    when: "a bucket's split configuration names it",
    given: [
      key(),
      {
        type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        name: "encryption",
        props: { rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: KEY_ARN } }] },
      },
    ],
    result: [/"encryption" cannot be read/],
  },
  {
    rule: KEYS,
    when: "only messages are under it",
    given: [key(), { type: "aws:sns/topic:Topic", name: "topic", props: { kmsMasterKeyId: KEY_ARN } }],
    result: "passes",
  },

  {
    rule: STORES,
    when: "a table keeps its past",
    given: [table({ pointInTimeRecovery: { enabled: true } })],
    result: "passes",
  },
  {
    rule: STORES,
    when: "a table does not",
    given: [table({ pointInTimeRecovery: { enabled: false } })],
    result: [/pointInTimeRecovery\.enabled: no backup of it is kept for 7 days.*Fix: set pointInTimeRecovery/],
  },
  { rule: STORES, when: "a table says nothing", given: [table()], result: [/no backup of it is kept/] },
  {
    rule: STORES,
    when: "it is unknown",
    given: [table({ pointInTimeRecovery: { enabled: UNKNOWN } })],
    result: "waits",
  },
  { rule: STORES, when: "a plan names it", given: [table(), selection({ resources: [TABLE_ARN] })], result: "passes" },
  {
    rule: STORES,
    when: "a plan names it, and neither is known yet",
    given: [table({ id: UNKNOWN, arn: UNKNOWN }), selection({ resources: [UNKNOWN] }, { resources: ["orders"] })],
    result: "passes",
  },
  {
    rule: STORES,
    when: "a plan chooses all tables",
    given: [table(), selection({ resources: ["arn:aws:dynamodb:*:*:table/*"] })],
    result: "passes",
  },
  {
    rule: STORES,
    when: "a plan chooses everything but it",
    given: [table(), selection({ resources: ["*"], notResources: [TABLE_ARN] })],
    result: [/no backup of it/],
  },
  {
    rule: STORES,
    when: "a plan chooses by its tag",
    given: [
      table({ tags: { Service: "orders" } }),
      selection({ selectionTags: [{ type: "STRINGEQUALS", key: "Service", value: "orders" }] }),
    ],
    result: "passes",
  },
  {
    rule: STORES,
    when: "a plan chooses another tag's",
    given: [
      table({ tags: { Service: "orders" } }),
      selection({ selectionTags: [{ type: "STRINGEQUALS", key: "Service", value: "api" }] }),
    ],
    result: [/no backup of it/],
  },
  { rule: STORES, when: "files have a policy", given: [files(), filesPolicy("ENABLED")], result: "passes" },
  {
    rule: STORES,
    when: "files have a policy, and are unknown",
    given: [files({ id: UNKNOWN }), filesPolicy("ENABLED", UNKNOWN, { fileSystemId: ["files"] })],
    result: "passes",
  },
  {
    rule: STORES,
    when: "the policy is off",
    given: [files(), filesPolicy("DISABLED")],
    result: [/add an aws\.efs\.BackupPolicy/],
  },
  {
    rule: STORES,
    when: "the policy is of other files",
    given: [files(), filesPolicy("ENABLED", "fs-2")],
    result: [/no backup/],
  },
  {
    rule: STORES,
    when: "documents are kept for ten days, as text",
    given: [documents({ backupRetentionPeriod: "10" })],
    result: "passes",
  },
  {
    rule: STORES,
    when: "documents are kept for as long as the service does by itself",
    given: [documents({})],
    result: [/backupRetentionPeriod: no backup of it is kept for 7 days.*set backupRetentionPeriod: 7/],
  },
  { rule: STORES, when: "one day is enough", given: [documents({})], result: "passes", config: { days: 1 } },

  {
    rule: KEYS,
    when: "a store names it by its alias",
    given: [
      key(),
      {
        type: "aws:kms/alias:Alias",
        name: "alias",
        props: { name: "alias/data", arn: "arn:aws:kms:us-east-1:111122223333:alias/data", targetKeyId: KEY_ARN },
      },
      secret("alias/data"),
    ],
    result: [/protect: nothing keeps it from being deleted, and "token" cannot be read without it/],
  },
  {
    rule: KEYS,
    when: "a store names it by its alias, and neither is known yet",
    given: [
      key({ arn: UNKNOWN, keyId: UNKNOWN }),
      {
        type: "aws:kms/alias:Alias",
        name: "alias",
        props: { name: "alias/data", arn: UNKNOWN, targetKeyId: UNKNOWN },
        references: { targetKeyId: ["key"] },
      },
      secret(UNKNOWN, { kmsKeyId: ["alias"] }),
    ],
    result: [/"token" cannot be read without it/],
  },
  {
    rule: STORES,
    when: "a plan names it and leaves it out again",
    given: [table(), selection({ resources: [TABLE_ARN], notResources: ["arn:aws:dynamodb:*"] })],
    result: [/no backup of it is kept/],
  },
  {
    rule: STORES,
    when: "a plan asks for a tag that it does not have",
    given: [
      table({ tags: { Environment: "staging" } }),
      selection({
        resources: ["*"],
        conditions: [{ stringEquals: [{ key: "aws:ResourceTag/Environment", value: "production" }] }],
      }),
    ],
    result: [/no backup of it is kept/],
  },
  {
    rule: STORES,
    when: "a plan asks for a tag that it has",
    given: [
      table({ tags: { Environment: "staging" } }),
      selection({
        resources: ["*"],
        conditions: [{ stringEquals: [{ key: "aws:ResourceTag/Environment", value: "staging" }], stringLikes: [] }],
      }),
    ],
    result: "passes",
  },
];
