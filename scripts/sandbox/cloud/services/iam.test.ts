import assert from "node:assert/strict";
import type { CloudResource } from "../service.ts";
import { iam } from "./iam.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const USER = "aws:iam/user:User";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }],
});
const READ = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*" }],
});
const sized = (length: number): string => READ.replace("media", "m".repeat(length));

function withRole(): { cloud: TinyWorld; role: CloudResource } {
  const cloud = tinyWorld(iam);
  return { cloud, role: cloud.create(ROLE, "app", { name: "app", assumeRolePolicy: TRUST }) };
}

describe("IAM: a role", () => {
  it("has an ARN with its path, its name as id, and a unique id", () => {
    const cloud = tinyWorld(iam);
    const role = cloud.create(ROLE, "app", { name: "app", path: "/team/", assumeRolePolicy: TRUST });
    assert.equal(role.id, "app");
    assert.equal(role.outputs["arn"], "arn:aws:iam::111122223333:role/team/app");
    assert.match(textIn(role.outputs, "uniqueId"), /^AROA[A-Z2-7]{17}$/);
    assert.equal(role.outputs["name"], "app");
  });

  it("has a name that is free in its account, whatever its case", () => {
    const { cloud } = withRole();
    for (const name of ["app", "APP"])
      assertRefused(() => cloud.create(ROLE, "b", { name, assumeRolePolicy: TRUST }), "EntityAlreadyExists");
    cloud.create(ROLE, "b", { name: "app", assumeRolePolicy: TRUST }, STAGING);
  });

  const trust = (statement: object): string =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] });
  const refused: [string, string, string][] = [
    ["that is an identity policy", READ, "MalformedPolicyDocument"],
    ["that is no JSON", "{", "MalformedPolicyDocument"],
    [
      "that is too long",
      trust({ Principal: { AWS: Array.from({ length: 200 }, (_, i) => String(100000000000 + i)) } }),
      "LimitExceeded",
    ],
    [
      "that names a service by a slip",
      trust({ Principal: { Service: "ecs-task.amazonaws.com" } }),
      "MalformedPolicyDocument",
    ],
    [
      "that names a role that does not exist",
      trust({ Principal: { AWS: "arn:aws:iam::111122223333:role/none" } }),
      "MalformedPolicyDocument",
    ],
  ];
  for (const [name, assumeRolePolicy, code] of refused)
    it(`takes no trust policy ${name}`, () => {
      const { cloud, role } = withRole();
      assertRefused(() => cloud.create(ROLE, "b", { name: "b", assumeRolePolicy }), code);
      assertRefused(() => cloud.update(role, { name: "app", assumeRolePolicy }), code);
    });

  it("may trust roles that exist, other accounts, and roles that AWS keeps", () => {
    const { cloud, role } = withRole();
    for (const [index, AWS] of [
      textIn(role.outputs, "arn"),
      "arn:aws:iam::999988887777:role/unknown",
      "arn:aws:iam::111122223333:root",
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin",
    ].entries())
      cloud.create(ROLE, `b${index}`, { name: `b${index}`, assumeRolePolicy: trust({ Principal: { AWS } }) });
  });

  it("has a description of Latin letters", () => {
    const described = (description: string) => tinyWorld(iam).check(ROLE, { assumeRolePolicy: TRUST, description });
    assert.deepEqual(described("Reads the café's orders."), []);
    assert.match(described("Reads — and writes")[0]?.reason ?? "", /^ValidationError: /);
  });

  describe("for GitHub's tokens", () => {
    const issuer = "token.actions.githubusercontent.com";
    const make = (Condition: object) => () => {
      const cloud = tinyWorld(iam);
      const provider = cloud.create("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github", {
        url: `https://${issuer}`,
      });
      const Action = "sts:AssumeRoleWithWebIdentity";
      const assumeRolePolicy = trust({ Action, Principal: { Federated: provider.id }, Condition });
      cloud.create(ROLE, "deploy", { name: "deploy", assumeRolePolicy });
    };
    const audience = { [`${issuer}:aud`]: "sts.amazonaws.com" };

    it("says whose they are", () => {
      make({ StringEquals: { ...audience, [`${issuer}:sub`]: "repo:a/b:environment:production" } })();
      make({ StringLike: { [`${issuer}:sub`]: "repo:a/*" } })();
    });
    for (const [what, condition] of [
      ["the audience alone", { StringEquals: audience }],
      ["any subject", { StringLike: { [`${issuer}:sub`]: "*" } }],
      ["all subjects but one", { StringNotEquals: { [`${issuer}:sub`]: "repo:a/b" } }],
    ] as const)
      it(`is refused with ${what}`, () => {
        assertRefused(make(condition), "MalformedPolicyDocument", /:sub/);
      });
  });

  it("stays while policies are attached, unless it detaches them itself", () => {
    const { cloud, role } = withRole();
    const attachment = cloud.create(ATTACHMENT, "a", {
      role: "app",
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
    assertRefused(() => cloud.delete(role), "DeleteConflict", /detach/);
    cloud.delete(attachment);
    const inline = cloud.create(ROLE_POLICY, "i", { role: "app", name: "i", policy: READ });
    assertRefused(() => cloud.delete(role), "DeleteConflict", /delete policies/);
    cloud.delete(inline);
    cloud.delete(role);

    const forced = cloud.create(ROLE, "f", { name: "f", assumeRolePolicy: TRUST, forceDetachPolicies: true });
    cloud.create(ATTACHMENT, "f", { role: "f", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
    cloud.delete(forced);
  });

  it("does not change where the trust policy only looks different", () => {
    const spaced = JSON.stringify(JSON.parse(TRUST), null, 4);
    const equivalent = iam.resources[ROLE]?.equivalent?.bind(iam.resources[ROLE]);
    assert.equal(equivalent?.("assumeRolePolicy", TRUST, spaced), true);
    assert.equal(equivalent("assumeRolePolicy", TRUST, READ), false);
    assert.equal(equivalent("description", TRUST, spaced), false);
  });
});

describe("IAM: policies", () => {
  for (const [path, known] of [
    ["service-role/AmazonECSTaskExecutionRolePolicy", true],
    ["AmazonECSTaskExecutionRolePolicy", false],
    ["service-role/ReadOnlyAccess", false],
    ["ReadonlyAccess", false],
    ["AmazonSomethingNew", true],
  ] as const)
    it(`of AWS ${known ? "may be" : "are not"} ${path}`, () => {
      const { cloud } = withRole();
      const attach = () => cloud.create(ATTACHMENT, "a", { role: "app", policyArn: `arn:aws:iam::aws:policy/${path}` });
      if (known) attach();
      else assertRefused(attach, "NoSuchEntity", /does not exist or is not attachable/);
    });

  it("of their own have an ARN as id and a name that is free", () => {
    const cloud = tinyWorld(iam);
    const policy = cloud.create(POLICY, "read", { name: "read", policy: READ });
    assert.equal(policy.id, "arn:aws:iam::111122223333:policy/read");
    assert.match(textIn(policy.outputs, "policyId"), /^ANPA/);
    assertRefused(() => cloud.create(POLICY, "b", { name: "read", policy: READ }), "EntityAlreadyExists");
    assertRefused(
      () => cloud.create(POLICY, "c", { name: "c", policy: TRUST }),
      "MalformedPolicyDocument",
      /Principal|principal/,
    );
    assertRefused(() => cloud.create(POLICY, "d", { name: "d", policy: sized(6_200) }), "LimitExceeded", /6144/);
    assertRefused(() => cloud.update(policy, { name: "read", policy: "{}" }), "MalformedPolicyDocument");
  });

  it("stay while they are attached", () => {
    const { cloud } = withRole();
    const policy = cloud.create(POLICY, "read", { name: "read", policy: READ });
    const attachment = cloud.create(ATTACHMENT, "a", { role: "app", policyArn: policy.id });
    assert.equal(attachment.id, `app/${policy.id}`);
    assertRefused(() => cloud.delete(policy), "DeleteConflict");
    cloud.delete(attachment);
    cloud.delete(policy);
  });

  const refused: [string, object, string][] = [
    ["a role that does not exist", { role: "none" }, "NoSuchEntity"],
    ["a policy that does not exist", { policyArn: "arn:aws:iam::111122223333:policy/none" }, "NoSuchEntity"],
    ["a policy by its name", { policyArn: "ReadOnlyAccess" }, "InvalidInput"],
  ];
  for (const [name, changes, code] of refused)
    it(`are not attached with ${name}`, () => {
      const { cloud } = withRole();
      const inputs = { role: "app", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess", ...changes };
      assertRefused(() => cloud.create(ATTACHMENT, "a", inputs), code);
    });

  it("are attached ten times at most", () => {
    const { cloud } = withRole();
    const attach = (index: number): unknown =>
      cloud.create(ATTACHMENT, `a${index}`, { role: "app", policyArn: `arn:aws:iam::aws:policy/P${index}` });
    for (let index = 0; index < 10; index++) attach(index);
    assertRefused(() => attach(10), "LimitExceeded");
  });

  it("inline share one quota per role", () => {
    const { cloud } = withRole();
    cloud.create(ROLE_POLICY, "a", { role: "app", name: "a", policy: sized(6_000) });
    assertRefused(
      () => cloud.create(ROLE_POLICY, "b", { role: "app", name: "b", policy: sized(6_000) }),
      "LimitExceeded",
      /10240/,
    );
    assertRefused(() => cloud.create(ROLE_POLICY, "c", { role: "none", name: "c", policy: READ }), "NoSuchEntity");
    assert.equal(cloud.check(ROLE_POLICY, { role: "arn:aws:iam::111122223333:role/app" })[0]?.property, "role");
  });
});

describe("IAM: other entities", () => {
  it("an OpenID provider has its address as id, once per account", () => {
    const cloud = tinyWorld(iam);
    const inputs = { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] };
    const type = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
    const provider = cloud.create(type, "github", inputs);
    assert.equal(provider.id, "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com");
    assertRefused(() => cloud.create(type, "b", inputs), "EntityAlreadyExists");
    assert.equal(cloud.check(type, { url: "http://x.example" })[0]?.property, "url");
  });

  it("a role trusts only an identity provider that exists in its account", () => {
    const cloud = tinyWorld(iam);
    const url = "https://token.actions.githubusercontent.com";
    const assumeRolePolicy = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
          Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:a/b:ref:refs/heads/main" } },
        },
      ],
    });
    const inputs = { url, clientIdLists: ["sts.amazonaws.com"] };
    const make = () => cloud.create(ROLE, "deploy", { name: "deploy", assumeRolePolicy });
    assertRefused(make, "MalformedPolicyDocument", /Federated/);
    cloud.create("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github", inputs, STAGING);
    assertRefused(make, "MalformedPolicyDocument", /Federated/);
    cloud.create("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github", inputs);
    make();
  });

  it("a role's boundary is a policy that exists, and stays as long", () => {
    const cloud = tinyWorld(iam);
    const boundary = "arn:aws:iam::111122223333:policy/boundary";
    const inputs = { name: "app", assumeRolePolicy: TRUST, permissionsBoundary: boundary };
    assertRefused(() => cloud.create(ROLE, "app", inputs), "NoSuchEntity", /Scope ARN/);
    const policy = cloud.create(POLICY, "boundary", { name: "boundary", policy: READ });
    const role = cloud.create(ROLE, "app", inputs);
    assertRefused(() => cloud.delete(policy), "DeleteConflict");
    cloud.delete(role);
    cloud.delete(policy);
  });

  it("a user stays while it has access keys, and has two at most", () => {
    const cloud = tinyWorld(iam);
    const user = cloud.create(USER, "ci", { name: "ci" });
    const key = (name: string): CloudResource => cloud.create("aws:iam/accessKey:AccessKey", name, { user: "ci" });
    assert.match(key("a").id, /^AKIA[A-Z2-7]{16}$/);
    key("b");
    assertRefused(() => key("c"), "LimitExceeded");
    assertRefused(() => cloud.delete(user), "DeleteConflict");
  });

  it("names have only letters that IAM takes, and paths have slashes", () => {
    const cloud = tinyWorld(iam);
    assert.equal(cloud.check(USER, { name: "a b" })[0]?.property, "name");
    assert.equal(cloud.check(ROLE, { path: "team" })[0]?.property, "path");
    assert.deepEqual(cloud.check(ROLE, { path: "/team/" }), []);
  });

  it("are found by invokes", () => {
    const { cloud } = withRole();
    assert.equal(cloud.invoke("aws:iam/getRole:getRole", { name: "app" })["arn"], "arn:aws:iam::111122223333:role/app");
    assertRefused(() => cloud.invoke("aws:iam/getRole:getRole", { name: "app" }, STAGING), "NoSuchEntity");
    const { path, name } = cloud.invoke("aws:iam/getPolicy:getPolicy", {
      arn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    });
    assert.deepEqual([path, name], ["/service-role/", "AmazonECSTaskExecutionRolePolicy"]);
  });
});
