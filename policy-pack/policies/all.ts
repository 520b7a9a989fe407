import type { Rule } from "../support/rule.ts";
import { rules as account } from "./account.ts";
import { rules as acm } from "./acm.ts";
import { rules as backup } from "./backup.ts";
import { rules as budgets } from "./budgets.ts";
import { rules as cloudflare } from "./cloudflare.ts";
import { rules as cloudflareAccess } from "./cloudflare-access.ts";
import { rules as cloudflareDns } from "./cloudflare-dns.ts";
import { rules as cloudflareOrigin } from "./cloudflare-origin.ts";
import { rules as cloudflareWaf } from "./cloudflare-waf.ts";
import { rules as cloudflareWorkers } from "./cloudflare-workers.ts";
import { rules as cloudfront } from "./cloudfront.ts";
import { rules as cloudfrontOrigins } from "./cloudfront-origins.ts";
import { rules as cloudtrail } from "./cloudtrail.ts";
import { rules as cloudwatch } from "./cloudwatch.ts";
import { rules as cloudwatchLogs } from "./cloudwatch-logs.ts";
import { rules as datadog } from "./datadog.ts";
import { rules as datadogAccess } from "./datadog-access.ts";
import { rules as datadogDowntime } from "./datadog-downtime.ts";
import { rules as datadogSynthetics } from "./datadog-synthetics.ts";
import { rules as ebs } from "./ebs.ts";
import { rules as ec2 } from "./ec2.ts";
import { rules as ec2Groups } from "./ec2-groups.ts";
import { rules as ecr } from "./ecr.ts";
import { rules as ecs } from "./ecs.ts";
import { rules as ecsImages } from "./ecs-images.ts";
import { rules as ecsSecrets } from "./ecs-secrets.ts";
import { rules as ecsTasks } from "./ecs-tasks.ts";
import { rules as elasticacheContinuity } from "./elasticache-continuity.ts";
import { rules as elasticacheUsers } from "./elasticache-users.ts";
import { rules as efs } from "./efs.ts";
import { rules as elasticache } from "./elasticache.ts";
import { rules as environment } from "./environment.ts";
import { rules as run } from "./run.ts";
import { rules as exposure } from "./exposure.ts";
import { rules as iamEscalation } from "./iam-escalation.ts";
import { rules as iamResources } from "./iam-resources.ts";
import { rules as iamServices } from "./iam-services.ts";
import { rules as iamTrust } from "./iam-trust.ts";
import { rules as iamUsers } from "./iam-users.ts";
import { rules as iam } from "./iam.ts";
import { rules as kms } from "./kms.ts";
import { rules as lambda } from "./lambda.ts";
import { rules as lambdaAccess } from "./lambda-access.ts";
import { rules as lb } from "./lb.ts";
import { rules as lbListeners } from "./lb-listeners.ts";
import { rules as mongodbatlasAccess } from "./mongodbatlas-access.ts";
import { rules as mongodbatlasBackups } from "./mongodbatlas-backups.ts";
import { rules as mongodbatlas } from "./mongodbatlas.ts";
import { rules as monitoring } from "./monitoring.ts";
import { rules as opensearch } from "./opensearch.ts";
import { rules as orphans } from "./orphans.ts";
import { rules as protection } from "./protection.ts";
import { rules as rdsContinuity } from "./rds-continuity.ts";
import { rules as rds } from "./rds.ts";
import { rules as route53 } from "./route53.ts";
import { rules as s3 } from "./s3.ts";
import { rules as s3Data } from "./s3-data.ts";
import { rules as s3Operations } from "./s3-operations.ts";
import { rules as s3Policies } from "./s3-policies.ts";
import { rules as secretsAccess } from "./secrets-access.ts";
import { rules as secretsmanager } from "./secretsmanager.ts";
import { rules as sns } from "./sns.ts";
import { rules as sqs } from "./sqs.ts";
import { rules as tags } from "./tags.ts";
import { rules as vpc } from "./vpc.ts";
import { rules as vpcEndpoints } from "./vpc-endpoints.ts";
import { rules as vpcNacl } from "./vpc-nacl.ts";
import { rules as wafv2 } from "./wafv2.ts";

/** Every rule, by service. What is about the run itself comes last, after all that it is about. */
export const rules: readonly Rule[] = [
  ...account,
  ...acm,
  ...backup,
  ...budgets,
  ...cloudflare,
  ...cloudflareAccess,
  ...cloudflareDns,
  ...cloudflareOrigin,
  ...cloudflareWaf,
  ...cloudflareWorkers,
  ...cloudfront,
  ...cloudfrontOrigins,
  ...cloudtrail,
  ...cloudwatch,
  ...cloudwatchLogs,
  ...datadog,
  ...datadogAccess,
  ...datadogDowntime,
  ...datadogSynthetics,
  ...ebs,
  ...ec2,
  ...ec2Groups,
  ...ecr,
  ...ecs,
  ...ecsImages,
  ...ecsSecrets,
  ...ecsTasks,
  ...efs,
  ...elasticache,
  ...elasticacheContinuity,
  ...elasticacheUsers,
  ...environment,
  ...exposure,
  ...iam,
  ...iamResources,
  ...iamEscalation,
  ...iamTrust,
  ...iamServices,
  ...iamUsers,
  ...kms,
  ...lambda,
  ...lambdaAccess,
  ...lb,
  ...lbListeners,
  ...mongodbatlas,
  ...mongodbatlasAccess,
  ...mongodbatlasBackups,
  ...monitoring,
  ...opensearch,
  ...orphans,
  ...protection,
  ...rds,
  ...rdsContinuity,
  ...route53,
  ...s3,
  ...s3Data,
  ...s3Operations,
  ...s3Policies,
  ...secretsAccess,
  ...secretsmanager,
  ...sns,
  ...sqs,
  ...tags,
  ...vpc,
  ...vpcEndpoints,
  ...vpcNacl,
  ...wafv2,
  ...run,
];
