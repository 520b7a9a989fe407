import { closest } from "fastest-levenshtein";
import { physicalName, qualifiedName } from "../../infra/naming.ts";
import { type SecretEntry, type SecretReader, secretEntries, secretsOf } from "../../infra/settings/secrets.ts";
import type { EnvironmentName } from "../../infra/settings/stacks.ts";
import { columns } from "../columns.ts";
import { UserError } from "../sandbox/user-error.ts";

/** The stack whose secrets are meant. */
export interface SecretsStack {
  readonly project: string;
  readonly stack: string;
  readonly environment: EnvironmentName;
  readonly accountId: string;
  readonly region: string;
}

/** An entry as Secrets Manager has it. The value itself is never read. */
export interface StoredSecret {
  readonly name: string;
  readonly arn: string;
  readonly hasValue: boolean;
  /** When the value changed last. */
  readonly changed: Date | undefined;
}

/** Secrets Manager, as far as the commands need it. */
export interface SecretsService {
  /** Every secret whose name begins with the text. */
  list(prefix: string): Promise<readonly StoredSecret[]>;
  put(arn: string, value: string): Promise<void>;
}

/** Secrets Manager takes no longer value. */
const MAX_BYTES = 65_536;

/** Where the program names its secrets. */
const prefixOf = (stack: SecretsStack): string => `${qualifiedName(stack, "secrets")}/`;

/** Pulumi adds a hyphen and seven hexadecimal digits to the name that the program gives. */
function found(stack: SecretsStack, entry: string, stored: readonly StoredSecret[]): StoredSecret | undefined {
  const name = physicalName("aws:secretsmanager/secret:Secret", qualifiedName(stack, "secrets"), entry, "/");
  const [secret, ...others] = stored.filter(
    (one) => one.name.startsWith(`${name}-`) && /^[0-9a-f]{7}$/.test(one.name.slice(name.length + 1)),
  );
  if (others.length > 0)
    throw new UserError(
      `${entry} is there ${others.length + 1} times in ${stack.stack}: delete those that no stack has any more, of ${[secret, ...others].map((one) => one?.arn).join(", ")}`,
    );
  const account = secret?.arn.split(":")[4];
  if (account !== undefined && account !== stack.accountId)
    throw new UserError(
      `these credentials are of account ${account}, and ${stack.stack} lives in ${stack.accountId}: use credentials of that account`,
    );
  return secret;
}

/** The entry that a person may set. Throws where it is none, and says which one may be meant. */
export function providedEntry(name: string, environment: EnvironmentName): SecretEntry {
  const entry = Object.hasOwn(secretEntries, name) ? secretEntries[name as keyof typeof secretEntries] : undefined;
  const provided = Object.entries<SecretEntry>(secretEntries).flatMap(([known, { origin }]) =>
    origin === "provided" ? [known] : [],
  );
  if (entry === undefined)
    throw new UserError(
      `${JSON.stringify(name)} is no secret; the nearest is ${closest(name, provided)}. There are ${provided.join(", ")}`,
      2,
    );
  if (entry.origin !== "provided")
    throw new UserError(`${name} is made by the stack itself, and nobody needs to know it: there is nothing to set`, 2);
  if (!Object.hasOwn(secretsOf(environment), name)) {
    const there = (["staging", "production"] as const).filter((one) => Object.hasOwn(secretsOf(one), name));
    throw new UserError(`${name} is not for ${environment}: set it in ${there.join(" or ")}, with --stack`, 2);
  }
  return entry;
}

/** Throws where the text cannot be a key. The text is not repeated. */
export function checkedValue(text: string): string {
  const value = text.replace(/\r?\n$/, "");
  if (value === "") throw new UserError("the value is empty: nothing was set");
  if (/[\s\p{Cc}]/u.test(value))
    throw new UserError("the value has spaces or line breaks, which no key has: nothing was set. Is it the right one?");
  if (Buffer.byteLength(value) > MAX_BYTES)
    throw new UserError(`the value is longer than the ${MAX_BYTES} bytes that Secrets Manager takes: nothing was set`);
  return value;
}

const takesEffect: Readonly<Record<SecretReader, string>> = {
  execution: "Tasks that start from now on have it; those that run need a new deployment.",
  task: "The API reads it anew by itself.",
  paging: "Pages use it within five minutes.",
};

/** Gives the entry a value. Returns what to say. `ask` is called once it is known that there is something to set. */
export async function setSecret(
  stack: SecretsStack,
  name: string,
  service: SecretsService,
  ask: () => Promise<string>,
): Promise<string> {
  const { reader } = providedEntry(name, stack.environment);
  const secret = found(stack, name, await service.list(prefixOf(stack)));
  if (secret === undefined)
    throw new UserError(
      `${stack.stack} has no entry ${name} in ${stack.region} that these credentials can see: bring the stack up first, or use credentials of account ${stack.accountId}`,
    );
  await service.put(secret.arn, checkedValue(await ask()));
  return `${name} of ${stack.stack} is set. ${takesEffect[reader]}`;
}

const origins: Readonly<Record<SecretEntry["origin"], string>> = {
  "signing-keys": "made and rotated by the stack",
  generated: "made by the stack",
  provided: "put in by its owner",
};

/** Every entry of the stack, its owner, and whether it has a value. No value is read. */
export async function listSecrets(stack: SecretsStack, service: SecretsService): Promise<string[]> {
  const stored = await service.list(prefixOf(stack));
  const rows = Object.entries(secretsOf(stack.environment)).map(([name, entry]) => [
    name,
    entry.owner,
    origins[entry.origin],
    stateOf(name, entry, found(stack, name, stored), stack),
  ]);
  return columns([["secret", "owner", "value", "state"], ...rows]);
}

function stateOf(
  name: string,
  { origin }: SecretEntry,
  secret: StoredSecret | undefined,
  { stack }: SecretsStack,
): string {
  if (secret === undefined) return "not there: bring the stack up first";
  if (secret.hasValue)
    return `set${secret.changed === undefined ? "" : ` on ${secret.changed.toISOString().slice(0, 10)}`}`;
  return origin === "provided" ? `empty: npm run secrets -- set ${name} --stack ${stack}` : "empty: bring the stack up";
}
