import * as aws from "@pulumi/aws";
import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { datadogTags } from "./monitoring/datadog-tags.ts";
import { physicalName } from "./naming.ts";

export interface DatadogIntegrationArgs {
  /** The account whose metrics Datadog reads. */
  readonly accountId: pulumi.Input<string>;
  /** `datadoghq.com`: which of Datadog's own accounts asks. */
  readonly site: pulumi.Input<string>;
  /** Regions that are read. CloudWatch bills each metric that is asked for. */
  readonly regions: pulumi.Input<string[]>;
  /** The whole tag set: Datadog puts it on every metric of the account. */
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Of the role, where they differ from the provider's. */
  readonly awsTags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Datadog's AWS accounts. Source: its "AWS manual setup guide"; those sites that are not named here share the first. */
const datadogAccounts: Readonly<Record<string, string>> = {
  "ap1.datadoghq.com": "417141415827",
  "ap2.datadoghq.com": "412381753143",
};
const usualAccount = "464622532012";

/** What monitors and dashboard read, and nothing else: each metric of each namespace is a call that AWS bills. */
const namespaces = [
  "AWS/ApplicationELB",
  "AWS/Backup",
  "AWS/Billing",
  "AWS/Budgeting",
  "AWS/CertificateManager",
  "AWS/ECS",
  "AWS/ElastiCache",
  "AWS/Lambda",
  "AWS/NATGateway",
];

/** Reads metrics, names, and tags of those services. None of them can be limited to single resources. */
const actions = [
  "backup:ListBackupVaults",
  "backup:ListTags",
  "budgets:ViewBudget",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
  "ec2:DescribeNatGateways",
  "ec2:DescribeRegions",
  "ecs:DescribeClusters",
  "ecs:DescribeServices",
  "ecs:ListClusters",
  "ecs:ListServices",
  "elasticache:DescribeCacheClusters",
  "elasticache:DescribeReplicationGroups",
  "elasticache:ListTagsForResource",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroups",
  "lambda:ListFunctions",
  "lambda:ListTags",
  "tag:GetResources",
  "tag:GetTagKeys",
  "tag:GetTagValues",
];

/**
 * Lets Datadog read the CloudWatch metrics of this account, and nothing else: no logs, no traces, no scan of resources.
 *
 * Datadog takes a role with the external id that it gave this organisation, so that no other customer of Datadog gets
 * in by naming the role. The integration is made when the role is ready: Datadog tries it at once.
 * Throws where the account is no account or there is no region.
 */
export class DatadogIntegration extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: DatadogIntegrationArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:DatadogIntegration", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const regions = checked(this, "regions", args.regions, z.array(z.string()).min(1, "must name a region or more"));
    const parent = { parent: this };

    const externalId = new datadog.aws.IntegrationExternalId(name, {}, parent);
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "datadog"),
      {
        description: "Lets Datadog read the metrics of this account.",
        assumeRolePolicy: takenByDatadog(args.site, externalId.id),
        ...(args.awsTags && { tags: args.awsTags }),
      },
      parent,
    );
    const mayRead = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "read-metrics"),
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [{ Sid: "ReadMetrics", Effect: "Allow", Action: actions, Resource: "*" }],
        }),
      },
      parent,
    );
    new datadog.aws.IntegrationAccount(
      name,
      {
        awsAccountId: accountId,
        awsPartition: "aws",
        accountTags: pulumi.output(args.tags).apply((all) => accountTags(all)),
        authConfig: { awsAuthConfigRole: { roleName: role.name, externalId: externalId.id } },
        awsRegions: { includeOnlies: regions },
        logsConfig: { lambdaForwarder: { lambdas: [], sources: [] } },
        metricsConfig: {
          enabled: true,
          automuteEnabled: false,
          collectCloudwatchAlarms: false,
          collectCustomMetrics: false,
          namespaceFilters: { includeOnlies: namespaces },
        },
        resourcesConfig: { extendedCollection: false, cloudSecurityPostureManagementCollection: false },
        tracesConfig: { xrayServices: { includeOnlies: [] } },
      },
      { parent: this, dependsOn: [mayRead] },
    );

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** A metric has the service of its own resource, so the account says none. */
const accountTags = (tags: Readonly<Record<string, string>>): string[] =>
  datadogTags(Object.fromEntries(Object.entries(tags).filter(([key]) => key !== "Service")));

function takenByDatadog(site: pulumi.Input<string>, externalId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: {
          AWS: pulumi.output(site).apply((known) => `arn:aws:iam::${datadogAccounts[known] ?? usualAccount}:root`),
        },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": externalId } },
      },
    ],
  });
}
