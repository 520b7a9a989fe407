import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";

export interface InterfaceEndpointsArgs {
  /** Plain: one endpoint each. Names as in `com.amazonaws.REGION.NAME`: `logs`, `ecr.api`. */
  readonly services: readonly string[];
  readonly vpcId: pulumi.Input<string>;
  /** Where the endpoints have their addresses: one subnet per zone. */
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** The account whose principals and resources the endpoints serve. */
  readonly accountId: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Interface endpoints: private addresses of AWS APIs in the network, under the APIs' own names, so that nothing in the
 * tasks changes. Which ones are worth their price says `endpointsThatPay`; none is fine, and then nothing is built.
 *
 * An endpoint serves this account alone: neither may someone's stolen foreign credentials carry data out through it, nor
 * our own credentials reach into another account.
 * Throws where a service is no endpoint's name, or is there twice, and where `accountId` is no account.
 */
export class InterfaceEndpoints extends pulumi.ComponentResource {
  constructor(name: string, args: InterfaceEndpointsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:network:InterfaceEndpoints", name, {}, options);
    checked(
      this,
      "services",
      [...args.services],
      z
        .array(z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, "must be an endpoint's name, such as ecr.api"))
        .refine((services) => new Set(services).size === services.length, "must name each service once"),
    );
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));

    for (const service of args.services) {
      const endpoint = `${name}-${service.replaceAll(".", "-")}`;
      new aws.ec2.VpcEndpoint(
        endpoint,
        {
          vpcId: args.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${args.region}.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: args.subnetIds,
          securityGroupIds: [args.securityGroupId],
          privateDnsEnabled: true,
          policy: servesAccount(accountId),
          // What has no name of its own shows the tag `Name` in the console.
          tags: pulumi.output(args.tags ?? {}).apply((tags): Record<string, string> => ({ ...tags, Name: endpoint })),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

function servesAccount(accountId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ThisAccountAlone",
        Effect: "Allow",
        Principal: "*",
        Action: "*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
      },
    ],
  });
}
