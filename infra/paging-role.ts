import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { assumedByLambda } from "./function-access.ts";
import { physicalName } from "./naming.ts";

export interface PagingRoleArgs {
  readonly accountId: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The role of the function in `Paging`, without a permission of its own. It comes first: the secret with the routing
 * key names it as its reader, and the function needs that secret. Throws where `accountId` is no account.
 */
export class PagingRole extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PagingRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:PagingRole", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "function"),
      {
        description: "Hands alarms to PagerDuty.",
        assumeRolePolicy: assumedByLambda(accountId),
        ...(args.tags && { tags: args.tags }),
      },
      { parent: this },
    );
    this.name = role.name;
    this.arn = role.arn;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }
}
