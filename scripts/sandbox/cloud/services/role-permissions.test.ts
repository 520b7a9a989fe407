import assert from "node:assert/strict";
import type { CloudResource, Operation } from "../service.ts";
import { allow, trust } from "./ecs-samples.ts";
import { iam } from "./iam.ts";
import { roleAllows, roleByArn, trustsService } from "./role-permissions.ts";
import { PRODUCTION, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const operationIn = ({ world }: TinyWorld): Operation => ({
  type: "test",
  urn: "urn:pulumi:test::test::test::x",
  name: "x",
  stack: "test",
  location: PRODUCTION,
  inputs: {},
  existing: undefined,
  world,
  hex: (_label, length) => "0".repeat(length),
});

const roleIn = (cloud: TinyWorld, assumeRolePolicy: string): CloudResource =>
  cloud.create("aws:iam/role:Role", "r", { name: "r", assumeRolePolicy });

describe("a role", () => {
  it("is found by its ARN", () => {
    const cloud = tinyWorld(iam);
    const role = roleIn(cloud, trust());
    assert.equal(roleByArn(operationIn(cloud), textIn(role.outputs, "arn"))?.id, "r");
    assert.equal(roleByArn(operationIn(cloud), "arn:aws:iam::111122223333:role/none"), undefined);
  });

  for (const [what, document, trusted] of [
    ["the service of this account", trust(), true],
    ["another service", trust("lambda.amazonaws.com"), false],
    ["another account's tasks", trust("ecs-tasks.amazonaws.com", "444455556666"), false],
    ["another service's resources", trust("ecs-tasks.amazonaws.com", "111122223333", "s3"), false],
  ] as const) {
    it(`trusts ${what}: ${trusted}`, () => {
      const cloud = tinyWorld(iam);
      const role = roleIn(cloud, document);
      assert.equal(trustsService(operationIn(cloud), role, "ecs-tasks.amazonaws.com", "ecs"), trusted);
    });
  }
});

describe("what a role may do", () => {
  let cloud: TinyWorld;
  let role: CloudResource;
  const may = (action: string, resource = "arn:aws:s3:::b/k") => roleAllows(operationIn(cloud), role, action, resource);
  beforeEach(() => {
    cloud = tinyWorld(iam);
    role = roleIn(cloud, trust());
  });
  const inline = (policy: string) =>
    cloud.create("aws:iam/rolePolicy:RolePolicy", "p", { name: "p", role: "r", policy });

  it("is nothing at first", () => {
    assert.equal(may("s3:GetObject"), false);
  });

  it("comes from inline policies, by action and resource", () => {
    const Resource = "arn:aws:s3:::b/*";
    inline(JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource }] }));
    assert.equal(may("s3:GetObject"), true);
    assert.equal(may("s3:PutObject"), false);
    assert.equal(may("s3:GetObject", "arn:aws:s3:::c/k"), false);
  });

  it("ends where a statement denies it", () => {
    const denied = { Effect: "Deny", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k" };
    inline(JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }, denied] }));
    assert.equal(may("s3:GetObject"), false);
    assert.equal(may("s3:GetObject", "arn:aws:s3:::b/other"), true);
  });

  it("is all but what NotAction and NotResource name", () => {
    const statement = { Effect: "Allow", NotAction: "iam:*", NotResource: "arn:aws:s3:::c/*" };
    inline(JSON.stringify({ Statement: [statement] }));
    assert.equal(may("s3:GetObject"), true);
    assert.equal(may("iam:PassRole"), false);
    assert.equal(may("s3:GetObject", "arn:aws:s3:::c/k"), false);
  });

  it("comes from policies of the account and of AWS that are attached", () => {
    const policy = cloud.create("aws:iam/policy:Policy", "own", { name: "own", policy: allow("s3:GetObject") });
    const attach = (policyArn: string) =>
      cloud.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", policyArn, { role: "r", policyArn });
    attach(policy.id);
    assert.equal(may("s3:GetObject"), true);
    assert.equal(may("logs:PutLogEvents"), false);
    attach("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
    assert.equal(may("logs:PutLogEvents"), true);
    assert.equal(may("secretsmanager:GetSecretValue"), false);
  });
});
