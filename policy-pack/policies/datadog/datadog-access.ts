import { asText, at, expects, isNotTrue, isSet, isTrue } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { looksSecret, soundsSecret } from "../../support/secrets/text.ts";
import { Unknown } from "../../support/unknown.ts";

const INTEGRATION = "datadog:aws/integrationAccount:IntegrationAccount";
const API_KEY = "datadog:index/apiKey:ApiKey";
const APPLICATION_KEYS = [
  "datadog:index/applicationKey:ApplicationKey",
  "datadog:index/serviceAccountApplicationKey:ServiceAccountApplicationKey",
];
const GLOBAL_VARIABLE = "datadog:index/syntheticsGlobalVariable:SyntheticsGlobalVariable";
const WEBHOOK_VARIABLE = "datadog:index/webhookCustomVariable:WebhookCustomVariable";
const LOGS_INDEX = "datadog:index/logsIndex:LogsIndex";

const KEYS = "authConfig.awsAuthConfigKeys";
const ROLE = "authConfig.awsAuthConfigRole";

/** Access to an AWS account by anything but a role. The role's trust is the rules' about IAM. */
function keyedAccess({ props }: Resource): readonly Finding[] {
  const [keys, role] = [at(props, KEYS), at(props, `${ROLE}.roleName`)];
  if (keys instanceof Unknown) return [{ property: KEYS, unknown: keys }];
  if (keys !== undefined && keys !== null)
    return [
      {
        property: KEYS,
        wrong: "Datadog holds an access key that does not end",
        fix: `remove it, and set ${ROLE} to a role whose trust requires the external id`,
      },
    ];
  if (role instanceof Unknown) return [{ property: `${ROLE}.roleName`, unknown: role }];
  return isSet.is(role)
    ? []
    : [{ property: `${ROLE}.roleName`, wrong: "it is not set", fix: `set ${ROLE}.roleName to the role for Datadog` }];
}

/** An external id that somebody can guess; absent, Datadog makes one. */
function guessableIds({ props }: Resource): readonly Finding[] {
  const property = `${ROLE}.externalId`;
  const id = at(props, property);
  if (id instanceof Unknown) return [{ property, unknown: id }];
  if (id === undefined || id === null || (typeof id === "string" && /^[0-9a-f-]{32,36}$/i.test(id))) return [];
  return [
    {
      property,
      wrong: "it is not one that Datadog made",
      fix: "take it from a datadog.aws.IntegrationExternalId, or remove it",
    },
  ];
}

/** Variables that say or look like a secret, and are not hidden. */
const openVariable =
  (flag: string) =>
  ({ props }: Resource): readonly Finding[] => {
    const { name, value, [flag]: hidden } = props;
    const isSecret =
      (typeof name === "string" && soundsSecret(name)) ||
      (typeof value === "string" && looksSecret(value)) ||
      isTrue.is(props["isTotp"]);
    if (!isSecret || isTrue.is(hidden)) return [];
    if (hidden instanceof Unknown) return [{ property: flag, unknown: hidden }];
    return [
      {
        property: flag,
        wrong: `everyone who sees the variable "${asText(name)}" can read it`,
        fix: `set ${flag}: true`,
      },
    ];
  };

export const rules: readonly Rule[] = [
  {
    name: "datadog-aws-access-by-role",
    description: "Datadog reads an AWS account by a role with an external id, and by no key.",
    why: "A key lies with Datadog for ever, and a role without its own external id serves other customers too.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [INTEGRATION], unknown: "defer", find: keyedAccess },
      { types: [INTEGRATION], unknown: "defer", find: guessableIds },
    ],
  },
  {
    name: "datadog-application-key-scoped",
    description: "Each application key may do what it is for.",
    why: "A key without scopes may do all that its owner may, for ever.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: APPLICATION_KEYS,
        unknown: "refuse",
        find: expects("scopes", isSet, 'set scopes, such as ["metrics_read"]'),
      },
    ],
  },
  {
    name: "datadog-api-key-no-remote-configuration",
    description: "No API key lets Datadog change what agents do.",
    why: "Remote configuration turns an account at Datadog into a way into the tasks that run its agent.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: [API_KEY],
        unknown: "refuse",
        find: expects("remoteConfigReadEnabled", isNotTrue, "set remoteConfigReadEnabled: false"),
      },
    ],
  },
  {
    name: "datadog-variable-hidden",
    description: "Variables of tests and webhooks that hold a secret are hidden.",
    why: "A variable that is not hidden is shown to everyone in the organisation, and in each result.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [GLOBAL_VARIABLE], unknown: "refuse", find: openVariable("secure") },
      { types: [WEBHOOK_VARIABLE], unknown: "refuse", find: openVariable("isSecret") },
    ],
  },
  {
    name: "datadog-logs-index-limited",
    description: "Each index of logs has a daily limit.",
    why: "A loop that logs costs more in a night than the environment in a month.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: [LOGS_INDEX],
        unknown: "defer",
        find: expects("dailyLimit", isSet, "set dailyLimit to a number of events"),
      },
      {
        types: [LOGS_INDEX],
        unknown: "refuse",
        find: expects("disableDailyLimit", isNotTrue, "remove disableDailyLimit"),
      },
    ],
  },
];
