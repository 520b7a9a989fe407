import { type Choices, choicesOf } from "./environments.ts";
import type { EnvironmentName } from "./stacks.ts";

/** Who reads a secret's value. Exactly one role each. */
export type SecretReader =
  /** ECS, when it starts a task: the value becomes an environment variable, and a new one counts from the next task on. */
  | "execution"
  /** The API itself, while it runs: a new value counts without a restart. */
  | "task"
  /** The function that hands CloudWatch's alarms to PagerDuty, where an environment pages: a new value counts within minutes. */
  | "paging";

/** A secret of the system. Its value is made here once, or put in later by its owner; it never stands in a file. */
export interface SecretEntry {
  readonly purpose: string;
  /**
   * `signing-keys`: a key set, made with the stack and rotated. `generated`: random text, made with the stack.
   * `provided`: an entry without a value, which its owner puts in with `npm run secrets`.
   */
  readonly origin: "signing-keys" | "generated" | "provided";
  readonly owner: "platform" | "backend";
  readonly reader: SecretReader;
  /** Whether previews have it too. Nothing that a third party bills or trusts ever reaches one. */
  readonly inPreviews: boolean;
}

export const secretEntries = {
  "jwt-signing-keys": {
    purpose: "Sign the API's access tokens.",
    origin: "signing-keys",
    owner: "backend",
    reader: "task",
    inPreviews: true,
  },
  "cookie-signing-key": {
    purpose: "Signs the admin's session cookies.",
    origin: "generated",
    owner: "backend",
    reader: "execution",
    inPreviews: true,
  },
  "datadog-api-key": {
    purpose: "Sends metrics, traces, and logs to Datadog.",
    origin: "provided",
    owner: "platform",
    reader: "execution",
    inPreviews: false,
  },
  "sentry-dsn": {
    purpose: "Sends errors to Sentry.",
    origin: "provided",
    owner: "backend",
    reader: "execution",
    inPreviews: false,
  },
  "pagerduty-routing-key": {
    purpose: "Pages whoever is on call.",
    origin: "provided",
    owner: "platform",
    reader: "paging",
    inPreviews: false,
  },
  "mail-api-key": {
    purpose: "Sends mail to customers.",
    origin: "provided",
    owner: "backend",
    reader: "execution",
    inPreviews: false,
  },
} as const satisfies Record<string, SecretEntry>;

export type SecretName = keyof typeof secretEntries;

/** The entries that an environment has: those that may be there, and have a reader there. */
export function secretsOf(
  environment: EnvironmentName,
  { monitoring }: Pick<Choices, "monitoring"> = choicesOf(environment),
): Readonly<Record<string, SecretEntry>> {
  const isThere = ({ inPreviews, reader }: SecretEntry): boolean =>
    (environment !== "preview" || inPreviews) && (reader !== "paging" || monitoring.paging);
  return Object.fromEntries(Object.entries<SecretEntry>(secretEntries).filter(([, entry]) => isThere(entry)));
}

/** Entry to its reader. An entry whose reader the environment does not have is left out: nobody reads it there. */
export function readersOf<Role>(
  entries: Readonly<Record<string, SecretEntry>>,
  roles: Readonly<Partial<Record<SecretReader, Role>>>,
): Record<string, Role> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, { reader }]) => {
      const role = roles[reader];
      return role === undefined ? [] : [[name, role]];
    }),
  );
}
