import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { text, type Statement } from "../../test/sent/policy.ts";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const HERE = "arn:aws:backup:us-east-1:111122223333:backup-vault:here";
const THERE = "arn:aws:backup:us-west-2:111122223333:backup-vault:there";

const vault = (props: Sent["props"] = {}): Sent => ({
  type: "aws:backup/vault:Vault",
  name: "media",
  props: { name: "media-1a2b3c4", ...props },
});
const airGapped = (props: Sent["props"]): Sent => ({
  type: "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
  props: { maxRetentionDays: 35, ...props },
});
const lock = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  name: "lock",
  props: { backupVaultName: "media-1a2b3c4", ...props },
  references,
});
const policy = (statement: Statement): Sent => ({
  type: "aws:backup/vaultPolicy:VaultPolicy",
  props: { backupVaultName: "media-1a2b3c4", policy: text(statement) },
});
const plan = (...rules: Json[]): Sent => ({
  type: "aws:backup/plan:Plan",
  name: "daily",
  props: { id: "plan-1", name: "daily", region: "us-east-1", rules },
});
const daily = (deleteAfter: Json, ...copyActions: Json[]): Json => ({
  ruleName: "daily",
  targetVaultName: "media-1a2b3c4",
  lifecycle: { deleteAfter },
  copyActions,
});
const copy = (destinationVaultArn: Json, deleteAfter: Json = 30): Json => ({
  destinationVaultArn,
  lifecycle: { deleteAfter },
});
const selection = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:backup/selection:Selection",
  name: "media-selection",
  props: { planId: "plan-1", ...props },
  references,
});

export const cases: readonly Case[] = [
  ...casesOf("backup-vault-uses-own-key", [
    ["it does", vault({ kmsKeyArn: KEY }), "passes"],
    ["the key is unknown yet", vault({ kmsKeyArn: UNKNOWN }), "waits"],
    ["it is AWS's", vault(), [/kmsKeyArn: it is not set/]],
    ["it is empty", vault({ kmsKeyArn: "" }), [/kmsKeyArn: it is not set/]],
    ["an air-gapped one does", airGapped({ encryptionKeyArn: KEY }), "passes"],
    ["an air-gapped one does not", airGapped({}), [/encryptionKeyArn: it is not set/]],
  ]),
  ...casesOf("backup-vault-locked", [
    ["for a month", lock({ minRetentionDays: 30 }), "passes"],
    ["for a day", lock({ minRetentionDays: 1 }), [/minRetentionDays: it is 1, and must be at least 7/]],
    ["for a day, where that is enough", lock({ minRetentionDays: "1" }), "passes", { days: 1 }],
    ["without an end or a start", lock({}), [/minRetentionDays: it is not set/]],
    ["for days that are unknown yet", lock({ minRetentionDays: UNKNOWN }), "waits"],
    ["a lock names the vault", [vault(), lock({ minRetentionDays: 7 })], "passes"],
    [
      "a lock refers to a vault that is unknown yet",
      [vault({ name: UNKNOWN }), lock({ backupVaultName: UNKNOWN }, { backupVaultName: ["media"] })],
      "passes",
    ],
    ["the lock is another's", [vault(), lock({ backupVaultName: "other" })], [/name: nothing locks "media"/]],
    ["there is no lock", [vault()], [/name: nothing locks "media"/]],
    ["an air-gapped vault is locked by itself", [airGapped({ minRetentionDays: 7 })], "passes"],
  ]),
  ...casesOf("backup-vault-not-force-destroyed", [
    ["it is not", vault({ forceDestroy: false }), "passes"],
    ["nothing is said", vault(), "passes"],
    ["it is", vault({ forceDestroy: true }), [/forceDestroy: it is true, and must be false/]],
    ["it is unknown", vault({ forceDestroy: UNKNOWN }), [/forceDestroy: its value is not known/]],
  ]),
  ...casesOf("backup-vault-policy-not-public", [
    ["it denies deletion", policy({ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint" }), "passes"],
    ["it lets in an account", policy({ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "*" }), "passes"],
    [
      "it lets in everybody",
      policy({ Sid: "Copy", Effect: "Allow", Principal: { AWS: "*" }, Action: "backup:CopyIntoBackupVault" }),
      [/policy: Copy allows every principal/],
    ],
    ["it is unknown", { ...policy({}), props: { policy: UNKNOWN } }, "waits"],
    ["there is none, which the provider refuses itself", { ...policy({}), props: {} }, "passes"],
  ]),
  ...casesOf("backup-plan-keeps-long-enough", [
    ["for a month", plan(daily(30, copy(THERE))), "passes"],
    ["for a week", plan(daily(7)), [/rules\[0\]\.lifecycle\.deleteAfter: it is 7, and must be at least 30/]],
    ["for a week, where that is enough", plan(daily("7")), "passes", { days: 7 }],
    [
      "for ever",
      plan({ ruleName: "daily", targetVaultName: "a" }),
      [/rules\[0\]\.lifecycle\.deleteAfter: it is not set/],
    ],
    [
      "its copy for a day",
      plan(daily(30, copy(THERE, 1))),
      [/rules\[0\]\.copyActions\[0\]\.lifecycle\.deleteAfter: it is 1/],
    ],
    ["for days that are unknown yet", plan(daily(UNKNOWN)), "waits"],
    ["without a rule", plan(), [/rules: it is .*must be set/]],
  ]),
  ...casesOf("backup-plan-copies-to-another-region", [
    ["one rule does", plan(daily(30), daily(30, copy(HERE), copy(THERE))), "passes"],
    ["none does", plan(daily(30)), [/rules: no rule copies what it backs up/]],
    [
      "copies stay here",
      plan(daily(30, copy(HERE))),
      [/destinationVaultArn: every copy stays in the plan's own region/],
    ],
    ["the copy's vault is unknown yet", plan(daily(30, copy(UNKNOWN))), "waits"],
    [
      "the region is the provider's",
      {
        ...plan(),
        props: { rules: [daily(30, copy(THERE))] },
        provider: { region: "us-east-1" },
      },
      "passes",
    ],
    ["the region is unknown", { ...plan(), props: { region: UNKNOWN, rules: [daily(30, copy(THERE))] } }, "waits"],
    ["there are no rules", { ...plan(), props: { region: "us-east-1" } }, [/rules: no rule copies/]],
  ]),
  ...casesOf("backup-plan-backs-something-up", [
    ["resources are named", selection({ resources: ["arn:aws:s3:::media"] }), "passes"],
    ["tags are named", selection({ selectionTags: [{ type: "STRINGEQUALS", key: "Backup", value: "yes" }] }), "passes"],
    ["their names are unknown yet", selection({ resources: [UNKNOWN] }), "waits"],
    ["nothing is named", selection({}), [/resources: it chooses nothing/]],
    ["the list is empty", selection({ resources: [] }), [/resources: it chooses nothing/]],
    ["a selection names the plan", [plan(daily(30)), selection({})], "passes"],
    [
      "a selection refers to a plan that is unknown yet",
      [{ ...plan(daily(30)), props: { name: "daily" } }, selection({ planId: UNKNOWN }, { planId: ["daily"] })],
      "passes",
    ],
    ["there is no selection", [plan(daily(30))], [/name: nothing is assigned to "daily"/]],
    ["the selection is another's", [plan(daily(30)), selection({ planId: "plan-2" })], [/nothing is assigned/]],
  ]),
];
