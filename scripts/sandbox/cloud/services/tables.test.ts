import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openSchemas } from "../schema/schemas.ts";
import type { Operation, Service } from "../service.ts";
import { accessanalyzer } from "./accessanalyzer.ts";
import { acm } from "./acm.ts";
import { appautoscaling } from "./appautoscaling.ts";
import { appconfig } from "./appconfig.ts";
import { backup } from "./backup.ts";
import { bcmdata } from "./bcmdata.ts";
import { budgets } from "./budgets.ts";
import { cloudfront } from "./cloudfront.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { ebs } from "./ebs.ts";
import { costexplorer } from "./costexplorer.ts";
import { ec2 } from "./ec2.ts";
import { ecr } from "./ecr.ts";
import { ecs } from "./ecs.ts";
import { elasticache } from "./elasticache.ts";
import { guardduty } from "./guardduty.ts";
import { elbv2 } from "./elbv2.ts";
import { events } from "./events.ts";
import { iam } from "./iam.ts";
import { iamAccount } from "./iam-account.ts";
import { kms } from "./kms.ts";
import { lambda } from "./lambda.ts";
import { regions } from "./regions.ts";
import { s3 } from "./s3.ts";
import { scheduler } from "./scheduler.ts";
import { secretsmanager } from "./secretsmanager.ts";
import { sns } from "./sns.ts";
import { sqs } from "./sqs.ts";
import { sts } from "./sts.ts";
import { PRODUCTION } from "./tiny-world.ts";

const SERVICES: Readonly<Record<string, Service>> = {
  accessanalyzer,
  acm,
  appautoscaling,
  appconfig,
  backup,
  bcmdata,
  budgets,
  cloudfront,
  cloudtrail,
  cloudwatch,
  ebs,
  costexplorer,
  ec2,
  ecr,
  ecs,
  elasticache,
  guardduty,
  elbv2,
  events,
  iam,
  iamAccount,
  kms,
  lambda,
  regions,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  sts,
};

const require = createRequire(import.meta.url);
const schemas = openSchemas({ directories: [dirname(fileURLToPath(import.meta.url))] });

const bare = (type: string): Operation => ({
  type,
  urn: `urn:pulumi:test::test::${type}::x`,
  name: "x",
  stack: "test",
  location: PRODUCTION,
  inputs: {},
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (_label, length) => "0".repeat(length),
});

describe("the tables of the AWS services", () => {
  for (const [name, service] of Object.entries(SERVICES)) {
    it(`of ${name} name types, inputs, and outputs that the SDK has`, () => {
      for (const [type, rules] of Object.entries(service.resources)) {
        const schema = schemas.type(type);
        const inputs = [
          ...(rules.references ?? []).map(({ property }) => property.split(/[.[]/)[0] ?? ""),
          ...(rules.unique ?? []).map(({ property }) => property),
          ...(rules.autoName === undefined ? [] : [rules.autoName.property]),
        ];
        for (const input of inputs) assert.ok(input in schema.inputs, `${type} has no input ${input}`);
        for (const output of Object.keys(rules.computed?.(bare(type), "id") ?? {}))
          assert.ok(output in schema.outputs, `${type} has no output ${output}`);
      }
    });

    it(`of ${name} have rules that stand an operation without inputs`, () => {
      for (const [type, rules] of Object.entries(service.resources)) {
        const operation = bare(type);
        assert.doesNotThrow(() => {
          rules.check?.({}, PRODUCTION);
          rules.id?.(operation);
          rules.companions?.(operation, "id");
          rules.refuseCreate?.(operation);
          rules.refuseUpdate?.(operation);
          rules.refuseDelete?.(operation);
          rules.leaves?.(operation);
        }, type);
      }
    });

    it(`of ${name} answer invokes that the SDK asks`, () => {
      for (const token of Object.keys(service.invokes ?? {})) {
        const [module = "", file = ""] = (token.split(":")[1] ?? "").split("/");
        const path = module === "index" ? `@pulumi/aws/${file}.js` : `@pulumi/aws/${module}/${file}.js`;
        assert.match(readFileSync(require.resolve(path), "utf8"), new RegExp(`invoke\\("${token}"`));
      }
    });
  }
});
