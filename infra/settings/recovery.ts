import { choicesOf } from "./environments.ts";
import type { EnvironmentName } from "./stacks.ts";

/** What can be brought back, and how soon. */
export interface Recovery {
  /** How much of the newest is lost at most. */
  readonly point: string;
  /** How long it takes until it is back, once somebody has decided to restore. */
  readonly time: string;
  /** How far back one can go. */
  readonly retention: string;
}

/** Resources of the program that hold a store's data. */
export interface Holder {
  readonly type: string;
  /** End of the logical name, after a hyphen or a slash, where the type alone does not tell the store. */
  readonly ending?: string;
}

export interface DataStore {
  readonly holds: string;
  /** None for what the program does not make. */
  readonly resources: readonly Holder[];
  readonly coveredBy: string;
  readonly recovery: Readonly<Record<EnvironmentName, Recovery>>;
}

const S3_BUCKET = "aws:s3/bucket:Bucket";

/** Types that hold what is lost with them. A type that is new to the program and holds data belongs here first. */
export const statefulTypes: ReadonlySet<string> = new Set([
  S3_BUCKET,
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/directoryBucket:DirectoryBucket",
  "aws:s3tables/tableBucket:TableBucket",
  "aws:dynamodb/table:Table",
  "aws:docdb/cluster:Cluster",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:kinesis/stream:Stream",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:sqs/queue:Queue",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:memorydb/cluster:Cluster",
  "aws:secretsmanager/secret:Secret",
  "aws:ssm/parameter:Parameter",
  "aws:ecr/repository:Repository",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:backup/vault:Vault",
  "aws:kms/key:Key",
  "mongodbatlas:index/advancedCluster:AdvancedCluster",
  "mongodbatlas:index/cluster:Cluster",
  "mongodbatlas:index/flexCluster:FlexCluster",
  "mongodbatlas:index/serverlessInstance:ServerlessInstance",
  "cloudflare:index/d1Database:D1Database",
  "cloudflare:index/r2Bucket:R2Bucket",
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
]);

const bucket = (ending: string): Holder => ({ type: S3_BUCKET, ending });

const everywhere = (recovery: Recovery): Readonly<Record<EnvironmentName, Recovery>> => ({
  production: recovery,
  staging: recovery,
  preview: recovery,
});

/** A preview holds copies and examples: it is made again, not restored. */
const disposable: Recovery = { point: "everything", time: "20 minutes: a new preview", retention: "none" };

const borrowed: Recovery = { point: "staging's", time: "staging's", retention: "staging's" };

const nobodyPaged: Recovery = { point: "none there", time: "none there", retention: "none" };

const kept = (days: number, point: string, time: string): Recovery => ({
  point,
  time,
  retention: days === 1 ? "1 day" : `${days} days`,
});

const production = choicesOf("production");
const staging = choicesOf("staging");

/** What a drill of the database is measured against. */
export interface DatabaseObjective {
  /** How old at most the newest may be that comes back. */
  readonly pointHours: number;
  /** From the decision to restore to the last check of what came back. */
  readonly timeHours: number;
}

/** Production's are the brief's; its restore window does better. A preview is made again. */
export const databaseObjectives = {
  production: { pointHours: 1, timeHours: 1 },
  staging: { pointHours: 24, timeHours: 1 },
} as const satisfies Record<Exclude<EnvironmentName, "preview">, DatabaseObjective>;

const hours = (count: number): string => (count === 1 ? "1 hour" : `${count} hours`);

/**
 * Every store of data: what covers it, and what can be brought back. The times are those to plan with, from the size of
 * data that the cost targets allow; a drill measures them.
 */
export const dataStores = {
  database: {
    holds: "Customers, catalogue, and orders: MongoDB Atlas",
    resources: [{ type: "mongodbatlas:index/advancedCluster:AdvancedCluster" }],
    coveredBy:
      "Atlas: daily snapshots at 03:00 UTC; in production also any moment of the restore window, and copies in the recovery region",
    recovery: {
      production: {
        point: `1 minute (${production.database.restoreWindowDays} days back), 24 hours (snapshot, copy)`,
        time: `${hours(databaseObjectives.production.timeHours)}: a restore to a new cluster`,
        retention: `${production.database.snapshotRetentionDays} days`,
      },
      staging: kept(
        staging.database.snapshotRetentionDays,
        hours(databaseObjectives.staging.pointHours),
        hours(databaseObjectives.staging.timeHours),
      ),
      preview: { ...disposable, time: "minutes: the database of a preview is filled with examples" },
    },
  },
  cache: {
    holds: "Sessions, counters, and cached values: ElastiCache",
    resources: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup" }],
    coveredBy: "ElastiCache: a replica in another zone in production, and daily snapshots",
    recovery: {
      production: kept(production.cache.snapshotRetentionDays, "seconds (replica), 24 hours (snapshot)", "30 minutes"),
      staging: kept(staging.cache.snapshotRetentionDays, "24 hours", "30 minutes"),
      preview: { ...disposable, time: "at once: people sign in again" },
    },
  },
  media: {
    holds: "Images that customers uploaded",
    resources: [bucket("objects")],
    coveredBy:
      "S3 versions, and AWS Backup in a locked vault; in production continuously and with a copy in the recovery region",
    recovery: {
      production: kept(
        production.backups.retentionDays,
        "15 minutes (continuous), 24 hours (copy)",
        "1 hour: a restore into the bucket, by prefix",
      ),
      staging: kept(staging.backups.retentionDays, "24 hours", "1 hour"),
      preview: disposable,
    },
  },
  backups: {
    holds: "Recovery points of the images",
    resources: [{ type: "aws:backup/vault:Vault" }],
    coveredBy: "a vault lock in governance mode, and in production a second vault in the recovery region",
    recovery: {
      production: kept(production.backups.retentionDays, "24 hours (copy)", "1 hour"),
      staging: { point: "everything", time: "24 hours: the next snapshot", retention: "none" },
      preview: disposable,
    },
  },
  secrets: {
    holds: "Signing keys, and keys of third parties: Secrets Manager",
    resources: [{ type: "aws:secretsmanager/secret:Secret" }],
    coveredBy:
      "the recovery window of a deleted secret; replicas in the recovery region in production; rotation makes new signing keys, and third parties give new ones",
    recovery: {
      production: kept(production.secrets.recoveryWindowDays, "nothing", "15 minutes"),
      staging: kept(staging.secrets.recoveryWindowDays, "nothing", "30 minutes"),
      preview: disposable,
    },
  },
  encryptionKeys: {
    holds: "Keys that encrypt all of the above: KMS",
    resources: [{ type: "aws:kms/key:Key" }],
    coveredBy: "the waiting period before KMS deletes a key; what a deleted key encrypted is gone",
    recovery: {
      production: kept(production.protection.keyDeletionWindowDays, "nothing", "minutes: the deletion is cancelled"),
      staging: kept(staging.protection.keyDeletionWindowDays, "nothing", "minutes"),
      preview: disposable,
    },
  },
  state: {
    holds: "Pulumi's state: which resource is which",
    resources: [],
    coveredBy: "versions of the backend's own bucket, or Pulumi Cloud's history; at worst an import of what exists",
    recovery: everywhere({ point: "the last update", time: "30 minutes", retention: "90 days of versions" }),
  },
  images: {
    holds: "Container images: ECR",
    resources: [{ type: "aws:ecr/repository:Repository" }],
    coveredBy: "the repository: a tag or commit is built again. Production's digest also lies in staging's registry",
    recovery: everywhere({
      point: "nothing",
      time: "15 minutes: a copy, or a build of the same commit",
      retention: "the newest builds that the settings keep",
    }),
  },
  releases: {
    holds: "Release records: which digest ran when",
    resources: [bucket("releases")],
    coveredBy: "S3 versions; the same facts stand in the pipeline's history",
    recovery: {
      production: kept(production.delivery.recordVersionDays, "nothing", "30 minutes"),
      staging: kept(staging.delivery.recordVersionDays, "nothing", "30 minutes"),
      preview: borrowed,
    },
  },
  auditTrail: {
    holds: "Who changed what in the account: CloudTrail",
    resources: [bucket("records")],
    coveredBy: "S3 versions; CloudTrail itself shows the last 90 days",
    recovery: {
      production: kept(production.baseline.auditTrailRetentionDays, "15 minutes", "at once: read from CloudTrail"),
      staging: kept(staging.baseline.auditTrailRetentionDays, "15 minutes", "at once: read from CloudTrail"),
      preview: borrowed,
    },
  },
  requestLogs: {
    holds: "Requests as the load balancer saw them",
    resources: [bucket("logs")],
    coveredBy: "S3 versions; no copy: Datadog and Cloudflare saw the same requests",
    recovery: {
      production: kept(production.loadBalancer.accessLogDays, "5 minutes", "not restored"),
      staging: kept(staging.loadBalancer.accessLogDays, "5 minutes", "not restored"),
      preview: borrowed,
    },
  },
  databaseLogs: {
    holds: "What the database logged, and who did what in it",
    resources: [bucket("archive")],
    coveredBy: "S3 versions; Atlas itself keeps logs for 30 days",
    recovery: {
      production: kept(production.database.logRetentionDays, "5 minutes", "at once: read from Atlas"),
      staging: kept(staging.database.logRetentionDays, "5 minutes", "at once: read from Atlas"),
      preview: borrowed,
    },
  },
  logs: {
    holds: "Logs of the API, the cache, the network, and functions: CloudWatch",
    resources: [{ type: "aws:cloudwatch/logGroup:LogGroup" }],
    coveredBy: "no copy: Datadog holds the API's logs too",
    recovery: everywhere({ point: "everything", time: "not restored", retention: "each group's own, 30 to 90 days" }),
  },
  unpaged: {
    holds: "Alarms that PagerDuty did not take",
    resources: [{ type: "aws:sqs/queue:Queue", ending: "unpaged" }],
    coveredBy: "no copy: the same messages went out by e-mail",
    recovery: {
      production: kept(14, "everything", "not restored"),
      staging: nobodyPaged,
      preview: nobodyPaged,
    },
  },
  bill: {
    holds: "The exported bill",
    resources: [bucket("focus")],
    coveredBy: "AWS: a new export writes the current month again, and Cost Explorer shows the last 13 months",
    recovery: {
      ...everywhere(kept(production.costs.exportRetentionDays, "nothing", "24 hours: the next export")),
      preview: borrowed,
    },
  },
  clientAuthorities: {
    holds: "Certificates by which the load balancer knows Cloudflare",
    resources: [bucket("authorities")],
    coveredBy: "the program: it writes them again from its state",
    recovery: { ...everywhere({ point: "nothing", time: "minutes: pulumi up", retention: "none" }), preview: borrowed },
  },
} as const satisfies Record<string, DataStore>;

/** As much of a resource as tells what it holds. */
export interface StoredResource {
  readonly type: string;
  /** The logical name. */
  readonly name: string;
}

const holds = ({ type, ending }: Holder, resource: StoredResource): boolean =>
  resource.type === type && (ending === undefined || new RegExp(`[-/]${ending}$`).test(resource.name));

/** The resources that hold data and stand in no row of the table. */
export function uncovered<T extends StoredResource>(resources: readonly T[]): T[] {
  const holders = Object.values<DataStore>(dataStores).flatMap((store) => store.resources);
  return resources.filter(
    (resource) => statefulTypes.has(resource.type) && !holders.some((holder) => holds(holder, resource)),
  );
}
