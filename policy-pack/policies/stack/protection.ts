import { covers } from "../../support/iam/policy-document.ts";
import { companions, joinTo } from "../../support/join.ts";
import { leavesOf } from "../../support/leaf.ts";
import { at, isTrue, locate, numberOf, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { awsTags } from "../../support/tags/tagged.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";
import { someOf, type Verdict } from "../../support/verdict.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
const EFS_POLICY = "aws:efs/backupPolicy:BackupPolicy";

/** A provider's own input that refuses deletion, and the value that it must have. */
interface OwnProtection {
  readonly input: string;
  readonly value: boolean | string;
}

const flag = (input: string): OwnProtection => ({ input, value: true });
const none = undefined;

/** What is gone for good with its resource, and how its service itself can refuse to delete it. */
const STATEFUL: Readonly<Record<string, OwnProtection | undefined>> = {
  "aws:backup/vault:Vault": none,
  "aws:cognito/userPool:UserPool": { input: "deletionProtection", value: "ACTIVE" },
  "aws:docdb/cluster:Cluster": flag("deletionProtection"),
  "aws:docdb/elasticCluster:ElasticCluster": none,
  "aws:dsql/cluster:Cluster": flag("deletionProtectionEnabled"),
  "aws:dynamodb/table:Table": flag("deletionProtectionEnabled"),
  "aws:ebs/volume:Volume": none,
  "aws:ecr/repository:Repository": none,
  "aws:efs/fileSystem:FileSystem": none,
  "aws:elasticache/replicationGroup:ReplicationGroup": none,
  "aws:elasticache/serverlessCache:ServerlessCache": none,
  "aws:elasticsearch/domain:Domain": none,
  "aws:fsx/lustreFileSystem:LustreFileSystem": none,
  "aws:fsx/ontapFileSystem:OntapFileSystem": none,
  "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": none,
  "aws:fsx/windowsFileSystem:WindowsFileSystem": none,
  "aws:keyspaces/table:Table": none,
  "aws:memorydb/cluster:Cluster": none,
  "aws:msk/cluster:Cluster": none,
  "aws:neptune/cluster:Cluster": flag("deletionProtection"),
  "aws:opensearch/domain:Domain": none,
  "aws:rds/cluster:Cluster": flag("deletionProtection"),
  "aws:rds/globalCluster:GlobalCluster": flag("deletionProtection"),
  "aws:rds/instance:Instance": flag("deletionProtection"),
  "aws:redshift/cluster:Cluster": none,
  "aws:route53/zone:Zone": none,
  "aws:s3/bucket:Bucket": none,
  "aws:s3/bucketV2:BucketV2": none,
  "aws:s3/directoryBucket:DirectoryBucket": none,
  "aws:s3tables/tableBucket:TableBucket": none,
  "aws:secretsmanager/secret:Secret": none,
  "aws:timestreamwrite/table:Table": none,
  "cloudflare:index/d1Database:D1Database": none,
  "cloudflare:index/r2Bucket:R2Bucket": none,
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace": none,
  "cloudflare:index/zone:Zone": none,
  "mongodbatlas:index/advancedCluster:AdvancedCluster": flag("terminationProtectionEnabled"),
  "mongodbatlas:index/cluster:Cluster": flag("terminationProtectionEnabled"),
  "mongodbatlas:index/flexCluster:FlexCluster": flag("terminationProtectionEnabled"),
  "mongodbatlas:index/project:Project": none,
  "mongodbatlas:index/serverlessInstance:ServerlessInstance": flag("terminationProtectionEnabled"),
};

/** A member of an Aurora cluster holds nothing of its own, and a replica what its source holds. */
const isCopy = ({ type, props }: Resource): boolean =>
  type === "aws:rds/instance:Instance" && typeof props["replicateSourceDb"] === "string";

const isRemade = ({ name }: Resource, config: Config): boolean =>
  textsOf(config["remade"]).some((ending) => name.endsWith(ending));

/** A stateful resource that one removed line of the program deletes. */
function deletable(resource: Resource, config: Config): readonly Finding[] {
  if (resource.protect || isCopy(resource) || isRemade(resource, config)) return [];
  const own = STATEFUL[resource.type];
  const value = own === undefined ? undefined : resource.props[own.input];
  if (own !== undefined && value instanceof Unknown) return [{ property: own.input, unknown: value }];
  if (own !== undefined && (own.value === true ? isTrue.is(value) : value === own.value)) return [];
  return [
    {
      property: own?.input ?? "protect",
      wrong: "nothing keeps it from being deleted with all that it holds",
      fix: own === undefined ? "add protect: true to its options" : `set ${own.input}: ${JSON.stringify(own.value)}`,
    },
  ];
}

/** Says with which key a store encrypts, besides the store itself. */
const KEY_NAMERS = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/** Keys of stateful resources: without its key, what a store holds cannot be read. */
function deletableKeys(stack: Stack): readonly Finding[] {
  const keys = stack.ofType([KEY]).filter(({ protect }) => !protect);
  if (keys.length === 0) return [];
  const byName = new Map(keys.flatMap((key) => [key.props["arn"], key.props["keyId"]].map((name) => [name, key])));
  const byUrn = new Map(keys.map((key) => [key.urn, key]));
  const toKey = joinTo(keys);
  for (const alias of stack.ofType([ALIAS]))
    for (const key of toKey(alias, "targetKeyId")) {
      byUrn.set(alias.urn, key);
      for (const name of ["name", "arn"]) byName.set(alias.props[name], key);
    }
  const users = new Map<StackResource, StackResource>();
  for (const store of stack.ofType([...Object.keys(STATEFUL), ...KEY_NAMERS])) {
    const named = leavesOf(store.props).map(({ value }) => byName.get(value));
    const referred = [...store.references.values()].flatMap((urns) => [...urns].map((urn) => byUrn.get(urn)));
    for (const key of [...named, ...referred]) if (key !== undefined) users.set(key, store);
  }
  return [...users].map(([key, store]) => ({
    urn: key.urn,
    property: "protect",
    wrong: `nothing keeps it from being deleted, and "${store.name}" cannot be read without it`,
    fix: "add protect: true to its options",
  }));
}

/** Whether a store keeps backups itself, for as many days. */
type Keeps = (store: StackResource, days: number, stack: Stack) => Verdict;

const daysIn =
  (input: string, byDefault: number): Keeps =>
  ({ props }, days) => {
    const value = props[input];
    return value instanceof Unknown ? value : (numberOf(value) ?? byDefault) >= days;
  };

const switchedOn =
  (path: string, on: string): Keeps =>
  ({ props }) => {
    const value = at(props, path);
    return value instanceof Unknown ? value : value === on || (on === "true" && value === true);
  };

const inPlanAlone: Keeps = () => false;

const hasBackupPolicy: Keeps = (store, _days, stack) =>
  someOf(
    companions(
      [store],
      stack.ofType([EFS_POLICY]),
      "fileSystemId",
    )(store).map(({ props }): Verdict => {
      const status = at(props, "backupPolicy.status");
      return status instanceof Unknown ? status : status === "ENABLED";
    }),
  );

interface Store {
  readonly keeps: Keeps;
  readonly property: string;
  /** What to set, with the number of days in place of N. */
  readonly fix: string;
}

/** Stores whose own service has no rule about backups here. RDS, ElastiCache, S3, and Atlas have theirs in their files. */
const STORES: Readonly<Record<string, Store>> = {
  "aws:docdb/cluster:Cluster": {
    keeps: daysIn("backupRetentionPeriod", 1),
    property: "backupRetentionPeriod",
    fix: "set backupRetentionPeriod: N",
  },
  "aws:dynamodb/table:Table": {
    keeps: switchedOn("pointInTimeRecovery.enabled", "true"),
    property: "pointInTimeRecovery.enabled",
    fix: "set pointInTimeRecovery: { enabled: true }",
  },
  "aws:ebs/volume:Volume": { keeps: inPlanAlone, property: "arn", fix: "name it in an aws.backup.Selection" },
  "aws:efs/fileSystem:FileSystem": {
    keeps: hasBackupPolicy,
    property: "id",
    fix: 'add an aws.efs.BackupPolicy for it with backupPolicy: { status: "ENABLED" }',
  },
  "aws:keyspaces/table:Table": {
    keeps: switchedOn("pointInTimeRecovery.status", "ENABLED"),
    property: "pointInTimeRecovery.status",
    fix: 'set pointInTimeRecovery: { status: "ENABLED" }',
  },
  "aws:memorydb/cluster:Cluster": {
    keeps: daysIn("snapshotRetentionLimit", 0),
    property: "snapshotRetentionLimit",
    fix: "set snapshotRetentionLimit: N",
  },
  "aws:neptune/cluster:Cluster": {
    keeps: daysIn("backupRetentionPeriod", 1),
    property: "backupRetentionPeriod",
    fix: "set backupRetentionPeriod: N",
  },
  "aws:redshift/cluster:Cluster": {
    keeps: daysIn("automatedSnapshotRetentionPeriod", 1),
    property: "automatedSnapshotRetentionPeriod",
    fix: "set automatedSnapshotRetentionPeriod: N",
  },
};

const SELECTION = "aws:backup/selection:Selection";

/** The conditions of a selection, all of which a store must meet; one on a tag that is not known yet may be met. */
const CONDITIONS: readonly (readonly [input: string, isMet: (tag: string | undefined, asked: string) => boolean])[] = [
  ["stringEquals", (tag, asked) => tag === asked],
  ["stringLikes", (tag, asked) => tag !== undefined && covers(asked, tag)],
  ["stringNotEquals", (tag, asked) => tag !== asked],
  ["stringNotLikes", (tag, asked) => tag === undefined || !covers(asked, tag)],
];

function meets(block: Plain, tags: ReadonlyMap<string, Plain>): boolean {
  return CONDITIONS.every(([input, isMet]) =>
    locate(block, `${input}[]`).every(({ value }) => {
      const [key, asked] = [at(value, "key"), at(value, "value")];
      if (typeof key !== "string" || typeof asked !== "string") return true;
      const tag = tags.get(key.replace(/^aws:ResourceTag\//, ""));
      return tag instanceof Unknown || isMet(typeof tag === "string" ? tag : undefined, asked);
    }),
  );
}

/** Whether a selection of AWS Backup chooses a store: by ARN, by pattern, by reference, or by tag. */
function chooses(selection: StackResource, store: StackResource, named: readonly StackResource[]): Verdict {
  const arn = store.props["arn"];
  const { props } = selection;
  const excluded = locate(props, "notResources[]").map(({ value }) => value);
  if (typeof arn === "string" && excluded.some((value) => typeof value === "string" && covers(value, arn)))
    return false;
  const tags = awsTags(store).values;
  if (locate(props, "conditions[]").some(({ value }) => !meets(value, tags))) return false;
  if (named.includes(store)) return true;
  const byArn = locate(props, "resources[]").map(({ value }): Verdict => {
    if (value === "*") return true;
    if (value instanceof Unknown) return value;
    return typeof value === "string" && typeof arn === "string" && covers(value, arn);
  });
  const byTag = locate(props, "selectionTags[]").map(({ value }): Verdict => {
    if (value instanceof Unknown) return value;
    return isMap(value) && typeof value["key"] === "string" && tags.get(value["key"]) === value["value"];
  });
  return someOf([...byArn, ...byTag]);
}

/** Stores that neither keep backups long enough themselves nor are in a plan of AWS Backup. */
function lostStores(stack: Stack, config: Config): readonly Finding[] {
  const days = numberOf(config["days"]) ?? 0;
  const stores = stack.ofType(Object.keys(STORES));
  if (stores.length === 0) return [];
  const toStore = joinTo(stores);
  const selections = stack
    .ofType([SELECTION])
    .map((selection) => ({ selection, named: toStore(selection, "resources") }));
  return stores.flatMap((store): readonly Finding[] => {
    const kind = STORES[store.type];
    if (kind === undefined) return [];
    const verdict = someOf([
      kind.keeps(store, days, stack),
      ...selections.map(({ selection, named }) => chooses(selection, store, named)),
    ]);
    if (verdict === true) return [];
    if (verdict !== false) return [{ urn: store.urn, property: kind.property, unknown: verdict }];
    return [
      {
        urn: store.urn,
        property: kind.property,
        wrong: `no backup of it is kept for ${String(days)} days`,
        fix: `${kind.fix.replace("N", String(days))}, or name it in an aws.backup.Selection`,
      },
    ];
  });
}

const days = {
  type: "number",
  description: "Days for which a backup is kept at least.",
  default: 7,
} as const;

export const rules: readonly Rule[] = [
  {
    name: "protection-stateful-protected",
    description: "What holds data is protected from deletion, by Pulumi or by its own service.",
    why: "One line that is removed or renamed by mistake would delete the data with the resource.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_293", "FSBP RDS.8", "AwsSolutions-RDS10", "AWS-0177"],
    settings: {
      remade: {
        type: "array",
        description: "Endings of the names of resources whose content the program makes itself.",
        default: [],
      },
    },
    resources: [{ types: Object.keys(STATEFUL), unknown: "refuse", find: deletable }],
  },
  {
    name: "protection-keys-protected",
    description: "The keys of what holds data are protected from deletion.",
    why: "Whatever was encrypted with a key, its backups included, is lost with it.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP KMS.3"],
    stack: deletableKeys,
  },
  {
    name: "protection-data-store-backed-up",
    description: "Every data store keeps backups for as many days as the environment asks, or is in a backup plan.",
    why: "A wrong migration or a deleted row is undone from a backup, or not at all.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: { days },
    stack: lostStores,
  },
];
