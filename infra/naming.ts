import { createHash } from "node:crypto";

interface NameRule {
  /** The input that bears the name. */
  readonly property: string;
  /** Longest name that the service takes, in characters. */
  readonly max: number;
  readonly pattern: RegExp;
}

const elastiCacheId = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/**
 * What the services say of names that are made from a resource's logical name.
 * Sources: each service's API reference for the input, as the AWS provider validates it.
 */
export const nameRules = {
  "aws:s3/bucket:Bucket": { property: "bucket", max: 63, pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/ },
  "aws:iam/role:Role": { property: "name", max: 64, pattern: /^[\w+=,.@-]+$/ },
  "aws:iam/rolePolicy:RolePolicy": { property: "name", max: 128, pattern: /^[\w+=,.@-]+$/ },
  "aws:kms/alias:Alias": { property: "name", max: 256, pattern: /^alias\/(?!aws)[\w/-]+$/ },
  "aws:cloudwatch/logGroup:LogGroup": { property: "name", max: 512, pattern: /^[\w./#-]+$/ },
  "aws:secretsmanager/secret:Secret": { property: "name", max: 512, pattern: /^[\w/+=.@-]+$/ },
  "aws:cloudfront/originAccessControl:OriginAccessControl": { property: "name", max: 64, pattern: /^[\w-]+$/ },
  "aws:cloudfront/cachePolicy:CachePolicy": { property: "name", max: 128, pattern: /^[\w-]+$/ },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": { property: "name", max: 128, pattern: /^[\w-]+$/ },
  "aws:ec2/securityGroup:SecurityGroup": {
    property: "name",
    max: 255,
    pattern: /^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]+$/,
  },
  "aws:ec2/managedPrefixList:ManagedPrefixList": { property: "name", max: 255, pattern: /^(?!com\.amazonaws).+$/ },
  "aws:lb/loadBalancer:LoadBalancer": {
    property: "name",
    max: 32,
    pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  },
  "aws:lb/trustStore:TrustStore": {
    property: "name",
    max: 32,
    pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  },
  "aws:backup/vault:Vault": { property: "name", max: 50, pattern: /^[\w-]+$/ },
  "aws:backup/plan:Plan": { property: "name", max: 50, pattern: /^[\w.-]+$/ },
  "aws:backup/selection:Selection": { property: "name", max: 50, pattern: /^[\w.-]+$/ },
  "aws:budgets/budget:Budget": { property: "name", max: 100, pattern: /^[^:\\]+$/ },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": { property: "name", max: 1024, pattern: /^[\w-]+$/ },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": { property: "name", max: 1024, pattern: /^[\w-]+$/ },
  "aws:ecs/cluster:Cluster": { property: "name", max: 255, pattern: /^[\w-]+$/ },
  "aws:ecs/service:Service": { property: "name", max: 255, pattern: /^[\w-]+$/ },
  "aws:lb/targetGroup:TargetGroup": {
    property: "name",
    max: 32,
    pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  },
  "aws:appautoscaling/policy:Policy": { property: "name", max: 255, pattern: /^\S+$/ },
  "aws:appautoscaling/scheduledAction:ScheduledAction": { property: "name", max: 255, pattern: /^\S+$/ },
  "aws:appconfig/application:Application": { property: "name", max: 64, pattern: /^.+$/ },
  "aws:appconfig/environment:Environment": { property: "name", max: 64, pattern: /^.+$/ },
  "aws:appconfig/configurationProfile:ConfigurationProfile": { property: "name", max: 128, pattern: /^.+$/ },
  "aws:appconfig/deploymentStrategy:DeploymentStrategy": { property: "name", max: 64, pattern: /^.+$/ },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { property: "name", max: 255, pattern: /^.+$/ },
  "aws:iam/policy:Policy": { property: "name", max: 128, pattern: /^[\w+=,.@-]+$/ },
  "aws:lambda/function:Function": { property: "name", max: 64, pattern: /^[\w-]+$/ },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    property: "replicationGroupId",
    max: 40,
    pattern: elastiCacheId,
  },
  "aws:elasticache/user:User": { property: "userId", max: 40, pattern: elastiCacheId },
  "aws:elasticache/userGroup:UserGroup": { property: "userGroupId", max: 40, pattern: elastiCacheId },
  "aws:elasticache/subnetGroup:SubnetGroup": { property: "name", max: 255, pattern: elastiCacheId },
  "aws:elasticache/parameterGroup:ParameterGroup": { property: "name", max: 255, pattern: elastiCacheId },
  "aws:ecr/repository:Repository": { property: "name", max: 255, pattern: /^[a-z0-9][a-z0-9._/-]*[a-z0-9]$/ },
  "mongodbatlas:index/project:Project": { property: "name", max: 64, pattern: /^[\w .,:&@'()+-]+$/ },
  "mongodbatlas:index/advancedCluster:AdvancedCluster": {
    property: "name",
    max: 64,
    // Atlas cuts it to 23 characters for host names, which do not end in a hyphen.
    pattern: /^(?!.{22}-)[A-Za-z0-9-]+$/,
  },
  "aws:cloudwatch/eventRule:EventRule": { property: "name", max: 64, pattern: /^[\w.-]+$/ },
  "aws:cloudtrail/trail:Trail": { property: "name", max: 128, pattern: /^[A-Za-z0-9][\w.-]+[A-Za-z0-9]$/ },
  "aws:cloudwatch/dashboard:Dashboard": { property: "dashboardName", max: 255, pattern: /^[\w-]+$/ },
  "aws:accessanalyzer/analyzer:Analyzer": { property: "analyzerName", max: 255, pattern: /^[A-Za-z][\w.-]*$/ },
  "aws:ecs/taskDefinition:TaskDefinition": { property: "family", max: 255, pattern: /^[\w-]+$/ },
  "aws:sns/topic:Topic": { property: "name", max: 256, pattern: /^[\w-]+$/ },
  "aws:sqs/queue:Queue": { property: "name", max: 80, pattern: /^[\w-]+$/ },
} as const satisfies Record<string, NameRule>;

export type NamedType = keyof typeof nameRules;

/** Pulumi adds a hyphen and seven hexadecimal digits to a logical name that becomes a physical one. */
export const autoNameSuffix = 8;

const hashLength = 6;

/** A component's name: project, stack, and area, so that nothing it makes collides with another stack's. */
export function qualifiedName({ project, stack }: { readonly project: string; readonly stack: string }, area: string) {
  return `${project}-${stack}-${area}`;
}

/**
 * The logical name of what a component makes, short enough for the service even after Pulumi's random suffix.
 * What does not fit loses the end of the component's name, and gets six digits of its hash instead.
 */
export function physicalName(type: NamedType, component: string, purpose: string, separator = "-"): string {
  const whole = `${component}${separator}${purpose}`;
  const room = nameRules[type].max - autoNameSuffix;
  if (whole.length <= room) return whole;
  const hash = createHash("sha256").update(component).digest("hex").slice(0, hashLength);
  const start = component.slice(0, room - purpose.length - hashLength - 1 - separator.length).replace(/-$/, "");
  return `${start}-${hash}${separator}${purpose}`;
}
