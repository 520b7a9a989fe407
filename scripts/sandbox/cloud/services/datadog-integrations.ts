import { isProperties, type Properties } from "../../values/value.ts";
import { mapAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure, ResourceRules } from "../service.ts";
import { badRequest, conflict } from "./datadog-answers.ts";
import { uniqueName } from "./datadog-logs.ts";
import { uuid } from "./lookup.ts";

const ACCOUNT = "datadog:aws/integrationAccount:IntegrationAccount";

/** Blocks that the provider wants written, even where they say nothing. */
const BLOCKS: readonly (readonly [block: string, inner?: string])[] = [
  ["authConfig"],
  ["awsRegions"],
  ["logsConfig", "lambdaForwarder"],
  ["metricsConfig", "namespaceFilters"],
  ["resourcesConfig"],
  ["tracesConfig", "xrayServices"],
];

function missingBlocks(inputs: Properties): CheckFailure[] {
  return BLOCKS.flatMap(([block, inner]) => {
    const value = inputs[block] ?? null;
    if (value === null) return [{ property: block, reason: "must be written, even as an empty object" }];
    return inner !== undefined && isProperties(value) && (value[inner] ?? null) === null
      ? [{ property: `${block}.${inner}`, reason: "must be written, even as an empty object" }]
      : [];
  });
}

const textsIn = (inputs: Properties, block: string, inner: string): string[] =>
  ["includeOnlies", "excludeOnlies"].flatMap((key) =>
    textsAt(inner === "" ? mapAt(inputs, block) : mapAt(mapAt(inputs, block), inner), key),
  );

function checkAccount(inputs: Properties): CheckFailure[] {
  const failures = missingBlocks(inputs);
  const role = textAt(mapAt(mapAt(inputs, "authConfig"), "awsAuthConfigRole"), "roleName");
  if (role?.startsWith("arn:") === true)
    failures.push({
      property: "authConfig.awsAuthConfigRole.roleName",
      reason: "must be the role's name, not its ARN",
    });
  for (const namespace of textsIn(inputs, "metricsConfig", "namespaceFilters"))
    if (!/^(AWS|ECS|WAF|Glue|CWAgent|ContainerInsights)(\/[A-Za-z0-9]+)*$/.test(namespace))
      failures.push({
        property: "metricsConfig.namespaceFilters",
        reason: `${namespace} is no namespace of CloudWatch`,
      });
  for (const region of textsIn(inputs, "awsRegions", ""))
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
      failures.push({ property: "awsRegions.includeOnlies", reason: `${region} is no region` });
  const resources = mapAt(inputs, "resourcesConfig");
  if (resources["cloudSecurityPostureManagementCollection"] === true && resources["extendedCollection"] === false)
    failures.push({
      property: "resourcesConfig.cloudSecurityPostureManagementCollection",
      reason: "needs extendedCollection",
    });
  return failures;
}

const integrationAccount: ResourceRules = {
  unique: [
    {
      property: "awsAccountId",
      within: "world",
      refuse: (account) => conflict(`an AWS integration for account ${account} already exists`),
    },
  ],
  check: checkAccount,
  id: (operation) => uuid(operation.hex("integration", 32)),
  computed(operation) {
    const role = mapAt(mapAt(operation.inputs, "authConfig"), "awsAuthConfigRole");
    return Object.keys(role).length === 0
      ? {}
      : {
          authConfig: {
            awsAuthConfigRole: { externalId: textAt(role, "externalId") ?? operation.hex("external-id", 32) },
          },
        };
  },
};

const externalId: ResourceRules = { id: (operation) => operation.hex("external-id", 32) };

const checkUrl = (inputs: Properties, key: string): CheckFailure[] => {
  const url = textAt(inputs, key);
  return url === undefined || /^https?:\/\/\S+$/.test(url) ? [] : [{ property: key, reason: "must be a URL" }];
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const webhook: ResourceRules = {
  unique: [uniqueName("name", "webhook")],
  check: (inputs) => checkUrl(inputs, "url"),
  refuseCreate({ inputs }) {
    const headers = textAt(inputs, "customHeaders");
    return headers === undefined || isJson(headers) ? undefined : badRequest("custom_headers must be valid JSON");
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
};

/** The service that the handle `@pagerduty-<name>` pages. */
const serviceObject: ResourceRules = {
  unique: [uniqueName("serviceName", "PagerDuty service")],
  check(inputs) {
    const name = textAt(inputs, "serviceName");
    return name === undefined || /^[\w.-]+$/.test(name)
      ? []
      : [{ property: "serviceName", reason: "letters, digits, dots, hyphens, and underscores: it becomes a handle" }];
  },
  id: ({ inputs }) => textAt(inputs, "serviceName") ?? "",
};

export const datadogIntegrations: Readonly<Record<string, ResourceRules>> = {
  [ACCOUNT]: integrationAccount,
  "datadog:aws/integrationExternalId:IntegrationExternalId": externalId,
  "datadog:index/webhook:Webhook": webhook,
  "datadog:pagerduty/serviceObject:ServiceObject": serviceObject,
};
