import { TASK_DEFINITION, eachContainer, inContainer } from "../../support/containers/definitions.ts";
import {
  at,
  described,
  elements,
  expects,
  isAbsent,
  judged,
  numberOf,
  oneOf,
  orAbsent,
  textOf,
  textsOf,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

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
function wrongSize(resource: Resource): readonly Finding[] {
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
function sharedRole({ props }: Resource): readonly Finding[] {
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
const openVolumes = (resource: Resource): readonly Finding[] =>
  volumesOf(resource).flatMap(({ property, value }): readonly Finding[] => {
    const efs = value instanceof Unknown ? value : at(value, "efsVolumeConfiguration");
    if (efs === undefined || efs === null) return [];
    const place = `${property}.efsVolumeConfiguration.transitEncryption`;
    const transit = efs instanceof Unknown ? efs : at(efs, "transitEncryption");
    return judged({ property: place, value: transit }, oneOf("ENABLED"), `set ${place}: "ENABLED"`);
  });

/** Volumes that are folders of the host. */
const hostVolumes = (resource: Resource): readonly Finding[] =>
  volumesOf(resource).flatMap(({ property, value }): readonly Finding[] => {
    const path = value instanceof Unknown ? value : at(value, "hostPath");
    const place = `${property}.hostPath`;
    if (path instanceof Unknown) return [{ property: place, unknown: path }];
    if (isAbsent(path)) return [];
    return [{ property: place, wrong: `${described(path)}, a folder of the host`, fix: `remove ${place}` }];
  });

export const rules: readonly Rule[] = [
  {
    name: "ecs-no-host-namespaces",
    description: "No ECS task shares the processes or the memory segments of its host.",
    why: "Its containers could then see and end the processes of all others there.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_335", "FSBP ECS.3", "Prowler ecs_task_definitions_host_namespace_not_shared"],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "refuse",
        find: expects("pidMode", orAbsent(oneOf("task")), "remove pidMode"),
      },
      {
        types: [TASK_DEFINITION],
        unknown: "refuse",
        find: expects("ipcMode", orAbsent(oneOf("task", "none")), "remove ipcMode"),
      },
    ],
  },
  {
    name: "ecs-no-host-volumes",
    description: "No ECS task mounts a folder of its host.",
    why: "With the socket of Docker or with /etc in it, a container is root on the host.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "refuse", find: hostVolumes }],
  },
  {
    name: "ecs-awsvpc-network",
    description: "ECS tasks have a network interface of their own.",
    why: "In the other modes tasks share the host's address and its security groups.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...[
        "FSBP ECS.1",
        "FSBP ECS.17",
        "Control Tower CT.ECS.PR.4",
        "Control Tower CT.ECS.PR.8",
        "cdk-nag ECSTaskDefinitionUserForHostMode",
      ],
      ...[
        "Prowler ecs_task_definitions_host_networking_mode_users",
        "cfn-guard ecs_task_definition_user_for_host_mode",
      ],
    ],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "refuse",
        find: expects("networkMode", oneOf("awsvpc"), 'set networkMode: "awsvpc"'),
      },
    ],
  },
  {
    name: "ecs-memory-limited",
    description: "Every container of an ECS task has a limit of memory.",
    why: "One that leaks takes the memory of all others of its task otherwise.",
    severity: "medium",
    level: "mandatory",
    standards: ["Control Tower CT.ECS.PR.7"],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: unboundedMemory }],
  },
  {
    name: "ecs-fargate-size",
    description: "Tasks on Fargate have a size that Fargate offers.",
    why: "Another pair of CPU and memory is refused in the middle of an update.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: wrongSize }],
  },
  {
    name: "ecs-task-role-apart",
    description: "ECS tasks run with another role than the one that starts them.",
    why: "The application could otherwise read every secret that ECS fetches, of other tasks too.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_249"],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: sharedRole }],
  },
  {
    name: "ecs-efs-encrypted-in-transit",
    description: "ECS tasks mount EFS over TLS.",
    why: "Files cross the network in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_97", "FSBP ECS.18", "AWS-0035"],
    resources: [{ types: [TASK_DEFINITION], unknown: "refuse", find: openVolumes }],
  },
];
