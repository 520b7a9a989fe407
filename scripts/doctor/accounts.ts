import type { AwsCredentials } from "../../api/src/dependencies/aws-credentials.ts";
import { AwsRequestError, networkReason, signedRequest } from "../aws/signed-request.ts";
import type { Check } from "./checks.ts";
import { digestAnswer } from "./digest.ts";
import { type Environment, isSet } from "./variables.ts";

/** The accounts of one stack, as its file names them. */
export interface AccountFacts {
  readonly stack: string;
  readonly aws: { readonly accountId: string; readonly region: string };
  readonly cloudflare: { readonly accountId: string };
  readonly datadog: { readonly site: string };
}

export interface AccountSurroundings {
  /** Tokens; and where to ask, under the names that the providers read too. */
  readonly environment: Environment;
  readonly credentials: AwsCredentials;
  /** Of each account. */
  readonly deadlineMilliseconds: number;
}

/** What a probe found. Never repeats a token. */
type Finding = Pick<Check, "state" | "says"> & { readonly next?: string };

interface Probe {
  readonly name: string;
  /** Not asked where one of them is not set: the variables say so already. */
  readonly tokens: readonly string[];
  readonly ask: (facts: AccountFacts, surroundings: AccountSurroundings) => Promise<Finding>;
}

const unreachable = (error: unknown): Finding => ({
  state: "unreachable",
  says: `not reached (${networkReason(error)})`,
  next: "look at this machine's network, and type it again: npm run doctor",
});

const refused = (status: number, next: string): Finding => ({
  state: "wrong",
  says: `it does not take the token (HTTP ${status})`,
  next,
});

const base = (environment: Environment, name: string, otherwise: string): string =>
  (environment[name] ?? otherwise).replace(/\/+$/, "");

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no permission. */
async function askAws({ stack, aws }: AccountFacts, surroundings: AccountSurroundings): Promise<Finding> {
  const { environment, credentials, deadlineMilliseconds } = surroundings;
  const login = "aws sso login --profile PROFILE && export AWS_PROFILE=PROFILE";
  try {
    const text = await signedRequest(
      {
        service: "sts",
        region: aws.region,
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: "Action=GetCallerIdentity&Version=2011-06-15",
      },
      {
        credentials: () => within(credentials(), deadlineMilliseconds),
        environment,
        deadlineMilliseconds,
      },
    );
    const [, account] = /<Account>(\d{12})<\/Account>/.exec(text) ?? [];
    if (account === aws.accountId) return { state: "ok", says: `account ${account}, as ${stack} asks` };
    return {
      state: "wrong",
      says:
        account === undefined ? "its answer has no account" : `account ${account}; ${stack} lives in ${aws.accountId}`,
      next: login,
    };
  } catch (error) {
    if (error instanceof AwsRequestError)
      return error.answered
        ? { state: "wrong", says: error.message, next: login }
        : { state: "unreachable", says: `not reached (${error.code})`, next: "look at this machine's network" };
    // What the SDK says names files and profiles; that there is nothing to sign with is all that counts.
    return { state: "missing", says: "no credentials, or an expired session", next: login };
  }
}

/** https://developers.cloudflare.com/api: a user's token is verified in one place, an account's in another. */
async function askCloudflare(
  { cloudflare }: AccountFacts,
  { environment, deadlineMilliseconds }: AccountSurroundings,
): Promise<Finding> {
  const root = base(environment, "CLOUDFLARE_BASE_URL", "https://api.cloudflare.com/client/v4");
  const verify = (path: string): Promise<Response> =>
    fetch(`${root}${path}`, {
      headers: { authorization: `Bearer ${environment["CLOUDFLARE_API_TOKEN"] ?? ""}` },
      signal: AbortSignal.timeout(deadlineMilliseconds),
    });
  const ofUser = await verify("/user/tokens/verify");
  const response = ofUser.ok ? ofUser : await verify(`/accounts/${cloudflare.accountId}/tokens/verify`);
  if (!response.ok) return refused(ofUser.status, "make the token of docs/accounts.md, step 2");
  const isActive = /"status"\s*:\s*"active"/.test(await response.text());
  return isActive
    ? { state: "ok", says: "the token is active" }
    : { state: "wrong", says: "the token is disabled or expired", next: "make the token of docs/accounts.md, step 2" };
}

/** https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-getsystemstatus */
async function askAtlas(
  _facts: AccountFacts,
  { environment, deadlineMilliseconds }: AccountSurroundings,
): Promise<Finding> {
  const address = new URL(`${base(environment, "MONGODB_ATLAS_BASE_URL", "https://cloud.mongodb.com")}/api/atlas/v2`);
  const headers = { accept: "application/vnd.atlas.2023-01-01+json" };
  const signal = AbortSignal.timeout(deadlineMilliseconds);
  const challenge = await fetch(address, { headers, signal });
  const authorization = digestAnswer(challenge.headers.get("www-authenticate") ?? "", {
    method: "GET",
    uri: `${address.pathname}${address.search}`,
    username: environment["MONGODB_ATLAS_PUBLIC_KEY"] ?? "",
    password: environment["MONGODB_ATLAS_PRIVATE_KEY"] ?? "",
  });
  if (authorization === undefined)
    return { state: "wrong", says: `it asks for no digest (HTTP ${challenge.status}): is a proxy in between?` };
  const response = await fetch(address, { headers: { ...headers, authorization }, signal });
  if (response.ok) return { state: "ok", says: "the key is valid" };
  return response.status === 403
    ? { state: "wrong", says: "it does not let this address in", next: "list the address: docs/accounts.md, step 3" }
    : refused(response.status, "make the key of docs/accounts.md, step 3");
}

/** https://docs.datadoghq.com/api/latest/key-management/validate-api-and-application-keys/ */
async function askDatadog(
  { datadog }: AccountFacts,
  { environment, deadlineMilliseconds }: AccountSurroundings,
): Promise<Finding> {
  const response = await fetch(
    `${base(environment, "DATADOG_HOST", `https://api.${datadog.site}`)}/api/v2/validate_keys`,
    {
      headers: {
        "dd-api-key": environment["DATADOG_API_KEY"] ?? "",
        "dd-application-key": environment["DATADOG_APP_KEY"] ?? "",
      },
      signal: AbortSignal.timeout(deadlineMilliseconds),
    },
  );
  return response.ok
    ? { state: "ok", says: "both keys are valid" }
    : refused(response.status, "make the keys of docs/accounts.md, step 4; look at datadogSite");
}

const PROBES: readonly Probe[] = [
  { name: "AWS", tokens: [], ask: askAws },
  { name: "Cloudflare", tokens: ["CLOUDFLARE_API_TOKEN"], ask: askCloudflare },
  { name: "MongoDB Atlas", tokens: ["MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"], ask: askAtlas },
  { name: "Datadog", tokens: ["DATADOG_API_KEY", "DATADOG_APP_KEY"], ask: askDatadog },
];

/** Asks each account side by side whether it takes what is in the environment. Changes nothing, and never throws. */
export async function checkAccounts(facts: AccountFacts, surroundings: AccountSurroundings): Promise<readonly Check[]> {
  const { environment } = surroundings;
  return Promise.all(
    PROBES.filter(({ tokens }) => tokens.every((name) => isSet(environment, name))).map(async ({ name, ask }) => ({
      area: "accounts" as const,
      name,
      neededFor: "accounts" as const,
      ...(await ask(facts, surroundings).catch(unreachable)),
    })),
  );
}

/** A metadata service or a login that hangs is no credential. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const stop = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no credentials in time")), milliseconds);
    stop.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
