import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";

/** What the task as a whole says, as far as its containers must fit it. Sizes in units and MiB. */
export interface TaskShape {
  readonly fargate: boolean;
  readonly networkMode: string;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly volumes: readonly string[];
}

export const nameOf = (container: Properties): string => textAt(container, "name") ?? "";
export const isEssential = (container: Properties): boolean => flagAt(container, "essential") ?? true;

/** The first thing at which RegisterTaskDefinition fails with a ClientException, in its words where they are known. */
export function containersProblem(containers: readonly Properties[], task: TaskShape): string | undefined {
  if (containers.length === 0) return "Container list cannot be empty.";
  const names = containers.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `Container names must be unique within a task definition: '${twice}' is not.`;
  if (!containers.some(isEssential)) return "At least one container must be marked as essential.";
  for (const container of containers) {
    const problem = RULES.map((rule) => rule(container, task, containers)).find((found) => found !== undefined);
    if (problem !== undefined) return problem;
  }
  return portsProblem(containers, task) ?? sumsProblem(containers, task) ?? cycleProblem(containers);
}

type Rule = (container: Properties, task: TaskShape, all: readonly Properties[]) => string | undefined;

const setting = (container: Properties, what: string): string =>
  `Invalid setting for container '${nameOf(container)}'. ${what}`;

const RULES: readonly Rule[] = [
  (container) => {
    const name = nameOf(container);
    if (name === "") return "Container.name should not be null or empty.";
    return /^[A-Za-z0-9_-]{1,255}$/.test(name) ? undefined : `Container.name contains invalid characters: '${name}'.`;
  },
  (container) => {
    const image = textAt(container, "image");
    if (image === undefined) return "Container.image should not be null or empty.";
    return /^[\w./:@-]{1,255}$/.test(image) ? undefined : `Container.image contains invalid characters: '${image}'.`;
  },
  (container) => {
    const empty = mapsAt(container, "secrets").find((secret) => textAt(secret, "valueFrom") === undefined);
    return empty === undefined
      ? undefined
      : setting(container, `The secret '${nameOf(empty)}' has no 'valueFrom': give a secret's or a parameter's ARN.`);
  },
  memoryProblem,
  (container, { networkMode }) =>
    networkMode === "awsvpc" &&
    mapsAt(container, "portMappings").some(
      (port) => port["hostPort"] !== undefined && port["hostPort"] !== 0 && port["hostPort"] !== port["containerPort"],
    )
      ? "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
      : undefined,
  (container) => {
    const variables = mapsAt(container, "environment").map(nameOf);
    const names = [...variables, ...mapsAt(container, "secrets").map(nameOf)];
    const shared = names.find((name, index) => index >= variables.length && names.indexOf(name) !== index);
    return shared === undefined
      ? undefined
      : `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${shared}'.`;
  },
  (container, { volumes }) => {
    const sources = mapsAt(container, "mountPoints").map((mount) => textAt(mount, "sourceVolume") ?? "");
    const missing = sources.find((source) => !volumes.includes(source));
    return missing === undefined ? undefined : `Unknown volume '${missing}'.`;
  },
  dependencyProblem,
  (container) => healthProblem(mapAt(container, "healthCheck")),
  fargateProblem,
];

function memoryProblem(container: Properties, task: TaskShape): string | undefined {
  const [hard, soft] = [numberAt(container, "memory"), numberAt(container, "memoryReservation")];
  if (hard === undefined && soft === undefined)
    return task.memory === undefined
      ? setting(container, "At least one of 'memory' or 'memoryReservation' must be specified.")
      : undefined;
  if (hard !== undefined && soft !== undefined && soft > hard)
    return setting(container, "'memoryReservation' must not be above 'memory'.");
  const [least] = [hard, soft].filter((amount) => amount !== undefined && amount < 6);
  return least === undefined ? undefined : setting(container, "A container needs at least 6 MiB of memory.");
}

const CONDITIONS = ["START", "COMPLETE", "SUCCESS", "HEALTHY"];

function dependencyProblem(container: Properties, _task: TaskShape, all: readonly Properties[]): string | undefined {
  for (const dependency of mapsAt(container, "dependsOn")) {
    const wanted = textAt(dependency, "containerName") ?? "";
    const condition = textAt(dependency, "condition") ?? "";
    const target = all.find((other) => nameOf(other) === wanted);
    if (target === undefined) return setting(container, `It depends on '${wanted}', which is not in the task.`);
    if (!CONDITIONS.includes(condition))
      return setting(container, `The condition '${condition}' is none of ${CONDITIONS.join(", ")}.`);
    if (condition === "HEALTHY" && listAt(mapAt(target, "healthCheck"), "command").length === 0)
      return setting(container, `It waits until '${wanted}' is HEALTHY, which has no health check.`);
    if ((condition === "COMPLETE" || condition === "SUCCESS") && isEssential(target))
      return setting(container, `It waits for ${condition} of '${wanted}', which is essential: its end ends the task.`);
  }
  return undefined;
}

/** Seconds, and a number of tries. Source: the HealthCheck type of the API. */
const HEALTH_LIMITS = [
  ["interval", 5, 300],
  ["timeout", 2, 120],
  ["retries", 1, 10],
  ["startPeriod", 0, 300],
] as const;

function healthProblem(check: Properties): string | undefined {
  if (Object.keys(check).length === 0) return undefined;
  const [how] = textsAt(check, "command");
  if (how !== "CMD" && how !== "CMD-SHELL" && how !== "NONE")
    return "Health check command must begin with CMD or CMD-SHELL.";
  for (const [field, least, most] of HEALTH_LIMITS) {
    const value = numberAt(check, field);
    if (value !== undefined && (value < least || value > most))
      return `Health check ${field} must be between ${least} and ${most}, and is ${value}.`;
  }
  return undefined;
}

const FARGATE_DRIVERS = ["awslogs", "splunk", "awsfirelens"];
const NOT_ON_FARGATE = ["links", "hostname", "dnsServers", "dnsSearchDomains", "extraHosts", "dockerSecurityOptions"];

function fargateProblem(container: Properties, { fargate }: TaskShape): string | undefined {
  const logs = mapAt(container, "logConfiguration");
  const options = mapAt(logs, "options");
  const driver = textAt(logs, "logDriver");
  if (driver === "awslogs") {
    const missing = ["awslogs-group", "awslogs-region", ...(fargate ? ["awslogs-stream-prefix"] : [])].find(
      (option) => options[option] === undefined,
    );
    if (missing !== undefined) return `Log driver awslogs requires options: ${missing}.`;
    if (options["max-buffer-size"] !== undefined && options["mode"] !== "non-blocking")
      return "Log option max-buffer-size needs mode non-blocking.";
  }
  if (!fargate) return undefined;
  if (flagAt(container, "privileged") === true) return setting(container, "Fargate does not support privileged.");
  const linux = mapAt(container, "linuxParameters");
  const added = textsAt(mapAt(linux, "capabilities"), "add").filter((capability) => capability !== "SYS_PTRACE");
  if (added.length > 0)
    return setting(container, `Fargate adds no capability but SYS_PTRACE, not ${added.join(", ")}.`);
  const device = ["devices", "sharedMemorySize", "maxSwap", "swappiness"].find((field) => linux[field] !== undefined);
  if (device !== undefined) return setting(container, `Fargate does not support linuxParameters.${device}.`);
  const field = NOT_ON_FARGATE.find((name) => container[name] !== undefined && listAt(container, name).length > 0);
  if (field !== undefined) return setting(container, `Fargate does not support ${field}.`);
  const limit = mapsAt(container, "ulimits").find((one) => textAt(one, "name") !== "nofile");
  if (limit !== undefined) return setting(container, `Fargate has no ulimit but nofile, not ${nameOf(limit)}.`);
  if ((numberAt(container, "stopTimeout") ?? 0) > 120)
    return setting(container, "stopTimeout must be 120 seconds or less on Fargate.");
  return driver === undefined || FARGATE_DRIVERS.includes(driver)
    ? undefined
    : `Fargate does not support log driver ${driver}, only ${FARGATE_DRIVERS.join(", ")}.`;
}

/** In one network, two containers cannot have one port. */
function portsProblem(containers: readonly Properties[], { networkMode }: TaskShape): string | undefined {
  if (networkMode !== "awsvpc") return undefined;
  const ports = containers.flatMap((container) =>
    mapsAt(container, "portMappings").map(
      (port) => `${numberAt(port, "containerPort") ?? ""}/${textAt(port, "protocol") ?? "tcp"}`,
    ),
  );
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  return twice === undefined ? undefined : `Two containers of the task map port ${twice}.`;
}

function sumsProblem(containers: readonly Properties[], task: TaskShape): string | undefined {
  const sum = (field: string): number =>
    containers.reduce((total, one) => total + (numberAt(one, field) ?? numberAt(one, `${field}Reservation`) ?? 0), 0);
  if (task.cpu !== undefined && sum("cpu") > task.cpu)
    return `Total cpu of containers (${sum("cpu")}) is above the task's (${task.cpu}).`;
  return task.memory !== undefined && sum("memory") > task.memory
    ? `Total memory of containers (${sum("memory")}) is above the task's (${task.memory}).`
    : undefined;
}

function cycleProblem(containers: readonly Properties[]): string | undefined {
  const waitsFor = new Map(
    containers.map((container) => [
      nameOf(container),
      mapsAt(container, "dependsOn").map((dependency) => textAt(dependency, "containerName") ?? ""),
    ]),
  );
  const leadsTo = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (waitsFor.get(from) ?? []).some(
      (next) => next === to || (!seen.has(next) && leadsTo(next, to, new Set([...seen, next]))),
    );
  const caught = [...waitsFor.keys()].find((name) => leadsTo(name, name, new Set()));
  return caught === undefined ? undefined : `A cycle was found in the dependencies of container '${caught}'.`;
}
