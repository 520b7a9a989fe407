import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { containers, task, without, type Fields } from "../../test/sent/ecs.ts";

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
];
