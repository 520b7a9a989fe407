import { asText, at, elements, expects, isNotTrue, isSet, locate } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { secretReason, soundsSecret } from "../../support/secrets/text.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

const WORKERS = ["cloudflare:index/workersScript:WorkersScript", "cloudflare:index/workerScript:WorkerScript"];
const PAGES = "cloudflare:index/pagesProject:PagesProject";
const SUBDOMAIN = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain";
const BUCKET_DOMAIN = "cloudflare:index/r2ManagedDomain:R2ManagedDomain";
const TUNNELS = [
  "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  "cloudflare:index/tunnelConfig:TunnelConfig",
];
const TOKENS = ["cloudflare:index/apiToken:ApiToken", "cloudflare:index/accountToken:AccountToken"];

const OPEN_KINDS: ReadonlySet<string> = new Set(["plain_text", "json"]);

interface Variable {
  readonly property: string;
  readonly name: string;
  readonly kind: Plain;
  readonly value: Plain;
}

function plainSecret({ property, name, kind, value }: Variable): readonly Finding[] {
  if (typeof kind === "string" && !OPEN_KINDS.has(kind)) return [];
  const isSecret = typeof value === "string" ? secretReason(name, value) !== undefined : soundsSecret(name);
  // An unknown value of a variable with a harmless name is not worth waiting for.
  if (!isSecret) return [];
  if (kind instanceof Unknown) return [{ property: `${property}.type`, unknown: kind }];
  return [
    {
      property: `${property}.type`,
      wrong: `"${name}" is a secret, and everyone who sees the project can read it`,
      fix: `set ${property}.type: "secret_text"`,
    },
  ];
}

/** Bindings of a Worker that show a secret. */
const workerSecrets = ({ props }: Resource): readonly Finding[] =>
  elements({ property: "bindings", value: props["bindings"] }).flatMap(({ property, value: binding }) =>
    binding instanceof Unknown
      ? [{ property, unknown: binding }]
      : plainSecret({
          property,
          name: asText(at(binding, "name")),
          kind: at(binding, "type"),
          value: at(binding, "text") ?? at(binding, "json"),
        }),
  );

/** Variables of a Pages project that show a secret. */
const pagesSecrets = ({ props }: Resource): readonly Finding[] =>
  ["production", "preview"].flatMap((environment) => {
    const property = `deploymentConfigs.${environment}.envVars`;
    const variables = at(props, property);
    if (variables instanceof Unknown) return [{ property, unknown: variables }];
    return Object.entries(isMap(variables) ? variables : {}).flatMap(([name, variable]) =>
      plainSecret({
        property: `${property}.${name}`,
        name,
        kind: at(variable, "type"),
        value: at(variable, "value"),
      }),
    );
  });

const unverified = (path: string) => expects(path, isNotTrue, "remove noTlsVerify, and name the authority in caPool");

/** The last rule of a tunnel takes every request that no other took. */
function catchAll({ props }: Resource): readonly Finding[] {
  const ingresses = locate(props, "config.ingresses[]");
  const last = ingresses.at(-1);
  if (last === undefined) return [];
  if (last.value instanceof Unknown) return [{ property: last.property, unknown: last.value }];
  const service = at(last.value, "service");
  const property = `${last.property}.service`;
  if (service instanceof Unknown) return [{ property, unknown: service }];
  if (typeof service === "string" && /^http_status:4\d\d$/.test(service)) return [];
  return [
    {
      property,
      wrong: "requests for any other name reach a service of the internal network",
      fix: 'end the list with a rule whose service is "http_status:404"',
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "cloudflare-no-plain-secret",
    description: "No Worker or Pages project holds a secret as plain text.",
    why: "Plain variables are shown in the dashboard and the API to everyone who may look at the project.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: WORKERS, unknown: "defer", find: workerSecrets },
      { types: [PAGES], unknown: "defer", find: pagesSecrets },
    ],
  },
  {
    name: "cloudflare-worker-no-second-address",
    description: "A Worker answers on its own domain only.",
    why: "The workers.dev address goes round the zone's firewall, rate limits, and login.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [SUBDOMAIN], unknown: "refuse", find: expects("enabled", isNotTrue, "set enabled: false") },
      {
        types: [SUBDOMAIN],
        unknown: "refuse",
        find: expects("previewsEnabled", isNotTrue, "set previewsEnabled: false"),
      },
    ],
  },
  {
    name: "cloudflare-r2-bucket-not-public",
    description: "No R2 bucket is served on its public r2.dev address.",
    why: "That address lets anyone read every object whose name they guess, without a firewall or a log.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [BUCKET_DOMAIN], unknown: "refuse", find: expects("enabled", isNotTrue, "set enabled: false") },
    ],
  },
  {
    name: "cloudflare-tunnel-verifies-origin",
    description: "A tunnel checks the certificate of the service behind it.",
    why: "Without the check whoever takes the service's place in the network reads what the tunnel brings.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: TUNNELS, unknown: "refuse", find: unverified("config.originRequest.noTlsVerify") },
      { types: TUNNELS, unknown: "refuse", find: unverified("config.ingresses[].originRequest.noTlsVerify") },
    ],
  },
  {
    name: "cloudflare-tunnel-refuses-unknown-hosts",
    description: "A tunnel answers 404 to every name that it does not know.",
    why: "A service as the last rule is reached under any name, past the login that guards its own.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: TUNNELS, unknown: "defer", find: catchAll }],
  },
  {
    name: "cloudflare-token-expires",
    description: "An API token ends by itself.",
    why: "A token that leaked and was forgotten works for ever.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: TOKENS, unknown: "defer", find: expects("expiresOn", isSet, "set expiresOn to a date") }],
  },
  {
    name: "cloudflare-token-ip-restricted",
    description: "An API token works from known addresses only.",
    why: "A token that leaked is worth nothing elsewhere, but runners with changing addresses cannot have it.",
    severity: "medium",
    level: "advisory",
    standards: ["Prowler api_token_ip_restriction_enabled"],
    resources: [
      {
        types: TOKENS,
        unknown: "defer",
        find: expects("condition.requestIp.ins", isSet, "set condition.requestIp.ins to the addresses that use it"),
      },
    ],
  },
];
