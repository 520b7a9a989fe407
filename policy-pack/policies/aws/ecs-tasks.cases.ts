import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { TYPE, containers, task, without, type Fields } from "../../test/sent/ecs.ts";

const size = (cpu: Json, memory: Json): Sent => task({ cpu, memory });
const roles = (taskRoleArn: Json, executionRoleArn: Json): Sent => task({ taskRoleArn, executionRoleArn });
const volume = (fields: Json): Sent => task({ volumes: [{ name: "scratch" }, fields] });
const efs = (fields: Fields): Sent =>
  volume({ name: "files", efsVolumeConfiguration: { fileSystemId: "fs-1", ...fields } });

const ROLE = "arn:aws:iam::444455556666:role/one";

export const cases: readonly Case[] = [
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
