import { type DeployScope, type Statement, allowing, placesOf } from "./scope.ts";

/** Changes to stores, keys, secrets, logs, alarms, and budgets. */
export function dataStatements(scope: DeployScope): Statement[] {
  const { here, anywhere, named, onlyHere } = placesOf(scope);
  const { accountId, project, delivery } = scope;
  const ours = { StringEquals: { "aws:ResourceTag/Project": project } };
  return allowing([
    {
      service: "elasticache",
      actions: [
        "AddTagsToResource",
        "Create*",
        "DecreaseReplicaCount",
        "Delete*",
        "IncreaseReplicaCount",
        "Modify*",
        "RemoveTagsFromResource",
      ],
      on: [`${here}:*:${named}`],
    },
    {
      service: "s3",
      actions: [
        "CreateBucket",
        "DeleteBucket",
        "DeleteBucketPolicy",
        "PutBucket*",
        "PutEncryptionConfiguration",
        "PutLifecycleConfiguration",
        "TagResource",
        "UntagResource",
      ],
      on: [`::${named}`],
    },
    {
      service: "s3",
      actions: ["DeleteObject*", "GetObject*", "PutObject*"],
      // The bundle that the load balancer trusts; never a customer's upload.
      on: [`::${project}-*-origin-pull-*/*`],
    },
    // Records of releases are added and read, and no version of one is deleted.
    { service: "s3", actions: ["GetObject*", "PutObject"], on: [`::${delivery}-releases-*/*`] },
    {
      service: "secretsmanager",
      actions: [
        "CancelRotateSecret",
        "CreateSecret",
        "DeleteResourcePolicy",
        "DeleteSecret",
        "PutResourcePolicy",
        "PutSecretValue",
        "RemoveRegionsFromReplication",
        "ReplicateSecretToRegions",
        "RestoreSecret",
        "RotateSecret",
        "TagResource",
        "UntagResource",
        "UpdateSecret*",
        "ValidateResourcePolicy",
      ],
      on: [`${anywhere}:secret:${named}`],
    },
    {
      service: "kms",
      actions: ["CreateKey", "TagResource"],
      on: ["*"],
      when: { StringEquals: { "aws:RequestTag/Project": project } },
    },
    {
      service: "kms",
      actions: [
        "CancelKeyDeletion",
        "DisableKey*",
        "EnableKey*",
        "PutKeyPolicy",
        // AWS Backup asks it of whoever makes a vault under a key; only the grant itself lets anybody retire it.
        "RetireGrant",
        "ScheduleKeyDeletion",
        "TagResource",
        "UntagResource",
        "UpdateKeyDescription",
        "*Alias",
      ],
      on: [`${anywhere}:key/*`],
      when: ours,
    },
    { service: "kms", actions: ["*Alias"], on: [`${anywhere}:alias/${named}`] },
    {
      service: "kms",
      actions: ["CreateGrant", "Decrypt", "GenerateDataKey*"],
      on: [`${anywhere}:key/*`],
      // Services ask on behalf of whoever makes a cache, a vault, or a secret under a key.
      when: { ...ours, StringLike: { "kms:ViaService": "*.amazonaws.com" } },
    },
    {
      service: "backup",
      actions: [
        "CreateBackup*",
        "DeleteBackupPlan",
        "DeleteBackupSelection",
        "DeleteBackupVault*",
        "PutBackupVaultLockConfiguration",
        "PutBackupVaultNotifications",
        "TagResource",
        "UntagResource",
        "UpdateBackupPlan",
      ],
      on: [`${anywhere}:*`],
    },
    { service: "backup-storage", actions: ["MountCapsule"], on: ["*"] },
    {
      service: "logs",
      actions: [
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "DisassociateKmsKey",
        "*RetentionPolicy",
        "TagResource",
        "UntagResource",
      ],
      on: [`${here}:log-group:/${named}`],
    },
    {
      service: "logs",
      // A cache that writes its log.
      actions: ["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "PutResourcePolicy", "UpdateLogDelivery"],
      on: ["*"],
      when: onlyHere,
    },
    {
      service: "cloudwatch",
      actions: ["DeleteAlarms", "DeleteDashboards", "Put*Alarm", "PutDashboard", "TagResource", "UntagResource"],
      on: [
        `${here}:alarm:${named}`,
        // Application Auto Scaling makes its alarms with the rights of whoever makes a scaling policy.
        `${here}:alarm:TargetTracking-service/${named}`,
        `:${accountId}:dashboard/${named}`,
      ],
    },
    {
      service: "events",
      actions: ["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource"],
      on: [`${here}:rule/${named}`],
    },
    {
      service: "sns",
      actions: [
        "CreateTopic",
        "DeleteTopic",
        "Set*Attributes",
        "Subscribe",
        "TagResource",
        "Unsubscribe",
        "UntagResource",
      ],
      on: [`${anywhere}:${named}`],
    },
    {
      service: "sqs",
      actions: ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
      on: [`${here}:${named}`],
    },
    {
      service: "budgets",
      actions: ["ModifyBudget", "TagResource", "UntagResource"],
      on: [`:${accountId}:budget/${named}`],
    },
    {
      service: "ce",
      actions: ["CreateAnomaly*", "UpdateCostAllocationTagsStatus"],
      on: ["*"],
    },
    {
      service: "ce",
      actions: ["DeleteAnomaly*", "TagResource", "UntagResource", "UpdateAnomaly*"],
      on: [`:${accountId}:anomalymonitor/*`, `:${accountId}:anomalysubscription/*`],
    },
    {
      service: "bcm-data-exports",
      actions: ["CreateExport", "DeleteExport", "TagResource", "UntagResource", "UpdateExport"],
      on: [`us-east-1:${accountId}:*`],
    },
    { service: "cur", actions: ["PutReportDefinition"], on: [`us-east-1:${accountId}:*`] },
  ]);
}
