import { variableFacts, variables as apiVariables } from "../../api/src/environment.ts";
import { sites, type SiteVariable } from "../../infra/settings/apps.ts";
import { type SecretEntry, secretEntries, secretsOf } from "../../infra/settings/secrets.ts";
import type { EnvironmentName } from "../../infra/settings/stacks.ts";
import { otherVariables } from "./other-variables.ts";
import { valueText } from "./settings.ts";

/** A variable that something reads, whatever gives it. */
export interface VariableRow {
  /** `api`, a site, or what else reads it. */
  readonly reader: string;
  readonly variable: string;
  /** Where it must be given. */
  readonly requiredIn: string;
  /** What counts where it is not given. */
  readonly otherwise: string;
  readonly source: string;
  readonly owner: string;
  readonly secret: boolean;
  readonly purpose: string;
}

export interface SecretRow {
  readonly secret: string;
  readonly origin: string;
  readonly reader: string;
  readonly owner: string;
  readonly environments: string;
  readonly purpose: string;
}

const environmentNames = ["production", "staging", "preview"] as const satisfies readonly EnvironmentName[];

/** In the order in which environments always stand. */
const listed = (environments: readonly string[]): string =>
  environments.length === environmentNames.length
    ? "everywhere"
    : environmentNames.filter((name) => environments.includes(name)).join(", ") || "nowhere";

function apiRows(): VariableRow[] {
  return Object.entries(apiVariables.shape).map(([variable, schema]) => {
    const facts = variableFacts.get(schema);
    if (facts === undefined) throw new Error(`api/src/environment.ts: ${variable} registers no facts`);
    const left = schema.safeParse(undefined);
    return {
      reader: "api",
      variable,
      requiredIn: listed(facts.givenIn),
      otherwise: left.success
        ? left.data === undefined
          ? "left out"
          : valueText(left.data)
        : "the API does not start",
      source: facts.source,
      owner: facts.owner,
      secret: facts.secret ?? false,
      purpose: facts.purpose,
    };
  });
}

const siteRows = (): VariableRow[] =>
  Object.entries(sites).flatMap(([reader, { variables }]) =>
    Object.entries<SiteVariable>(variables).map(([variable, { purpose, required, source, owner, environments }]) => ({
      reader,
      variable,
      requiredIn: listed(required ? environments : []),
      otherwise: "left out",
      source,
      owner,
      secret: false,
      purpose,
    })),
  );

const otherRows = (): VariableRow[] =>
  Object.entries(otherVariables).map(([variable, { reader, required, otherwise, source, owner, secret, purpose }]) => ({
    reader,
    variable,
    requiredIn: required ? "everywhere" : "nowhere",
    otherwise,
    source,
    owner,
    secret: secret ?? false,
    purpose,
  }));

/** Every variable of the apps, then of functions and tools. */
export const variableRows = (): VariableRow[] => [...apiRows(), ...siteRows(), ...otherRows()];

export const secretRows = (): SecretRow[] =>
  Object.entries<SecretEntry>(secretEntries).map(([secret, { origin, reader, owner, purpose }]) => ({
    secret,
    origin,
    reader,
    owner,
    environments: listed(environmentNames.filter((name) => Object.hasOwn(secretsOf(name), secret))),
    purpose,
  }));
