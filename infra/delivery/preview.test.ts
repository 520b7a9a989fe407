import assert from "node:assert/strict";
import { valueOf } from "../capture.ts";
import { physicalName } from "../naming.ts";
import { executionPolicy, taskPolicy } from "../service/task-permissions.ts";
import { isAllowed, type Call } from "./iam-simulation.ts";
import { previewBoundaryStatements, previewStatements } from "./preview.ts";
import type { DeployScope, Statement } from "./scope.ts";

const account = "111122223333";
const scope: DeployScope = {
  accountId: account,
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  project: "groundwork",
  delivery: "groundwork-staging-delivery",
  boundaryArn: `arn:aws:iam::${account}:policy/groundwork-staging-boundary-roles-0a1b2c3`,
  buildsImages: true,
};
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const bearing = (environment: string) => ({ "aws:ResourceTag/Environment": environment });
const given = { "aws:RequestTag/Environment": "preview" };

// A slug has at most 30 characters.
const longest = `groundwork-preview-${"a".repeat(30)}`;
const cluster = "groundwork-staging-cluster-0a1b2c3";
const service = (name: string) => arn("ecs", `service/${cluster}/${name}`);
const definition = (name: string) => arn("ecs", `task-definition/${name}:7`);
const listener = arn("elasticloadbalancing", "listener/app/groundwork-st-a0a4eb-alb-5766cac/6d30/2214");
const rule = arn("elasticloadbalancing", "listener-rule/app/groundwork-st-a0a4eb-alb-5766cac/6d30/2214/2504");
const group = arn(
  "elasticloadbalancing",
  `targetgroup/${physicalName("aws:lb/targetGroup:TargetGroup", `${longest}-api`, "http")}-0a1b2c3/cfec`,
);
const scalable = arn("application-autoscaling", "scalable-target/27f0");
const user = (component: string) =>
  arn("elasticache", `user:${physicalName("aws:elasticache/user:User", component, "user")}`);
const secret = (component: string) =>
  arn(
    "secretsmanager",
    `secret:${physicalName("aws:secretsmanager/secret:Secret", component, "jwt-signing-keys", "/")}`,
  );
const logGroup = (component: string) => arn("logs", `log-group:/${component}/containers-0a1b2c3`);
const repository = arn("ecr", "repository/groundwork-staging-preview-images-api-0a1b2c3");
const stagingRepository = arn("ecr", "repository/groundwork-staging-images-api-0a1b2c3");
const key = arn("kms", "key/1234");

/** One use of the project's key, asked for by Secrets Manager on behalf of a secret. */
const keyUse = (action: string, secretArn: string, via = "secretsmanager.us-east-1.amazonaws.com"): Call => ({
  action,
  resource: key,
  context: {
    "aws:ResourceTag/Project": "groundwork",
    "kms:ViaService": via,
    "kms:EncryptionContext:SecretARN": secretArn,
  },
});
const running = (action: string, name: string, tasks: string): Call => ({
  action,
  resource: service(name),
  context: { "ecs:task-definition": definition(tasks) },
});

type Cases = readonly (readonly [what: string, ...calls: Call[]])[];

describe("a job that brings a preview up and takes it down", () => {
  const statements = previewStatements(scope);
  const may: Cases = [
    [
      "make, change, stop, and delete the preview's service",
      running("ecs:CreateService", `${longest}-api-0a1b2c3`, `${longest}-api`),
      running("ecs:UpdateService", `${longest}-api-0a1b2c3`, `${longest}-api`),
      // Its count alone.
      { action: "ecs:UpdateService", resource: service(`${longest}-api-0a1b2c3`) },
      { action: "ecs:DeleteService", resource: service(`${longest}-api-0a1b2c3`) },
      { action: "ecs:TagResource", resource: service(`${longest}-api-0a1b2c3`) },
    ],
    [
      "register its tasks, and run one that migrates or drops the database",
      { action: "ecs:RegisterTaskDefinition", resource: "*", context: given },
      { action: "ecs:TagResource", resource: definition(`${longest}-api`) },
      { action: "ecs:RunTask", resource: definition(`${longest}-api-migration`) },
    ],
    [
      "put a rule on the listener, with a target group",
      { action: "elasticloadbalancing:CreateTargetGroup", resource: group, context: given },
      {
        action: "elasticloadbalancing:AddTags",
        resource: group,
        context: { ...given, "elasticloadbalancing:CreateAction": "CreateTargetGroup" },
      },
      { action: "elasticloadbalancing:CreateRule", resource: listener, context: given },
      {
        action: "elasticloadbalancing:AddTags",
        resource: rule,
        context: { ...given, "elasticloadbalancing:CreateAction": "CreateRule" },
      },
      ...["ModifyTargetGroupAttributes", "DeleteTargetGroup"].map((action) => ({
        action: `elasticloadbalancing:${action}`,
        resource: group,
        context: bearing("preview"),
      })),
      ...["ModifyRule", "DeleteRule", "AddTags", "RemoveTags"].map((action) => ({
        action: `elasticloadbalancing:${action}`,
        resource: rule,
        context: bearing("preview"),
      })),
    ],
    [
      "start and stop the service by the clock",
      { action: "application-autoscaling:RegisterScalableTarget", resource: scalable, context: given },
      { action: "application-autoscaling:TagResource", resource: scalable, context: given },
      ...["RegisterScalableTarget", "PutScheduledAction", "DeleteScheduledAction", "DeregisterScalableTarget"].map(
        (action) => ({
          action: `application-autoscaling:${action}`,
          resource: scalable,
          context: bearing("preview"),
        }),
      ),
    ],
    [
      "make a user of the cache, and put it into staging's group",
      { action: "elasticache:CreateUser", resource: user(`${longest}-cache-user`) },
      { action: "elasticache:AddTagsToResource", resource: user(`${longest}-cache-user`) },
      {
        action: "elasticache:ModifyUserGroup",
        resource: arn("elasticache", "usergroup:groundwork-staging-cache-users"),
      },
      { action: "elasticache:ModifyUserGroup", resource: user(`${longest}-cache-user`) },
      { action: "elasticache:DeleteUser", resource: user(`${longest}-cache-user`) },
    ],
    [
      "make secrets under staging's key",
      ...["CreateSecret", "PutSecretValue", "PutResourcePolicy", "TagResource", "DeleteSecret"].map((action) => ({
        action: `secretsmanager:${action}`,
        resource: secret(`${longest}-secrets`),
      })),
      keyUse("kms:GenerateDataKey", "RequestToValidateKeyAccess"),
      keyUse("kms:Decrypt", "RequestToValidateKeyAccess"),
      keyUse("kms:GenerateDataKey", secret(`${longest}-secrets`)),
      keyUse("kms:Decrypt", secret(`${longest}-secrets`)),
    ],
    [
      "make a log group, and delete it",
      ...["CreateLogGroup", "AssociateKmsKey", "PutRetentionPolicy", "TagResource", "DeleteLogGroup"].map((action) => ({
        action: `logs:${action}`,
        resource: logGroup(`${longest}-api`),
      })),
    ],
    [
      "push an image, and take it away with the preview",
      {
        action: "ecr:GetAuthorizationToken",
        resource: "*",
        context: { "aws:RequestedRegion": "us-east-1" },
      },
      ...[
        "InitiateLayerUpload",
        "UploadLayerPart",
        "CompleteLayerUpload",
        "PutImage",
        "BatchGetImage",
        "BatchDeleteImage",
      ].map((action) => ({ action: `ecr:${action}`, resource: repository })),
    ],
  ];
  for (const [what, ...calls] of may)
    it(`may ${what}`, () => {
      for (const call of calls) assert.ok(isAllowed(statements, call), `${call.action} ${call.resource}`);
    });

  const staging = "groundwork-staging-api";
  const mayNot: Cases = [
    [
      "change staging's service, or stop it",
      running("ecs:UpdateService", `${staging}-0a1b2c3`, `${longest}-api`),
      { action: "ecs:UpdateService", resource: service(`${staging}-0a1b2c3`) },
      { action: "ecs:DeleteService", resource: service(`${staging}-0a1b2c3`) },
      { action: "ecs:DeleteCluster", resource: arn("ecs", `cluster/${cluster}`) },
    ],
    [
      "run staging's tasks, whose roles reach staging's data",
      running("ecs:CreateService", `${longest}-api-0a1b2c3`, staging),
      running("ecs:UpdateService", `${longest}-api-0a1b2c3`, staging),
      { action: "ecs:RunTask", resource: definition(`${staging}-migration`) },
    ],
    [
      "take staging's rule, target group, or scalable target, or put its own tag on them",
      ...[rule, group].flatMap((resource) =>
        ["DeleteRule", "ModifyRule", "DeleteTargetGroup", "ModifyTargetGroup", "AddTags"].map((action) => ({
          action: `elasticloadbalancing:${action}`,
          resource,
          context: { ...bearing("staging"), ...given },
        })),
      ),
      ...["RegisterScalableTarget", "DeregisterScalableTarget", "PutScheduledAction", "TagResource"].map((action) => ({
        action: `application-autoscaling:${action}`,
        resource: scalable,
        context: { ...bearing("staging"), ...given },
      })),
    ],
    [
      "make what does not bear the tag, since nobody could take it down",
      { action: "elasticloadbalancing:CreateRule", resource: listener },
      { action: "elasticloadbalancing:CreateTargetGroup", resource: group },
      { action: "application-autoscaling:RegisterScalableTarget", resource: scalable },
      { action: "ecs:RegisterTaskDefinition", resource: "*" },
    ],
    [
      "change the load balancer or its listener",
      ...["ModifyListener", "DeleteListener", "SetRulePriorities", "AddListenerCertificates"].map((action) => ({
        action: `elasticloadbalancing:${action}`,
        resource: listener,
        context: bearing("staging"),
      })),
    ],
    [
      "touch staging's user of the cache, or take it out of the group",
      ...["ModifyUser", "DeleteUser", "ModifyUserGroup"].map((action) => ({
        action: `elasticache:${action}`,
        resource: user("groundwork-staging-cache-user"),
      })),
      {
        action: "elasticache:DeleteUserGroup",
        resource: arn("elasticache", "usergroup:groundwork-staging-cache-users"),
      },
      {
        action: "elasticache:ModifyReplicationGroup",
        resource: arn("elasticache", "replicationgroup:groundwork-staging-cache"),
      },
    ],
    [
      "replace or delete an image that staging runs",
      ...["PutImage", "BatchDeleteImage", "InitiateLayerUpload"].map((action) => ({
        action: `ecr:${action}`,
        resource: stagingRepository,
      })),
    ],
    [
      "touch staging's secrets, or use their key for them",
      ...["PutSecretValue", "DeleteSecret", "PutResourcePolicy", "UpdateSecret", "GetSecretValue"].map((action) => ({
        action: `secretsmanager:${action}`,
        resource: secret("groundwork-staging-secrets"),
      })),
      keyUse("kms:Decrypt", secret("groundwork-staging-secrets")),
      keyUse("kms:Decrypt", secret(`${longest}-secrets`), "s3.us-east-1.amazonaws.com"),
      { action: "kms:ScheduleKeyDeletion", resource: key, context: { "aws:ResourceTag/Project": "groundwork" } },
      { action: "kms:PutKeyPolicy", resource: key, context: { "aws:ResourceTag/Project": "groundwork" } },
    ],
    [
      "delete staging's logs, or stop encrypting its own",
      { action: "logs:DeleteLogGroup", resource: logGroup(staging) },
      { action: "logs:DisassociateKmsKey", resource: logGroup(`${longest}-api`) },
    ],
    [
      "change the registry itself",
      ...["DeleteRepository", "SetRepositoryPolicy", "PutLifecyclePolicy", "PutImageTagMutability"].map((action) => ({
        action: `ecr:${action}`,
        resource: repository,
      })),
    ],
    [
      "reach objects, networks, backups, configuration, alarms, or another region",
      { action: "s3:GetObject", resource: "arn:aws:s3:::groundwork-staging-media-objects-0a1b2c3/users/1/a.jpg" },
      { action: "s3:PutObject", resource: "arn:aws:s3:::groundwork-staging-delivery-releases-0a1b2c3/releases/1.json" },
      { action: "ec2:AuthorizeSecurityGroupIngress", resource: arn("ec2", "security-group/sg-1") },
      { action: "backup:DeleteBackupVault", resource: arn("backup", "backup-vault:groundwork-staging-backups-media") },
      { action: "appconfig:StartDeployment", resource: arn("appconfig", "application/abc") },
      { action: "cloudwatch:DeleteAlarms", resource: arn("cloudwatch", "alarm:groundwork-staging-api-target-5xx") },
      { action: "lambda:UpdateFunctionCode", resource: arn("lambda", "function:groundwork-staging-secrets") },
      {
        action: "ecs:DeleteService",
        resource: service(`${longest}-api`).replace("us-east-1", "us-west-2"),
      },
    ],
    [
      "reach production, which is another account",
      {
        action: "ecs:DeleteService",
        resource: service("groundwork-preview-x").replace(account, "444455556666"),
      },
    ],
  ];
  for (const [what, ...calls] of mayNot)
    it(`may not ${what}`, () => {
      for (const call of calls) assert.ok(!isAllowed(statements, call), `${call.action} ${call.resource}`);
    });

  // Said aloud: IAM tells previews from staging, and not from each other.
  it("may change another branch's preview", () =>
    assert.ok(
      isAllowed(statements, { action: "ecs:DeleteService", resource: service("groundwork-preview-other-api") }),
    ));
});

describe("a role of a preview, whatever is attached to it", () => {
  const statements = previewBoundaryStatements(scope);
  const media = "arn:aws:s3:::groundwork-staging-media-objects-0a1b2c3";
  const own = secret(`${longest}-secrets`);

  it("may all that the API's roles are given", async () => {
    const documents = [
      executionPolicy({
        region: scope.region,
        repositoryArn: repository,
        logGroupArn: logGroup(`${longest}-api`),
        secretArns: [own],
        secretsKeyArn: key,
      }),
      taskPolicy(
        {
          cache: {
            replicationGroupArn: arn("elasticache", "replicationgroup:groundwork-staging-cache"),
            userArn: user(`${longest}-cache-user`),
          },
          runtimeConfigArn: arn("appconfig", "application/abc/environment/def/configuration/ghi"),
          uploadsBucketArn: media,
          secretArns: [own],
        },
        key,
        scope.region,
      ) ?? assert.fail("the task has no permission"),
    ];
    const context = {
      "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
      "kms:EncryptionContext:SecretARN": own,
    };
    for (const document of documents)
      for (const { Action = [], Resource } of (JSON.parse(await valueOf(document)) as { Statement: Statement[] })
        .Statement)
        for (const action of Action)
          for (const resource of Resource)
            assert.ok(isAllowed(statements, { action, resource, context }), `${action} ${resource}`);
  });

  const mayNot: readonly Call[] = [
    { action: "secretsmanager:GetSecretValue", resource: secret("groundwork-staging-secrets") },
    keyUse("kms:Decrypt", secret("groundwork-staging-secrets")),
    { action: "elasticache:Connect", resource: user("groundwork-staging-cache-user") },
    { action: "s3:GetObject", resource: `${media}/users/1/a.jpg` },
    { action: "s3:PutObject", resource: `${media}/products/1.jpg` },
    { action: "s3:PutObject", resource: "arn:aws:s3:::groundwork-staging-delivery-releases-0a1b2c3/releases/1.json" },
    { action: "logs:PutLogEvents", resource: `${logGroup("groundwork-staging-api")}:log-stream:api` },
    { action: "iam:CreateRole", resource: `arn:aws:iam::${account}:role/groundwork-preview-x` },
    { action: "sts:AssumeRole", resource: `arn:aws:iam::${account}:role/groundwork-staging-delivery-deploy` },
    { action: "sqs:SendMessage", resource: arn("sqs", "groundwork-staging-paging") },
  ];
  for (const call of mayNot)
    it(`may not ${call.action} of ${call.resource}`, () => assert.ok(!isAllowed(statements, call)));
});
