import {
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
  expects,
  isNotTrue,
  isTrue,
  judged,
  numberOf,
  oneOf,
  orAbsent,
  textsOf,
  type Expectation,
  textOf,
  isAbsent,
  isFalse,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";

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
export const rootContainers = eachContainer((container, _, __, all) => {
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

const isOnFargate = ({ props }: Resource): boolean =>
  textsOf(props["requiresCompatibilities"]).some((launch) => launch.toUpperCase() === "FARGATE");

/** The only container of a task has the task's memory; of several, each could take all of it. */
const unboundedMemory = eachContainer((container, { props }, _, all) => {
  if ((numberOf(container.definition["memory"]) ?? 0) > 0) return [];
  if (all.length === 1 && props["memory"] !== undefined) return [];
  return [inContainer(container, "memory", "it is not set", "set memory to the megabytes that it may have at most")];
});

const gigabytes = (from: number, to: number, step = 1): readonly number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, gigabytes(1, 4)],
  [1024, gigabytes(2, 8)],
  [2048, gigabytes(4, 16)],
  [4096, gigabytes(8, 30)],
  [8192, gigabytes(16, 60, 4)],
  [16384, gigabytes(32, 120, 8)],
]);

/** Both are also written with a unit: "0.5 vCPU", "1 GB". */
const sizeOf = (value: Plain, unit: RegExp): number | undefined =>
  typeof value === "string" && unit.test(value) ? Math.round(Number.parseFloat(value) * 1024) : numberOf(value);

/** Sizes of a task that Fargate does not have. */
export function wrongSize(resource: Resource): readonly Finding[] {
  const { cpu, memory, requiresCompatibilities } = resource.props;
  if (requiresCompatibilities instanceof Unknown)
    return [{ property: "requiresCompatibilities", unknown: requiresCompatibilities }];
  if (!isOnFargate(resource)) return [];
  const waiting = [
    ...(cpu instanceof Unknown ? [{ property: "cpu", unknown: cpu }] : []),
    ...(memory instanceof Unknown ? [{ property: "memory", unknown: memory }] : []),
  ];
  if (waiting.length > 0) return waiting;
  const memories = FARGATE_SIZES.get(sizeOf(cpu, /vcpu\s*$/i) ?? 0);
  if (memories === undefined) {
    const fix = `set cpu to one of ${[...FARGATE_SIZES.keys()].join(", ")}`;
    return [{ property: "cpu", wrong: `${described(cpu)}, which Fargate does not have`, fix }];
  }
  if (memories.includes(sizeOf(memory, /gb\s*$/i) ?? 0)) return [];
  const wrong = `${described(memory)}, which Fargate does not pair with cpu ${textOf(cpu) ?? numberOf(cpu) ?? ""}`;
  return [{ property: "memory", wrong, fix: `set memory to one of ${memories.join(", ")}` }];
}

/** One role for both: the application could then read every secret and image that ECS fetches for it. */
export function sharedRole({ props }: Resource): readonly Finding[] {
  const { taskRoleArn, executionRoleArn } = props;
  if (taskRoleArn === undefined || taskRoleArn === null || executionRoleArn === undefined) return [];
  if (taskRoleArn instanceof Unknown) return [{ property: "taskRoleArn", unknown: taskRoleArn }];
  if (executionRoleArn instanceof Unknown) return [{ property: "executionRoleArn", unknown: executionRoleArn }];
  if (taskRoleArn !== executionRoleArn) return [];
  return [
    {
      property: "taskRoleArn",
      wrong: "it is also the execution role",
      fix: "set taskRoleArn to a role with the permissions of the application alone",
    },
  ];
}

const volumesOf = ({ props }: Resource) => elements({ property: "volumes", value: props["volumes"] });

/** Mounts of EFS without TLS, which is the default. */
export const openVolumes = (resource: Resource): readonly Finding[] =>
  volumesOf(resource).flatMap(({ property, value }): readonly Finding[] => {
    const efs = value instanceof Unknown ? value : at(value, "efsVolumeConfiguration");
    if (efs === undefined || efs === null) return [];
    const place = `${property}.efsVolumeConfiguration.transitEncryption`;
    const transit = efs instanceof Unknown ? efs : at(efs, "transitEncryption");
    return judged({ property: place, value: transit }, oneOf("ENABLED"), `set ${place}: "ENABLED"`);
  });

/** Volumes that are folders of the host. */
export const hostVolumes = (resource: Resource): readonly Finding[] =>
  volumesOf(resource).flatMap(({ property, value }): readonly Finding[] => {
    const path = value instanceof Unknown ? value : at(value, "hostPath");
    const place = `${property}.hostPath`;
    if (path instanceof Unknown) return [{ property: place, unknown: path }];
    if (isAbsent(path)) return [];
    return [{ property: place, wrong: `${described(path)}, a folder of the host`, fix: `remove ${place}` }];
  });

export const rules: readonly Rule[] = [
  {
    name: "ecs-containers-log",
    description: "Every container of an ECS task sends its log away.",
    why: "The lines of a task go with it, and with them what happened.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP ECS.9", "Control Tower CT.ECS.PR.5", "AwsSolutions-ECS7", "Prowler ecs_task_definitions_logging_enabled"],
    resources: [
      { types: [TASK], unknown: "defer", find: expectsOfContainers("logConfiguration.logDriver", sendsLogs, LOG_FIX) },
    ],
  },
  {
    name: "ecs-logs-non-blocking",
    description: "Containers of ECS tasks drop lines before they wait for the log.",
    why: "A container whose lines are not taken in time stops at its next line, health checks and all.",
    severity: "low",
    level: "advisory",
    standards: ["Prowler ecs_task_definitions_logging_block_mode"],
    resources: [{ types: [TASK], unknown: "defer", find: blockingLogs }],
  },
  {
    name: "ecs-containers-not-privileged",
    description: "No container of an ECS task is privileged.",
    why: "A privileged container is root on its host, with every other task there.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_334", "FSBP ECS.4", "Prowler ecs_task_definitions_no_privileged_containers"],
    resources: [
      { types: [TASK], unknown: "defer", find: expectsOfContainers("privileged", isNotTrue, "set privileged: false") },
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
    resources: [{ types: [TASK], unknown: "defer", find: allowedCapabilities }],
  },
  {
    name: "ecs-capabilities-dropped",
    description: "Containers of ECS tasks drop every capability.",
    why: "An application needs none of them, and whoever breaks into it could use each.",
    severity: "medium",
    level: "advisory",
    standards: [],
    resources: [{ types: [TASK], unknown: "defer", find: keptCapabilities }],
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
        types: [TASK],
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
    resources: [{ types: [TASK], unknown: "defer", find: rootContainers }],
  },
  {
    name: "ecs-no-host-namespaces",
    description: "No ECS task shares the processes or the memory segments of its host.",
    why: "Its containers could then see and end the processes of all others there.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_335", "FSBP ECS.3", "Prowler ecs_task_definitions_host_namespace_not_shared"],
    resources: [
      { types: [TASK], unknown: "refuse", find: expects("pidMode", orAbsent(oneOf("task")), "remove pidMode") },
      { types: [TASK], unknown: "refuse", find: expects("ipcMode", orAbsent(oneOf("task", "none")), "remove ipcMode") },
    ],
  },
  {
    name: "ecs-no-host-volumes",
    description: "No ECS task mounts a folder of its host.",
    why: "With the socket of Docker or with /etc in it, a container is root on the host.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK], unknown: "refuse", find: hostVolumes }],
  },
  {
    name: "ecs-awsvpc-network",
    description: "ECS tasks have a network interface of their own.",
    why: "In the other modes tasks share the host's address and its security groups.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...["FSBP ECS.1", "FSBP ECS.17", "Control Tower CT.ECS.PR.4", "Control Tower CT.ECS.PR.8", "cdk-nag ECSTaskDefinitionUserForHostMode"],
      ...["Prowler ecs_task_definitions_host_networking_mode_users", "cfn-guard ecs_task_definition_user_for_host_mode"],
    ],
    resources: [
      { types: [TASK], unknown: "refuse", find: expects("networkMode", oneOf("awsvpc"), 'set networkMode: "awsvpc"') },
    ],
  },
  {
    name: "ecs-memory-limited",
    description: "Every container of an ECS task has a limit of memory.",
    why: "One that leaks takes the memory of all others of its task otherwise.",
    severity: "medium",
    level: "mandatory",
    standards: ["Control Tower CT.ECS.PR.7"],
    resources: [{ types: [TASK], unknown: "defer", find: unboundedMemory }],
  },
  {
    name: "ecs-fargate-size",
    description: "Tasks on Fargate have a size that Fargate offers.",
    why: "Another pair of CPU and memory is refused in the middle of an update.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK], unknown: "defer", find: wrongSize }],
  },
  {
    name: "ecs-task-role-apart",
    description: "ECS tasks run with another role than the one that starts them.",
    why: "The application could otherwise read every secret that ECS fetches, of other tasks too.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_249"],
    resources: [{ types: [TASK], unknown: "defer", find: sharedRole }],
  },
  {
    name: "ecs-efs-encrypted-in-transit",
    description: "ECS tasks mount EFS over TLS.",
    why: "Files cross the network in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_97", "FSBP ECS.18", "AWS-0035"],
    resources: [{ types: [TASK], unknown: "refuse", find: openVolumes }],
  },
];
