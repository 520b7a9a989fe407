import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { exemptions } from "../../policy-pack/exemptions.ts";
import { rules } from "../../policy-pack/policies/all.ts";
import type { Exemption } from "../../policy-pack/support/exemption.ts";
import type { Rule } from "../../policy-pack/support/rule.ts";
import type { PolicyLevel, PolicyPackSource } from "../sandbox/project/model.ts";
import { didYouMean, nearestOf } from "../sandbox/project/nearest.ts";
import { configuredPack, ownConfigFile } from "../sandbox/project/policy-pack.ts";
import { UserError } from "../sandbox/user-error.ts";
import { type Properties, isProperties } from "../sandbox/values/value.ts";

/** A policy pack, and the data that it is made of. */
export interface Pack {
  /** Absolute. */
  readonly directory: string;
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
}

export const OWN_PACK: Pack = { directory: join(import.meta.dirname, "../../policy-pack"), rules, exemptions };

/** How an environment takes a rule. */
export interface RuleSetting {
  readonly level: PolicyLevel;
  /** Why it is not the rule's own level; "" where it is. */
  readonly reason: string;
  /** Settings that the environment chooses. */
  readonly settings: Properties;
}

/** An environment's configuration. */
export interface Environment {
  readonly name: string;
  readonly of: (rule: Rule) => RuleSetting;
}

/** Environments that have a configuration, the strictest first. */
export function environmentNames({ directory }: Pack): readonly string[] {
  const names = readdirSync(join(directory, "config")).map((file) => basename(file, ".json"));
  const order = ["production", "staging", "preview"];
  return names.sort((a, b) => rank(order, a) - rank(order, b) || (a < b ? -1 : 1));
}

const rank = (order: readonly string[], name: string): number => {
  const index = order.indexOf(name);
  return index < 0 ? order.length : index;
};

/** Throws a UserError where there is no such environment. */
export async function environmentOf(pack: Pack, name: string): Promise<Environment> {
  const names = environmentNames(pack);
  if (!names.includes(name))
    throw new UserError(`no environment ${JSON.stringify(name)}: ${didYouMean(name, names)}`, 2);
  const { config, configFile = "" } = await configuredPack(pack.directory, configFileOf(pack, name));
  const known = pack.rules.map((rule) => rule.name);
  for (const rule of Object.keys(config))
    if (rule !== "all" && !known.includes(rule))
      throw new UserError(`${configFile} names ${JSON.stringify(rule)}, which is no rule: ${nearestOf(rule, known)}`);
  return { name, of: (rule) => settingOf(config, rule) };
}

const configFileOf = ({ directory }: Pack, environment: string): string =>
  join(directory, "config", `${environment}.json`);

/** Every environment that has a configuration. */
export const environmentsOf = (pack: Pack): Promise<readonly Environment[]> =>
  Promise.all(environmentNames(pack).map((name) => environmentOf(pack, name)));

function settingOf(config: PolicyPackSource["config"], rule: Rule): RuleSetting {
  let setting: RuleSetting = { level: rule.level, reason: "", settings: {} };
  for (const given of [config["all"], config[rule.name]]) {
    if (typeof given === "string") setting = { ...setting, level: given as PolicyLevel };
    if (!isProperties(given)) continue;
    const { enforcementLevel = setting.level, reason = "", ...settings } = given;
    setting = { level: enforcementLevel as PolicyLevel, reason: typeof reason === "string" ? reason : "", settings };
  }
  return setting;
}

/** What the pack is run with: a given file, a named environment's, or the one that the stack's name decides. */
export async function sourceOf(
  pack: Pack,
  { stack, environment, file }: { stack: string; environment: string | undefined; file: string | undefined },
): Promise<PolicyPackSource> {
  if (file !== undefined) return configuredPack(pack.directory, file);
  if (environment === undefined) return configuredPack(pack.directory, await ownConfigFile(pack.directory, stack));
  // Says which environments there are.
  await environmentOf(pack, environment);
  return configuredPack(pack.directory, configFileOf(pack, environment));
}

/** Throws a UserError with the nearest name where there is no such rule. */
export function ruleOf({ rules: all }: Pack, name: string): Rule {
  const rule = all.find((candidate) => candidate.name === name);
  if (rule !== undefined) return rule;
  const known = all.map((candidate) => candidate.name);
  throw new UserError(`no rule ${JSON.stringify(name)}: ${nearestOf(name, known)}`, 2);
}
