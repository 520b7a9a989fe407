import assert from "node:assert/strict";
import { capture, valueOf, type CapturedResource } from "./capture.ts";
import { WorkloadRoles, type WorkloadRolesArgs } from "./workload-roles.ts";

const args: WorkloadRolesArgs = { accountId: "123456789012", region: "us-east-1" };
const ofType = (resources: readonly CapturedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);

describe("the workload's roles", () => {
  let roles: WorkloadRoles;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: roles, resources } = await capture(() => new WorkloadRoles("groundwork-staging-workload", args)));
  });

  it("are three, apart from each other, and given out by name and ARN", async () => {
    const given = await Promise.all([roles.executionRole, roles.taskRole, roles.migrationRole].map(valueOf));
    assert.deepEqual(
      given.map(({ name }) => name),
      ["execution", "task", "migration"].map((purpose) => `groundwork-staging-workload-${purpose}-0a1b2c3`),
    );
    assert.equal(new Set(given.map(({ arn }) => arn)).size, 3);
  });

  it("may be taken by ECS tasks of this account and region alone", () => {
    for (const { inputs } of ofType(resources, "aws:iam/role:Role")) {
      const { Statement } = JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: unknown };
      assert.deepEqual(Statement, [
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*" },
          },
        },
      ]);
    }
  });

  it("may do nothing yet", () => {
    assert.deepEqual(
      resources.map(({ type }) => type).filter((type) => !/^(groundwork:|aws:iam\/role:)/.test(type)),
      [],
    );
    for (const { inputs } of ofType(resources, "aws:iam/role:Role"))
      assert.ok(inputs["inlinePolicies"] === undefined && inputs["managedPolicyArns"] === undefined);
  });

  it("stay within a boundary where one is given", async () => {
    const boundary = "arn:aws:iam::123456789012:policy/boundary";
    const { resources: bounded } = await capture(
      () => new WorkloadRoles("w", { ...args, permissionsBoundaryArn: boundary }),
    );
    for (const { inputs } of ofType(bounded, "aws:iam/role:Role"))
      assert.equal(inputs["permissionsBoundary"], boundary);
    for (const { inputs } of ofType(resources, "aws:iam/role:Role"))
      assert.ok(!("permissionsBoundary" in inputs), "no boundary unless told");
  });

  it("are refused for what is no account", async () => {
    await assert.rejects(
      capture(() => new WorkloadRoles("w", { ...args, accountId: "12" })),
      /accountId: must be 12 digits/,
    );
  });
});
