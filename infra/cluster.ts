import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import type { ContainerInsights } from "./settings/environments.ts";

export interface ClusterArgs {
  /** Default: enabled, for tasks and services; enhanced adds containers. CloudWatch bills each metric: 0.30 USD a month. */
  readonly containerInsights?: pulumi.Input<ContainerInsights>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An ECS cluster whose tasks run on Fargate: no host to patch, none to log in to. What names no capacity provider runs
 * on FARGATE; FARGATE_SPOT is there for what may be stopped at two minutes' notice.
 *
 * ECS Exec is not set up: nobody logs in to a container.
 * Throws where `containerInsights` is no setting of ECS.
 */
export class Cluster extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:Cluster", name, {}, options);
    const value = checked(
      this,
      "containerInsights",
      args.containerInsights ?? "enabled",
      z.enum(["disabled", "enabled", "enhanced"]),
    );

    const cluster = new aws.ecs.Cluster(
      name,
      { settings: [{ name: "containerInsights", value }], ...(args.tags && { tags: args.tags }) },
      { parent: this },
    );
    const providers = new aws.ecs.ClusterCapacityProviders(
      name,
      {
        clusterName: cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      },
      { parent: this },
    );

    // Both are known only once the capacity providers are there, so that a service waits for them.
    this.name = providers.clusterName;
    this.arn = pulumi.all([cluster.arn, providers.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
