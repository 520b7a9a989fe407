import {
  TASK_DEFINITION,
  eachContainer,
  expectsOfContainers,
  inContainer,
  valuesIn,
  type Container,
} from "../../support/containers/definitions.ts";
import {
  at,
  described,
  elements,
  isFalse,
  isNotTrue,
  isTrue,
  textOf,
  textsOf,
  type Expectation,
} from "../../support/property.ts";
import type { Finding, Rule } from "../../support/rule.ts";
import type { Plain } from "../../support/unknown.ts";

/** Drivers that send lines away; the others of Docker keep them on a host that nobody reads. */
const sendsLogs: Expectation = {
  is: (value) =>
    typeof value === "string" && /^(awslogs|awsfirelens|splunk|fluentd|gelf|syslog|logentries)$/.test(value),
  expected: "a driver that sends lines away, such as awslogs",
};

const LOG_FIX = 'set logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": ... } }';

const blockingLogs = eachContainer((container) => {
  if (at(container.definition, "logConfiguration") === undefined) return [];
  return valuesIn(container, "logConfiguration.options").flatMap(({ value }) => {
    const mode = at(value, "mode");
    if (mode === "non-blocking") return [];
    const wrong = `${described(mode)}, so that a full queue may stop the application`;
    return [inContainer(container, "logConfiguration.options.mode", wrong, 'set the option mode: "non-blocking"')];
  });
});

const allowedCapabilities = eachContainer((container, _, { capabilities }) => {
  const allowed = new Set(textsOf(capabilities));
  return valuesIn(container, "linuxParameters.capabilities.add").flatMap((added) =>
    elements(added).flatMap(({ property, value }): readonly Finding[] => {
      if (typeof value === "string" && allowed.has(value.toUpperCase())) return [];
      const wrong = `in container "${container.name}" it adds the capability ${JSON.stringify(value)}`;
      return [{ property, wrong, fix: "remove it from linuxParameters.capabilities.add" }];
    }),
  );
});

const dropsAll = ({ definition }: Container): boolean =>
  textsOf(at(definition, "linuxParameters.capabilities.drop")).some((name) => name.toUpperCase() === "ALL");

const keptCapabilities = eachContainer((container) =>
  dropsAll(container)
    ? []
    : [
        inContainer(
          container,
          "linuxParameters.capabilities.drop",
          "it does not drop ALL",
          'set linuxParameters.capabilities.drop: ["ALL"]',
        ),
      ],
);

const ROOT = /^\s*(0+|root|containeradministrator)?\s*(:|$)/i;

/** Containers that run as root, but for one that only prepares volumes: see `isPreparation`. */
const rootContainers = eachContainer((container, _, __, all) => {
  const user = container.definition["user"];
  const name = typeof user === "number" ? String(user) : user;
  if (typeof name === "string" && !ROOT.test(name)) return [];
  if (isPreparation(container, all)) return [];
  const wrong = user === undefined ? "it is not set, and the image may run as root" : `it is ${JSON.stringify(user)}`;
  return [
    inContainer(container, "user", wrong, 'set user to the uid and gid of a user without rights, such as "1000:1000"'),
  ];
});

/**
 * A volume belongs to root when a task starts, so a first container may be root to hand it over: one that ends before
 * others start, and that has no capability, no secret, no port, and no file system of its own to write to.
 */
function isPreparation({ definition, ...container }: Container, all: readonly Container[]): boolean {
  return (
    isFalse.is(definition["essential"]) &&
    isTrue.is(definition["readonlyRootFilesystem"]) &&
    !isTrue.is(definition["privileged"]) &&
    dropsAll({ definition, ...container }) &&
    textsOf(at(definition, "linuxParameters.capabilities.add")).length === 0 &&
    elements({ property: "", value: definition["secrets"] }).length === 0 &&
    elements({ property: "", value: definition["portMappings"] }).length === 0 &&
    all.some((other) => waitsForEnd(other, definition["name"]))
  );
}

const waitsForEnd = ({ definition }: Container, name: Plain): boolean =>
  elements({ property: "", value: definition["dependsOn"] }).some(
    ({ value }) =>
      at(value, "containerName") === name && ["SUCCESS", "COMPLETE"].includes(textOf(at(value, "condition")) ?? ""),
  );

export const rules: readonly Rule[] = [
  {
    name: "ecs-containers-log",
    description: "Every container of an ECS task sends its log away.",
    why: "The lines of a task go with it, and with them what happened.",
    severity: "high",
    level: "mandatory",
    standards: [
      "FSBP ECS.9",
      "Control Tower CT.ECS.PR.5",
      "AwsSolutions-ECS7",
      "Prowler ecs_task_definitions_logging_enabled",
    ],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "defer",
        find: expectsOfContainers("logConfiguration.logDriver", sendsLogs, LOG_FIX),
      },
    ],
  },
  {
    name: "ecs-logs-non-blocking",
    description: "Containers of ECS tasks drop lines before they wait for the log.",
    why: "A container whose lines are not taken in time stops at its next line, health checks and all.",
    severity: "low",
    level: "advisory",
    standards: ["Prowler ecs_task_definitions_logging_block_mode"],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: blockingLogs }],
  },
  {
    name: "ecs-containers-not-privileged",
    description: "No container of an ECS task is privileged.",
    why: "A privileged container is root on its host, with every other task there.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_334", "FSBP ECS.4", "Prowler ecs_task_definitions_no_privileged_containers"],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "defer",
        find: expectsOfContainers("privileged", isNotTrue, "set privileged: false"),
      },
    ],
  },
  {
    name: "ecs-no-added-capabilities",
    description: "No container of an ECS task gets capabilities beyond Docker's own.",
    why: "SYS_ADMIN and SYS_PTRACE are ways out of the container.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      capabilities: {
        type: "array",
        description: "Capabilities that a container may add.",
        default: ["NET_BIND_SERVICE"],
      },
    },
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: allowedCapabilities }],
  },
  {
    name: "ecs-capabilities-dropped",
    description: "Containers of ECS tasks drop every capability.",
    why: "An application needs none of them, and whoever breaks into it could use each.",
    severity: "medium",
    level: "advisory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: keptCapabilities }],
  },
  {
    name: "ecs-read-only-root-filesystem",
    description: "Containers of ECS tasks cannot write to their own file system.",
    why: "Whoever breaks in can then leave no program behind.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_336", "FSBP ECS.5", "Prowler ecs_task_definitions_containers_readonly_access"],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "defer",
        find: expectsOfContainers(
          "readonlyRootFilesystem",
          isTrue,
          "set readonlyRootFilesystem: true, with a volume for what must be written",
        ),
      },
    ],
  },
  {
    name: "ecs-containers-not-root",
    description: "Containers of ECS tasks run as a user without rights, but for one that only prepares volumes.",
    why: "Root in a container is one hole of the kernel away from root on the host.",
    severity: "medium",
    level: "mandatory",
    standards: ["Control Tower CT.ECS.PR.3", "FSBP ECS.20"],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: rootContainers }],
  },
];
