import type { DeployScope, Statement } from "./scope.ts";

/** Services that take a role of the program. */
const roleTakers = [
  "appconfig.amazonaws.com",
  "backup.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "lambda.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** Services that make a role of their own the first time they are used. */
const ownRoleMakers = [
  "backup.amazonaws.com",
  "bcm-data-exports.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
];

/** Whose roles a pipeline makes. */
export interface Makes {
  /** What their names are like. */
  readonly named: string;
  /** The services to which it passes them. */
  readonly takers: readonly string[];
  /** The services that it uses for the first time. Default: none. */
  readonly ownRoleMakers?: readonly string[];
}

/**
 * What a deploy role may do with identities, and what it may never do, whatever else is attached to it one day.
 *
 * It makes roles for services, each inside the boundary, and passes them on. It does not touch what delivery itself is
 * made of: that, and whatever watches over the account, is for an administrator's own `pulumi up`.
 */
export function identityStatements(
  scope: DeployScope,
  { named, takers, ownRoleMakers: firstUsed = [] }: Makes = {
    named: `${scope.project}-*`,
    takers: roleTakers,
    ownRoleMakers,
  },
): Statement[] {
  const { accountId, delivery, boundaryArn } = scope;
  const iam = (resource: string): string => `arn:aws:iam::${accountId}:${resource}`;
  const roles = [iam(`role/${named}`)];
  return [
    {
      Sid: "BoundedRoles",
      Effect: "Allow",
      Action: [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      Sid: "Roles",
      Effect: "Allow",
      Action: ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole*"],
      Resource: roles,
    },
    {
      Sid: "RolesForServices",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": takers } },
    },
    ...(firstUsed.length === 0
      ? []
      : [
          {
            Sid: "ServicesOwnRoles",
            Effect: "Allow" as const,
            Action: ["iam:CreateServiceLinkedRole"],
            Resource: [iam("role/aws-service-role/*")],
            Condition: { StringEquals: { "iam:AWSServiceName": firstUsed } },
          },
        ]),
    {
      Sid: "BoundaryStays",
      Effect: "Deny",
      Action: ["iam:DeleteRolePermissionsBoundary"],
      Resource: ["*"],
    },
    {
      Sid: "NoRoleWithoutBoundary",
      Effect: "Deny",
      Action: ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: ["*"],
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      Sid: "DeliveryItself",
      Effect: "Deny",
      NotAction: ["iam:Get*", "iam:List*"],
      Resource: [iam(`role/${delivery}-*`), iam(`policy/${delivery}-*`), iam("oidc-provider/*"), boundaryArn],
    },
    {
      Sid: "NoPeople",
      Effect: "Deny",
      Action: ["iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile*", "iam:*User*", "iam:CreatePolicy*", "iam:*SAML*"],
      Resource: ["*"],
    },
    {
      Sid: "NoOtherAccount",
      Effect: "Deny",
      Action: ["account:*", "ec2:*VpcPeering*", "ec2:*TransitGateway*", "organizations:*", "ram:*", "sts:AssumeRole"],
      Resource: ["*"],
    },
    {
      Sid: "NoSecretsNoBlindness",
      Effect: "Deny",
      Action: [
        "access-analyzer:Delete*",
        "backup:DeleteRecoveryPoint",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "guardduty:Delete*",
        "secretsmanager:*GetSecretValue",
      ],
      Resource: ["*"],
    },
  ];
}
