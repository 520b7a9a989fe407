import type { Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { mapsAt, textAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules, Service } from "../service.ts";
import { deployment, strategy, version } from "./appconfig-deployments.ts";
import {
  APPLICATION,
  applicationRefusal,
  at,
  badRequest,
  DEPLOYMENT,
  ENVIRONMENT,
  json,
  PROFILE,
  shortId,
  STRATEGY,
  VERSION,
} from "./appconfig-lookup.ts";
import { findFunction } from "./lambda-lookup.ts";
import { here, findBy } from "./lookup.ts";
import { roleByArn, trustsService } from "./role-permissions.ts";

const application: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const parts = here(operation, ENVIRONMENT, PROFILE).filter(({ inputs }) => at(inputs, "applicationId") === id);
    return parts.length > 0
      ? badRequest(`Cannot delete application ${id} because it still has environments or configuration profiles`)
      : undefined;
  },
  id: shortId,
  computed: ({ location }, id) => ({ arn: regionalArn(location, "appconfig", `application/${id}`) }),
};

function monitorRefusal(operation: Operation): Refusal | undefined {
  const alarms = here(
    operation,
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  );
  for (const monitor of mapsAt(operation.inputs, "monitors")) {
    const alarm = at(monitor, "alarmArn");
    if (findBy(alarms, alarm, "arn") === undefined) return badRequest(`Alarm ${alarm} does not exist`);
    const roleArn = textAt(monitor, "alarmRoleArn");
    const role = roleArn === undefined ? undefined : roleByArn(operation, roleArn);
    if (
      roleArn !== undefined &&
      (role === undefined || !trustsService(operation, role, "appconfig.amazonaws.com", "appconfig"))
    )
      return badRequest(
        `Unable to assume role ${roleArn}: it does not exist, or does not trust appconfig.amazonaws.com`,
      );
  }
  return undefined;
}

/** The provider's ids of environments and profiles: the part's own, a colon, the application's. */
const environment: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  refuseCreate: (operation) => applicationRefusal(operation) ?? monitorRefusal(operation),
  refuseUpdate: monitorRefusal,
  id: (operation) => `${shortId(operation)}:${at(operation.inputs, "applicationId")}`,
  computed({ inputs, location }, id) {
    const [environmentId = ""] = id.split(":");
    return {
      arn: regionalArn(
        location,
        "appconfig",
        `application/${at(inputs, "applicationId")}/environment/${environmentId}`,
      ),
      description: textAt(inputs, "description") ?? "",
      environmentId,
      state: "READY_FOR_DEPLOYMENT",
    };
  },
};

function validatorFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "validators").flatMap((validator, index): CheckFailure[] => {
    const content = textAt(validator, "content");
    if (content === undefined) return [];
    const right =
      textAt(validator, "type") === "LAMBDA" ? parseArn(content)?.service === "lambda" : json(content) !== undefined;
    return right ? [] : [{ property: `validators[${index}].content`, reason: "must be JSON, or a Lambda's ARN" }];
  });
}

/** Where a configuration may lie beside AppConfig itself, and whether a role is to read it there. */
const STORES: readonly { readonly start: string; readonly byRole: boolean }[] = [
  { start: "ssm-document://", byRole: true },
  { start: "ssm-parameter://", byRole: true },
  { start: "secretsmanager://", byRole: true },
  { start: "s3://", byRole: true },
  { start: "codepipeline://", byRole: false },
];

function locationRefusal({ inputs }: Operation): Refusal | undefined {
  const uri = at(inputs, "locationUri");
  const hasRole = textAt(inputs, "retrievalRoleArn") !== undefined;
  if (uri === "hosted")
    return hasRole ? badRequest("A retrieval role cannot be specified for a hosted configuration") : undefined;
  const store = STORES.find(({ start }) => uri.startsWith(start));
  if (store === undefined)
    return badRequest(`Invalid location URI ${uri}: hosted, or one of ${STORES.map(({ start }) => start).join(", ")}`);
  if (textAt(inputs, "type") === "AWS.AppConfig.FeatureFlags")
    return badRequest("Feature flags must be stored as a hosted configuration");
  return store.byRole && !hasRole ? badRequest(`A retrieval role must be specified for ${uri}`) : undefined;
}

function validatorRefusal(operation: Operation): Refusal | undefined {
  const missing = mapsAt(operation.inputs, "validators")
    .filter((validator) => textAt(validator, "type") === "LAMBDA")
    .map((validator) => at(validator, "content"))
    .find((arn) => findFunction(operation, arn) === undefined);
  return missing === undefined ? undefined : badRequest(`The validator ${missing} does not exist`);
}

const profileRefusal = (operation: Operation): Refusal | undefined =>
  applicationRefusal(operation) ?? locationRefusal(operation) ?? validatorRefusal(operation);

const profile: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  check: validatorFailures,
  refuseCreate: profileRefusal,
  refuseUpdate: profileRefusal,
  refuseDelete(operation) {
    const { existing } = operation;
    const [id = ""] = existing?.id.split(":") ?? [];
    const versions = here(operation, VERSION).filter(({ inputs }) => at(inputs, "configurationProfileId") === id);
    return versions.length > 0
      ? badRequest(
          `Cannot delete configuration profile ${id} because there are still hosted configuration versions existing under it.`,
        )
      : undefined;
  },
  id: (operation) => `${shortId(operation)}:${at(operation.inputs, "applicationId")}`,
  computed({ inputs, location }, id) {
    const [configurationProfileId = ""] = id.split(":");
    return {
      arn: regionalArn(
        location,
        "appconfig",
        `application/${at(inputs, "applicationId")}/configurationprofile/${configurationProfileId}`,
      ),
      configurationProfileId,
    };
  },
};

export const appconfig: Service = {
  resources: {
    [APPLICATION]: application,
    [ENVIRONMENT]: environment,
    [PROFILE]: profile,
    [VERSION]: version,
    [STRATEGY]: strategy,
    [DEPLOYMENT]: deployment,
  },
};
