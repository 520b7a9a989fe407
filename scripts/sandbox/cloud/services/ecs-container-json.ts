import { isProperties, type Properties, type Value } from "../../values/value.ts";

/** What the provider's own types take: it reads the JSON into them before it sends anything. */
type Shape =
  | "flag"
  | "number"
  | "text"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

const texts: Shape = { list: "text" };
const pairs: Shape = { list: { fields: { name: "text", value: "text" } } };
const secrets: Shape = { list: { fields: { name: "text", valueFrom: "text" } } };
const options: Shape = { map: "text" };

/** Every field of the API's ContainerDefinition. What has parts that nobody mistakes is not taken apart further. */
const FIELDS: Readonly<Record<string, Shape>> = {
  name: "text",
  image: "text",
  repositoryCredentials: { fields: { credentialsParameter: "text" } },
  cpu: "number",
  memory: "number",
  memoryReservation: "number",
  links: texts,
  portMappings: {
    list: { fields: { containerPort: "number", hostPort: "number", protocol: "text", name: "text" } },
  },
  essential: "flag",
  restartPolicy: { fields: { enabled: "flag", restartAttemptPeriod: "number" } },
  entryPoint: texts,
  command: texts,
  environment: pairs,
  environmentFiles: { list: { fields: { type: "text", value: "text" } } },
  mountPoints: { list: { fields: { sourceVolume: "text", containerPath: "text", readOnly: "flag" } } },
  volumesFrom: { list: { fields: { sourceContainer: "text", readOnly: "flag" } } },
  linuxParameters: { fields: { initProcessEnabled: "flag", sharedMemorySize: "number", swappiness: "number" } },
  secrets,
  dependsOn: { list: { fields: { containerName: "text", condition: "text" } } },
  startTimeout: "number",
  stopTimeout: "number",
  versionConsistency: "text",
  hostname: "text",
  user: "text",
  workingDirectory: "text",
  disableNetworking: "flag",
  privileged: "flag",
  readonlyRootFilesystem: "flag",
  dnsServers: texts,
  dnsSearchDomains: texts,
  extraHosts: { list: { fields: { hostname: "text", ipAddress: "text" } } },
  dockerSecurityOptions: texts,
  interactive: "flag",
  pseudoTerminal: "flag",
  dockerLabels: options,
  ulimits: { list: { fields: { name: "text", softLimit: "number", hardLimit: "number" } } },
  logConfiguration: { fields: { logDriver: "text", options, secretOptions: secrets } },
  healthCheck: {
    fields: { command: texts, interval: "number", timeout: "number", retries: "number", startPeriod: "number" },
  },
  systemControls: { list: { fields: { namespace: "text", value: "text" } } },
  resourceRequirements: { list: { fields: { type: "text", value: "text" } } },
  firelensConfiguration: { fields: { type: "text", options } },
  credentialSpecs: texts,
};

const CANONICAL = new Map(Object.keys(FIELDS).map((field) => [field.toLowerCase(), field]));

const WORDS = { flag: "true or false", number: "a number", text: "text" } as const;

/** Where the value has another shape than the provider's type; undefined where it fits. */
function misfit(shape: Shape, value: Value | undefined, path: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof shape === "string") {
    const fits = typeof value === (shape === "flag" ? "boolean" : shape === "text" ? "string" : shape);
    return fits ? undefined : `${path} must be ${WORDS[shape]}`;
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) return `${path} must be a list`;
    return firstOf(value.map((item, index) => misfit(shape.list, item, `${path}[${index}]`)));
  }
  if (!isProperties(value)) return `${path} must be an object`;
  if ("map" in shape)
    return firstOf(Object.entries(value).map(([key, item]) => misfit(shape.map, item, `${path}.${key}`)));
  return firstOf(Object.entries(shape.fields).map(([key, inner]) => misfit(inner, value[key], `${path}.${key}`)));
}

const firstOf = (found: readonly (string | undefined)[]): string | undefined =>
  found.find((problem) => problem !== undefined);

export type Parsed = { readonly containers: Properties[] } | { readonly problem: string };

const invalid = (what: string): Parsed => ({
  problem: `ECS Task Definition container_definitions is invalid: ${what}`,
});

/** The text as the provider reads it before it sends anything. */
export function parseContainers(text: string): Parsed {
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch (error) {
    return invalid((error as Error).message);
  }
  if (!Array.isArray(value) || !value.every(isProperties)) return invalid("it must be a JSON list of objects");
  for (const [index, container] of value.entries()) {
    const unknown = Object.keys(container).find((key) => !CANONICAL.has(key.toLowerCase()));
    if (unknown !== undefined)
      return { problem: `[${index}].${unknown} is no field of a container definition: the provider would drop it` };
  }
  const containers = value.map((container) =>
    Object.fromEntries(Object.entries(container).map(([key, item]) => [CANONICAL.get(key.toLowerCase()) ?? key, item])),
  );
  const wrong = firstOf(containers.map((container, index) => misfit({ fields: FIELDS }, container, `[${index}]`)));
  return wrong === undefined ? { containers } : invalid(wrong);
}
