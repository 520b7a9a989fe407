import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { capture, only, type CapturedResource } from "./capture.ts";
import { identityStatements } from "./delivery/identity.ts";
import type { Statement } from "./delivery/scope.ts";
import { environmentStack } from "./environment-stack.ts";
import { isAllowed } from "./delivery/iam-simulation.ts";
import { bounded, PermissionsBoundary } from "./permissions-boundary.ts";
import { projectDefaults, stackFileConfig } from "./settings/config-file.ts";
import { resolveSettings } from "./settings/settings.ts";

const account = "444455556666";
const own = { "aws:ResourceAccount": account };

interface Document {
  readonly Statement: readonly (Omit<Statement, "Action"> & {
    readonly Action: string | readonly string[];
    readonly Principal?: { readonly Service?: string };
  })[];
}
const documentOf = (text: unknown) => JSON.parse(text as string) as Document;

/** What AWS's own policies for S3 backups ask for, beyond reading and tagging. Source: AWS's managed policy reference. */
const backupActions = [
  "events:PutRule",
  "events:PutTargets",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "s3:CreateBucket",
  "s3:DeleteObject",
  "s3:GetObjectVersionAcl",
  "s3:ListBucketVersions",
  "s3:PutBucketNotification",
  "s3:PutBucketVersioning",
  "s3:PutInventoryConfiguration",
  "s3:PutObjectVersionAcl",
  "tag:GetResources",
];

async function boundaryStatements(): Promise<readonly Statement[]> {
  const { resources } = await capture(
    () => new PermissionsBoundary("groundwork-production-boundary", { accountId: account }),
  );
  const { policy } = only(resources, "aws:iam/policy:Policy").inputs;
  assert.ok((policy as string).length <= 6144, "IAM takes no longer policy");
  return documentOf(policy).Statement as readonly Statement[];
}

/** Everything that the program registers in production. */
async function program(): Promise<readonly CapturedResource[]> {
  const read = (file: string) => readFileSync(join(import.meta.dirname, "..", file), "utf8");
  const fileOf = (stack: string) => stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork");
  const files = {
    defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
    staging: fileOf("staging"),
    production: fileOf("production"),
  };
  const settings = resolveSettings({ project: "groundwork", stack: "production", given: files.production, files });
  const { resources } = await capture(() => environmentStack(settings), { stack: "production" });
  // By these people and pipelines come in; an administrator makes them.
  return resources.filter(({ name }) => !name.startsWith("groundwork-production-delivery-"));
}

describe("the permissions boundary", () => {
  let boundary: readonly Statement[];
  let resources: readonly CapturedResource[];
  before(async function () {
    this.timeout(20_000);
    boundary = await boundaryStatements();
    resources = await program();
  });

  it("leaves the program's roles all that their own policies allow", () => {
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.ok(policies.length > 0);
    for (const { name, inputs } of policies)
      for (const { Effect, Action } of documentOf(inputs["policy"]).Statement)
        for (const action of Effect === "Allow" ? [Action].flat() : [])
          assert.ok(isAllowed(boundary, { action, resource: "*", context: own }), `${name} may not ${action}`);
    for (const action of backupActions) assert.ok(isAllowed(boundary, { action, resource: "*", context: own }), action);
  });

  it("leaves nothing in other accounts", () => {
    const context = { "aws:ResourceAccount": "111122223333" };
    for (const action of ["s3:GetObject", "secretsmanager:GetSecretValue", "kms:Decrypt"])
      assert.ok(!isAllowed(boundary, { action, resource: "*", context }), action);
  });

  for (const action of [
    "iam:CreateRole",
    "iam:PassRole",
    "iam:CreateAccessKey",
    "sts:AssumeRole",
    "organizations:LeaveOrganization",
    "ec2:RunInstances",
    "lambda:UpdateFunctionCode",
    "s3:PutBucketPolicy",
    "kms:PutKeyPolicy",
    "secretsmanager:PutResourcePolicy",
  ])
    it(`never allows ${action}`, () => {
      assert.ok(!isAllowed(boundary, { action, resource: "*", context: own }));
    });

  it("fits the services to which the deploy role may pass a role", () => {
    const statements = identityStatements({
      accountId: account,
      region: "us-east-1",
      recoveryRegion: "us-west-2",
      project: "groundwork",
      delivery: "groundwork-production-delivery",
      boundaryArn: "arn:aws:iam::444455556666:policy/boundary",
      buildsImages: false,
    });
    const services = resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .flatMap(({ inputs }) => documentOf(inputs["assumeRolePolicy"]).Statement)
      .flatMap(({ Principal }) => Principal?.Service ?? []);
    assert.ok(services.length > 0);
    for (const service of services) {
      const context = { "iam:PassedToService": service };
      const resource = `arn:aws:iam::${account}:role/groundwork-production-service-task-0a1b2c3`;
      assert.ok(isAllowed(statements, { action: "iam:PassRole", resource, context }), service);
    }
  });
});

describe("roles within a boundary", () => {
  class Part extends pulumi.ComponentResource {
    constructor(name: string, options?: pulumi.ComponentResourceOptions) {
      super("groundwork:test:Part", name, {}, options);
      new aws.iam.Role(name, { assumeRolePolicy: "{}" }, { parent: this });
      new aws.iam.Policy(name, { policy: "{}" }, { parent: this });
    }
  }
  class Whole extends pulumi.ComponentResource {
    constructor(name: string, options?: pulumi.ComponentResourceOptions) {
      super("groundwork:test:Whole", name, {}, options);
      new Part(`${name}-part`, { parent: this });
    }
  }

  it("are all those of a component that is told so, at any depth, and no others", async () => {
    const arn = "arn:aws:iam::444455556666:policy/boundary";
    const { resources } = await capture(() => {
      new Whole("inside", { transformations: [bounded(arn)] });
      new Whole("outside");
    });
    const boundaries = resources
      .filter(({ type }) => type.startsWith("aws:iam/"))
      .map(({ name, type, inputs }) => [name, type.split(":").at(-1), inputs["permissionsBoundary"]]);
    assert.deepEqual(boundaries.sort(), [
      ["inside-part", "Policy", undefined],
      ["inside-part", "Role", arn],
      ["outside-part", "Policy", undefined],
      ["outside-part", "Role", undefined],
    ]);
  });
});
