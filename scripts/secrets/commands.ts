import { closest } from "fastest-levenshtein";
import { physicalName, qualifiedName } from "../../infra/naming.ts";
import { type SecretEntry, type SecretReader, secretEntries, secretsOf } from "../../infra/settings/secrets.ts";
import type { EnvironmentName } from "../../infra/settings/stacks.ts";
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
  /** Whether Secrets Manager rotates it by a function. */
  readonly rotates: boolean;
  /** When the value changed last. */
  readonly changed: Date | undefined;
}

/** Secrets Manager, or the sandbox's, as far as the commands need it. */
export interface SecretsService {
  /** Every secret whose name begins with the text. */
  list(prefix: string): Promise<readonly StoredSecret[]>;
  /** The value before stays as the previous version. */
  put(arn: string, value: string): Promise<void>;
  /** Begins a rotation by the secret's function. Throws a `UserError` where there is none to run. */
  rotate(arn: string): Promise<void>;
}

/** Where the secrets are: what commands for that place look like. */
export interface SecretsPlace {
  /** What goes behind a command: ` --stack staging`, and ` --sandbox` there. */
  readonly options: string;
  /** How the stack is brought up. */
  readonly up: string;
  /** Where nothing reads a value: what is said in the place of when it takes effect. */
  readonly note?: string;
}

export const placeOf = ({ stack }: Pick<SecretsStack, "stack">, sandbox = false): SecretsPlace => {
  const options = ` --stack ${stack}${sandbox ? " --sandbox" : ""}`;
  return {
    options,
    up: `npm run up --${options}`,
    ...(sandbox && { note: "The sandbox keeps that there is a value, and not which: nothing there reads it." }),
  };
};

/** Secrets Manager takes no longer value. */
const MAX_BYTES = 65_536;

/** Where the program names its secrets. */
export const prefixOf = (stack: SecretsStack): string => `${qualifiedName(stack, "secrets")}/`;

/** Pulumi adds a hyphen and seven hexadecimal digits to the name that the program gives. */
export function foundSecret(
  stack: SecretsStack,
  entry: string,
  stored: readonly StoredSecret[],
): StoredSecret | undefined {
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

const isThere = (secret: StoredSecret | undefined, stack: SecretsStack, name: string): StoredSecret => {
  if (secret === undefined)
    throw new UserError(
      `${stack.stack} has no entry ${name} in ${stack.region} that can be seen here: bring the stack up first, or use credentials of account ${stack.accountId}`,
    );
  return secret;
};

/** Gives the entry a value. Returns what to say. `ask` is called once it is known that there is something to set. */
export async function setSecret(
  stack: SecretsStack,
  name: string,
  service: SecretsService,
  ask: () => Promise<string>,
  { note }: SecretsPlace = placeOf(stack),
): Promise<string> {
  const { reader } = providedEntry(name, stack.environment);
  const secret = isThere(foundSecret(stack, name, await service.list(prefixOf(stack))), stack, name);
  await service.put(secret.arn, checkedValue(await ask()));
  return `${name} of ${stack.stack} is set. ${note ?? takesEffect[reader]}`;
}

/** What is left to do once a third party's key is another. */
const afterRotation: Readonly<Record<SecretReader, readonly string[]>> = {
  execution: [
    `aws ecs update-service --cluster "$(pulumi stack output clusterName)" --service "$(pulumi stack output serviceName)" --force-new-deployment`,
  ],
  task: [],
  paging: [],
};

/** The entry that can be rotated. Throws where it is none of the environment's, or the program alone can change it. */
export function rotatableEntry(name: string, stack: SecretsStack): SecretEntry {
  const known: Readonly<Record<string, SecretEntry>> = secretEntries;
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  if (entry === undefined)
    throw new UserError(`${JSON.stringify(name)} is no secret; the nearest is ${closest(name, Object.keys(known))}`, 2);
  if (entry.origin === "generated")
    throw new UserError(
      `${name} is made by the stack: a new one is made by \`pulumi up --stack ${stack.stack} ${generatedUrns(stack, name)}\`; tasks have it from the next deployment on, and every session ends`,
      2,
    );
  if (entry.origin === "provided") providedEntry(name, stack.environment);
  return entry;
}

/** The random text, and the version that holds it: Pulumi takes patterns for URNs. */
const generatedUrns = (stack: SecretsStack, name: string): string =>
  ["random:index/randomPassword:RandomPassword", "aws:secretsmanager/secretVersion:SecretVersion"]
    .map((type) => `--replace '**${type}::${qualifiedName(stack, "secrets")}-${name}'`)
    .join(" ");

/**
 * Gives the entry another value: by its function where it has one, else the one that `ask` gives. Returns what to say,
 * line by line.
 */
export async function rotateSecret(
  stack: SecretsStack,
  name: string,
  service: SecretsService,
  ask: () => Promise<string>,
  { note, options }: SecretsPlace = placeOf(stack),
): Promise<string[]> {
  const { origin, reader, owner } = rotatableEntry(name, stack);
  const secret = isThere(foundSecret(stack, name, await service.list(prefixOf(stack))), stack, name);
  if (origin === "signing-keys") {
    if (!secret.rotates) throw new UserError(`${stack.stack} does not rotate ${name}: it has no function for it`);
    await service.rotate(secret.arn);
    return [
      `The rotation of ${name} of ${stack.stack} has begun. ${takesEffect[reader]}`,
      "Keys of before stay valid until what they signed has expired. An alarm rings if the function fails.",
    ];
  }
  if (!secret.hasValue)
    throw new UserError(
      `${name} of ${stack.stack} has no value yet: \`npm run secrets -- set ${name}${options}\` gives it the first`,
    );
  await service.put(secret.arn, checkedValue(await ask()));
  return [
    `${name} of ${stack.stack} is another. The one before is kept as the previous version. ${note ?? takesEffect[reader]}`,
    ...(note === undefined ? afterRotation[reader] : []),
    `Once nothing uses the one before, its owner (${owner}) revokes it where it comes from.`,
  ];
}
