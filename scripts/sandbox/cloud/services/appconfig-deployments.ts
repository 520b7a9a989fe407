import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { mapsAt, numberAt, textAt } from "../fields.ts";
import type { CheckFailure, CloudResource, Operation, Refusal, ResourceRules } from "../service.ts";
import {
  applicationRefusal,
  at,
  badRequest,
  DEPLOYMENT,
  ENVIRONMENT,
  json,
  notFound,
  partOf,
  partsOf,
  PROFILE,
  shortId,
  STRATEGY,
  VERSION,
} from "./appconfig-lookup.ts";
import { schemaProblem } from "./json-schema.ts";
import { findBy, here } from "./lookup.ts";

/** Numbers of versions and deployments are given once: what went leaves a trace. */
const GONE_VERSION = `${VERSION} (deleted)`;
const GONE_DEPLOYMENT = `${DEPLOYMENT} (past)`;

/** The number that follows those of what exists and of what went. */
const nextNumber = (resources: readonly CloudResource[]): number =>
  1 + Math.max(0, ...resources.map(({ id }) => Number(id.split("/").at(-1)) || 0));

const numberOf = (id: string): number => Number(id.split("/").at(-1));

const profileRefusal = (operation: Operation): Refusal | undefined => {
  const id = at(operation.inputs, "configurationProfileId");
  return partOf(operation, PROFILE, "configurationProfileId", id) === undefined
    ? notFound("Configuration profile", id)
    : undefined;
};

const MAX_CONTENT = 2_097_152;

const left = (type: string, existing: CloudResource | undefined): CloudResource[] =>
  existing === undefined ? [] : [{ ...existing, type, urn: "", outputs: {} }];

export const version: ResourceRules = {
  check: (inputs) =>
    Buffer.byteLength(textAt(inputs, "content") ?? "") > MAX_CONTENT
      ? [{ property: "content", reason: `PayloadTooLargeException: at most ${MAX_CONTENT} bytes` }]
      : [],
  refuseCreate: (operation) => applicationRefusal(operation) ?? profileRefusal(operation),
  // A version never changes: the provider has no update.
  replaces: () => ["applicationId", "configurationProfileId", "content", "contentType", "description", "versionLabel"],
  leaves: ({ existing }) =>
    left(GONE_VERSION, existing).map((one) => ({ ...one, inputs: without(one.inputs, "content") })),
  id(operation) {
    const { inputs } = operation;
    const others = [VERSION, GONE_VERSION].flatMap((type) =>
      partsOf(operation, type, inputs, "configurationProfileId"),
    );
    return `${at(inputs, "applicationId")}/${at(inputs, "configurationProfileId")}/${nextNumber(others)}`;
  },
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(
      location,
      "appconfig",
      `application/${at(inputs, "applicationId")}/configurationprofile/${at(inputs, "configurationProfileId")}/hostedconfigurationversion/${numberOf(id)}`,
    ),
    versionNumber: numberOf(id),
  }),
};

const without = (properties: Properties, key: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key));

const RANGES = [
  ["deploymentDurationInMinutes", 0, 1440],
  ["finalBakeTimeInMinutes", 0, 1440],
  ["growthFactor", 1, 100],
] as const;

export const strategy: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  check: (inputs) => [
    ...RANGES.flatMap(([property, least, most]): CheckFailure[] => {
      const value = numberAt(inputs, property);
      return value === undefined || (value >= least && value <= most)
        ? []
        : [{ property, reason: `expected to be in the range (${least} - ${most}), got ${value}` }];
    }),
    ...choiceFailures(inputs, "growthType", ["LINEAR", "EXPONENTIAL"]),
    ...choiceFailures(inputs, "replicateTo", ["NONE", "SSM_DOCUMENT"]),
  ],
  replaces: () => ["name", "replicateTo"],
  id: shortId,
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "appconfig", `deploymentstrategy/${id}`),
    growthType: textAt(inputs, "growthType") ?? "LINEAR",
  }),
};

const choiceFailures = (inputs: Properties, property: string, choices: readonly string[]): CheckFailure[] => {
  const value = textAt(inputs, property);
  return value === undefined || choices.includes(value)
    ? []
    : [{ property, reason: `expected one of ${choices.join(", ")}, got ${value}` }];
};

function deploymentRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const missing = applicationRefusal(operation) ?? profileRefusal(operation);
  if (missing !== undefined) return missing;
  const environmentId = at(inputs, "environmentId");
  if (partOf(operation, ENVIRONMENT, "environmentId", environmentId) === undefined)
    return notFound("Environment", environmentId);
  const strategyId = at(inputs, "deploymentStrategyId");
  if (!strategyId.startsWith("AppConfig.") && findBy(here(operation, STRATEGY), strategyId, "id") === undefined)
    return notFound("Deployment strategy", strategyId);
  const number = at(inputs, "configurationVersion");
  const hosted = partsOf(operation, VERSION, inputs, "configurationProfileId").find(({ id }) =>
    id.endsWith(`/${number}`),
  );
  const source = partOf(operation, PROFILE, "configurationProfileId", at(inputs, "configurationProfileId"));
  if (textAt(source?.inputs ?? {}, "locationUri") !== "hosted") return undefined;
  return hosted === undefined ? notFound("Configuration version", number) : contentRefusal(hosted, source);
}

/** AppConfig runs the profile's validators before it deploys. Lambdas are not run here. */
function contentRefusal(hosted: CloudResource, source: CloudResource | undefined): Refusal | undefined {
  for (const validator of mapsAt(source?.inputs ?? {}, "validators")) {
    const schema = textAt(validator, "type") === "JSON_SCHEMA" ? json(textAt(validator, "content")) : undefined;
    if (schema === undefined) continue;
    const content = json(textAt(hosted.inputs, "content"));
    if (content === undefined)
      return badRequest("Error validating configuration using JSON Schema: the content is not JSON");
    const problem = schemaProblem(schema.value, content.value);
    if (problem !== undefined) return badRequest(`Error validating configuration using JSON Schema: ${problem}`);
  }
  return undefined;
}

export const deployment: ResourceRules = {
  refuseCreate: deploymentRefusal,
  // Only tags change in place; all else starts another deployment.
  replaces: () => [
    "applicationId",
    "configurationProfileId",
    "configurationVersion",
    "deploymentStrategyId",
    "description",
    "environmentId",
    "kmsKeyIdentifier",
  ],
  // A deployment cannot be undone: the provider only forgets it.
  leaves: ({ existing }) => left(GONE_DEPLOYMENT, existing),
  id(operation) {
    const { inputs } = operation;
    const others = [DEPLOYMENT, GONE_DEPLOYMENT].flatMap((type) => partsOf(operation, type, inputs, "environmentId"));
    return `${at(inputs, "applicationId")}/${at(inputs, "environmentId")}/${nextNumber(others)}`;
  },
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(
      location,
      "appconfig",
      `application/${at(inputs, "applicationId")}/environment/${at(inputs, "environmentId")}/deployment/${numberOf(id)}`,
    ),
    deploymentNumber: numberOf(id),
    kmsKeyArn: "",
    state: "COMPLETE",
  }),
};
