import { z } from "zod";
import type { Check } from "./checks.ts";
import { type Environment, isSet } from "./variables.ts";

/** The account ids and domains of the examples in the stack files, and of the documentation of AWS and IANA. */
const EXAMPLE_ACCOUNTS: ReadonlySet<string> = new Set(["111122223333", "444455556666", "123456789012"]);
const EXAMPLE_DOMAIN = /(?:^|\.)example(?:\.(?:com|org|net))?$/;

/** Whether the stack's file holds somebody's own values. `stack` is the one whose file it is. */
export function checkStackFile(
  file: string,
  settings: { readonly domain: string; readonly aws: { readonly accountId: string } } | { readonly wrong: string },
): readonly Check[] {
  const common = { area: "project", name: file } as const;
  const edit = `put your own values into ${file}: docs/accounts.md, step 9`;
  if ("wrong" in settings)
    return [{ ...common, state: "wrong", says: settings.wrong, neededFor: "sandbox", next: `mend ${file}` }];
  const examples = [
    ...(EXAMPLE_ACCOUNTS.has(settings.aws.accountId) ? ["account"] : []),
    ...(EXAMPLE_DOMAIN.test(settings.domain) ? ["domain"] : []),
  ];
  return [
    examples.length === 0
      ? { ...common, state: "ok", says: "valid, with values of your own", neededFor: "accounts" }
      : {
          ...common,
          state: "missing",
          says: `valid, but ${examples.join(" and ")} ${examples.length === 1 ? "is" : "are"} an example`,
          neededFor: "accounts",
          next: edit,
        },
  ];
}

/** Address to what it is; the address itself may hold a password. */
const BACKENDS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^s3:/, "an S3 bucket"],
  [/^gs:/, "a bucket of Google Cloud"],
  [/^azblob:/, "a container of Azure"],
  [/^postgres:/, "a PostgreSQL database"],
  [/^file:/, "files of this machine"],
  [/^https?:/, "Pulumi Cloud"],
];

const loginFile = z.object({ current: z.string() });

/** Where Pulumi keeps state. `credentials` is the text of Pulumi's own login file; undefined where there is none. */
export function checkBackend(environment: Environment, credentials: string | undefined): Check {
  const fromLogin = currentLogin(credentials);
  const [source, address] = isSet(environment, "PULUMI_BACKEND_URL")
    ? ["PULUMI_BACKEND_URL", environment["PULUMI_BACKEND_URL"]]
    : fromLogin !== undefined
      ? ["pulumi login", fromLogin]
      : isSet(environment, "PULUMI_ACCESS_TOKEN")
        ? ["PULUMI_ACCESS_TOKEN", "https:"]
        : [];
  const common = { area: "state", name: "backend", neededFor: "accounts" } as const;
  const next = "export PULUMI_BACKEND_URL='s3://YOUR-NAME-pulumi-staging?region=us-east-1&awssdk=v2&profile=state'";
  if (address === undefined)
    return { ...common, state: "missing", says: "no PULUMI_BACKEND_URL, and no pulumi login", next };
  const [, name] = BACKENDS.find(([pattern]) => pattern.test(address)) ?? [];
  return name === undefined
    ? { ...common, state: "wrong", says: `${source ?? ""} names nothing that Pulumi knows`, next }
    : { ...common, state: "ok", says: `${name} (${source ?? ""})` };
}

function currentLogin(credentials: string | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  try {
    const { current } = loginFile.parse(JSON.parse(credentials));
    return current === "" ? undefined : current;
  } catch {
    return undefined;
  }
}

export const checkSandbox = (stacks: readonly string[]): Check => ({
  area: "sandbox",
  name: "stacks",
  state: "ok",
  says: stacks.length === 0 ? "none yet" : stacks.join(", "),
  neededFor: undefined,
});

/** `hooksPath` is git's core.hooksPath; undefined where it is not set. */
export const checkHooks = (hooksPath: string | undefined): Check => ({
  area: "project",
  name: "git hooks",
  neededFor: undefined,
  ...(hooksPath === ".githooks"
    ? { state: "ok", says: "this repository's" }
    : { state: "missing", says: "not opted in", next: "npm run hooks" }),
});
