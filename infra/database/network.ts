import * as aws from "@pulumi/aws";
import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { atlasRegion } from "./atlas.ts";

export interface PrivateLinkArgs {
  readonly projectId: pulumi.Input<string>;
  readonly cluster: mongodbatlas.AdvancedCluster;
  readonly region: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroupId: pulumi.Input<string>;
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A private endpoint in the VPC for the project's clusters, and the cluster's connection string through it.
 *
 * Atlas opens an endpoint service, the VPC gets an endpoint that asks for it, and Atlas takes the endpoint in: only
 * then the cluster has a private connection string. It is therefore read from the cluster after all three, and is
 * unknown in the preview that first makes them.
 */
export function connectPrivately(
  component: pulumi.ComponentResource,
  name: string,
  args: PrivateLinkArgs,
): pulumi.Output<string> {
  const { projectId, cluster } = args;
  const parent = { parent: component };

  const link = new mongodbatlas.PrivateLinkEndpoint(
    name,
    { projectId, providerName: "AWS", region: pulumi.output(args.region).apply(atlasRegion) },
    parent,
  );
  const endpoint = new aws.ec2.VpcEndpoint(
    name,
    {
      vpcId: args.vpcId,
      serviceName: link.endpointServiceName,
      vpcEndpointType: "Interface",
      subnetIds: args.subnetIds,
      securityGroupIds: [args.securityGroupId],
      tags: pulumi.output(args.tags).apply((others): Record<string, string> => ({ ...others, Name: name })),
    },
    parent,
  );
  const attached = new mongodbatlas.PrivateLinkEndpointService(
    name,
    { projectId, providerName: "AWS", privateLinkId: link.privateLinkId, endpointServiceId: endpoint.id },
    parent,
  );

  const found = mongodbatlas.getAdvancedClusterOutput(
    { projectId, name: cluster.name },
    { parent: component, dependsOn: [cluster, attached] },
  );
  return pulumi
    .all([found.connectionStrings.privateEndpoints, endpoint.id, cluster.name])
    .apply(([endpoints, endpointId, clusterName]) => {
      const srv = srvThrough(endpoints, endpointId);
      if (srv !== undefined) return srv;
      throw new pulumi.ResourceError(
        `connectionString: Atlas has no private connection string of cluster ${clusterName} for the endpoint ${endpointId}. It appears once the endpoint is available and the cluster idle: look at both under Network Access in Atlas, then run pulumi up again.`,
        component,
        true,
      );
    });
}

interface PrivateEndpoint {
  readonly srvConnectionString: string;
  readonly endpoints: readonly { readonly endpointId: string }[];
}

/** The connection string through one endpoint of AWS; undefined where Atlas has none, or not yet. */
export function srvThrough(endpoints: readonly PrivateEndpoint[], endpointId: string): string | undefined {
  const own = endpoints.find((one) => one.endpoints.some((part) => part.endpointId === endpointId));
  return own?.srvConnectionString === "" ? undefined : own?.srvConnectionString;
}
