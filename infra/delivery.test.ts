import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import type { Statement } from "./delivery/scope.ts";
import { Delivery, type DeliveryArgs } from "./delivery.ts";
import { isAllowed, type Call } from "./delivery/iam-simulation.ts";

const account = "444455556666";
const boundaryArn = `arn:aws:iam::${account}:policy/groundwork-production-boundary-roles-0a1b2c3`;
const args: DeliveryArgs = {
  accountId: account,
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  project: "groundwork",
  repository: "example-org/groundwork",
  environment: "production",
  boundaryArn,
  repositoryArn: `arn:aws:ecr:us-east-1:${account}:repository/groundwork-production-images-api`,
};
const name = "groundwork-production-delivery";

const ofType = (resources: readonly CapturedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);
const documentOf = (text: unknown) => JSON.parse(text as string) as { Statement: readonly Statement[] };
const roleNamed = (resources: readonly CapturedResource[], purpose: string) =>
  ofType(resources, "aws:iam/role:Role").find((role) => role.name === `${name}-${purpose}`) ??
  assert.fail(`no role ${purpose}`);

/** Everything that is attached to the role. */
function permissionsOf(resources: readonly CapturedResource[], purpose: string): Statement[] {
  const attached = ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs["role"] === `${name}-${purpose}-0a1b2c3`)
    .map(({ inputs }) => inputs["policyArn"]);
  return ofType(resources, "aws:iam/policy:Policy")
    .filter((policy) => attached.includes(`arn:aws:iam::123456789012:policy/${policy.name}`))
    .flatMap(({ inputs }) => documentOf(inputs["policy"]).Statement);
}

describe("delivery", () => {
  let delivery: Delivery;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: delivery, resources } = await capture(
      () => new Delivery(name, { ...args, image: "pull", previews: true }),
    ));
  });

  it("knows GitHub without a thumbprint", () => {
    const { inputs } = only(resources, "aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    assert.equal(inputs["url"], "https://token.actions.githubusercontent.com");
    assert.deepEqual(inputs["clientIdLists"], ["sts.amazonaws.com"]);
    assert.equal(inputs["thumbprintLists"], undefined);
  });

  for (const [purpose, environment] of [
    ["deploy", "production"],
    ["read", "production-read"],
    ["preview", "preview"],
    ["image-pull", "production"],
  ] as const)
    it(`lends the role ${purpose} to jobs of one repository in the GitHub environment ${environment} alone`, () => {
      const { inputs } = roleNamed(resources, purpose);
      assert.deepEqual(documentOf(inputs["assumeRolePolicy"]).Statement, [
        {
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${name}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": `repo:example-org/groundwork:environment:${environment}`,
            },
          },
        },
      ]);
    });

  it("has policies that IAM takes: 6,144 characters each, ten on a role", () => {
    const policies = ofType(resources, "aws:iam/policy:Policy");
    assert.ok(policies.length >= 7);
    for (const { name: policy, inputs } of policies)
      assert.ok((inputs["policy"] as string).replace(/\s/g, "").length <= 6144, policy);
    assert.ok(ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").length <= 10);
  });

  it("gives what it made to the pipeline", async () => {
    assert.match(await valueOf(delivery.deployRoleArn), /-deploy$/);
    assert.match(await valueOf(delivery.readRoleArn), /-read$/);
    assert.match(await valueOf(delivery.previewRoleArn!), /-preview$/);
    assert.match(await valueOf(delivery.previewBoundaryArn!), /-preview-roles$/);
    assert.match(await valueOf(delivery.imageRoleArn!), /-image-pull$/);
    assert.equal(await valueOf(delivery.releaseBucketName), `${name}-releases-0a1b2c3`);
  });

  describe("in an environment without previews and images", () => {
    it("has the roles that change and read alone", async () => {
      const { resources: plain, result } = await capture(() => new Delivery(name, args));
      assert.deepEqual(
        ofType(plain, "aws:iam/role:Role").map((role) => role.name),
        [`${name}-deploy`, `${name}-read`],
      );
      assert.deepEqual(
        [result.previewRoleArn, result.previewBoundaryArn, result.imageRoleArn],
        [undefined, undefined, undefined],
      );
    });
  });

  it("copies images with a role that sees one repository, and writes only where it pushes", async () => {
    const { resources: pushing } = await capture(() => new Delivery(name, { ...args, image: "push" }));
    const may = (from: readonly CapturedResource[], action: string, resource: string) =>
      isAllowed(documentOf(only(from, "aws:iam/rolePolicy:RolePolicy").inputs["policy"]).Statement, {
        action,
        resource,
      });
    const own = args.repositoryArn as string;
    for (const from of [resources, pushing]) {
      assert.ok(may(from, "ecr:GetAuthorizationToken", "*"));
      assert.ok(may(from, "ecr:BatchGetImage", own));
      assert.ok(!may(from, "ecr:BatchGetImage", `${own}-of-another`));
    }
    assert.deepEqual([may(resources, "ecr:PutImage", own), may(pushing, "ecr:PutImage", own)], [false, true]);
  });

  describe("the deploy role", () => {
    const iam = (resource: string) => `arn:aws:iam::${account}:${resource}`;
    const here = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
    const bounded = { "iam:PermissionsBoundary": boundaryArn };
    const ours = { "aws:ResourceTag/Project": "groundwork" };
    const role = iam("role/groundwork-production-service-task-0a1b2c3");
    const own = iam(`role/${name}-deploy-0a1b2c3`);
    const secret = here("secretsmanager", "secret:groundwork-production-secrets/mail-api-key-0a1b2c3-AbCdEf");
    const key = here("kms", "key/1234");

    const may: readonly [what: string, call: Call][] = [
      ["make a role inside the boundary", { action: "iam:CreateRole", resource: role, context: bounded }],
      ["give that role a policy", { action: "iam:PutRolePolicy", resource: role, context: bounded }],
      [
        "pass it to ECS",
        { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      ],
      ["read its own role", { action: "iam:GetRole", resource: own, context: { "aws:RequestedRegion": "us-east-1" } }],
      [
        "update the service",
        {
          action: "ecs:UpdateService",
          resource: here("ecs", "service/groundwork-production-cluster/groundwork-production-service-http"),
        },
      ],
      ["make a subnet", { action: "ec2:CreateSubnet", resource: here("ec2", "subnet/*") }],
      [
        "make a key with the project's tag",
        { action: "kms:CreateKey", resource: "*", context: { "aws:RequestTag/Project": "groundwork" } },
      ],
      ["change the project's keys", { action: "kms:PutKeyPolicy", resource: key, context: ours }],
      ["make a vault under the project's key", { action: "kms:RetireGrant", resource: key, context: ours }],
      [
        "let the service scale, by alarms that Application Auto Scaling names",
        {
          action: "cloudwatch:PutMetricAlarm",
          resource: here(
            "cloudwatch",
            "alarm:TargetTracking-service/groundwork-production-cluster/groundwork-production-api-AlarmHigh-1234",
          ),
        },
      ],
      ["make a secret, and give it its first value", { action: "secretsmanager:PutSecretValue", resource: secret }],
      [
        "keep a release record",
        { action: "s3:PutObject", resource: `arn:aws:s3:::${name}-releases-0a1b2c3/releases/1.json` },
      ],
    ];
    for (const [what, call] of may)
      it(`may ${what}`, () => assert.ok(isAllowed(permissionsOf(resources, "deploy"), call)));

    const mayNot: readonly [what: string, call: Call][] = [
      ["make a role without the boundary", { action: "iam:CreateRole", resource: role }],
      [
        "make a role inside another boundary",
        { action: "iam:CreateRole", resource: role, context: { "iam:PermissionsBoundary": iam("policy/mine") } },
      ],
      [
        "take the boundary off a role",
        { action: "iam:DeleteRolePermissionsBoundary", resource: role, context: bounded },
      ],
      ["give a role that has none of the boundary a policy", { action: "iam:PutRolePolicy", resource: role }],
      ["change the boundary", { action: "iam:CreatePolicyVersion", resource: boundaryArn }],
      [
        "change its own policies",
        { action: "iam:CreatePolicyVersion", resource: iam(`policy/${name}-identity-0a1b2c3`) },
      ],
      ["change its own role", { action: "iam:UpdateAssumeRolePolicy", resource: own }],
      ["attach a policy to its own role", { action: "iam:AttachRolePolicy", resource: own, context: bounded }],
      [
        "pass its own role",
        { action: "iam:PassRole", resource: own, context: { "iam:PassedToService": "lambda.amazonaws.com" } },
      ],
      [
        "pass a role to a service of its choice",
        { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "ec2.amazonaws.com" } },
      ],
      [
        "trust another identity provider",
        { action: "iam:CreateOpenIDConnectProvider", resource: iam("oidc-provider/evil.example") },
      ],
      ["make a user", { action: "iam:CreateUser", resource: iam("user/me") }],
      ["make an access key", { action: "iam:CreateAccessKey", resource: iam("user/me") }],
      ["touch a role that is not the project's", { action: "iam:DeleteRole", resource: iam("role/Administrator") }],
      [
        "go to another account",
        { action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/groundwork-staging-delivery-deploy" },
      ],
      ["connect networks", { action: "ec2:CreateVpcPeeringConnection", resource: here("ec2", "vpc/vpc-1") }],
      ["work in another region", { action: "ec2:CreateSubnet", resource: `arn:aws:ec2:eu-west-1:${account}:subnet/*` }],
      ["start a machine", { action: "ec2:RunInstances", resource: here("ec2", "instance/*") }],
      ["read a secret", { action: "secretsmanager:GetSecretValue", resource: secret }],
      [
        "read what customers uploaded",
        { action: "s3:GetObject", resource: "arn:aws:s3:::groundwork-production-media-objects-0a1b2c3/users/1/a.jpg" },
      ],
      [
        "delete a release record's version",
        { action: "s3:DeleteObjectVersion", resource: `arn:aws:s3:::${name}-releases-0a1b2c3/releases/1.json` },
      ],
      ["change a key that is not the project's", { action: "kms:PutKeyPolicy", resource: key }],
      ["delete a backup", { action: "backup:DeleteRecoveryPoint", resource: here("backup", "recovery-point:1") }],
      ["stop the audit", { action: "cloudtrail:StopLogging", resource: here("cloudtrail", "trail/main") }],
    ];
    for (const [what, call] of mayNot)
      it(`may not ${what}`, () => assert.ok(!isAllowed(permissionsOf(resources, "deploy"), call)));

    it("builds images only where they are built", async () => {
      const push: Call = { action: "ecr:PutImage", resource: args.repositoryArn as string };
      const { resources: pushing } = await capture(() => new Delivery(name, { ...args, image: "push" }));
      assert.ok(isAllowed(permissionsOf(resources, "deploy"), push));
      assert.ok(!isAllowed(permissionsOf(pushing, "deploy"), push));
    });

    it("may change every service of which the program makes something, save for what an administrator keeps", () => {
      const services: Readonly<Record<string, readonly string[]>> = {
        alb: ["elasticloadbalancing"],
        appautoscaling: ["application-autoscaling"],
        bcmdata: ["bcm-data-exports"],
        cloudwatch: ["cloudwatch", "logs", "events"],
        costexplorer: ["ce"],
        lb: ["elasticloadbalancing"],
        s3control: ["s3"],
        vpc: ["ec2"],
      };
      // The account's own guards, and switches for the whole account.
      const administrators = ["accessanalyzer", "account", "cloudtrail", "ebs", "guardduty"];
      const allowed = permissionsOf(resources, "deploy")
        .filter(({ Sid, Effect }) => Effect === "Allow" && Sid !== "Reads")
        .flatMap(({ Action = [] }) => Action.map((action) => action.split(":")[0]));
      const files = globSync("**/*.ts", { cwd: import.meta.dirname, exclude: ["**/*.test.ts"] });
      const used = files.flatMap((file) =>
        [...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(/new aws\.(\w+)\.[A-Z]/g)].map(
          ([, module = ""]) => module,
        ),
      );
      assert.ok(used.length > 20);
      for (const module of new Set(used)) {
        if (administrators.includes(module)) continue;
        for (const service of services[module] ?? [module])
          assert.ok(allowed.includes(service), `aws.${module} is made, and the deploy role may not change ${service}`);
      }
    });
  });

  describe("the read role", () => {
    const region = { "aws:RequestedRegion": "us-east-1" };
    it("reads how things are set up", () => {
      for (const action of [
        "ec2:DescribeVpcs",
        "ecs:DescribeServices",
        "iam:GetRole",
        "kms:GetKeyPolicy",
        "s3:GetBucketPolicy",
        "cloudtrail:LookupEvents",
      ])
        assert.ok(isAllowed(permissionsOf(resources, "read"), { action, resource: "*", context: region }), action);
    });

    it("reads no data, changes nothing, and looks at no other region", () => {
      const calls: readonly Call[] = [
        ...[
          "secretsmanager:GetSecretValue",
          "s3:GetObject",
          "logs:GetLogEvents",
          "logs:FilterLogEvents",
          "kms:Decrypt",
          "ssm:GetParameter",
          "ec2:GetConsoleOutput",
          "appconfig:GetLatestConfiguration",
          "ecr:GetAuthorizationToken",
          "sqs:ReceiveMessage",
          "iam:CreateRole",
          "ecs:UpdateService",
          "s3:PutObject",
        ].map((action) => ({ action, resource: "*", context: region })),
        { action: "ec2:DescribeVpcs", resource: "*", context: { "aws:RequestedRegion": "eu-west-1" } },
      ];
      for (const call of calls) assert.ok(!isAllowed(permissionsOf(resources, "read"), call), call.action);
    });
  });

  describe("the preview role", () => {
    const iam = (resource: string) => `arn:aws:iam::${account}:${resource}`;
    const previewBoundary = `arn:aws:iam::123456789012:policy/${name}-preview-roles`;
    const may = (call: Call) => isAllowed(permissionsOf(resources, "preview"), call);
    const role = iam("role/groundwork-preview-login-roles-task-0a1b2c3");

    it("reads what the read role reads", () => {
      const read = permissionsOf(resources, "read");
      const preview = permissionsOf(resources, "preview").map((statement) => JSON.stringify(statement));
      for (const statement of read) assert.ok(preview.includes(JSON.stringify(statement)));
    });

    it("makes roles of previews, inside the boundary of previews", () => {
      const bounded = { "iam:PermissionsBoundary": previewBoundary };
      assert.ok(may({ action: "iam:CreateRole", resource: role, context: bounded }));
      assert.ok(may({ action: "iam:PutRolePolicy", resource: role, context: bounded }));
      assert.ok(may({ action: "iam:DeleteRolePolicy", resource: role, context: bounded }));
      assert.ok(may({ action: "iam:DeleteRole", resource: role }));
      const passed = (service: string): Call => ({
        action: "iam:PassRole",
        resource: role,
        context: { "iam:PassedToService": service },
      });
      assert.ok(may(passed("ecs-tasks.amazonaws.com")));
      assert.ok(!may(passed("lambda.amazonaws.com")));
    });

    it("makes no role without it, nor inside staging's wider one", () => {
      for (const context of [{}, { "iam:PermissionsBoundary": boundaryArn }])
        for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"])
          assert.ok(!may({ action, resource: role, context }), action);
      assert.ok(!may({ action: "iam:DeleteRolePermissionsBoundary", resource: role }));
    });

    it("touches no role of the environment, no role of delivery, and no policy", () => {
      const bounded = { "iam:PermissionsBoundary": previewBoundary, "iam:PassedToService": "ecs-tasks.amazonaws.com" };
      for (const other of [
        "groundwork-production-roles-task-0a1b2c3",
        `${name}-preview-0a1b2c3`,
        `${name}-deploy-0a1b2c3`,
      ])
        for (const action of ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:PassRole"])
          assert.ok(!may({ action, resource: iam(`role/${other}`), context: bounded }), `${action} ${other}`);
      assert.ok(!may({ action: "iam:CreatePolicyVersion", resource: previewBoundary }));
      assert.ok(!may({ action: "sts:AssumeRole", resource: iam(`role/${name}-deploy-0a1b2c3`) }));
    });

    it("neither reads nor writes release records, in its own name or a role's", () => {
      const roles = documentOf(
        ofType(resources, "aws:iam/policy:Policy").find((policy) => policy.name === `${name}-preview-roles`)?.inputs[
          "policy"
        ],
      ).Statement;
      for (const action of ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]) {
        const call = { action, resource: `arn:aws:s3:::${name}-releases-0a1b2c3/releases/1.json` };
        assert.ok(!may(call) && !isAllowed(roles, call), action);
      }
    });
  });

  it("takes the form of a repository whose tokens carry ids", async () => {
    const repository = "example-org@123456/groundwork@456789";
    const { resources: immutable } = await capture(() => new Delivery(name, { ...args, repository }));
    assert.match(
      roleNamed(immutable, "deploy").inputs["assumeRolePolicy"] as string,
      /"repo:example-org@123456\/groundwork@456789:environment:production"/,
    );
  });

  const refused: readonly [input: string, over: Partial<DeliveryArgs>][] = [
    ["repository", { repository: "example-org/*" }],
    ["repository", { repository: "example-org" }],
    ["environment", { environment: "*" }],
    ["accountId", { accountId: "production" }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Delivery(name, { ...args, ...over })),
        new RegExp(`${input}: must be`),
      );
    });
});
