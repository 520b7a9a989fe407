import type { Rule, Setting } from "../../policy-pack/support/rule.ts";
import type { Properties } from "../sandbox/values/value.ts";
import type { Mend } from "./mending.ts";
import type { Environment } from "./pack.ts";

/** What there is to say of a rule, in words. */
export interface RuleFacts {
  readonly rule: Rule;
  readonly service: string;
  readonly types: readonly string[];
  /** What it is asked about, and what it makes of a value that is not known yet. */
  readonly judges: readonly string[];
  readonly mends: readonly Mend[];
  readonly levels: readonly LevelFact[];
  readonly settings: readonly SettingFact[];
}

export interface LevelFact {
  readonly environment: string;
  readonly level: string;
  readonly reason: string;
}

export interface SettingFact {
  readonly name: string;
  readonly description: string;
  /** `30`, or with what environments choose: `30; production: 400`. */
  readonly value: string;
}

export function factsOf(rule: Rule, environments: readonly Environment[], mends: readonly Mend[]): RuleFacts {
  const settings = environments.map((environment) => ({ ...environment.of(rule), environment: environment.name }));
  return {
    rule,
    service: rule.name.split("-")[0] ?? "",
    types: typesOf(rule),
    judges: judgesOf(rule),
    mends,
    levels: settings.map(({ environment, level, reason }) => ({ environment, level, reason })),
    settings: Object.entries(rule.settings ?? {}).map(([name, setting]) => ({
      name,
      description: setting.description,
      value: valueOf(name, setting, settings),
    })),
  };
}

function typesOf({ resources = [] }: Rule): string[] {
  const named = resources.flatMap(({ types }) => (typeof types === "function" ? [] : types));
  const chosen = resources.some(({ types }) => typeof types === "function");
  return [...[...new Set(named)].sort(), ...(chosen ? ["every type of its kind"] : [])];
}

/** By what a check makes of a value that is not known at preview. */
const UNKNOWN: Readonly<Record<string, string>> = {
  refuse: "is a violation, since it must stand in the program",
  defer: "waits for up, which judges it before the resource is made",
  "refuse defer": "is a violation where it must stand in the program, and elsewhere waits for up",
};

function judgesOf({ resources = [], stack, run }: Rule): string[] {
  const ways = ["refuse", "defer"].filter((way) => resources.some(({ unknown }) => unknown === way)).join(" ");
  return [
    ...(ways === ""
      ? []
      : [`each resource before its operation; a value that is not known at preview ${UNKNOWN[ways] ?? ""}`]),
    ...(stack === undefined ? [] : ["the whole stack at the end of each preview and up, joined by reference"]),
    ...(run === undefined ? [] : ["the run itself, at its end"]),
  ];
}

function valueOf(
  name: string,
  setting: Setting,
  environments: readonly { readonly environment: string; readonly settings: Properties }[],
): string {
  const chosen = environments.flatMap(({ environment, settings }) =>
    name in settings ? [`${environment}: ${JSON.stringify(settings[name])}`] : [],
  );
  return [JSON.stringify(setting.default), ...chosen].join("; ");
}
