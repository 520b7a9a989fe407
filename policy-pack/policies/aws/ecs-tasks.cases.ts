import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Fields = Record<string, Json>;

const TYPE = "aws:ecs/taskDefinition:TaskDefinition";
const GOOD: Fields = {
  name: "api",
  image: "444455556666.dkr.ecr.us-east-1.amazonaws.com/api:1.2.3",
  essential: true,
  user: "1000:1000",
  memory: 704,
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/api", mode: "non-blocking" } },
};

const task = (props: Fields): Sent => ({
  type: TYPE,
  props: {
    family: "api",
    containerDefinitions: JSON.stringify([GOOD]),
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "512",
    memory: "1024",
    tags,
    ...props,
  },
});
const containers = (...definitions: Fields[]): Sent =>
  task({ containerDefinitions: JSON.stringify(definitions.map((fields) => ({ ...GOOD, ...fields }))) });
const without = (field: string): Sent => {
  const { [field]: _, ...rest } = GOOD;
  return task({ containerDefinitions: JSON.stringify([rest]) });
};

/** What holds for every rule about containers: the text may be unknown, and the project's own container passes. */
const aboutContainers = (rule: string): readonly Case[] => [
  { rule, when: "the containers are unknown", given: task({ containerDefinitions: UNKNOWN }), result: "waits" },
  { rule, when: "the container is confined", given: containers({}), result: "passes" },
];

const PREPARATION: Fields = {
  name: "volumes",
  user: "0:0",
  essential: false,
};
const AFTER: Fields = { dependsOn: [{ containerName: "volumes", condition: "SUCCESS" }] };
const preparation = (fields: Fields, after: Fields = AFTER): Sent =>
  containers({ ...PREPARATION, ...fields }, { name: "agent", ...after });

const size = (cpu: Json, memory: Json): Sent => task({ cpu, memory });
const roles = (taskRoleArn: Json, executionRoleArn: Json): Sent => task({ taskRoleArn, executionRoleArn });
const volume = (fields: Json): Sent => task({ volumes: [{ name: "scratch" }, fields] });
const efs = (fields: Fields): Sent =>
  volume({ name: "files", efsVolumeConfiguration: { fileSystemId: "fs-1", ...fields } });

const ROLE = "arn:aws:iam::444455556666:role/one";

export const cases: readonly Case[] = [
  ...[
    "ecs-containers-log",
    "ecs-logs-non-blocking",
    "ecs-containers-not-privileged",
    "ecs-no-added-capabilities",
    "ecs-capabilities-dropped",
    "ecs-read-only-root-filesystem",
    "ecs-containers-not-root",
    "ecs-memory-limited",
  ].flatMap(aboutContainers),

  {
    rule: "ecs-containers-log",
    when: "a container has no log configuration",
    given: without("logConfiguration"),
    result: [/containerDefinitions\[0\]\.logConfiguration\.logDriver: in container "api" it is not set/],
  },
  {
    rule: "ecs-containers-log",
    when: "the lines stay on the host",
    given: containers({}, { name: "worker", logConfiguration: { logDriver: "json-file" } }),
    result: [/containerDefinitions\[1\].*in container "worker" it is "json-file"/],
  },
  {
    rule: "ecs-containers-log",
    when: "the fields are written with capitals",
    given: task({ containerDefinitions: JSON.stringify([{ Name: "api", LogConfiguration: { LogDriver: "none" } }]) }),
    result: [/in container "api" it is "none"/],
  },
  {
    rule: "ecs-logs-non-blocking",
    when: "the mode is blocking",
    given: containers({ logConfiguration: { logDriver: "awslogs", options: { mode: "blocking" } } }),
    result: [/logConfiguration\.options\.mode: .*it is "blocking"/],
  },
  {
    rule: "ecs-logs-non-blocking",
    when: "there are no options",
    given: containers({ logConfiguration: { logDriver: "awslogs" } }),
    result: [/it is not set/],
  },
  {
    rule: "ecs-logs-non-blocking",
    when: "there is no log at all, which is another rule's matter",
    given: without("logConfiguration"),
    result: "passes",
  },
  {
    rule: "ecs-containers-not-privileged",
    when: "one of two containers is",
    given: containers({}, { name: "agent", privileged: true }),
    result: [/containerDefinitions\[1\]\.privileged: in container "agent" it is true/],
  },
  {
    rule: "ecs-containers-not-privileged",
    when: "a container is by text",
    given: containers({ privileged: "true" }),
    result: [/it is "true"/],
  },
  {
    rule: "ecs-containers-not-privileged",
    when: "a container is not",
    given: containers({ privileged: false }),
    result: "passes",
  },
  {
    rule: "ecs-no-added-capabilities",
    when: "a container adds one",
    given: containers({ linuxParameters: { capabilities: { add: ["NET_BIND_SERVICE", "SYS_ADMIN"] } } }),
    result: [/capabilities\.add\[1\]: in container "api" it adds the capability "SYS_ADMIN"/],
  },
  {
    rule: "ecs-no-added-capabilities",
    when: "the setting allows it",
    given: containers({ linuxParameters: { capabilities: { add: ["SYS_PTRACE"] } } }),
    config: { capabilities: ["SYS_PTRACE"] },
    result: "passes",
  },
  {
    rule: "ecs-capabilities-dropped",
    when: "only some are dropped",
    given: containers({ linuxParameters: { capabilities: { drop: ["NET_RAW"] } } }),
    result: [/capabilities\.drop: in container "api" it does not drop ALL/],
  },
  {
    rule: "ecs-capabilities-dropped",
    when: "nothing is said of them",
    given: without("linuxParameters"),
    result: [/it does not drop ALL/],
  },
  {
    rule: "ecs-read-only-root-filesystem",
    when: "nothing is said of it",
    given: without("readonlyRootFilesystem"),
    result: [/readonlyRootFilesystem: in container "api" it is not set, and must be true/],
  },
  {
    rule: "ecs-read-only-root-filesystem",
    when: "it is off",
    given: containers({ readonlyRootFilesystem: false }),
    result: [/it is false/],
  },

  {
    rule: "ecs-containers-not-root",
    when: "no user is named",
    given: without("user"),
    result: [/containerDefinitions\[0\]\.user: in container "api" it is not set, and the image may run as root/],
  },
  ...["0", "0:0", "root", "root:root", "0:1000", "", "00"].map((user): Case => ({
    rule: "ecs-containers-not-root",
    when: `the user is ${JSON.stringify(user)}`,
    given: containers({ user }),
    result: [/user: in container "api" it is ".*Fix: set user/],
  })),
  {
    rule: "ecs-containers-not-root",
    when: "the user is a number",
    given: containers({ user: 0 }),
    result: [/it is 0/],
  },
  {
    rule: "ecs-containers-not-root",
    when: "the group alone is root's",
    given: containers({ user: "100:0" }),
    result: "passes",
  },
  {
    rule: "ecs-containers-not-root",
    when: "the user has a name",
    given: containers({ user: "node" }),
    result: "passes",
  },
  {
    rule: "ecs-containers-not-root",
    when: "a container prepares volumes as root",
    given: preparation({}),
    result: "passes",
  },
  ...(
    [
      ["nothing waits for its end", {}, {}],
      ["others start beside it", {}, { dependsOn: [{ containerName: "volumes", condition: "START" }] }],
      ["it is essential", { essential: true }, AFTER],
      ["it is essential by default", { essential: null }, AFTER],
      ["it keeps capabilities", { linuxParameters: {} }, AFTER],
      ["it adds one", { linuxParameters: { capabilities: { drop: ["ALL"], add: ["CHOWN"] } } }, AFTER],
      ["it may write to its own file system", { readonlyRootFilesystem: false }, AFTER],
      ["it gets a secret", { secrets: [{ name: "KEY", valueFrom: "arn:aws:secretsmanager:::x" }] }, AFTER],
      ["it listens", { portMappings: [{ containerPort: 80 }] }, AFTER],
      ["it is privileged", { privileged: true }, AFTER],
    ] as const
  ).map(([when, fields, after]): Case => ({
    rule: "ecs-containers-not-root",
    when: `a container prepares volumes as root, and ${when}`,
    given: preparation(fields as Fields, after as Fields),
    result: [/containerDefinitions\[0\]\.user: in container "volumes" it is "0:0"/],
  })),

  {
    rule: "ecs-no-host-namespaces",
    when: "the task shares the host's processes",
    given: task({ pidMode: "host" }),
    result: [/pidMode: it is "host"/],
  },
  {
    rule: "ecs-no-host-namespaces",
    when: "the task shares the host's memory segments",
    given: task({ ipcMode: "host" }),
    result: [/ipcMode: it is "host"/],
  },
  {
    rule: "ecs-no-host-namespaces",
    when: "containers share their own",
    given: task({ pidMode: "task", ipcMode: "none" }),
    result: "passes",
  },
  { rule: "ecs-no-host-namespaces", when: "nothing is said", given: task({}), result: "passes" },
  {
    rule: "ecs-no-host-namespaces",
    when: "the mode is unknown",
    given: task({ pidMode: UNKNOWN }),
    result: [/pidMode: its value is not known/],
  },

  {
    rule: "ecs-no-host-volumes",
    when: "a volume is Docker's socket",
    given: volume({ name: "docker", hostPath: "/var/run/docker.sock" }),
    result: [/volumes\[1\]\.hostPath: it is "\/var\/run\/docker\.sock", a folder of the host/],
  },
  { rule: "ecs-no-host-volumes", when: "a volume is empty", given: volume({ name: "run" }), result: "passes" },
  { rule: "ecs-no-host-volumes", when: "there are none", given: task({}), result: "passes" },
  {
    rule: "ecs-no-host-volumes",
    when: "the path is unknown",
    given: volume({ name: "x", hostPath: UNKNOWN }),
    result: [/volumes\[1\]\.hostPath: its value is not known/],
  },

  {
    rule: "ecs-awsvpc-network",
    when: "the task has the host's network",
    given: task({ networkMode: "host" }),
    result: [/networkMode: it is "host", and must be "awsvpc"/],
  },
  {
    rule: "ecs-awsvpc-network",
    when: "nothing is said, which is a bridge",
    given: { type: TYPE, props: { family: "api", containerDefinitions: "[]", tags } },
    result: [/networkMode: it is not set/],
  },
  { rule: "ecs-awsvpc-network", when: "the task has its own interface", given: task({}), result: "passes" },
  {
    rule: "ecs-awsvpc-network",
    when: "the mode is unknown",
    given: task({ networkMode: UNKNOWN }),
    result: [/networkMode: its value is not known/],
  },

  {
    rule: "ecs-memory-limited",
    when: "one of two containers has no limit",
    given: containers({}, { name: "agent", memory: null, memoryReservation: 64 }),
    result: [/containerDefinitions\[1\]\.memory: in container "agent" it is not set/],
  },
  {
    rule: "ecs-memory-limited",
    when: "the only container has the task's limit",
    given: without("memory"),
    result: "passes",
  },
  {
    rule: "ecs-memory-limited",
    when: "neither the only container nor the task has one",
    given: {
      type: TYPE,
      props: { family: "api", containerDefinitions: JSON.stringify([{ name: "api" }]), tags },
    },
    result: [/containerDefinitions\[0\]\.memory: in container "api" it is not set/],
  },

  { rule: "ecs-fargate-size", when: "the pair exists", given: size("512", "1024"), result: "passes" },
  { rule: "ecs-fargate-size", when: "the pair has units", given: size(".5 vCPU", "1 GB"), result: "passes" },
  { rule: "ecs-fargate-size", when: "the pair is the largest", given: size(16384, 122880), result: "passes" },
  {
    rule: "ecs-fargate-size",
    when: "memory does not go with the CPU",
    given: size("256", "4096"),
    result: [
      /memory: it is "4096", which Fargate does not pair with cpu 256\..*Fix: set memory to one of 512, 1024, 2048/,
    ],
  },
  {
    rule: "ecs-fargate-size",
    when: "there is no such CPU",
    given: size(300, 1024),
    result: [/cpu: it is 300, which Fargate does not have/],
  },
  {
    rule: "ecs-fargate-size",
    when: "sizes are absent",
    given: {
      type: TYPE,
      props: { family: "api", containerDefinitions: "[]", requiresCompatibilities: ["FARGATE"], tags },
    },
    result: [/cpu: it is not set/],
  },
  { rule: "ecs-fargate-size", when: "the CPU is unknown", given: size(UNKNOWN, "1024"), result: "waits" },
  {
    rule: "ecs-fargate-size",
    when: "the task runs on instances",
    given: task({ requiresCompatibilities: ["EC2"], cpu: "300", memory: "300" }),
    result: "passes",
  },
  {
    rule: "ecs-fargate-size",
    when: "it is unknown where the task runs",
    given: task({ requiresCompatibilities: UNKNOWN }),
    result: "waits",
  },

  {
    rule: "ecs-task-role-apart",
    when: "both roles are one",
    given: roles(ROLE, ROLE),
    result: [/taskRoleArn: it is also the execution role/],
  },
  { rule: "ecs-task-role-apart", when: "the roles differ", given: roles(`${ROLE}-task`, ROLE), result: "passes" },
  {
    rule: "ecs-task-role-apart",
    when: "there is no task role",
    given: task({ executionRoleArn: ROLE }),
    result: "passes",
  },
  { rule: "ecs-task-role-apart", when: "the roles are unknown", given: roles(UNKNOWN, UNKNOWN), result: "waits" },

  {
    rule: "ecs-efs-encrypted-in-transit",
    when: "nothing is said of it",
    given: efs({}),
    result: [/volumes\[1\]\.efsVolumeConfiguration\.transitEncryption: it is not set, and must be "ENABLED"/],
  },
  {
    rule: "ecs-efs-encrypted-in-transit",
    when: "it is off",
    given: efs({ transitEncryption: "DISABLED" }),
    result: [/it is "DISABLED"/],
  },
  {
    rule: "ecs-efs-encrypted-in-transit",
    when: "it is on",
    given: efs({ transitEncryption: "ENABLED" }),
    result: "passes",
  },
  { rule: "ecs-efs-encrypted-in-transit", when: "no volume is of EFS", given: volume({ name: "x" }), result: "passes" },
  {
    rule: "ecs-efs-encrypted-in-transit",
    when: "it is unknown",
    given: efs({ transitEncryption: UNKNOWN }),
    result: [/transitEncryption: its value is not known/],
  },
];
