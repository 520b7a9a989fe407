/** What a change of one setting of production does. */
export interface Effect {
  /** Another value that the program can build: of a key of the stack file, its text. */
  readonly to: unknown;
  /** Components of which something changes, by name; `provider <name>` for what all of a provider's resources inherit. */
  readonly changes: readonly string[];
  /** It adds what other settings change: the test changes it together with none of them. */
  readonly alone?: true;
}

/** Tags come to AWS's resources by their providers; Atlas, Datadog, and its agent beside the API are given them one by one. */
const tagged = [
  "provider aws",
  "provider aws-us-east-1",
  "provider aws-recovery",
  "api",
  "database",
  "datadog",
  "monitoring",
];

/** By the choice's path in environments.ts, or the key of the stack file. */
export const effects: Readonly<Record<string, Effect>> = {
  "protection.protectStateful": {
    to: false,
    changes: [
      "account",
      "backups",
      "cache",
      "costs",
      "database",
      "database-logs",
      "delivery",
      "edge",
      "images",
      "logs",
      "media",
      "secrets",
    ],
  },
  "protection.keyDeletionWindowDays": { to: 14, changes: ["account", "alarms", "backups", "logs", "secrets"] },
  // The other components stand in the network's subnets.
  "network.availabilityZones": { to: 3, changes: ["network", "edge", "database", "cache", "api"] },
  "network.natGateways": { to: "Single", changes: ["network"] },
  "network.flowLogRetentionDays": { to: 30, changes: ["network"] },
  // So far none of them pays.
  "endpoints.trafficGbPerMonth": {
    alone: true,
    to: { "ecr.api": 0.1, "ecr.dkr": 1, logs: 1000, secretsmanager: 0.1, kms: 0.1, appconfigdata: 1 },
    changes: ["endpoints", "security-groups"],
  },
  "loadBalancer.accessLogDays": { to: 30, changes: ["edge"] },
  "originPull.generations": {
    to: [
      { number: 1, notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" },
      { number: 2, notBefore: "2027-01-01T00:00:00Z", notAfter: "2037-01-01T00:00:00Z" },
    ],
    changes: ["origin-pull"],
  },
  "secrets.recoveryWindowDays": { to: 7, changes: ["secrets"] },
  "secrets.replicated": { to: false, changes: ["secrets"] },
  // Without the function, there is no alarm on it.
  "secrets.keyRotationDays": { to: "never", changes: ["secrets", "cloudwatch"] },
  "secrets.rotationLogRetentionDays": { to: 30, changes: ["secrets"] },
  // Where browsers upload to, and the API that they ask for permission.
  "media.localOrigins": { to: ["http://localhost:3000"], changes: ["media", "api"] },
  "media.noncurrentVersionDays": { to: 7, changes: ["media"] },
  "media.deleteObjectsWithBucket": { to: true, changes: ["media"] },
  "media.cacheSeconds": { to: 3600, changes: ["media"] },
  // Without a vault, nobody watches it.
  "backups.enabled": { to: false, changes: ["backups", "monitoring", "cloudwatch"] },
  "backups.continuous": { to: false, changes: ["backups"] },
  "backups.retentionDays": { to: 14, changes: ["backups"] },
  "backups.copyToRecoveryRegion": { to: false, changes: ["backups"] },
  // The cost report alone reads it; AWS watches its own part.
  "costs.monthlyLimitUsd": { to: 300, changes: [] },
  "costs.awsMonthlyLimitUsd": { to: 300, changes: ["costs"] },
  "costs.anomalyThresholdUsd": { to: 30, changes: ["costs"] },
  "costs.accountWide": { to: false, changes: ["costs"] },
  "costs.exportRetentionDays": { to: 800, changes: ["costs"] },
  "edge.plan": { to: "business", changes: ["zone"] },
  // Paid in Cloudflare's dashboard: the cost report alone reads it.
  "edge.planBilling": { to: "monthly", changes: [] },
  "edge.sensitivePaths": { to: ["*/login"], changes: ["zone"] },
  "edge.sensitiveLimit": { to: { requests: 10, periodSeconds: 60, blockSeconds: 600 }, changes: ["zone"] },
  "edge.generalLimit": { to: { requests: 900, periodSeconds: 60, blockSeconds: 60 }, changes: ["zone"] },
  "edge.spf": { to: "v=spf1 include:mail.example.net -all", changes: ["zone"] },
  "edge.hstsMaxAgeSeconds": { to: 63_072_000, changes: ["zone"] },
  "sites.productionBranch": { to: "release", changes: ["storefront", "admin"] },
  // Both sides: what a branch's pages are told, and whom the API answers.
  "sites.previewsReachApi": { to: true, changes: ["storefront", "admin", "api"] },
  "sites.adminSession": { to: "4h", changes: ["admin"] },
  // The user's engine is the one of its group.
  "cache.engine": { to: "redis", changes: ["cache", "cache-user"] },
  "cache.nodeType": { to: "cache.t4g.small", changes: ["cache"] },
  // Each node has its alarms.
  "cache.replicas": { to: 2, changes: ["cache", "cloudwatch"] },
  "cache.evictionPolicy": { to: "allkeys-lru", changes: ["cache"] },
  "cache.snapshotRetentionDays": { to: 14, changes: ["cache"] },
  "cache.finalSnapshot": { to: false, changes: ["cache"] },
  "cache.applyImmediately": { to: true, changes: ["cache"] },
  "cache.logRetentionDays": { to: 90, changes: ["cache"] },
  "images.keep": { to: 50, changes: ["images"] },
  "images.deleteImagesWithRepository": { to: true, changes: ["images"] },
  "baseline.perAccount": { to: false, changes: ["account"] },
  "baseline.auditTrailRetentionDays": { to: 400, changes: ["account"] },
  "baseline.deleteAuditTrail": { to: true, changes: ["account"] },
  "baseline.guardDuty": { to: false, changes: ["account"] },
  "service.cpuUnits": { to: 256, changes: ["api"] },
  "service.memoryMegabytes": { to: 2048, changes: ["api"] },
  "service.desiredCount": { to: 3, changes: ["api"] },
  "service.maximumCount": { to: 8, changes: ["api"] },
  "service.hours": { to: { from: "06:00", to: "22:00", timeZone: "Etc/UTC" }, changes: ["api"] },
  "service.capacityProvider": { to: "FARGATE_SPOT", changes: ["api"] },
  "service.containerInsights": { to: "enhanced", changes: ["cluster"] },
  "service.logRetentionDays": { to: 90, changes: ["api"] },
  "runtimeConfig.bakeMinutes": { to: 5, changes: ["runtime-config"] },
  // The size decides how many connections are too many.
  "database.instanceSize": { to: "M20", changes: ["database", "monitoring"] },
  "database.maxInstanceSize": { to: "M40", changes: ["database"] },
  "database.privateEndpoint": { to: "Single", changes: ["database"] },
  "database.snapshotRetentionDays": { to: 14, changes: ["database"] },
  "database.restoreWindowDays": { to: 3, changes: ["database"] },
  "database.copySnapshots": { to: false, changes: ["database"] },
  "database.maintenanceDay": { to: 4, changes: ["database"] },
  "database.deferMaintenance": { to: false, changes: ["database"] },
  "database.exportLogs": { to: false, changes: ["database-logs"] },
  "database.logRetentionDays": { to: 30, changes: ["database-logs"] },
  "monitoring.checkIntervalSeconds": { to: 600, changes: ["monitoring"] },
  "monitoring.checkLocations": { to: ["aws:us-east-1", "aws:eu-west-1"], changes: ["monitoring"] },
  "monitoring.pageHandles": { to: ["@pagerduty-other"], changes: ["monitoring"] },
  "monitoring.noticeHandles": { to: ["@slack-other"], changes: ["monitoring"] },
  // The function, the key that it reads, and the alarm on what it could not hand on.
  "monitoring.paging": { to: false, changes: ["paging", "secrets", "cloudwatch"] },
  "monitoring.p95Seconds": { to: 0.8, changes: ["monitoring"] },
  "delivery.image": { to: "pull", changes: ["delivery"] },
  // Roles and what they may touch, the certificate's names, and the zone's rules about machines.
  "delivery.previews": { to: true, changes: ["delivery", "certificate", "zone", "preview-images"] },
  "delivery.recordVersionDays": { to: 400, changes: ["delivery"] },

  // An account and a region stand in what names resources before they exist: keys', roles', and buckets' policies.
  awsAccountId: {
    to: "222233334444",
    changes: [
      "provider aws",
      "provider aws-us-east-1",
      "provider aws-recovery",
      "account",
      "alarms",
      "api",
      "backups",
      "boundary",
      "cloudwatch",
      "costs",
      "datadog",
      "delivery",
      "edge",
      "logs",
      "network",
      "paging",
      "roles",
      "runtime-config",
      "secrets",
    ],
  },
  region: {
    to: "eu-west-1",
    changes: [
      "provider aws",
      "account",
      "alarms",
      "api",
      "cloudwatch",
      "costs",
      "database",
      "datadog",
      "delivery",
      "logs",
      "network",
      "paging",
      "roles",
      "runtime-config",
      "secrets",
    ],
  },
  recoveryRegion: { to: "eu-central-1", changes: ["provider aws-recovery", "database", "delivery", "secrets"] },
  // Hosts, their certificates and records, and who asks them whether they are well.
  domain: {
    to: "example.net",
    changes: ["zone", "certificate", "storefront", "admin", "media", "api", "monitoring"],
  },
  vpcCidr: { to: "10.2.0.0/16", changes: ["network"] },
  owner: { to: "shop", changes: tagged },
  costCenter: { to: "shop", changes: tagged },
  cloudflareAccountId: { to: "0123456789abcdef0123456789abcdef", changes: ["storefront", "admin"] },
  // Whatever has a record in the zone.
  cloudflareZoneId: {
    to: "0123456789abcdef0123456789abcdef",
    changes: ["zone", "origin-pull", "certificate", "storefront", "admin", "media", "api"],
  },
  atlasOrganizationId: { to: "0123456789abcdef01234567", changes: ["database"] },
  // Where the agent and Atlas send to; each site trusts another account of Datadog's.
  datadogSite: { to: "ap1.datadoghq.com", changes: ["provider datadog", "datadog", "api", "database"] },
  // Who may deploy, and where the runbook is that alarms point to.
  githubRepository: { to: "example-org/shop", changes: ["delivery", "monitoring", "cloudwatch"] },
  adminEmailDomains: { to: "example.edu", changes: ["admin"] },
  alertEmail: { to: "shop@example.net", changes: ["alarms", "costs", "database"] },
  imageDigest: { to: `sha256:${"0".repeat(64)}`, changes: ["api"] },
  version: { to: "1.4.0", changes: ["api"] },
  commit: { to: "0123456789abcdef0123456789abcdef01234567", changes: ["api"] },
  // Where no task is meant to run, no alarm says that one is missing.
  desiredCount: { to: "0", changes: ["api", "cloudwatch"] },
  expiresAt: {
    to: "2027-01-01T20:00:00Z",
    changes: ["provider aws", "provider aws-us-east-1", "provider aws-recovery"],
  },
  costAllocationTagsBilled: { to: "true", changes: ["costs"] },
};
