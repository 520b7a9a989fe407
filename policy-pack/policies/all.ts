import type { Rule } from "../support/rule.ts";
import { rules as account } from "./account.ts";
import { rules as acm } from "./acm.ts";
import { rules as backup } from "./backup.ts";
import { rules as budgets } from "./budgets.ts";
import { rules as cloudflare } from "./cloudflare.ts";
import { rules as cloudfront } from "./cloudfront.ts";
import { rules as cloudtrail } from "./cloudtrail.ts";
import { rules as cloudwatch } from "./cloudwatch.ts";
import { rules as datadog } from "./datadog.ts";
import { rules as ec2 } from "./ec2.ts";
import { rules as ecr } from "./ecr.ts";
import { rules as ecs } from "./ecs.ts";
import { rules as elasticache } from "./elasticache.ts";
import { rules as environment } from "./environment.ts";
import { rules as exposure } from "./exposure.ts";
import { rules as iam } from "./iam.ts";
import { rules as kms } from "./kms.ts";
import { rules as lambda } from "./lambda.ts";
import { rules as lb } from "./lb.ts";
import { rules as mongodbatlas } from "./mongodbatlas.ts";
import { rules as monitoring } from "./monitoring.ts";
import { rules as opensearch } from "./opensearch.ts";
import { rules as orphans } from "./orphans.ts";
import { rules as protection } from "./protection.ts";
import { rules as rds } from "./rds.ts";
import { rules as route53 } from "./route53.ts";
import { rules as s3 } from "./s3.ts";
import { rules as secretsmanager } from "./secretsmanager.ts";
import { rules as sns } from "./sns.ts";
import { rules as sqs } from "./sqs.ts";
import { rules as tags } from "./tags.ts";
import { rules as vpc } from "./vpc.ts";
import { rules as wafv2 } from "./wafv2.ts";

/** Every rule, by service. */
export const rules: readonly Rule[] = [
  ...account,
  ...acm,
  ...backup,
  ...budgets,
  ...cloudflare,
  ...cloudfront,
  ...cloudtrail,
  ...cloudwatch,
  ...datadog,
  ...ec2,
  ...ecr,
  ...ecs,
  ...elasticache,
  ...environment,
  ...exposure,
  ...iam,
  ...kms,
  ...lambda,
  ...lb,
  ...mongodbatlas,
  ...monitoring,
  ...opensearch,
  ...orphans,
  ...protection,
  ...rds,
  ...route53,
  ...s3,
  ...secretsmanager,
  ...sns,
  ...sqs,
  ...tags,
  ...vpc,
  ...wafv2,
];
