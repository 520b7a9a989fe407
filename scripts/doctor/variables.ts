import type { Check } from "./checks.ts";

/** What the providers read, as docs/accounts.md names it (step 11). */
export const TOKENS = {
  CLOUDFLARE_API_TOKEN: "Cloudflare: the token of step 2",
  MONGODB_ATLAS_PUBLIC_KEY: "MongoDB Atlas: the key of step 3",
  MONGODB_ATLAS_PRIVATE_KEY: "MongoDB Atlas: the key of step 3",
  DATADOG_API_KEY: "Datadog: the key of step 4",
  DATADOG_APP_KEY: "Datadog: the key of step 4",
} as const satisfies Readonly<Record<string, string>>;

export type TokenName = keyof typeof TOKENS;

export type Environment = Readonly<Partial<Record<string, string>>>;

export const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? "").trim() !== "";

/** Whether each is set; never what to. */
export const checkVariables = (environment: Environment): readonly Check[] =>
  Object.entries(TOKENS).map(([name, source]) => ({
    area: "variables",
    name,
    neededFor: "accounts",
    ...(isSet(environment, name)
      ? { state: "ok", says: "set" }
      : {
          state: "missing",
          says: source,
          next: `printf '${name}: ' && read -rs ${name} && export ${name} && echo`,
        }),
  }));

/** Names of what must never be seen. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|BACKEND_URL|AUTH/i;

/** Shorter ones are words that a report may need: `true`, `staging`. */
const SHORTEST_SECRET = 8;

/** The values of all variables whose name says that they are secret. */
export const secretValues = (environment: Environment): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET ? [value] : [],
  );
