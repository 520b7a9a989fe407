import { isAbsent, locate, type Located } from "../property.ts";
import type { Resource } from "../rule.ts";

/**
 * What a policy document does. `identity`: gives permissions to whoever carries it. `trust`: says who may become a
 * role. `resource`: says who may use the resource that carries it. `ceiling`: gives nothing, and bounds what others
 * give, so that everyone in it is normal.
 */
export type PolicyKind = "identity" | "trust" | "resource" | "ceiling";

export interface PolicyCarrier {
  readonly type: string;
  /** A path of `locate`. */
  readonly path: string;
  readonly kind: PolicyKind;
}

export interface PolicyText extends Located {
  readonly kind: PolicyKind;
}

export const IDENTITY_POLICIES = [
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
];

/** Where resource policies stand, by property. */
const RESOURCE_POLICIES: Readonly<Record<string, readonly string[]>> = {
  policy: [
    "aws:acmpca/policy:Policy",
    "aws:apigateway/restApi:RestApi",
    "aws:apigateway/restApiPolicy:RestApiPolicy",
    "aws:backup/vaultPolicy:VaultPolicy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy",
    "aws:codebuild/resourcePolicy:ResourcePolicy",
    "aws:dsql/clusterPolicy:ClusterPolicy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:ecrpublic/repositoryPolicy:RepositoryPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:glue/resourcePolicy:ResourcePolicy",
    "aws:kinesis/resourcePolicy:ResourcePolicy",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/key:Key",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:lambda/resourcePolicy:ResourcePolicy",
    "aws:mediastore/containerPolicy:ContainerPolicy",
    "aws:msk/clusterPolicy:ClusterPolicy",
    "aws:networkfirewall/resourcePolicy:ResourcePolicy",
    "aws:oam/sinkPolicy:SinkPolicy",
    "aws:opensearchingest/resourcePolicy:ResourcePolicy",
    "aws:redshift/resourcePolicy:ResourcePolicy",
    "aws:redshiftserverless/resourcePolicy:ResourcePolicy",
    "aws:s3/accessPoint:AccessPoint",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy",
    "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
    "aws:s3control/accessPointPolicy:AccessPointPolicy",
    "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy",
    "aws:s3control/bucketPolicy:BucketPolicy",
    "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy",
    "aws:schemas/registryPolicy:RegistryPolicy",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:ses/identityPolicy:IdentityPolicy",
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:vpclattice/authPolicy:AuthPolicy",
    "aws:vpclattice/resourcePolicy:ResourcePolicy",
  ],
  content: ["aws:organizations/resourcePolicy:ResourcePolicy"],
  deliveryDestinationPolicy: ["aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy"],
  repositoryPolicy: ["aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"],
  policyDocument: [
    "aws:amp/resourcePolicy:ResourcePolicy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "aws:codeartifact/domainPermissions:DomainPermissions",
    "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy",
    "aws:xray/resourcePolicy:ResourcePolicy",
  ],
  accessPolicy: ["aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy", "aws:glacier/vault:Vault"],
  accessPolicies: [
    "aws:elasticsearch/domain:Domain",
    "aws:elasticsearch/domainPolicy:DomainPolicy",
    "aws:opensearch/domain:Domain",
    "aws:opensearch/domainPolicy:DomainPolicy",
  ],
  resourcePolicy: [
    "aws:s3tables/tableBucketPolicy:TableBucketPolicy",
    "aws:s3tables/tablePolicy:TablePolicy",
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy",
  ],
};

/** Every type that carries a policy in IAM's language, and on which property. */
export const CARRIERS: readonly PolicyCarrier[] = [
  ...IDENTITY_POLICIES.map((type): PolicyCarrier => ({ type, path: "policy", kind: "identity" })),
  { type: "aws:iam/role:Role", path: "inlinePolicies[].policy", kind: "identity" },
  {
    type: "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    path: "inlinePolicy",
    kind: "identity",
  },
  { type: "aws:iam/role:Role", path: "assumeRolePolicy", kind: "trust" },
  ...Object.entries(RESOURCE_POLICIES).flatMap(([path, types]) =>
    types.map((type): PolicyCarrier => ({ type, path, kind: "resource" })),
  ),
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "policy", kind: "ceiling" },
  { type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", path: "policy", kind: "ceiling" },
];

const byType = Map.groupBy(CARRIERS, ({ type }) => type);

/** The types that carry a policy of one of these kinds. */
export const carriersOf = (...kinds: readonly PolicyKind[]): readonly string[] => [
  ...new Set(CARRIERS.filter(({ kind }) => kinds.includes(kind)).map(({ type }) => type)),
];

/** The policies that a resource carries, of these kinds or of all. What it leaves out is not among them. */
export function policiesOn({ type, props }: Pick<Resource, "type" | "props">, ...kinds: PolicyKind[]): PolicyText[] {
  return (byType.get(type) ?? [])
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .flatMap(({ path, kind }) =>
      locate(props, path)
        .filter(({ value }) => !isAbsent(value))
        .map((located) => ({ ...located, kind })),
    );
}
