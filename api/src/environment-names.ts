import { closest, distance } from "fastest-levenshtein";

/** Beginnings that are the API's alone. AWS_, OTEL_, and SENTRY_ belong to SDKs with variables of their own. */
const ownPrefixes = [
  "APPCONFIG_",
  "COOKIE_",
  "CORS_",
  "JWT_",
  "MAIL_",
  "MEDIA_",
  "MONGODB_",
  "REDIS_",
  "RUNTIME_CONFIG_",
  "TRUST_",
] as const;

/** Two letters off, a long name is meant; a short one may be any other: HOST, HOME. */
const nearDistance = 2;
const longName = 10;

/** What was given and is no variable, but was meant to be one: one line for each, with the nearest. */
export function misspelt(given: readonly string[], known: readonly string[]): string[] {
  return given.filter((name) => !known.includes(name) && isMeant(name, known)).map((name) => problemOf(name, known));
}

const isMeant = (name: string, known: readonly string[]): boolean =>
  ownPrefixes.some((prefix) => name.startsWith(prefix)) ||
  known.some((variable) => variable.length >= longName && distance(name, variable) <= nearDistance);

const problemOf = (name: string, known: readonly string[]): string =>
  `${name}: is no variable of the API; the nearest is ${closest(name, known)}`;
