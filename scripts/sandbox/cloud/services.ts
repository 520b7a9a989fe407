import { random } from "./random.ts";
import type { Service } from "./service.ts";
import { cloudfront } from "./services/cloudfront.ts";
import { cloudwatch } from "./services/cloudwatch.ts";
import { ec2 } from "./services/ec2.ts";
import { iam } from "./services/iam.ts";
import { kms } from "./services/kms.ts";
import { regions } from "./services/regions.ts";
import { s3 } from "./services/s3.ts";
import { secretsmanager } from "./services/secretsmanager.ts";
import { sts } from "./services/sts.ts";

/** Every service that has rules or invokes of its own: one line each. */
export const services: readonly Service[] = [
  cloudfront,
  cloudwatch,
  ec2,
  iam,
  kms,
  random,
  regions,
  s3,
  secretsmanager,
  sts,
];
