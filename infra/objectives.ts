import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { announced, type Announcer, titleOf } from "./monitoring/announcement.ts";
import { datadogTags } from "./monitoring/datadog-tags.ts";
import type { Scope } from "./monitoring/monitors.ts";
import {
  availability,
  availabilityTarget,
  availabilityWarning,
  burnQuery,
  burnRows,
  latency,
  latencyTarget,
  latencyWarning,
  timeframe,
} from "./monitoring/slos.ts";

export interface ObjectivesArgs extends Announcer {
  readonly scope: pulumi.Input<Scope>;
}

/**
 * What the API promises, counted over 30 days in Datadog: 99.9 % of requests are answered without a 5xx, and in 99 % of
 * the time 95 of 100 requests are answered quickly enough. Two alerts tell when the allowed errors are used up too fast.
 */
export class Objectives extends pulumi.ComponentResource {
  readonly availabilityId: pulumi.Output<string>;
  readonly latencyId: pulumi.Output<string>;

  constructor(name: string, args: ObjectivesArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:Objectives", name, {}, options);
    const scope = pulumi.output(args.scope);
    const common = { timeframe, tags: args.tags.apply((all) => datadogTags(all, "api")) };

    const available = new datadog.ServiceLevelObjective(
      `${name}-availability`,
      {
        ...common,
        name: titleOf(args.tags, "API availability"),
        description: "Requests that were not answered with a 5xx, counted at the load balancer.",
        type: "metric",
        sliSpecification: scope.apply(availability),
        thresholds: [{ timeframe, target: availabilityTarget, warning: availabilityWarning }],
        targetThreshold: availabilityTarget,
        warningThreshold: availabilityWarning,
      },
      { parent: this },
    );
    const quick = new datadog.ServiceLevelObjective(
      `${name}-latency`,
      {
        ...common,
        name: titleOf(args.tags, "API response time"),
        description: "Time in which 95 of 100 requests were answered quickly enough.",
        type: "time_slice",
        sliSpecification: scope.apply(latency),
        thresholds: [{ timeframe, target: latencyTarget, warning: latencyWarning }],
        targetThreshold: latencyTarget,
        warningThreshold: latencyWarning,
      },
      { parent: this },
    );
    for (const [key, row] of Object.entries(burnRows))
      new datadog.Monitor(
        `${name}-${key}`,
        {
          ...announced(args, { ...row, key, service: "api", hasWarning: false, hasNoData: false, measured: true }),
          type: "slo alert",
          query: available.id.apply((id) => burnQuery(id, row)),
          monitorThresholds: { critical: String(row.rate) },
        },
        { parent: this },
      );

    this.availabilityId = available.id;
    this.latencyId = quick.id;
    this.registerOutputs({ availabilityId: this.availabilityId, latencyId: this.latencyId });
  }
}
