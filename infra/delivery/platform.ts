import { type DeployScope, type Statement, allowing, placesOf } from "./scope.ts";

/** What fetches an image from a repository. */
export const pulls = [
  "BatchCheckLayerAvailability",
  "BatchGetImage",
  "DescribeImages",
  "GetDownloadUrlForLayer",
] as const;

/** What puts an image into a repository, beside the above. */
export const pushes = ["CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart"] as const;

/** Changes to network and hosting. */
export function platformStatements(scope: DeployScope): Statement[] {
  const { here, anywhere, named, onlyHere } = placesOf(scope);
  const { accountId } = scope;
  return allowing([
    {
      service: "ec2",
      actions: [
        "AllocateAddress",
        "AssociateAddress",
        "AssociateRouteTable",
        "AttachInternetGateway",
        "CreateFlowLogs",
        "CreateInternetGateway",
        "CreateManagedPrefixList",
        "CreateNatGateway",
        "CreateRoute*",
        "CreateSubnet",
        "CreateTags",
        "CreateVpc",
        "CreateVpcEndpoint",
        "DeleteFlowLogs",
        "DeleteInternetGateway",
        "DeleteManagedPrefixList",
        "DeleteNatGateway",
        "DeleteRoute*",
        "DeleteSubnet",
        "DeleteTags",
        "DeleteVpc",
        "DeleteVpcEndpoints",
        "DetachInternetGateway",
        "DisassociateAddress",
        "DisassociateRouteTable",
        "ModifyManagedPrefixList",
        "ModifySubnetAttribute",
        "ModifyVpcAttribute",
        "ModifyVpcEndpoint",
        "ReleaseAddress",
        "ReplaceRoute*",
        "*SecurityGroup*",
      ],
      on: [`${here}:*`],
    },
    // An interface endpoint with private names.
    { service: "route53", actions: ["AssociateVPCWithHostedZone"], on: ["*"] },
    {
      service: "elasticloadbalancing",
      actions: ["Add*", "Create*", "Delete*", "Modify*", "Remove*", "Set*"],
      on: [`${here}:*/app/${named}`, `${here}:targetgroup/${named}`, `${here}:truststore/${named}`],
    },
    { service: "acm", actions: ["RequestCertificate"], on: ["*"], when: onlyHere },
    {
      service: "acm",
      actions: ["AddTagsToCertificate", "DeleteCertificate", "RemoveTagsFromCertificate", "UpdateCertificateOptions"],
      on: [`${anywhere}:certificate/*`],
    },
    {
      service: "cloudfront",
      actions: ["Create*", "Delete*", "Update*", "TagResource", "UntagResource"],
      on: [`:${accountId}:*`],
    },
    { service: "ecr", actions: ["GetAuthorizationToken"], on: ["*"] },
    {
      service: "ecr",
      actions: [
        ...pulls,
        "CreateRepository",
        "DeleteLifecyclePolicy",
        "DeleteRepository*",
        "PutImageScanningConfiguration",
        "PutImageTagMutability",
        "PutLifecyclePolicy",
        "SetRepositoryPolicy",
        "TagResource",
        "UntagResource",
        ...(scope.buildsImages ? pushes : []),
      ],
      on: [`${here}:repository/${named}`],
    },
    {
      service: "ecs",
      actions: [
        "Create*",
        "Delete*",
        "Put*",
        "Register*",
        "RunTask",
        "StopTask",
        "TagResource",
        "UntagResource",
        "Update*",
      ],
      on: [`${here}:*/${named}`],
    },
    // Neither is asked of a resource.
    { service: "ecs", actions: ["DeregisterTaskDefinition"], on: ["*"], when: onlyHere },
    {
      service: "ecs",
      actions: ["RegisterTaskDefinition"],
      on: ["*"],
      when: { StringEquals: { "aws:RequestTag/Project": scope.project } },
    },
    {
      service: "application-autoscaling",
      actions: [
        "DeleteScalingPolicy",
        "DeleteScheduledAction",
        "DeregisterScalableTarget",
        "PutScalingPolicy",
        "PutScheduledAction",
        "RegisterScalableTarget",
        "TagResource",
        "UntagResource",
      ],
      on: [`${here}:scalable-target/*`],
    },
    {
      service: "appconfig",
      actions: ["Create*", "Delete*", "StartDeployment", "StopDeployment", "TagResource", "UntagResource", "Update*"],
      on: [`${here}:*`],
    },
    {
      service: "lambda",
      actions: [
        "AddPermission",
        "CreateFunction",
        "DeleteFunction",
        "DeleteFunctionEventInvokeConfig",
        // Secrets Manager asks it of whoever turns rotation on.
        "InvokeFunction",
        "PutFunctionConcurrency",
        "PutFunctionEventInvokeConfig",
        "RemovePermission",
        "TagResource",
        "UntagResource",
        "UpdateFunction*",
      ],
      on: [`${here}:function:${named}`],
    },
  ]);
}
