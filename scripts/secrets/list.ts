import { type SecretEntry, secretsOf } from "../../infra/settings/secrets.ts";
import { columns } from "../columns.ts";
import { foundSecret, prefixOf, placeOf, type SecretsService, type SecretsStack } from "./commands.ts";

/** One entry that the environment needs. */
export interface ListedSecret {
  readonly name: string;
  readonly purpose: string;
  readonly owner: SecretEntry["owner"];
  readonly origin: SecretEntry["origin"];
  readonly reader: SecretEntry["reader"];
  /** `absent`: the stack has no such entry. */
  readonly state: "set" | "empty" | "absent";
  readonly rotates: boolean;
  /** ISO 8601. Undefined where it has no value, or nobody knows when it changed. */
  readonly changed: string | undefined;
  /** What gives it a value; undefined where it has one. */
  readonly next: string | undefined;
}

/** What `list --json` prints. No value is ever read. */
export interface SecretsReport {
  readonly stack: string;
  readonly secrets: readonly ListedSecret[];
  /** Names of those without a value. */
  readonly missing: readonly string[];
}

/** Every entry of the stack, its owner, and whether it has a value. */
export async function secretsReport(
  stack: SecretsStack,
  service: SecretsService,
  place = placeOf(stack),
): Promise<SecretsReport> {
  const stored = await service.list(prefixOf(stack));
  const secrets = Object.entries(secretsOf(stack.environment)).map(([name, entry]): ListedSecret => {
    const secret = foundSecret(stack, name, stored);
    const state = secret === undefined ? "absent" : secret.hasValue ? "set" : "empty";
    const { purpose, owner, origin, reader } = entry;
    return {
      name,
      purpose,
      owner,
      origin,
      reader,
      state,
      rotates: secret?.rotates ?? false,
      changed: state === "set" ? secret?.changed?.toISOString() : undefined,
      next: nextOf(name, entry, state, place),
    };
  });
  return {
    stack: stack.stack,
    secrets,
    missing: secrets.filter(({ state }) => state !== "set").map(({ name }) => name),
  };
}

function nextOf(
  name: string,
  { origin }: SecretEntry,
  state: ListedSecret["state"],
  { options, up }: ReturnType<typeof placeOf>,
): string | undefined {
  if (state === "set") return undefined;
  return state === "empty" && origin === "provided" ? `npm run secrets -- set ${name}${options}` : up;
}

const origins: Readonly<Record<SecretEntry["origin"], string>> = {
  "signing-keys": "the stack, rotated",
  generated: "the stack",
  provided: "its owner",
};

const states: Readonly<Record<ListedSecret["state"], (changed: string | undefined) => string>> = {
  set: (changed) => (changed === undefined ? "set" : `set on ${changed.slice(0, 10)}`),
  empty: () => "empty",
  absent: () => "not there",
};

/** For people, line by line. */
export function listText({ stack, secrets, missing }: SecretsReport): string[] {
  const rows = secrets.map(({ name, owner, origin, state, changed }) => [
    name,
    owner,
    origins[origin],
    states[state](changed),
  ]);
  const next = [...new Set(secrets.flatMap(({ next: command }) => command ?? []))];
  return [
    ...columns([["secret", "owner", "value from", "state"], ...rows]),
    ...(missing.length === 0
      ? []
      : [
          "",
          `${missing.length} of ${secrets.length} of ${stack} ${missing.length === 1 ? "is" : "are"} missing:`,
          ...next.map((command) => `  ${command}`),
        ]),
  ];
}
