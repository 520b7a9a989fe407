import { identityStatements } from "./identity.ts";
import { pulls, pushes } from "./platform.ts";
import { type DeployScope, type Statement, allowing, placesOf } from "./scope.ts";

/** Names of what a preview makes: `groundwork-preview-<branch>-...`. */
const previewsOf = ({ project }: DeployScope): string => `${project}-preview-*`;

/**
 * What a job may do that brings a preview up, drops its database, and takes it down. One preview is not told apart from
 * another: a job of any branch may change any of them.
 *
 * What has a name is told apart from staging's by it. Target groups are not, whose names are cut to 32 characters, nor
 * rules and scalable targets, which have none: for them it is the tag that every resource is made with. Of staging's
 * own things a preview needs a rule on the listener, membership in the cache's user group, and the key of its secrets,
 * for its own secrets alone. Previews' images lie in a repository of theirs.
 *
 * IAM does not see which host a rule is for.
 */
export function previewStatements(scope: DeployScope): Statement[] {
  const { here, named, onlyHere } = placesOf(scope);
  const { project, region } = scope;
  const previews = previewsOf(scope);
  const bearing = { "aws:ResourceTag/Environment": "preview" };
  const given = { "aws:RequestTag/Environment": "preview" };
  const taskDefinitions = `${here}:task-definition/${previews}`;
  // The cluster is staging's.
  const services = `${here}:service/${named}/${previews}`;
  const targetGroups = `${here}:targetgroup/*`;
  const rules = `${here}:listener-rule/app/${named}`;
  const scalableTargets = `${here}:scalable-target/*`;
  return allowing([
    {
      service: "ecs",
      actions: ["CreateService", "UpdateService"],
      on: [services],
      // Else a service of a preview could run staging's tasks, with the roles of staging.
      when: { StringLikeIfExists: { "ecs:task-definition": `arn:aws:ecs:${taskDefinitions}` } },
    },
    { service: "ecs", actions: ["DeleteService"], on: [services] },
    { service: "ecs", actions: ["RunTask"], on: [taskDefinitions] },
    { service: "ecs", actions: ["TagResource", "UntagResource"], on: [services, taskDefinitions] },
    // Asked of no resource: it is the roles of a revision, which must be passed on, that keep it to previews.
    { service: "ecs", actions: ["RegisterTaskDefinition"], on: ["*"], when: { StringEquals: given } },
    {
      service: "elasticloadbalancing",
      actions: ["CreateRule", "CreateTargetGroup"],
      on: [`${here}:listener/app/${named}`, targetGroups],
      when: { StringEquals: given },
    },
    {
      service: "elasticloadbalancing",
      actions: ["AddTags"],
      on: [targetGroups, rules],
      // Else it could put the tag on staging's, and have them.
      when: { StringEquals: { ...given, "elasticloadbalancing:CreateAction": ["CreateRule", "CreateTargetGroup"] } },
    },
    {
      service: "elasticloadbalancing",
      actions: [
        "AddTags",
        "DeleteRule",
        "DeleteTargetGroup",
        "ModifyRule",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "RemoveTags",
      ],
      on: [targetGroups, rules],
      when: { StringEquals: bearing },
    },
    {
      service: "application-autoscaling",
      actions: ["RegisterScalableTarget", "TagResource"],
      on: [scalableTargets],
      // A new target has no tag yet; one of staging has another.
      when: { StringEquals: given, StringEqualsIfExists: bearing },
    },
    {
      service: "application-autoscaling",
      actions: [
        "DeleteScheduledAction",
        "DeregisterScalableTarget",
        "PutScheduledAction",
        "RegisterScalableTarget",
        "TagResource",
        "UntagResource",
      ],
      on: [scalableTargets],
      when: { StringEquals: bearing },
    },
    {
      service: "elasticache",
      actions: ["AddTagsToResource", "CreateUser", "DeleteUser", "ModifyUser", "RemoveTagsFromResource"],
      on: [`${here}:user:${previews}`],
    },
    // It is asked of the group and of each user that comes or goes.
    {
      service: "elasticache",
      actions: ["ModifyUserGroup"],
      on: [`${here}:usergroup:${named}`, `${here}:user:${previews}`],
    },
    {
      service: "secretsmanager",
      actions: [
        "CreateSecret",
        "DeleteResourcePolicy",
        "DeleteSecret",
        "PutResourcePolicy",
        "PutSecretValue",
        "TagResource",
        "UntagResource",
        "UpdateSecret*",
      ],
      on: [`${here}:secret:${previews}`],
    },
    {
      service: "kms",
      actions: ["Decrypt", "GenerateDataKey"],
      on: [`${here}:key/*`],
      when: {
        StringEquals: {
          "aws:ResourceTag/Project": project,
          "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
        },
        StringLike: {
          // The second is what Secrets Manager says when it tries whether the caller may use the key at all.
          "kms:EncryptionContext:SecretARN": [
            `arn:aws:secretsmanager:${here}:secret:${previews}`,
            "RequestToValidateKeyAccess",
          ],
        },
      },
    },
    {
      service: "logs",
      actions: [
        "AssociateKmsKey",
        "CreateLogGroup",
        "DeleteLogGroup",
        "*RetentionPolicy",
        "TagResource",
        "UntagResource",
      ],
      on: [`${here}:log-group:/${previews}`],
    },
    { service: "ecr", actions: ["GetAuthorizationToken"], on: ["*"], when: onlyHere },
    // A preview's image goes with it. Staging's lie in a repository of their own.
    {
      service: "ecr",
      actions: [...pulls, ...pushes, "BatchDeleteImage"],
      on: [`${here}:repository/${named}-preview-images-*`],
    },
  ]);
}

/** The same of identities: three roles for tasks, each inside `boundaryArn`, and what no pipeline may ever do. */
export const previewIdentityStatements = (scope: DeployScope, boundaryArn: string): Statement[] =>
  identityStatements({ ...scope, boundaryArn }, { named: previewsOf(scope), takers: ["ecs-tasks.amazonaws.com"] });

/**
 * The most that a role of a preview may ever do: else a job could give one of its tasks what it may not do itself, such
 * as reading staging's data. What the API's roles are given is in service/task-permissions.ts.
 */
export function previewBoundaryStatements(scope: DeployScope): Statement[] {
  const { here, named } = placesOf(scope);
  const { project, region } = scope;
  const previews = previewsOf(scope);
  const secrets = `${here}:secret:${previews}`;
  return allowing([
    { service: "ecr", actions: ["GetAuthorizationToken"], on: ["*"] },
    { service: "ecr", actions: pulls, on: [`${here}:repository/${named}-preview-images-*`] },
    { service: "logs", actions: ["CreateLogStream", "PutLogEvents"], on: [`${here}:log-group:/${previews}`] },
    { service: "secretsmanager", actions: ["GetSecretValue"], on: [secrets] },
    {
      service: "kms",
      actions: ["Decrypt"],
      on: [`${here}:key/*`],
      when: {
        StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:${secrets}` },
      },
    },
    {
      service: "elasticache",
      actions: ["Connect"],
      on: [`${here}:replicationgroup:${named}`, `${here}:user:${previews}`],
    },
    {
      service: "appconfig",
      actions: ["GetLatestConfiguration", "StartConfigurationSession"],
      on: [`${here}:application/*/environment/*/configuration/*`],
    },
    // Staging's bucket, where a preview signs uploads and reads none.
    {
      service: "s3",
      actions: ["PutObject"],
      on: ["temp", "users"].map((folder) => `::${project}-*-media-objects-*/${folder}/*`),
    },
  ]);
}
