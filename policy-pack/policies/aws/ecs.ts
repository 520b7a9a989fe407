import { joinTo } from "../../support/join.ts";
import {
  at,
  atLeast,
  described,
  elements,
  expects,
  isNotTrue,
  isSet,
  isTrue,
  numberOf,
  oneOf,
  orAbsent,
  textOf,
  unless,
  type Expectation,
} from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const TASK_SET = "aws:ecs/taskSet:TaskSet";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TARGET = "aws:appautoscaling/target:Target";
const SCALING = "aws:appautoscaling/policy:Policy";

/** Where a resource that starts tasks says how; "" for its own properties. */
const LAUNCHES: ReadonlyMap<string, string> = new Map([
  [SERVICE, ""],
  [TASK_SET, ""],
  [EVENT_TARGET, "ecsTarget"],
  [SCHEDULE, "target.ecsParameters"],
]);

/** The check of a property wherever tasks are started; a rule or schedule that starts something else passes. */
const launched =
  (path: string, expectation: Expectation, fix: (place: string) => string): Find =>
  (resource, config) => {
    const block = LAUNCHES.get(resource.type) ?? "";
    if (block !== "" && !isSet.is(at(resource.props, block))) return [];
    const place = block === "" ? path : `${block}.${path}`;
    return expects(place, expectation, fix(place))(resource, config);
  };

/** Clusters whose settings do not turn on Container Insights. */
function withoutInsights({ props }: Resource): readonly Finding[] {
  const fix = 'set settings: [{ name: "containerInsights", value: "enabled" }]';
  const settings = elements({ property: "settings", value: props["settings"] });
  const insights = settings.filter(
    ({ value }) => value instanceof Unknown || at(value, "name") === "containerInsights",
  );
  if (insights.length === 0) return [{ property: "settings", wrong: "containerInsights is not among them", fix }];
  return insights.flatMap(({ property, value }): readonly Finding[] => {
    const chosen = at(value, "value");
    const place = value instanceof Unknown ? property : `${property}.value`;
    if (chosen instanceof Unknown) return [{ property: place, unknown: chosen }];
    if (chosen === "enabled" || chosen === "enhanced") return [];
    return [{ property: place, wrong: `${described(chosen)}, and must be enabled or enhanced`, fix }];
  });
}

const EXEC = "configuration.executeCommandConfiguration";
const DESTINATIONS = [
  ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
  ["s3BucketName", "s3BucketEncryptionEnabled"],
] as const;

/** Sessions of ECS Exec that the cluster records nowhere, or in plain text. Without the block they go to the task's log. */
function unloggedExec(resource: Resource): readonly Finding[] {
  const block = at(resource.props, EXEC);
  if (block === undefined || block === null) return [];
  const logging = at(block, "logging");
  const log = at(block, "logConfiguration");
  return [
    ...expects(
      `${EXEC}.logging`,
      orAbsent(oneOf("DEFAULT", "OVERRIDE")),
      `set ${EXEC}.logging: "OVERRIDE"`,
    )(resource, {}),
    ...expects(`${EXEC}.kmsKeyId`, isSet, `set ${EXEC}.kmsKeyId to a key of the program`)(resource, {}),
    ...(logging !== "OVERRIDE"
      ? []
      : DESTINATIONS.filter(([destination]) => isSet.is(at(log, destination))).flatMap(([, flag]) => {
          const place = `${EXEC}.logConfiguration.${flag}`;
          return expects(place, isTrue, `set ${place}: true`)(resource, {});
        })),
  ];
}

/** Services in which people may run commands, on a cluster of the stack that does not encrypt their sessions. */
function unloggedServices(stack: Stack): readonly Finding[] {
  const clusterOf = joinTo(stack.ofType([CLUSTER]));
  return stack
    .ofType([SERVICE])
    .filter(({ props }) => isTrue.is(props["enableExecuteCommand"]))
    .flatMap((service) =>
      clusterOf(service, "cluster")
        .filter(({ props }) => !isSet.is(at(props, EXEC)))
        .map(({ urn, name }) => ({
          urn,
          property: EXEC,
          wrong: `it is not set, and people may run commands in "${service.name}" on the cluster "${name}"`,
          fix: `set ${EXEC} with logging: "OVERRIDE", kmsKeyId, and logConfiguration`,
        })),
    );
}

/** Other controllers roll back in their own way. */
const ownsDeployments = ({ props }: Resource): boolean =>
  ["CODE_DEPLOY", "EXTERNAL"].includes(textOf(at(props, "deploymentController.type")) ?? "");

const breaker = (flag: string): Find =>
  unless(
    ownsDeployments,
    expects(
      `deploymentCircuitBreaker.${flag}`,
      isTrue,
      "set deploymentCircuitBreaker: { enable: true, rollback: true }",
    ),
  );

const isDaemon = ({ props }: Resource): boolean => props["schedulingStrategy"] === "DAEMON";

function tooFewTasks(resource: Resource, config: Config): readonly Finding[] {
  const tasks = numberOf(config["tasks"]) ?? 0;
  if (resource.type === TARGET) {
    if (resource.props["serviceNamespace"] !== "ecs") return [];
    return expects("minCapacity", atLeast(tasks), `set minCapacity: ${tasks}`)(resource, config);
  }
  if (isDaemon(resource)) return [];
  return expects("desiredCount", atLeast(tasks), `set desiredCount: ${tasks}`)(resource, config);
}

/** `service/cluster/name`, as the scaling of a service names it. */
function resourceIdOf({ props }: StackResource): string | undefined {
  const { name, cluster } = props;
  if (typeof name !== "string" || typeof cluster !== "string") return undefined;
  return `service/${cluster.split("/").at(-1) ?? ""}/${name}`;
}

/** What scaling resources are about: by text, and by what the text came from. */
const scaledBy = (resources: readonly StackResource[]): ReadonlySet<string> => new Set(resources.flatMap(subjectsOf));

const subjectsOf = ({ props, references }: StackResource): readonly string[] => [
  ...(typeof props["resourceId"] === "string" ? [props["resourceId"]] : []),
  ...(references.get("resourceId") ?? []),
];

/** Services whose number of tasks nothing adapts: they need a target, and a policy that moves it. */
function unscaledServices(stack: Stack): readonly Finding[] {
  const targets = stack.ofType([TARGET]);
  const withTarget = scaledBy(targets);
  const named = scaledBy(stack.ofType([SCALING]));
  // A policy may take the name of its service from the target.
  const withPolicy = new Set([...named, ...targets.filter(({ urn }) => named.has(urn)).flatMap(subjectsOf)]);
  const scaled = (keys: ReadonlySet<string>, service: StackResource): boolean =>
    keys.has(service.urn) || keys.has(resourceIdOf(service) ?? "");
  return stack.ofType([SERVICE]).flatMap((service): readonly Finding[] => {
    if (isDaemon(service)) return [];
    const missing = [
      ...(scaled(withTarget, service) ? [] : ["aws.appautoscaling.Target"]),
      ...(scaled(withPolicy, service) ? [] : ["aws.appautoscaling.Policy"]),
    ];
    if (missing.length === 0) return [];
    return [
      {
        urn: service.urn,
        property: "desiredCount",
        wrong: `nothing scales "${service.name}": it has no ${missing.join(" and no ")}`,
        fix: `add an ${missing.join(" and an ")} with the resourceId of the service`,
      },
    ];
  });
}

const privately = (place: string): string => `set ${place}: false, and reach the tasks through a load balancer`;

export const rules: readonly Rule[] = [
  {
    name: "ecs-container-insights",
    description: "ECS clusters have Container Insights.",
    why: "Without it nothing measures tasks, restarts, and single containers.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV_AWS_65",
      "FSBP ECS.12",
      "AwsSolutions-ECS4",
      "AWS-0034",
      "Prowler ecs_cluster_container_insights_enabled",
    ],
    resources: [{ types: [CLUSTER], unknown: "refuse", find: withoutInsights }],
  },
  {
    name: "ecs-no-public-ip",
    description: "Tasks on ECS have no public address.",
    why: "With one the internet reaches a task past the load balancer and its firewall.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_333", "FSBP ECS.2", "FSBP ECS.16", "Prowler ecs_service_no_assign_public_ip"],
      "PCI DSS v4.0.1/1.4.4",
    ],
    resources: [
      {
        types: [...LAUNCHES.keys()],
        unknown: "refuse",
        find: launched("networkConfiguration.assignPublicIp", isNotTrue, privately),
      },
    ],
  },
  {
    name: "ecs-latest-platform",
    description: "Tasks on Fargate start on the newest version of the platform.",
    why: "A version that is written down stays there when the next one closes holes of kernel and runtime.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV_AWS_332",
      "FSBP ECS.10",
      "Prowler ecs_service_fargate_latest_platform_version",
      "PCI DSS v4.0.1/6.3.3",
    ],
    resources: [
      {
        types: [...LAUNCHES.keys()],
        unknown: "refuse",
        find: launched(
          "platformVersion",
          orAbsent(oneOf("LATEST")),
          (place) => `remove ${place}, or set it to "LATEST"`,
        ),
      },
    ],
  },
  {
    name: "ecs-exec-off",
    description: "Nobody can run commands inside tasks on ECS.",
    why: "A shell in a task reads its memory, its secrets, and its customers' data, past every review.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SERVICE, EVENT_TARGET, SCHEDULE],
        unknown: "refuse",
        find: launched("enableExecuteCommand", isNotTrue, (place) => `set ${place}: false`),
      },
    ],
  },
  {
    name: "ecs-exec-logged",
    description: "What people run inside tasks on ECS is recorded, and encrypted.",
    why: "Otherwise nobody can say afterwards what was done there.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_223", "CKV_AWS_224"],
    resources: [{ types: [CLUSTER], unknown: "defer", find: unloggedExec }],
    stack: unloggedServices,
  },
  {
    name: "ecs-deployment-rolls-back",
    description: "A deployment on ECS that does not come up is rolled back.",
    why: "ECS otherwise starts failing tasks until somebody looks.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [SERVICE], unknown: "refuse", find: breaker("enable") },
      { types: [SERVICE], unknown: "refuse", find: breaker("rollback") },
    ],
  },
  {
    name: "ecs-service-two-tasks",
    description: "A service on ECS has at least two tasks, also when it scales in.",
    why: "With one task each deployment problem and each lost zone is an outage.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { tasks: { type: "number", description: "Tasks that a service has at least.", default: 2 } },
    resources: [{ types: [SERVICE, TARGET], unknown: "refuse", find: tooFewTasks }],
  },
  {
    name: "ecs-service-scales",
    description: "The number of tasks of a service on ECS follows its load.",
    why: "A fixed number is either too expensive at night or too small on the best day.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: unscaledServices,
  },
  {
    name: "ecs-tags-propagated",
    description: "Tasks on ECS carry the tags of their service, and those that ECS manages.",
    why: "Tasks are where the money goes, and without tags no budget finds them.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SERVICE],
        unknown: "refuse",
        find: expects("propagateTags", oneOf("SERVICE", "TASK_DEFINITION"), 'set propagateTags: "SERVICE"'),
      },
      {
        types: [EVENT_TARGET, SCHEDULE],
        unknown: "refuse",
        find: launched("propagateTags", oneOf("TASK_DEFINITION"), (place) => `set ${place}: "TASK_DEFINITION"`),
      },
      {
        types: [SERVICE, EVENT_TARGET, SCHEDULE],
        unknown: "refuse",
        find: launched("enableEcsManagedTags", isTrue, (place) => `set ${place}: true`),
      },
    ],
    remedy: ({ type, props }) =>
      type !== SERVICE
        ? []
        : [
            ...(isSet.is(props["propagateTags"]) && props["propagateTags"] !== "NONE"
              ? []
              : [{ path: ["propagateTags"], value: "SERVICE" }]),
            ...(isTrue.is(props["enableEcsManagedTags"]) ? [] : [{ path: ["enableEcsManagedTags"], value: true }]),
          ],
  },
];
