import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface WorkloadRolesArgs {
  /** The account whose tasks may take the roles. */
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** The most that the roles may ever do, whatever is attached to them. Default: what is attached decides alone. */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What others need of a role: its name to attach a policy, its ARN to trust it. */
export interface WorkloadRole {
  readonly name: string;
  readonly arn: string;
}

export interface WorkloadRoleSet {
  readonly executionRole: pulumi.Output<WorkloadRole>;
  readonly taskRole: pulumi.Output<WorkloadRole>;
  readonly migrationRole: pulumi.Output<WorkloadRole>;
}

/**
 * The three roles of the workload, apart from each other and without a permission of their own. Whoever knows a
 * resource attaches what is needed of it: the service its image, logs, and secrets, a database user the role's ARN.
 *
 * - execution role: what ECS itself does before a container starts; the containers never hold it
 * - task role: what the API may do
 * - migration role: what a migration may do
 *
 * ECS may take each for tasks of this account and region alone. Throws where `accountId` is no account.
 */
export class WorkloadRoles extends pulumi.ComponentResource implements WorkloadRoleSet {
  readonly executionRole: pulumi.Output<WorkloadRole>;
  readonly taskRole: pulumi.Output<WorkloadRole>;
  readonly migrationRole: pulumi.Output<WorkloadRole>;

  constructor(name: string, args: WorkloadRolesArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:WorkloadRoles", name, {}, options);
    const roles = workloadRoles(name, args, this);
    this.executionRole = roles.executionRole;
    this.taskRole = roles.taskRole;
    this.migrationRole = roles.migrationRole;
    this.registerOutputs({ ...roles });
  }
}

/** The same three roles in a component that holds other things too. */
export function workloadRoles(name: string, args: WorkloadRolesArgs, parent: pulumi.Resource): WorkloadRoleSet {
  const accountId = checked(parent, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
  const shared = {
    assumeRolePolicy: assumedByTasks(accountId, args.region),
    ...(args.permissionsBoundaryArn !== undefined && { permissionsBoundary: args.permissionsBoundaryArn }),
    ...(args.tags && { tags: args.tags }),
  };
  const role = (purpose: string, description: string): pulumi.Output<WorkloadRole> => {
    const { name: roleName, arn } = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, purpose),
      { description, ...shared },
      { parent },
    );
    return pulumi.output({ name: roleName, arn });
  };
  return {
    executionRole: role("execution", "Lets ECS fetch image and secrets for the workload, and write its logs."),
    taskRole: role("task", "What the API may do."),
    migrationRole: role("migration", "What a migration of the database may do."),
  };
}

/** The conditions stop ECS from being talked into taking the role for another account (IAM's "confused deputy"). */
function assumedByTasks(accountId: pulumi.Input<string>, region: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:ecs:${region}:${accountId}:*` },
        },
      },
    ],
  });
}
