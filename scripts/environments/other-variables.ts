/** A variable that is read outside the apps: by a function, by the tools, or by a provider of the program. */
export interface OtherVariable {
  readonly reader: string;
  readonly purpose: string;
  readonly required: boolean;
  /** What counts without it. */
  readonly otherwise: string;
  readonly source: "infra" | "person or pipeline";
  readonly owner: "platform" | "backend";
  readonly secret?: true;
}

const credential = (reader: string, purpose: string): OtherVariable => ({
  reader,
  purpose,
  required: true,
  otherwise: "the provider refuses to work; the sandbox needs none",
  source: "person or pipeline",
  owner: "platform",
  secret: true,
});

const option = (reader: string, purpose: string, otherwise: string): OtherVariable => ({
  reader,
  purpose,
  required: false,
  otherwise,
  source: "person or pipeline",
  owner: "platform",
});

export const otherVariables: Readonly<Record<string, OtherVariable>> = {
  SECRET_ARN: {
    reader: "key rotation",
    purpose: "The secret with the signing keys: the one that the function may rotate.",
    required: true,
    otherwise: "the function refuses every rotation",
    source: "infra",
    owner: "backend",
  },
  ROUTING_KEY_SECRET_ARN: {
    reader: "paging",
    purpose: "The secret with PagerDuty's routing key.",
    required: true,
    otherwise: "every page fails",
    source: "infra",
    owner: "platform",
  },
  PAGERDUTY_EVENTS_URL: {
    reader: "paging",
    purpose: "Where PagerDuty takes events.",
    required: true,
    otherwise: "every page fails",
    source: "infra",
    owner: "platform",
  },
  CLOUDFLARE_API_TOKEN: credential("Cloudflare's provider", "What it may change of the zone and of Pages."),
  DATADOG_API_KEY: credential("Datadog's provider", "The organisation."),
  DATADOG_APP_KEY: credential("Datadog's provider", "What it may change there."),
  MONGODB_ATLAS_PUBLIC_KEY: { ...credential("Atlas's provider", "The half of its API key that may be seen.") },
  MONGODB_ATLAS_PRIVATE_KEY: credential("Atlas's provider", "The other half."),
  SMOKE_TOKEN: {
    reader: "smoke, release, rollback",
    purpose: "An access token of a user canary-..., who writes one map of its own.",
    required: true,
    otherwise: "the smoke fails, and a release in real accounts is refused before it changes anything",
    source: "person or pipeline",
    owner: "platform",
    secret: true,
  },
  PULUMI_CONFIG_PASSPHRASE: {
    ...option("sandbox, Pulumi", "Encrypts the secrets in a state.", "a passphrase of the state's own folder"),
    secret: true,
  },
  PULUMI_CONFIG_PASSPHRASE_FILE: option("sandbox, Pulumi", "A file with that passphrase.", "left out"),
  PULUMI_DEBUG_PROVIDERS: option("sandbox, Pulumi", "Providers that run already, as NAME:PORT.", "a cloud of its own"),
  NODE_OPTIONS: option("fault runs", "Node's options for the programs that they start.", "left out"),
  INIT_CWD: option("licenses, sbom", "Where npm was called; it sets it itself.", "the current folder"),
  NODE_COMPILE_CACHE: option("sandbox", "Where Node keeps compiled modules between runs.", "a folder beside the state"),
};
