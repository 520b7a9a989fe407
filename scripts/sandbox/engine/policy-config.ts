import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { PolicyLevel, PolicyPackSource } from "../project/model.ts";
import { nearestOf } from "../project/nearest.ts";
import { type Properties, type Value, isProperties } from "../values/value.ts";
import { fromStruct, toStruct } from "../values/wire.ts";
import { PolicyError } from "./policy-error.ts";
import { ANALYZER, LEVELS } from "./policy-messages.ts";

const ENFORCEMENT: Readonly<Record<PolicyLevel, messages.EnforcementLevel>> = {
  advisory: messages.EnforcementLevel.ADVISORY,
  mandatory: messages.EnforcementLevel.MANDATORY,
  disabled: messages.EnforcementLevel.DISABLED,
  remediate: messages.EnforcementLevel.REMEDIATE,
};

/** Defaults of each policy's schema, then the pack's initial configuration, then what the user's file says. */
export function packConfiguration(
  info: messages.AnalyzerInfo,
  source: PolicyPackSource,
): { request: messages.ConfigureAnalyzerRequest; levels: ReadonlyMap<string, PolicyLevel> } {
  const request = new messages.ConfigureAnalyzerRequest();
  const names = new Set(info.getPoliciesList().map((policy) => policy.getName()));
  for (const name of Object.keys(source.config))
    if (name !== "all" && !names.has(name))
      throw new PolicyError(
        `${source.configFile ?? "the policy configuration"} names ${JSON.stringify(name)}, which pack ${info.getName()} does not have: ${nearestOf(name, [...names])}`,
      );
  const levels = new Map<string, PolicyLevel>();
  for (const policy of info.getPoliciesList()) {
    const name = policy.getName();
    const schema = fromStruct(policy.getConfigschema()?.getProperties());
    const defaults: Properties = {};
    for (const [key, property] of Object.entries(schema))
      if (isProperties(property) && property["default"] !== undefined) defaults[key] = property["default"];
    const initial = info.getInitialconfigMap().get(name);
    const initialAll = info.getInitialconfigMap().get("all");
    let level = LEVELS[(initial ?? initialAll)?.getEnforcementlevel() ?? policy.getEnforcementlevel()] ?? "advisory";
    const properties: Properties = { ...defaults, ...fromStruct(initial?.getProperties()) };
    for (const setting of [source.config["all"], source.config[name]]) {
      const chosen = readSetting(name, setting);
      level = chosen.level ?? level;
      Object.assign(properties, chosen.properties);
    }
    for (const key of policy.getConfigschema()?.getRequiredList() ?? [])
      if (properties[key] === undefined)
        throw new PolicyError(
          `policy ${name} needs the setting ${JSON.stringify(key)}: put it into the policy configuration file`,
        );
    levels.set(name, level);
    const entry = new messages.PolicyConfig();
    entry.setEnforcementlevel(ENFORCEMENT[level]);
    entry.setProperties(toStruct(properties, ANALYZER));
    request.getPolicyconfigMap().set(name, entry);
  }
  return { request, levels };
}

function readSetting(name: string, setting: Value | undefined): { level?: PolicyLevel; properties: Properties } {
  if (setting === undefined) return { properties: {} };
  if (typeof setting === "string") return { level: asLevel(name, setting), properties: {} };
  if (!isProperties(setting))
    throw new PolicyError(`the configuration of policy ${name} must be a level or a map of settings`);
  const { enforcementLevel, ...properties } = setting;
  return enforcementLevel === undefined ? { properties } : { level: asLevel(name, enforcementLevel), properties };
}

function asLevel(name: string, value: Value): PolicyLevel {
  const level = LEVELS.find((candidate) => candidate === value);
  if (level === undefined)
    throw new PolicyError(
      `policy ${name}: ${JSON.stringify(value)} is no enforcement level; choose one of ${LEVELS.join(", ")}`,
    );
  return level;
}
