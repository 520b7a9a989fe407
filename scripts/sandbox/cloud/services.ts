import { random } from "./random.ts";
import type { Service } from "./service.ts";
import { accessanalyzer } from "./services/accessanalyzer.ts";
import { acm } from "./services/acm.ts";
import { appautoscaling } from "./services/appautoscaling.ts";
import { appconfig } from "./services/appconfig.ts";
import { backup } from "./services/backup.ts";
import { bcmdata } from "./services/bcmdata.ts";
import { budgets } from "./services/budgets.ts";
import { cloudflare } from "./services/cloudflare.ts";
import { cloudfront } from "./services/cloudfront.ts";
import { cloudtrail } from "./services/cloudtrail.ts";
import { cloudwatch } from "./services/cloudwatch.ts";
import { costexplorer } from "./services/costexplorer.ts";
import { datadog } from "./services/datadog.ts";
import { ebs } from "./services/ebs.ts";
import { dockerBuild } from "./services/docker-build.ts";
import { ec2 } from "./services/ec2.ts";
import { ecr } from "./services/ecr.ts";
import { ecs } from "./services/ecs.ts";
import { elasticache } from "./services/elasticache.ts";
import { elbv2 } from "./services/elbv2.ts";
import { events } from "./services/events.ts";
import { guardduty } from "./services/guardduty.ts";
import { iam } from "./services/iam.ts";
import { iamAccount } from "./services/iam-account.ts";
import { kms } from "./services/kms.ts";
import { lambda } from "./services/lambda.ts";
import { mongodbatlas } from "./services/mongodbatlas.ts";
import { regions } from "./services/regions.ts";
import { s3 } from "./services/s3.ts";
import { scheduler } from "./services/scheduler.ts";
import { secretsmanager } from "./services/secretsmanager.ts";
import { sns } from "./services/sns.ts";
import { sqs } from "./services/sqs.ts";
import { sts } from "./services/sts.ts";

/** Every service that has rules or invokes of its own: one line each. */
export const services: readonly Service[] = [
  accessanalyzer,
  acm,
  appautoscaling,
  appconfig,
  backup,
  bcmdata,
  budgets,
  cloudflare,
  cloudfront,
  cloudtrail,
  cloudwatch,
  costexplorer,
  datadog,
  ebs,
  dockerBuild,
  ec2,
  ecr,
  ecs,
  elasticache,
  elbv2,
  events,
  guardduty,
  iam,
  iamAccount,
  kms,
  lambda,
  mongodbatlas,
  random,
  regions,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  sts,
];
