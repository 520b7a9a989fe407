import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { cloudflareType, ofAccount } from "./cloudflare-lookup.ts";
import { PROJECT } from "./cloudflare-pages.ts";
import { uuid } from "./lookup.ts";

const APPLICATION = cloudflareType("ZeroTrustAccessApplication");
const POLICY = cloudflareType("ZeroTrustAccessPolicy");
const PROVIDER = cloudflareType("ZeroTrustAccessIdentityProvider");

const INVALID = "12130";
const CONFLICT = "12132";
const invalid = (why: string): Refusal => new Refusal(INVALID, `access.api.error.invalid_request: ${why}`);
const conflict = (why: string): Refusal => new Refusal(CONFLICT, `access.api.error.conflict: ${why}`);

const id = (operation: Operation): string => uuid(operation.hex("id", 32));

const SELF_HOSTED = ["self_hosted", "ssh", "vnc", "rdp", "mcp_portal"];
const BEFORE_HOSTS = [...SELF_HOSTED, "mcp"];
const WITH_LOGIN = ["self_hosted", "ssh", "vnc", "rdp", "saas"];

/** Properties that belong to types of applications. */
const OF_TYPES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      ...["allowIframe", "optionsPreflightBypass", "readServiceTokensFromHeader", "sameSiteCookieAttribute"],
      ...["serviceAuth401Redirect", "skipInterstitial", "corsHeaders", "enableBindingCookie"],
      ...["httpOnlyCookieAttribute", "pathCookieAttribute", "selfHostedDomains"],
    ].map((property) => [property, SELF_HOSTED]),
  ),
  ...Object.fromEntries(
    [
      ...["appLauncherLogoUrl", "bgColor", "headerBgColor", "footerLinks", "landingPageDesign"],
      "skipAppLauncherLoginPage",
    ].map((property) => [property, ["app_launcher"]]),
  ),
  destinations: BEFORE_HOSTS,
  targetCriterias: ["rdp", "infrastructure"],
  mfaConfig: ["self_hosted", "ssh", "vnc", "rdp"],
  appLauncherVisible: [...WITH_LOGIN, "bookmark"],
  allowAuthenticateViaWarp: [...WITH_LOGIN, "dash_sso"],
  sessionDuration: [...[...WITH_LOGIN, "dash_sso", "app_launcher", "warp"], ...["mcp_portal", "mcp", "proxy_endpoint"]],
  saasApp: ["saas", "dash_sso"],
};

function applicationFailures(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const type = textAt(inputs, "type");
  if (type === undefined && inputs["type"] === undefined)
    failures.push({
      property: "type",
      reason: `${INVALID}: access.api.error.invalid_request: app type is missing or invalid`,
    });
  for (const [property, types] of Object.entries(OF_TYPES))
    if (type !== undefined && inputs[property] !== undefined && !types.includes(type))
      failures.push({ property, reason: `${property} is for applications of type ${types.join(", ")}, not ${type}` });
  if (type !== undefined && ["saas", "dash_sso"].includes(type) && inputs["saasApp"] === undefined)
    failures.push({ property: "saasApp", reason: `is required for applications of type ${type}` });
  if (inputs["accountId"] === undefined && inputs["zoneId"] === undefined)
    failures.push({ property: "accountId", reason: "one of accountId, zoneId must be given" });
  if (flagAt(inputs, "autoRedirectToIdentity") === true && listAt(inputs, "allowedIdps").length !== 1)
    failures.push({ property: "autoRedirectToIdentity", reason: "needs exactly one of allowedIdps" });
  if (flagAt(inputs, "optionsPreflightBypass") === true && inputs["corsHeaders"] !== undefined)
    failures.push({ property: "optionsPreflightBypass", reason: "cannot stand beside corsHeaders" });
  return [...failures, ...destinationFailures(inputs, type), ...criteriaOf(inputs, "policies")];
}

const PRIVATE_ONLY = ["cidr", "hostname", "l4Protocol", "portRange", "vnetId"];

function destinationFailures(inputs: Properties, type: string | undefined): CheckFailure[] {
  return mapsAt(inputs, "destinations").flatMap((destination, index) => {
    const kind = textAt(destination, "type") ?? "public";
    const at = (property: string, reason: string): CheckFailure => ({
      property: `destinations[${index}].${property}`,
      reason,
    });
    if (kind !== "public" && destination["uri"] !== undefined) return [at("uri", "is for public destinations")];
    const misplaced = kind === "private" ? undefined : PRIVATE_ONLY.find((key) => destination[key] !== undefined);
    if (misplaced !== undefined) return [at(misplaced, "is for private destinations")];
    return kind === "via_mcp_server_portal" && type !== "mcp" ? [at("type", "is for applications of type mcp")] : [];
  });
}

/** An object of a rule takes one criterion; several need several objects. */
function criteriaOf(inputs: Properties, below?: string): CheckFailure[] {
  const holders =
    below === undefined
      ? [{ path: "", holder: inputs }]
      : mapsAt(inputs, below).map((holder, index) => ({ path: `${below}[${index}].`, holder }));
  return holders.flatMap(({ path, holder }) =>
    ["includes", "excludes", "requires"].flatMap((part) =>
      mapsAt(holder, part).flatMap((rule, index) => {
        const criteria = Object.keys(rule).filter((key) => !key.startsWith("__"));
        return criteria.length === 1
          ? []
          : [{ property: `${path}${part}[${index}]`, reason: `takes exactly one criterion, not ${criteria.length}` }];
      }),
    ),
  );
}

/** Hosts before which the application stands, without paths. */
const hostsOf = (inputs: Properties): string[] => [
  ...new Set(
    [
      textAt(inputs, "domain") ?? "",
      ...mapsAt(inputs, "destinations").map((one) => textAt(one, "uri") ?? ""),
      ...textsAt(inputs, "selfHostedDomains"),
    ].filter((host) => host !== ""),
  ),
];

function applicationRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const policies = ofAccount(operation, POLICY).map((policy) => policy.id);
  const policy = mapsAt(inputs, "policies")
    .map((one) => textAt(one, "id"))
    .find((one) => one !== undefined && !policies.includes(one));
  if (policy !== undefined) return invalid(`policy ${policy} does not exist in the account`);
  const providers = ofAccount(operation, PROVIDER).map((provider) => provider.id);
  const provider = textsAt(inputs, "allowedIdps").find((one) => !providers.includes(one));
  if (provider !== undefined) return invalid(`identity provider ${provider} does not exist in the account`);
  return hostRefusal(operation);
}

/** Of `pages.dev` an account may guard its own projects alone; a host belongs to one application. */
function hostRefusal(operation: Operation): Refusal | undefined {
  const hosts = hostsOf(operation.inputs);
  const projects = ofAccount(operation, PROJECT).map(({ outputs }) => textAt(outputs, "subdomain") ?? "");
  const foreign = hosts.find(
    (host) =>
      /\.pages\.dev(\/|$)/.test(host) &&
      !projects.some((project) => project !== "" && (host === project || host.endsWith(`.${project}`))),
  );
  if (foreign !== undefined) return invalid(`domain does not belong to zone: ${foreign}`);
  for (const other of ofAccount(operation, APPLICATION)) {
    const shared = hostsOf(other.inputs).find((host) => hosts.includes(host));
    if (shared !== undefined) return conflict(`destination belongs to another application: ${shared} to ${other.urn}`);
  }
  return undefined;
}

export const accessApplication: ResourceRules = {
  check: applicationFailures,
  refuseCreate: applicationRefusal,
  refuseUpdate: applicationRefusal,
  id,
  computed(operation) {
    const { inputs } = operation;
    const type = textAt(inputs, "type") ?? "";
    const hosts = hostsOf(inputs);
    return {
      aud: operation.hex("audience", 64),
      domain: hosts[0] ?? "",
      selfHostedDomains: SELF_HOSTED.includes(type) ? hosts : [],
      appLauncherVisible:
        flagAt(inputs, "appLauncherVisible") ?? OF_TYPES["appLauncherVisible"]?.includes(type) ?? false,
      httpOnlyCookieAttribute: flagAt(inputs, "httpOnlyCookieAttribute") ?? BEFORE_HOSTS.includes(type),
      sessionDuration: textAt(inputs, "sessionDuration") ?? "24h",
    };
  },
};

export const accessPolicy: ResourceRules = {
  check(inputs) {
    const failures = criteriaOf(inputs);
    return inputs["includes"] === undefined || (Array.isArray(inputs["includes"]) && inputs["includes"].length === 0)
      ? [
          ...failures,
          {
            property: "includes",
            reason: `${INVALID}: access.api.error.invalid_request: a policy needs at least one include rule`,
          },
        ]
      : failures;
  },
  refuseDelete(operation) {
    const policy = operation.existing?.id;
    const user = ofAccount(operation, APPLICATION).find(({ inputs }) =>
      mapsAt(inputs, "policies").some((one) => textAt(one, "id") === policy),
    );
    return user === undefined ? undefined : invalid(`policy ${policy} is in use by ${user.urn}`);
  },
  id,
  computed: (operation) => ({
    appCount: ofAccount(operation, APPLICATION).filter(({ inputs }) =>
      mapsAt(inputs, "policies").some((one) => textAt(one, "id") === operation.existing?.id),
    ).length,
    reusable: true,
  }),
};

const PIN = "onetimepin";
const PROVIDER_TYPES = [
  ...[PIN, "azureAD", "saml", "centrify", "facebook", "github", "google-apps", "google", "linkedin", "oidc"],
  ...["okta", "onelogin", "pingone", "yandex", "cloudflare"],
];

const isPin = ({ inputs }: { readonly inputs: Properties }): boolean => textAt(inputs, "type") === PIN;

/** An account sends PINs in one way. */
const secondPin = (operation: Operation): Refusal | undefined => {
  const owner = isPin(operation) ? ofAccount(operation, PROVIDER).find(isPin) : undefined;
  return owner === undefined ? undefined : conflict(`a onetimepin connection already exists: ${owner.urn}`);
};

export const accessIdentityProvider: ResourceRules = {
  check(inputs) {
    const type = textAt(inputs, "type");
    const failures: CheckFailure[] = [];
    if (type !== undefined && !PROVIDER_TYPES.includes(type))
      failures.push({ property: "type", reason: `must be one of ${PROVIDER_TYPES.join(", ")}` });
    if (type === PIN && inputs["scimConfig"] !== undefined)
      failures.push({ property: "scimConfig", reason: "cannot stand beside type onetimepin" });
    if (inputs["accountId"] === undefined && inputs["zoneId"] === undefined)
      failures.push({ property: "accountId", reason: "one of accountId, zoneId must be given" });
    return failures;
  },
  refuseCreate: secondPin,
  refuseUpdate: secondPin,
  replaces: (olds, news) => ["accountId", "zoneId"].filter((key) => olds[key] !== news[key]),
  id,
};
