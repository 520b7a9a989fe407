import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import {
  CAPACITY_PROVIDERS,
  CLUSTER,
  findCluster,
  invalidParameter,
  SERVICE,
  servicesOf,
  TASK_DEFINITION,
} from "./ecs-lookup.ts";
import { service } from "./ecs-services.ts";
import { taskDefinition } from "./ecs-task-definitions.ts";
import { findBy, here } from "./lookup.ts";

const INSIGHTS = ["disabled", "enabled", "enhanced"];

function clusterFailures(inputs: Properties): CheckFailure[] {
  const failures = mapsAt(inputs, "settings").flatMap((setting, index): CheckFailure[] => {
    const value = textAt(setting, "value");
    return value === undefined || INSIGHTS.includes(value)
      ? []
      : [{ property: `settings[${index}].value`, reason: `must be one of ${INSIGHTS.join(", ")}` }];
  });
  const command = mapAt(mapAt(inputs, "configuration"), "executeCommandConfiguration");
  return textAt(command, "logging") === "OVERRIDE" && command["logConfiguration"] === undefined
    ? [
        ...failures,
        {
          property: "configuration.executeCommandConfiguration.logConfiguration",
          reason: "must be given when logging is OVERRIDE",
        },
      ]
    : failures;
}

const cluster: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  check: clusterFailures,
  refuseDelete(operation) {
    const { existing } = operation;
    return existing !== undefined && servicesOf(operation, existing).length > 0
      ? new Refusal("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
      : undefined;
  },
  id: ({ inputs, location }) => regionalArn(location, "ecs", `cluster/${textAt(inputs, "name") ?? "default"}`),
  computed: ({ inputs }, id) => ({
    arn: id,
    configuration: inputs["configuration"] ?? null,
    name: textAt(inputs, "name") ?? "default",
    settings: inputs["settings"] ?? [{ name: "containerInsights", value: "disabled" }],
  }),
};

const AWS_PROVIDERS = ["FARGATE", "FARGATE_SPOT"];

function providersRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  if (findCluster(operation, textAt(inputs, "clusterName") ?? "") === undefined)
    return new Refusal("ClusterNotFoundException", "Cluster not found.");
  const providers = textsAt(inputs, "capacityProviders");
  const own = here(operation, "aws:ecs/capacityProvider:CapacityProvider");
  const missing = providers.find((name) => !AWS_PROVIDERS.includes(name) && findBy(own, name, "name") === undefined);
  if (missing !== undefined) return invalidParameter(`The specified capacity provider was not found: ${missing}.`);
  const strategies = mapsAt(inputs, "defaultCapacityProviderStrategies");
  const stranger = strategies.find((one) => !providers.includes(textAt(one, "capacityProvider") ?? ""));
  if (stranger !== undefined)
    return invalidParameter(
      `The default strategy names '${textAt(stranger, "capacityProvider") ?? ""}', which is not among the capacity providers of the cluster.`,
    );
  return strategies.filter((one) => (numberAt(one, "base") ?? 0) > 0).length > 1
    ? invalidParameter("Only one capacity provider in a capacity provider strategy can have a base defined.")
    : inUseRefusal(operation, providers);
}

/** A capacity provider that a service of the cluster runs on stays. */
function inUseRefusal(operation: Operation, kept: readonly string[]): Refusal | undefined {
  const { existing } = operation;
  const found = existing && findCluster(operation, textAt(existing.inputs, "clusterName") ?? "");
  const used = (found === undefined ? [] : servicesOf(operation, found)).flatMap(({ inputs }) =>
    mapsAt(inputs, "capacityProviderStrategies").map((one) => textAt(one, "capacityProvider") ?? ""),
  );
  const lost = used.find((name) => !kept.includes(name));
  return lost === undefined
    ? undefined
    : new Refusal(
        "ResourceInUseException",
        `The specified capacity provider is in use and cannot be removed: ${lost}.`,
      );
}

const capacityProviders: ResourceRules = {
  refuseCreate: providersRefusal,
  refuseUpdate: providersRefusal,
  refuseDelete: (operation) => inUseRefusal(operation, []),
  id: ({ inputs }) => textAt(inputs, "clusterName") ?? "",
};

export const ecs: Service = {
  resources: {
    [CLUSTER]: cluster,
    [CAPACITY_PROVIDERS]: capacityProviders,
    [TASK_DEFINITION]: taskDefinition,
    [SERVICE]: service,
  },
};
