import type { Properties, Value } from "../../values/value.ts";
import { hasUnknown, isProperties } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, textAt } from "../fields.ts";
import { expressionProblem, usesRegularExpressions } from "./cloudflare-expression.ts";
import { notValid } from "./cloudflare-lookup.ts";

/** What is wrong below `actionParameters`: where, and what the provider or the API says. */
export type Problem = readonly [path: string, reason: string];
type Look = (parameters: Properties, phase: string) => Problem[];

const given = (holder: Properties, ...keys: readonly string[]): string[] =>
  keys.filter((key) => holder[key] !== undefined);
const oneNeeded = (holder: Properties, path: string, ...keys: readonly string[]): Problem[] =>
  given(holder, ...keys).length > 0 ? [] : [[path, `at least one of ${keys.join(", ")} must be given`]];

/** What a phase rewrites; the others of the action's parameters are for other phases. */
const REWRITTEN: Readonly<Record<string, "uri" | "headers">> = {
  http_request_transform: "uri",
  http_request_late_transform: "headers",
  http_response_headers_transform: "headers",
};

const rewritten: Look = (parameters, phase) => {
  const own = REWRITTEN[phase];
  if (own === undefined) return [];
  const foreign = given(parameters, "uri", "headers").find((parameter) => parameter !== own);
  if (foreign !== undefined)
    return [[foreign, notValid(20217, foreign, "action_parameters", `phase ${phase} rewrites ${own} alone`)]];
  return parameters[own] === undefined ? [[own, `20217: a rewrite in phase ${phase} needs ${own}`]] : [];
};

/** Headers that are Cloudflare's to write. */
const RESERVED: Readonly<Record<string, RegExp>> = {
  http_request_late_transform: /^(x-)?cf-|^(host|x-forwarded-for|x-real-ip|true-client-ip)$/i,
  http_response_headers_transform: /^(x-)?cf-|^(server|eh-cache-tag|eh-cdn-cache-control)$/i,
};

const headers: Look = (parameters, phase) =>
  Object.entries(mapAt(parameters, "headers")).flatMap(([name, header]): Problem[] => {
    if (!isProperties(header)) return [];
    const path = `headers.${name}`;
    const operation = textAt(header, "operation");
    if (RESERVED[phase]?.test(name) === true)
      return [[path, notValid(20217, name, "name", `the header ${name} cannot be changed`)]];
    const values = given(header, "value", "expression");
    if (operation === "remove" && values[0] !== undefined)
      return [[`${path}.${values[0]}`, `20217: a header that is removed has no ${values[0]}`]];
    return operation !== undefined && operation !== "remove" && values.length === 0
      ? [[path, `20217: operation ${operation} needs a value or an expression`]]
      : [];
  });

const uri: Look = (parameters) =>
  parameters["uri"] === undefined ? [] : oneNeeded(mapAt(parameters, "uri"), "uri", "path", "query");

const origin: Look = (parameters) => [
  ...oneNeeded(parameters, "", "hostHeader", "origin", "sni"),
  ...(parameters["origin"] === undefined ? [] : oneNeeded(mapAt(parameters, "origin"), "origin", "host", "port")),
];

/** A single redirect carries its target; a bulk redirect names a list. */
const REDIRECTED: Readonly<Record<string, string>> = {
  http_request_dynamic_redirect: "fromValue",
  http_request_redirect: "fromList",
};

const redirect: Look = (parameters, phase) => {
  const own = REDIRECTED[phase];
  return own === undefined || parameters[own] !== undefined
    ? []
    : [[own, `20217: a redirect in phase ${phase} needs ${own}`]];
};

const OVERRIDES = ["action", "categories", "enabled", "rules", "sensitivityLevel"];
const OF_CATEGORY = ["action", "enabled", "sensitivityLevel"];

const execute: Look = (parameters, phase) => {
  if (parameters["id"] === undefined) return [["id", "20217: the ruleset to execute is missing: id must be given"]];
  if (parameters["overrides"] === undefined) return [];
  const overrides = mapAt(parameters, "overrides");
  const parts = (list: string, keys: readonly string[]): Problem[] =>
    mapsAt(overrides, list).flatMap((one, index) => [
      ...oneNeeded(one, `overrides.${list}[${index}]`, ...keys),
      ...sensitivity(one, `overrides.${list}[${index}]`, phase),
    ]);
  return [
    ...oneNeeded(overrides, "overrides", ...OVERRIDES),
    ...sensitivity(overrides, "overrides", phase),
    ...parts("categories", OF_CATEGORY),
    ...parts("rules", [...OF_CATEGORY, "scoreThreshold"]),
  ];
};

const sensitivity = (holder: Properties, path: string, phase: string): Problem[] =>
  holder["sensitivityLevel"] === undefined || phase.startsWith("ddos_") || phase === ""
    ? []
    : [[`${path}.sensitivityLevel`, `20217: sensitivityLevel is for the DDoS phases, not for ${phase}`]];

const skip: Look = (parameters) => {
  const whole = given(parameters, "ruleset", "rulesets", "phases");
  if (whole.length > 1)
    return [[whole[1] ?? "", `20217: ${whole.join(" and ")} cannot stand together in what a rule skips`]];
  return oneNeeded(parameters, "", "phases", "products", "rules", "ruleset", "rulesets");
};

const config: Look = (parameters) =>
  ["disableApps", "disableRum", "disableZaraz"].flatMap((property): Problem[] =>
    flagAt(parameters, property) === false ? [[property, "must be true where it is given"]] : [],
  );

const cacheSettings: Look = (parameters) =>
  ["browserTtl", "edgeTtl"].flatMap((property): Problem[] => {
    const ttl = mapAt(parameters, property);
    return textAt(ttl, "mode") === "override_origin" && ttl["default"] === undefined
      ? [[`${property}.default`, "20217: mode override_origin needs a default"]]
      : [];
  });

const cacheControl: Look = (parameters) =>
  Object.entries(parameters).flatMap(([directive, holder]): Problem[] => {
    if (!isProperties(holder) || textAt(holder, "operation") !== "remove") return [];
    const extra = given(holder, "value", "qualifiers")[0];
    return extra === undefined ? [] : [[`${directive}.${extra}`, "is accepted only with operation set"]];
  });

const errorPage: Look = (parameters) => [
  ...oneNeeded(parameters, "", "assetName", "content"),
  ...(parameters["content"] !== undefined && parameters["contentType"] === undefined
    ? ([["contentType", "20217: content needs its contentType"]] as const)
    : []),
];

const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  execute: [execute],
  redirect: [redirect],
  rewrite: [rewritten, headers, uri],
  route: [origin],
  serve_error: [errorPage],
  set_cache_control: [cacheControl],
  set_cache_settings: [cacheSettings],
  set_config: [config],
  skip: [skip],
};

/** Lists that are given need an item, and values that are computed an expression that can be read. */
function everywhere(value: Value, path: string): Problem[] {
  if (Array.isArray(value))
    return value.length === 0
      ? [[path, "needs at least one item"]]
      : value.flatMap((item, index) => everywhere(item, `${path}[${index}]`));
  if (!isProperties(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = path === "" ? key : `${path}.${key}`;
    return key === "expression" && typeof inner === "string" ? computedValue(inner, below) : everywhere(inner, below);
  });
}

function computedValue(expression: string, path: string): Problem[] {
  const problem = expressionProblem(expression);
  if (problem !== undefined) return [[path, notValid(20127, expression, "expression", problem)]];
  return usesRegularExpressions(expression)
    ? [[path, "20120: not entitled: the use of function regex_replace is not allowed, a Business plan is required"]]
    : [];
}

export function parameterProblems(action: string, parameters: Properties, phase: string): Problem[] {
  const own = hasUnknown(parameters) ? [] : (LOOKS[action] ?? []).flatMap((look) => look(parameters, phase));
  return [...own, ...everywhere(parameters, "")];
}
