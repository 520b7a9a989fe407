import type { Rule } from "../support/rule.ts";
import { rules as account } from "./aws/account.ts";
import { rules as acm } from "./aws/acm.ts";
import { rules as apigateway } from "./aws/apigateway.ts";
import { rules as backup } from "./aws/backup.ts";
import { rules as budgets } from "./aws/budgets.ts";
import { rules as cloudfrontOrigins } from "./aws/cloudfront-origins.ts";
import { rules as cloudfront } from "./aws/cloudfront.ts";
import { rules as cloudtrail } from "./aws/cloudtrail.ts";
import { rules as cloudwatchLogs } from "./aws/cloudwatch-logs.ts";
import { rules as cloudwatch } from "./aws/cloudwatch.ts";
import { rules as databases } from "./aws/databases.ts";
import { rules as dynamodb } from "./aws/dynamodb.ts";
import { rules as ebs } from "./aws/ebs.ts";
import { rules as ec2Groups } from "./aws/ec2-groups.ts";
import { rules as ec2Instances } from "./aws/ec2-instances.ts";
import { rules as ec2Openings } from "./aws/ec2-openings.ts";
import { rules as ec2 } from "./aws/ec2.ts";
import { rules as ecr } from "./aws/ecr.ts";
import { rules as ecsContainers } from "./aws/ecs-containers.ts";
import { rules as ecsImages } from "./aws/ecs-images.ts";
import { rules as ecsSecrets } from "./aws/ecs-secrets.ts";
import { rules as ecsTasks } from "./aws/ecs-tasks.ts";
import { rules as ecs } from "./aws/ecs.ts";
import { rules as efs } from "./aws/efs.ts";
import { rules as elasticacheContinuity } from "./aws/elasticache-continuity.ts";
import { rules as elasticacheUsers } from "./aws/elasticache-users.ts";
import { rules as elasticache } from "./aws/elasticache.ts";
import { rules as iamEscalation } from "./aws/iam-escalation.ts";
import { rules as iamPublic } from "./aws/iam-public.ts";
import { rules as iamResources } from "./aws/iam-resources.ts";
import { rules as iamServices } from "./aws/iam-services.ts";
import { rules as iamTrust } from "./aws/iam-trust.ts";
import { rules as iamUsers } from "./aws/iam-users.ts";
import { rules as iam } from "./aws/iam.ts";
import { rules as kms } from "./aws/kms.ts";
import { rules as lambdaAccess } from "./aws/lambda-access.ts";
import { rules as lambda } from "./aws/lambda.ts";
import { rules as lbListeners } from "./aws/lb-listeners.ts";
import { rules as lb } from "./aws/lb.ts";
import { rules as opensearchServerless } from "./aws/opensearch-serverless.ts";
import { rules as opensearch } from "./aws/opensearch.ts";
import { rules as plainSecrets } from "./aws/plain-secrets.ts";
import { rules as rdsContinuity } from "./aws/rds-continuity.ts";
import { rules as rdsLogin } from "./aws/rds-login.ts";
import { rules as rds } from "./aws/rds.ts";
import { rules as route53 } from "./aws/route53.ts";
import { rules as s3Data } from "./aws/s3-data.ts";
import { rules as s3Operations } from "./aws/s3-operations.ts";
import { rules as s3Policies } from "./aws/s3-policies.ts";
import { rules as s3 } from "./aws/s3.ts";
import { rules as secretsmanager } from "./aws/secretsmanager.ts";
import { rules as sns } from "./aws/sns.ts";
import { rules as sqs } from "./aws/sqs.ts";
import { rules as ssm } from "./aws/ssm.ts";
import { rules as vpcEndpoints } from "./aws/vpc-endpoints.ts";
import { rules as vpcNacl } from "./aws/vpc-nacl.ts";
import { rules as vpcSubnets } from "./aws/vpc-subnets.ts";
import { rules as vpc } from "./aws/vpc.ts";
import { rules as wafv2 } from "./aws/wafv2.ts";
import { rules as cloudflareAccess } from "./cloudflare/cloudflare-access.ts";
import { rules as cloudflareDns } from "./cloudflare/cloudflare-dns.ts";
import { rules as cloudflareOrigin } from "./cloudflare/cloudflare-origin.ts";
import { rules as cloudflareWaf } from "./cloudflare/cloudflare-waf.ts";
import { rules as cloudflareWorkers } from "./cloudflare/cloudflare-workers.ts";
import { rules as cloudflare } from "./cloudflare/cloudflare.ts";
import { rules as datadogAccess } from "./datadog/datadog-access.ts";
import { rules as datadogDowntime } from "./datadog/datadog-downtime.ts";
import { rules as datadogSynthetics } from "./datadog/datadog-synthetics.ts";
import { rules as datadog } from "./datadog/datadog.ts";
import { rules as mongodbatlasAccess } from "./mongodbatlas/mongodbatlas-access.ts";
import { rules as mongodbatlasBackups } from "./mongodbatlas/mongodbatlas-backups.ts";
import { rules as mongodbatlas } from "./mongodbatlas/mongodbatlas.ts";
import { rules as environment } from "./stack/environment.ts";
import { rules as exposure } from "./stack/exposure.ts";
import { rules as monitoringData } from "./stack/monitoring-data.ts";
import { rules as monitoring } from "./stack/monitoring.ts";
import { rules as orphans } from "./stack/orphans.ts";
import { rules as protection } from "./stack/protection.ts";
import { rules as providers } from "./stack/providers.ts";
import { rules as run } from "./stack/run.ts";
import { rules as secretsAccess } from "./stack/secrets-access.ts";
import { rules as tags } from "./stack/tags.ts";

/** Every rule, by service. What is about the run itself comes last, after all that it is about. */
export const rules: readonly Rule[] = [
  ...account,
  ...acm,
  ...apigateway,
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
  ...databases,
  ...datadog,
  ...datadogAccess,
  ...datadogDowntime,
  ...datadogSynthetics,
  ...dynamodb,
  ...ebs,
  ...ec2,
  ...ec2Openings,
  ...ec2Groups,
  ...ec2Instances,
  ...ecr,
  ...ecs,
  ...ecsImages,
  ...ecsSecrets,
  ...ecsTasks,
  ...ecsContainers,
  ...efs,
  ...elasticache,
  ...elasticacheContinuity,
  ...elasticacheUsers,
  ...environment,
  ...exposure,
  ...iam,
  ...iamPublic,
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
  ...monitoringData,
  ...opensearch,
  ...opensearchServerless,
  ...orphans,
  ...plainSecrets,
  ...protection,
  ...providers,
  ...rds,
  ...rdsContinuity,
  ...rdsLogin,
  ...route53,
  ...s3,
  ...s3Data,
  ...s3Operations,
  ...s3Policies,
  ...secretsAccess,
  ...secretsmanager,
  ...sns,
  ...sqs,
  ...ssm,
  ...tags,
  ...vpc,
  ...vpcSubnets,
  ...vpcEndpoints,
  ...vpcNacl,
  ...wafv2,
  ...run,
];
