import { readArguments } from "../command-line.ts";
import { hostOf, sites } from "../../infra/settings/apps.ts";
import type { EnvironmentName } from "../../infra/settings/stacks.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { type Target, targetOf } from "../target.ts";
import { tokenVariable } from "./canary.ts";
import type { SmokeSite, SmokeTarget } from "./check.ts";
import { defaultRetries, smoke, type SmokeOptions } from "./run.ts";
import { smokeText } from "./text.ts";

export const USAGE = `npm run smoke: whether a running environment does what its users need

  npm run smoke -- --env staging
  npm run smoke -- --env production --version 1.4.0 --commit 4f9c2d7
  npm run smoke -- --env preview-login
  npm run smoke -- --env staging --url http://127.0.0.1:3000 --local

  --env STACK          production, staging, or a preview: preview-SLUG
  --url URL            the API (default: the stack's)
  --version VERSION    what the heartbeat must say; else it is not compared
  --commit COMMIT      the same
  --site NAME=URL      a page that must answer, as often as there are some
                       (default: the stack's storefront and admin)
  --local              plain http on loopback: leaves out certificate, redirect,
                       and sites that are not named
  --attempts N         how often each check is tried (default: ${defaultRetries.attempts})
  --json               as JSON: \`SmokeReport\` in scripts/smoke/report.ts

The canary map needs ${tokenVariable} in the environment: an access token of a
user canary-..., who writes one map of its own and uploads nothing.

Exit codes: 0 everything holds, 1 something does not, 2 wrong usage.`;

/** What the command has to do with. */
export interface Surroundings {
  readonly colors: Colors;
  readonly print: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options?: Omit<SmokeOptions, "retries">;
}

/** Runs the command line and returns the exit code. Throws a `UserError` for what the user can put right. */
export async function smokeCommand(
  args: readonly string[],
  { colors, print, env, options = {} }: Surroundings,
): Promise<number> {
  const { help, json, ...given } = read(args);
  if (help === true) {
    print(USAGE);
    return 0;
  }
  const attempts = countOf(given.attempts ?? String(defaultRetries.attempts));
  const target = smokeTargetOf(given, env[tokenVariable]);
  const report = await smoke(target, { ...options, retries: { ...defaultRetries, attempts } });
  print(json === true ? JSON.stringify(report, undefined, 2) : smokeText(report, colors));
  return report.passed ? 0 : 1;
}

function read(args: readonly string[]) {
  return readArguments({
    args: [...args],
    options: {
      env: { type: "string" },
      url: { type: "string" },
      version: { type: "string" },
      commit: { type: "string" },
      site: { type: "string", multiple: true },
      local: { type: "boolean" },
      attempts: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
}

interface Given {
  readonly env?: string;
  readonly url?: string;
  readonly version?: string;
  readonly commit?: string;
  readonly site?: readonly string[];
  readonly local?: boolean;
}

/** Throws a `UserError` with exit code 2 where what was given does not fit together. */
function smokeTargetOf(given: Given, token: string | undefined): SmokeTarget {
  const { env, local = false, version, commit } = given;
  if (env === undefined)
    throw new UserError("there is no environment: give --env staging, production, or preview-SLUG", 2);
  const stack = targetOf(env);
  const url = urlOf("--url", given.url ?? stack.apiUrl);
  const isLoopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (local && (url.protocol !== "http:" || !isLoopback))
    throw new UserError(`--local is for http on loopback, not for ${url.origin}: give --url http://127.0.0.1:PORT`, 2);
  if (!local && url.protocol !== "https:")
    throw new UserError(`${url.origin} is not https: give --url https://HOST, or --local for an API on loopback`, 2);
  const named = given.site?.map(siteOf);
  return {
    url,
    environment: stack.environment,
    local,
    expected: { version, commit },
    token,
    sites: named ?? (local ? [] : sitesOf(stack)),
  };
}

/** Cloudflare Access stands before it. */
const isGuarded = (name: string): boolean => name === "admin";

/** Staging's and production's own; a preview is an API alone. */
export function sitesOf({
  environment,
  domain,
}: {
  readonly environment: EnvironmentName;
  readonly domain: string;
}): SmokeSite[] {
  if (environment === "preview") return [];
  return (["storefront", "admin"] as const).map((name) => ({
    name,
    url: new URL(sites[name].healthPath, `https://${hostOf(name, domain)}`),
    guarded: isGuarded(name),
  }));
}

/** What a smoke of a stack at its own address looks at. */
export function smokeTargetOfStack(
  { environment, apiUrl, domain }: Pick<Target, "environment" | "apiUrl" | "domain">,
  expected: SmokeTarget["expected"],
  token: string | undefined,
): SmokeTarget {
  return { url: new URL(apiUrl), environment, local: false, expected, token, sites: sitesOf({ environment, domain }) };
}

function siteOf(text: string): SmokeSite {
  const [, name = "", url = ""] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
  if (name === "")
    throw new UserError(`--site ${JSON.stringify(text)} is not NAME=URL, such as storefront=https://HOST/`, 2);
  return { name, url: urlOf("--site", url), guarded: isGuarded(name) };
}

function urlOf(option: string, text: string): URL {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new UserError(`${option} ${JSON.stringify(text)} is no URL of http or https`, 2);
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 20) return count;
  throw new UserError(`--attempts ${JSON.stringify(text)} is not a number from 1 to 20`, 2);
}
