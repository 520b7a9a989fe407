import type { Properties, Value } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure, CloudResource, Operation, Refusal, ResourceRules } from "../service.ts";
import { parseContainers } from "./ecs-container-json.ts";
import { containersProblem, type TaskShape } from "./ecs-containers.ts";
import { clientException, TASK_DEFINITION } from "./ecs-lookup.ts";
import { isRegistryImage, missingRefusal, roleRefusal } from "./ecs-task-start.ts";
import { here } from "./lookup.ts";

/** What a revision leaves when it goes: ECS never gives its number again. */
const GONE = "aws:ecs/taskDefinition:TaskDefinition (deregistered)";

const familyOf = (inputs: Properties): string => textAt(inputs, "family") ?? "";
const revisionOf = (id: string): number => Number(id.slice(id.lastIndexOf(":") + 1)) || 1;

function nextRevision(operation: Operation): number {
  const family = familyOf(operation.inputs);
  const taken = here(operation, TASK_DEFINITION, GONE).filter(({ inputs }) => familyOf(inputs) === family);
  return 1 + Math.max(0, ...taken.map(({ id }) => revisionOf(id)));
}

/** CPU units to MiB. Source: "Fargate task sizes" in the ECS developer guide. */
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
const FARGATE: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
  32768: [61_440, 122_880, 249_856],
};

/** `512`, or `.5 vCPU`; `1024`, or `1 GB`. */
function sizeAt(inputs: Properties, property: string, unit: RegExp): number | undefined {
  const text = textAt(inputs, property);
  if (text === undefined) return undefined;
  const inUnits = new RegExp(`^([\\d.]+) *${unit.source}$`, "i").exec(text);
  return inUnits === null ? Number(text) : Number(inUnits[1]) * 1024;
}

const isFargate = (inputs: Properties): boolean => textsAt(inputs, "requiresCompatibilities").includes("FARGATE");

const shapeOf = (inputs: Properties): TaskShape => ({
  fargate: isFargate(inputs),
  networkMode: textAt(inputs, "networkMode") ?? "bridge",
  cpu: sizeAt(inputs, "cpu", /vcpu/),
  memory: sizeAt(inputs, "memory", /gb/),
  volumes: mapsAt(inputs, "volumes").map((volume) => textAt(volume, "name") ?? ""),
});

function fargateProblem(inputs: Properties, { networkMode, cpu, memory }: TaskShape): string | undefined {
  if (networkMode !== "awsvpc") return "Fargate only supports network mode 'awsvpc'.";
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (FARGATE[cpu]?.includes(memory) !== true)
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
  if (textAt(inputs, "pidMode") === "host") return "Fargate does not support pidMode 'host'.";
  if (textAt(inputs, "ipcMode") !== undefined) return "Fargate does not support ipcMode.";
  const host = mapsAt(inputs, "volumes").find(
    (volume) => textAt(volume, "hostPath") !== undefined || volume["dockerVolumeConfiguration"] !== undefined,
  );
  return host === undefined
    ? undefined
    : `Fargate does not support the host path or Docker driver of volume '${textAt(host, "name") ?? ""}'.`;
}

function executionRoleProblem(inputs: Properties, containers: readonly Properties[]): string | undefined {
  if (textAt(inputs, "executionRoleArn") !== undefined) return undefined;
  const requires = (what: string): string =>
    `Fargate requires task definition to have execution role ARN to support ${what}.`;
  if (containers.some((container) => mapsAt(container, "secrets").length > 0))
    return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
  if (!isFargate(inputs)) return undefined;
  if (containers.some((container) => textAt(mapAt(container, "logConfiguration"), "logDriver") === "awslogs"))
    return requires("log driver awslogs");
  return containers.some(isRegistryImage) ? requires("ECR images") : undefined;
}

function refuseCreate(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const parsed = parseContainers(textAt(inputs, "containerDefinitions") ?? "[]");
  if ("problem" in parsed) return clientException(parsed.problem);
  const shape = shapeOf(inputs);
  const problem =
    (shape.fargate ? fargateProblem(inputs, shape) : undefined) ??
    containersProblem(parsed.containers, shape) ??
    executionRoleProblem(inputs, parsed.containers);
  if (problem !== undefined) return clientException(problem);
  return (
    roleRefusal(operation, "executionRoleArn") ??
    roleRefusal(operation, "taskRoleArn") ??
    missingRefusal(operation, parsed.containers)
  );
}

function check(inputs: Properties): CheckFailure[] {
  const text = textAt(inputs, "containerDefinitions");
  const parsed = text === undefined ? undefined : parseContainers(text);
  return parsed !== undefined && "problem" in parsed
    ? [{ property: "containerDefinitions", reason: parsed.problem }]
    : [];
}

/** Lists in which order has no meaning, by what tells their items apart. */
const UNORDERED = ["environment", "secrets"];

/** Containers in one spelling: sorted by name, without what is empty or says what holds anyway. */
function meaning(text: string): string | undefined {
  const parsed = parseContainers(text);
  if ("problem" in parsed) return undefined;
  const plain = (value: Value | undefined, key: string): Value | undefined => {
    if (Array.isArray(value)) {
      const items = value.map((item) => plain(item, "") ?? null);
      if (items.length === 0) return undefined;
      return UNORDERED.includes(key) ? items.map((item) => JSON.stringify(item)).sort() : items;
    }
    if (typeof value === "object" && value !== null) {
      const fields = Object.entries(value as Properties).flatMap(([field, item]) => {
        const kept = isDefault(field, item) ? undefined : plain(item, field);
        return kept === undefined ? [] : [[field, kept] as const];
      });
      return fields.length === 0 ? undefined : Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return value ?? undefined;
  };
  const containers = parsed.containers.map((container) => JSON.stringify(plain(container, "")));
  return JSON.stringify(containers.sort());
}

const isDefault = (field: string, value: Value): boolean =>
  (field === "essential" && value === true) ||
  (field === "cpu" && value === 0) ||
  (field === "protocol" && value === "tcp");

const leaf = (existing: CloudResource): CloudResource => ({
  ...existing,
  type: GONE,
  urn: "",
  inputs: { family: familyOf(existing.inputs) },
  outputs: {},
});

export const taskDefinition: ResourceRules = {
  check,
  refuseCreate,
  equivalent: (property, old, now) =>
    property === "containerDefinitions" &&
    typeof old === "string" &&
    typeof now === "string" &&
    meaning(old) !== undefined &&
    meaning(old) === meaning(now),
  leaves: ({ existing }) => (existing === undefined ? [] : [leaf(existing)]),
  // The provider's id is the family alone, which revisions share; the sandbox tells resources apart by id.
  id: (operation) => `${familyOf(operation.inputs)}:${nextRevision(operation)}`,
  computed({ inputs, location }, id) {
    const arnWithoutRevision = regionalArn(location, "ecs", `task-definition/${familyOf(inputs)}`);
    const revision = revisionOf(id);
    return {
      arn: `${arnWithoutRevision}:${revision}`,
      arnWithoutRevision,
      enableFaultInjection: inputs["enableFaultInjection"] ?? false,
      networkMode: textAt(inputs, "networkMode") ?? "bridge",
      revision,
    };
  },
};

export const supportsFargate = (definition: CloudResource): boolean => isFargate(definition.inputs);

export const hasPort = (container: Properties, port: number | undefined): boolean =>
  mapsAt(container, "portMappings").some((mapping) => numberAt(mapping, "containerPort") === port);
