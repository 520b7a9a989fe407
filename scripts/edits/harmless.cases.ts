import type { Edit } from "./edit.ts";

/** An edit of production about which no rule says anything. */
export interface HarmlessEdit {
  readonly what: string;
  readonly edit: Edit;
}

export const harmlessEdits: readonly HarmlessEdit[] = [
  { what: "more tasks", edit: { on: ["aws:ecs/service:Service", "api"], set: { desiredCount: 4 } } },
  {
    what: "a larger task",
    edit: { on: ["aws:ecs/taskDefinition:TaskDefinition", "api"], set: { cpu: "1024", memory: "2048" } },
  },
  {
    what: "a tag more on the cache",
    edit: {
      on: ["aws:elasticache/replicationGroup:ReplicationGroup", "cache-data"],
      set: { "tags.Note": "larger next month" },
    },
  },
  {
    what: "a larger cache",
    edit: {
      on: ["aws:elasticache/replicationGroup:ReplicationGroup", "cache-data"],
      set: { nodeType: "cache.t4g.small" },
    },
  },
  {
    what: "snapshots of the cache for two weeks",
    edit: {
      on: ["aws:elasticache/replicationGroup:ReplicationGroup", "cache-data"],
      set: { snapshotRetentionLimit: 14 },
    },
  },
  {
    what: "logs for a year",
    edit: {
      on: ["aws:cloudwatch/logGroup:LogGroup", "/groundwork-production-api/containers"],
      set: { retentionInDays: 365 },
    },
  },
  {
    what: "another health check path",
    edit: {
      on: ["aws:lb/targetGroup:TargetGroup", "groundwork-p-b318e2-http"],
      set: { "healthCheck.path": "/heartbeat" },
    },
  },
  {
    what: "a longer draining",
    edit: { on: ["aws:lb/targetGroup:TargetGroup", "groundwork-p-b318e2-http"], set: { deregistrationDelay: 60 } },
  },
  {
    what: "a longer idle timeout",
    edit: { on: ["aws:lb/loadBalancer:LoadBalancer", "groundwork-pr-2614e3-alb"], set: { idleTimeout: 120 } },
  },
  {
    what: "another TLS policy of TLS 1.3",
    edit: { on: ["aws:lb/listener:Listener", "edge-https"], set: { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" } },
  },
  {
    what: "dearer edges of the CDN",
    edit: { on: ["aws:cloudfront/distribution:Distribution", "media"], set: { priceClass: "PriceClass_All" } },
  },
  {
    what: "a larger budget",
    edit: { on: ["aws:budgets/budget:Budget", "costs-monthly"], set: { limitAmount: "400" } },
  },
  {
    what: "one more origin for uploads",
    edit: {
      on: ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "media"],
      set: {
        "corsRules.0.allowedOrigins": [
          "https://www.example.com",
          "https://admin.example.com",
          "https://shop.example.com",
        ],
      },
    },
  },
  { what: "old versions for longer", edit: { setting: "media.noncurrentVersionDays", to: 60 } },
  {
    what: "a tag more in the environment",
    edit: {
      on: ["aws:ecs/taskDefinition:TaskDefinition", "api"],
      set: { "containerDefinitions.0.environment.0": { name: "ENVIRONMENT", value: "production" } },
    },
  },
  {
    what: "a variable more",
    edit: {
      on: ["aws:ecs/taskDefinition:TaskDefinition", "api"],
      set: { "containerDefinitions.0.environment.0": { name: "LOG_LEVEL", value: "debug" } },
    },
  },
  {
    what: "a monitor with another threshold",
    edit: { on: ["datadog:index/monitor:Monitor", "monitoring-alb-5xx"], set: { "monitorThresholds.critical": "20" } },
  },
  {
    what: "a check every minute",
    edit: {
      on: ["datadog:index/syntheticsTest:SyntheticsTest", "monitoring-uptime-api"],
      set: { "optionsList.tickEvery": 60 },
    },
  },
  { what: "a dashboard less", edit: { removed: ["datadog:index/dashboardJson:DashboardJson", "monitoring"] } },
  { what: "a scaling policy less", edit: { removed: ["aws:appautoscaling/policy:Policy", "api-requests"] } },
  {
    what: "a larger database when busy",
    edit: {
      on: ["mongodbatlas:index/advancedCluster:AdvancedCluster", "database-cluster"],
      set: { "replicationSpecs.0.regionConfigs.0.autoScaling.computeMaxInstanceSize": "M40" },
    },
  },
  {
    what: "daily backups for longer",
    edit: {
      on: ["mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule", "database"],
      set: { "policyItemDaily.retentionValue": 60 },
    },
  },
  {
    what: "a TXT record",
    edit: {
      added: ["cloudflare:index/dnsRecord:DnsRecord", "verification"],
      inputs: {
        zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
        type: "TXT",
        name: "example.com",
        content: '"google-site-verification=abc"',
        ttl: 300,
      },
    },
  },
  {
    what: "longer names in a description",
    edit: {
      on: ["aws:kms/key:Key", "secrets"],
      set: { description: "Secrets Manager entries of this stack, and nothing else" },
    },
  },
];
