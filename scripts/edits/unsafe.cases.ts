import type { Edit } from "./edit.ts";

/** An edit of production that must not land, and the one rule that stops it. */
export interface UnsafeEdit {
  readonly what: string;
  readonly edit: Edit;
  readonly rule: string;
}

const ALB = ["aws:lb/loadBalancer:LoadBalancer", "groundwork-pr-2614e3-alb"] as const;
const HTTPS = ["aws:lb/listener:Listener", "edge-https"] as const;
const HTTP = ["aws:lb/listener:Listener", "edge-http"] as const;
const TARGET_GROUP = ["aws:lb/targetGroup:TargetGroup", "groundwork-p-b318e2-http"] as const;
const CACHE = ["aws:elasticache/replicationGroup:ReplicationGroup", "cache-data"] as const;
const CLUSTER = ["mongodbatlas:index/advancedCluster:AdvancedCluster", "database-cluster"] as const;
const SCHEDULE = ["mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule", "database"] as const;
const CDN = ["aws:cloudfront/distribution:Distribution", "media"] as const;
const REPOSITORY = ["aws:ecr/repository:Repository", "images-api"] as const;
const SERVICE = ["aws:ecs/service:Service", "api"] as const;
const TASK = ["aws:ecs/taskDefinition:TaskDefinition", "api"] as const;
const DEPLOY = ["aws:iam/role:Role", "delivery-deploy"] as const;
const TASK_POLICY = ["aws:iam/rolePolicy:RolePolicy", "api-task"] as const;
const KEY = ["aws:kms/key:Key", "secrets"] as const;
const HTTPS_IN = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "security-groups-https"] as const;
const TOPIC = ["aws:sns/topic:Topic", "alarms-messages"] as const;
const TOPIC_POLICY = ["aws:sns/topicPolicy:TopicPolicy", "alarms"] as const;
const BUDGET = ["aws:budgets/budget:Budget", "costs-monthly"] as const;
const TRAIL = ["aws:cloudtrail/trail:Trail", "account-audit"] as const;
const MEDIA_POLICY = ["aws:s3/bucketPolicy:BucketPolicy", "media"] as const;
const UPTIME = ["datadog:index/syntheticsTest:SyntheticsTest", "monitoring-uptime-api"] as const;
const MONITOR = ["datadog:index/monitor:Monitor", "monitoring-alb-5xx"] as const;
const zone = (setting: string) => ["cloudflare:index/zoneSetting:ZoneSetting", `zone-${setting}`] as const;

const world = { ipProtocol: "tcp", description: "For a moment.", cidrIpv4: "0.0.0.0/0", tags: { Service: "network" } };
const ingress = (name: string) => ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name] as const;

export const unsafeEdits: readonly UnsafeEdit[] = [
  // Network
  {
    what: "SSH from the world",
    edit: { added: ingress("ssh"), inputs: { ...world, securityGroupId: "sg-1", fromPort: 22, toPort: 22 } },
    rule: "ec2-no-world-ingress-to-admin-ports",
  },
  {
    what: "Redis from the world",
    edit: { added: ingress("redis"), inputs: { ...world, securityGroupId: "sg-1", fromPort: 6379, toPort: 6379 } },
    rule: "ec2-no-world-ingress-to-data-ports",
  },
  {
    what: "a high port from the world",
    edit: { added: ingress("debug"), inputs: { ...world, securityGroupId: "sg-1", fromPort: 9229, toPort: 9229 } },
    rule: "ec2-world-ingress-only-on-allowed-ports",
  },
  {
    what: "every port from the service's group to the cache",
    edit: { on: ingress("security-groups-cache"), set: { ipProtocol: "-1" } },
    rule: "ec2-no-ingress-of-all-ports",
  },
  {
    what: "the rule for HTTPS is not described",
    edit: { on: HTTPS_IN, without: ["description"] },
    rule: "ec2-security-group-rule-described",
  },
  {
    what: "a private subnet maps public addresses",
    edit: { on: ["aws:ec2/subnet:Subnet", "network-private-1"], set: { mapPublicIpOnLaunch: true } },
    rule: "vpc-private-subnet-maps-no-public-ip",
  },
  // Load balancer
  {
    what: "the HTTP listener forwards",
    edit: {
      on: HTTP,
      set: {
        defaultActions: [
          { type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:444455556666:targetgroup/x/1" },
        ],
      },
    },
    rule: "lb-http-listener-redirects",
  },
  {
    what: "TLS 1.0",
    edit: { on: HTTPS, set: { sslPolicy: "ELBSecurityPolicy-2016-08" } },
    rule: "lb-listener-tls-1-2",
  },
  { what: "no TLS policy", edit: { on: HTTPS, without: ["sslPolicy"] }, rule: "lb-listener-tls-1-2" },
  { what: "no access logs", edit: { on: ALB, set: { "accessLogs.enabled": false } }, rule: "lb-access-logs-enabled" },
  {
    what: "no deletion protection on the load balancer",
    edit: { on: ALB, set: { enableDeletionProtection: false } },
    rule: "lb-deletion-protection-enabled",
  },
  {
    what: "invalid headers pass",
    edit: { on: ALB, without: ["dropInvalidHeaderFields"] },
    rule: "lb-drops-invalid-headers",
  },
  {
    what: "request smuggling passes",
    edit: { on: ALB, set: { desyncMitigationMode: "monitor" } },
    rule: "lb-desync-mitigation-defensive",
  },
  {
    what: "no health check",
    edit: { on: TARGET_GROUP, without: ["healthCheck"] },
    rule: "lb-target-group-health-check",
  },
  // Containers
  {
    what: "a privileged container",
    edit: { on: TASK, set: { "containerDefinitions.0.privileged": true } },
    rule: "ecs-containers-not-privileged",
  },
  {
    what: "a writable root file system",
    edit: { on: TASK, set: { "containerDefinitions.0.readonlyRootFilesystem": false } },
    rule: "ecs-read-only-root-filesystem",
  },
  {
    what: "root in the container",
    edit: { on: TASK, set: { "containerDefinitions.0.user": "0" } },
    rule: "ecs-containers-not-root",
  },
  {
    what: "no log configuration",
    edit: { on: TASK, without: ["containerDefinitions.0.logConfiguration"] },
    rule: "ecs-containers-log",
  },
  {
    what: "an image by the tag latest",
    edit: {
      on: TASK,
      set: {
        "containerDefinitions.0.image":
          "444455556666.dkr.ecr.us-east-1.amazonaws.com/groundwork-production-images-api:latest",
      },
    },
    rule: "ecs-image-pinned",
  },
  {
    what: "an image of a foreign registry",
    edit: {
      on: TASK,
      set: { "containerDefinitions.0.image": `docker.io/library/node@sha256:${"0123456789abcdef".repeat(4)}` },
    },
    rule: "ecs-image-from-allowed-registry",
  },
  {
    what: "a password in the environment",
    edit: {
      on: TASK,
      set: {
        "containerDefinitions.0.environment.2": {
          name: "MONGODB_URI",
          value: "mongodb+srv://api:hunter2secret@db.example.mongodb.net",
        },
      },
    },
    rule: "ecs-no-plain-secrets",
  },
  {
    what: "a public address for the tasks",
    edit: { on: SERVICE, set: { "networkConfiguration.assignPublicIp": true } },
    rule: "ecs-no-public-ip",
  },
  {
    what: "no circuit breaker",
    edit: { on: SERVICE, without: ["deploymentCircuitBreaker"] },
    rule: "ecs-deployment-rolls-back",
  },
  { what: "one task", edit: { on: SERVICE, set: { desiredCount: 1 } }, rule: "ecs-service-two-tasks" },
  {
    what: "no scan on push",
    edit: { on: REPOSITORY, without: ["imageScanningConfiguration"] },
    rule: "ecr-scan-on-push",
  },
  {
    what: "tags that move",
    edit: { on: REPOSITORY, set: { imageTagMutability: "MUTABLE" } },
    rule: "ecr-immutable-tags",
  },
  {
    what: "images that are never removed",
    edit: { removed: ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "images"] },
    rule: "ecr-lifecycle-policy",
  },
  {
    what: "a repository that goes with its images",
    edit: { on: REPOSITORY, set: { forceDelete: true } },
    rule: "ecr-not-deleted-with-images",
  },
  // Cache
  {
    what: "the cache without TLS",
    edit: { on: CACHE, set: { transitEncryptionEnabled: false } },
    rule: "elasticache-encrypted-in-transit",
  },
  {
    what: "the cache for everybody",
    edit: { on: CACHE, without: ["userGroupIds"] },
    rule: "elasticache-authenticates",
  },
  { what: "the cache in one zone", edit: { on: CACHE, set: { multiAzEnabled: false } }, rule: "elasticache-multi-az" },
  {
    what: "no snapshots of the cache",
    edit: { on: CACHE, set: { snapshotRetentionLimit: 0 } },
    rule: "elasticache-snapshots-kept",
  },
  // Storage
  {
    what: "a public access block with a hole",
    edit: {
      on: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "media"],
      set: { blockPublicPolicy: false },
    },
    rule: "s3-bucket-not-public",
  },
  {
    what: "no public access block",
    edit: { removed: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "media"] },
    rule: "s3-bucket-not-public",
  },
  {
    what: "media for everyone",
    edit: { on: MEDIA_POLICY, set: { "policy.Statement.0.Principal": "*", "policy.Statement.0.Condition": {} } },
    rule: "s3-bucket-not-public",
  },
  {
    what: "media over plain HTTP",
    edit: { on: MEDIA_POLICY, without: ["policy.Statement.1"] },
    rule: "s3-bucket-denies-plain-http",
  },
  {
    what: "no versions of media",
    edit: {
      on: ["aws:s3/bucketVersioning:BucketVersioning", "media"],
      set: { "versioningConfiguration.status": "Suspended" },
    },
    rule: "s3-bucket-versioned",
  },
  {
    what: "no encryption of the audit records",
    edit: {
      removed: [
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "account-audit-records",
      ],
    },
    rule: "s3-bucket-encrypted",
  },
  {
    what: "uploads that never end",
    edit: { removed: ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "delivery-releases"] },
    rule: "s3-bucket-aborts-unfinished-uploads",
  },
  {
    what: "ACLs on the media bucket",
    edit: {
      on: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "media"],
      set: { "rule.objectOwnership": "ObjectWriter" },
    },
    rule: "s3-acls-disabled",
  },
  {
    what: "a bucket that goes with its images",
    edit: { setting: "media.deleteObjectsWithBucket", to: true },
    rule: "s3-bucket-not-force-destroyed",
  },
  // CDN
  {
    what: "media over plain HTTP at the edge",
    edit: { on: CDN, set: { "defaultCacheBehavior.viewerProtocolPolicy": "allow-all" } },
    rule: "cloudfront-viewers-use-https",
  },
  {
    what: "TLS 1.0 at the edge",
    edit: { on: CDN, set: { "viewerCertificate.minimumProtocolVersion": "TLSv1" } },
    rule: "cloudfront-minimum-tls",
  },
  {
    what: "the bucket without origin access control",
    edit: { on: CDN, without: ["origins.0.originAccessControlId"] },
    rule: "cloudfront-s3-origin-access-control",
  },
  // Identity, keys, and secrets
  {
    what: "every action for the API",
    edit: { on: TASK_POLICY, set: { "policy.Statement.0.Action": "*", "policy.Statement.0.Resource": "*" } },
    rule: "iam-no-administrator-statement",
  },
  {
    what: "every object of every bucket for the API",
    edit: { on: TASK_POLICY, set: { "policy.Statement.2.Resource": "*" } },
    rule: "iam-no-wildcard-resource",
  },
  {
    what: "any branch deploys to production",
    edit: {
      on: DEPLOY,
      set: {
        "assumeRolePolicy.Statement.0.Condition": {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" },
        },
      },
    },
    rule: "iam-oidc-trust-pinned",
  },
  {
    what: "an administrator",
    edit: {
      added: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin"],
      inputs: { role: "groundwork-production-roles-task", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
    rule: "iam-no-administrator-policy",
  },
  {
    what: "a user with keys",
    edit: { added: ["aws:iam/accessKey:AccessKey", "ci"], inputs: { user: "ci" } },
    rule: "iam-no-users",
  },
  {
    what: "Datadog without an external id",
    edit: { on: ["aws:iam/role:Role", "datadog-datadog"], without: ["assumeRolePolicy.Statement.0.Condition"] },
    rule: "iam-foreign-trust-has-external-id",
  },
  { what: "a key that never changes", edit: { on: KEY, set: { enableKeyRotation: false } }, rule: "kms-key-rotates" },
  {
    what: "a key for everyone",
    edit: { on: KEY, set: { "policy.Statement.0.Principal": "*" } },
    rule: "kms-key-policy-not-public",
  },
  {
    what: "a key that is gone in a week",
    edit: { setting: "protection.keyDeletionWindowDays", to: 7 },
    rule: "kms-key-deletion-window",
  },
  {
    what: "signing keys that never change",
    edit: { removed: ["aws:secretsmanager/secretRotation:SecretRotation", "secrets-jwt-signing-keys"] },
    rule: "secretsmanager-secret-rotates",
  },
  {
    what: "secrets that are gone at once",
    edit: { setting: "secrets.recoveryWindowDays", to: 0 },
    rule: "secretsmanager-recovery-window",
  },
  // Logs and alarms
  {
    what: "logs that are kept for ever",
    edit: {
      on: ["aws:cloudwatch/logGroup:LogGroup", "/groundwork-production-api/containers"],
      without: ["retentionInDays"],
    },
    rule: "cloudwatch-log-retention",
  },
  {
    what: "an alarm that tells nobody",
    edit: { on: ["aws:cloudwatch/metricAlarm:MetricAlarm", "api-target-5xx"], set: { alarmActions: [] } },
    rule: "cloudwatch-alarm-acts",
  },
  {
    what: "a trail of one region",
    edit: { on: TRAIL, set: { isMultiRegionTrail: false } },
    rule: "cloudtrail-all-regions",
  },
  {
    what: "a trail that can be forged",
    edit: { on: TRAIL, without: ["enableLogFileValidation"] },
    rule: "cloudtrail-log-validation",
  },
  { what: "alarms in clear", edit: { on: TOPIC, without: ["kmsMasterKeyId"] }, rule: "sns-encrypted-at-rest" },
  {
    what: "anyone may write to the alarms' topic",
    edit: { on: TOPIC_POLICY, set: { "policy.Statement.0.Principal": "*", "policy.Statement.0.Condition": {} } },
    rule: "sns-policy-not-public",
  },
  { what: "a budget that tells nobody", edit: { on: BUDGET, set: { notifications: [] } }, rule: "budgets-notify" },
  { what: "no budget", edit: { removed: BUDGET }, rule: "budgets-stack-has-budget" },
  // Atlas
  {
    what: "Atlas from the world",
    edit: {
      added: ["mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", "all"],
      inputs: { projectId: "1d4b74b21f2ec1f5e9c9a5e7", cidrBlock: "0.0.0.0/0" },
    },
    rule: "mongodbatlas-access-list-not-world",
  },
  {
    what: "no backup of the database",
    edit: { on: CLUSTER, set: { backupEnabled: false } },
    rule: "mongodbatlas-backups-on",
  },
  {
    what: "no point in time to go back to",
    edit: { on: CLUSTER, set: { pitEnabled: false } },
    rule: "mongodbatlas-point-in-time-recovery",
  },
  {
    what: "old TLS to the database",
    edit: { on: CLUSTER, set: { "advancedConfiguration.minimumEnabledTlsProtocol": "TLS1_0" } },
    rule: "mongodbatlas-tls-1-2",
  },
  {
    what: "a database that can be deleted",
    edit: { on: CLUSTER, set: { terminationProtectionEnabled: false } },
    rule: "mongodbatlas-termination-protection",
  },
  {
    what: "one database node",
    edit: { on: CLUSTER, set: { "replicationSpecs.0.regionConfigs.0.electableSpecs.nodeCount": 1 } },
    rule: "mongodbatlas-three-electable-nodes",
  },
  {
    what: "an Atlas administrator",
    edit: {
      on: ["mongodbatlas:index/databaseUser:DatabaseUser", "database-application"],
      set: { "roles.0": { databaseName: "admin", roleName: "atlasAdmin" } },
    },
    rule: "mongodbatlas-user-not-administrator",
  },
  {
    what: "backups of two days",
    edit: { on: SCHEDULE, set: { "policyItemDaily.retentionValue": 2 } },
    rule: "mongodbatlas-backups-kept",
  },
  {
    what: "no audit of the database",
    edit: { removed: ["mongodbatlas:index/auditing:Auditing", "database"] },
    rule: "mongodbatlas-audited",
  },
  // Cloudflare
  {
    what: "plain HTTP to the origin",
    edit: { on: zone("ssl"), set: { value: "flexible" } },
    rule: "cloudflare-zone-ssl-strict",
  },
  {
    what: "TLS 1.0 at Cloudflare",
    edit: { on: zone("min_tls_version"), set: { value: "1.0" } },
    rule: "cloudflare-zone-min-tls-1-2",
  },
  { what: "no HSTS", edit: { removed: zone("security_header") }, rule: "cloudflare-zone-hsts" },
  {
    what: "development mode",
    edit: { on: zone("development_mode"), set: { value: "on" } },
    rule: "cloudflare-zone-development-mode-off",
  },
  // Datadog
  {
    what: "a monitor that tells nobody",
    edit: { on: MONITOR, set: { message: "Too many errors." } },
    rule: "datadog-monitor-notifies",
  },
  { what: "no check of the API", edit: { removed: UPTIME }, rule: "exposure-host-tested" },
  // The stack as a whole
  {
    what: "staging's database in production",
    edit: {
      on: TASK,
      set: {
        "containerDefinitions.0.environment.2": {
          name: "MONGODB_URI",
          value: "mongodb+srv://groundwork-staging-database.78f91.mongodb.net",
        },
      },
    },
    rule: "environment-names-own",
  },
  {
    what: "an environment tag of another environment",
    edit: { on: CACHE, set: { "tags.Environment": "staging", "tagsAll.Environment": "staging" } },
    rule: "environment-tags-own",
  },
  {
    what: "a group that nothing uses",
    edit: {
      added: ["aws:ec2/securityGroup:SecurityGroup", "spare"],
      inputs: { description: "For later.", vpcId: "vpc-1", tags: { Service: "network" } },
    },
    rule: "orphans-security-group",
  },
  // Across the stack, and what is left of the parts above
  {
    what: "the default group lets its members talk",
    edit: {
      on: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default"],
      set: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, self: true, description: "Each other." }] },
    },
    rule: "ec2-default-security-group-closed",
  },
  {
    what: "a flow log of refusals alone",
    edit: { on: ["aws:ec2/flowLog:FlowLog", "network-flow-logs"], set: { trafficType: "REJECT" } },
    rule: "vpc-flow-log-enabled",
  },
  {
    what: "an open S3 endpoint",
    edit: { on: ["aws:ec2/vpcEndpoint:VpcEndpoint", "network-s3"], without: ["policy"] },
    rule: "vpc-endpoint-policy-not-open",
  },
  {
    what: "the cache in clear on disk",
    edit: { on: CACHE, set: { atRestEncryptionEnabled: false } },
    rule: "elasticache-encrypted-at-rest",
  },
  {
    what: "a cache engine that nobody mends",
    edit: { on: CACHE, set: { engine: "redis", engineVersion: "5.0.6" } },
    rule: "elasticache-engine-supported",
  },
  {
    what: "a role for whoever asks",
    edit: {
      on: ["aws:iam/role:Role", "roles-task"],
      set: { "assumeRolePolicy.Statement.0.Principal": { AWS: "*" }, "assumeRolePolicy.Statement.0.Condition": {} },
    },
    rule: "iam-trust-not-public",
  },
  {
    what: "one role for starting and running",
    edit: {
      on: TASK,
      set: {
        executionRoleArn: "arn:aws:iam::444455556666:role/one",
        taskRoleArn: "arn:aws:iam::444455556666:role/one",
      },
    },
    rule: "ecs-task-role-apart",
  },
  {
    what: "a role without a boundary",
    edit: { on: ["aws:iam/role:Role", "roles-task"], without: ["permissionsBoundary"] },
    rule: "iam-role-has-boundary",
  },
  {
    what: "the media bucket may be deleted",
    edit: { on: ["aws:s3/bucket:Bucket", "media-objects"], protect: false },
    rule: "protection-stateful-protected",
  },
  {
    what: "no core rules of OWASP",
    edit: { on: ["cloudflare:index/ruleset:Ruleset", "zone-http_request_firewall_managed"], without: ["rules.1"] },
    rule: "cloudflare-zone-owasp-rules",
  },
  {
    what: "no limit on requests",
    edit: { removed: ["cloudflare:index/ruleset:Ruleset", "zone-http_ratelimit"] },
    rule: "cloudflare-zone-rate-limits",
  },
  {
    what: "anyone may be the origin's client",
    edit: {
      on: ["cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings", "origin-pull"],
      set: { enabled: false },
    },
    rule: "cloudflare-origin-pulls-authenticated",
  },
  {
    what: "the admin pages for everyone",
    edit: {
      on: ["cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy", "admin"],
      set: { includes: [{ everyone: {} }] },
    },
    rule: "cloudflare-access-not-everyone",
  },
  {
    what: "a check from one place",
    edit: { on: UPTIME, set: { locations: ["aws:us-east-1"] } },
    rule: "datadog-synthetics-locations",
  },
  {
    what: "a monitor without priority",
    edit: { on: MONITOR, without: ["priority"] },
    rule: "datadog-monitor-priority",
  },
  {
    what: "backups that can be deleted early",
    edit: { removed: ["aws:backup/vaultLockConfiguration:VaultLockConfiguration", "backups"] },
    rule: "backup-vault-locked",
  },
  {
    what: "a budget that is told too late",
    edit: { on: BUDGET, without: ["notifications.3"] },
    rule: "budgets-notify",
  },
];
