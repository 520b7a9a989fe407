import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Config, Rule } from "./rule.ts";
import { isMap, type Plain } from "./unknown.ts";

/** What a configuration file may say of a rule besides its level: its settings, and why its level is what it is. */
export const configSchemaOf = ({ settings = {} }: Rule): PolicyConfigSchema => ({
  properties: {
    reason: { type: "string", description: "Why the level of this environment differs." },
    ...Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, { ...setting }] as const)),
  },
});

/** Defaults, and what the file says over them. Engines that send no configuration get the defaults. */
export function configOf({ settings = {} }: Rule, given: object): Config {
  const defaults = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.default]));
  const chosen = given as Plain;
  return isMap(chosen) ? { ...defaults, ...chosen } : defaults;
}
