/** A secret of the system. Its value is made here once, or put in later by its owner; it never stands in a file. */
export interface SecretEntry {
  readonly purpose: string;
  /** `generated`: random, made with the stack. `provided`: an entry without a value, which its owner puts in later. */
  readonly origin: "generated" | "provided";
  readonly owner: "platform" | "backend";
  /** Whether previews have it too. Nothing that a third party bills or trusts ever reaches one. */
  readonly inPreviews: boolean;
}

export const secretEntries = {
  "jwt-signing-key": {
    purpose: "Signs the API's access tokens.",
    origin: "generated",
    owner: "backend",
    inPreviews: true,
  },
  "cookie-signing-key": {
    purpose: "Signs the admin's session cookies.",
    origin: "generated",
    owner: "backend",
    inPreviews: true,
  },
  "datadog-api-key": {
    purpose: "Sends metrics, traces, and logs to Datadog.",
    origin: "provided",
    owner: "platform",
    inPreviews: false,
  },
  "sentry-dsn": { purpose: "Sends errors to Sentry.", origin: "provided", owner: "backend", inPreviews: false },
  "pagerduty-routing-key": {
    purpose: "Pages whoever is on call.",
    origin: "provided",
    owner: "platform",
    inPreviews: false,
  },
  "mail-api-key": { purpose: "Sends mail to customers.", origin: "provided", owner: "backend", inPreviews: false },
} as const satisfies Record<string, SecretEntry>;

export type SecretName = keyof typeof secretEntries;

/** The entries that an environment has. */
export function secretsOf(environment: "production" | "staging" | "preview"): Readonly<Record<string, SecretEntry>> {
  return Object.fromEntries(
    Object.entries<SecretEntry>(secretEntries).filter(([, entry]) => environment !== "preview" || entry.inPreviews),
  );
}
