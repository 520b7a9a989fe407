import { hoursOf } from "../../support/duration.ts";
import { cameFrom, joinTo } from "../../support/join.ts";
import { isWorld } from "../../support/network/ranges.ts";
import { asText, at, elements, expects, firstUnknown, isTrue, numberOf, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

const POLICIES = [
  "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  "cloudflare:index/accessPolicy:AccessPolicy",
];
const GROUPS = [
  "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
  "cloudflare:index/accessGroup:AccessGroup",
];
const APPLICATIONS = [
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  "cloudflare:index/accessApplication:AccessApplication",
];
const IDENTITY_PROVIDERS = [
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
  "cloudflare:index/accessIdentityProvider:AccessIdentityProvider",
];
const PAGES_PROJECT = "cloudflare:index/pagesProject:PagesProject";
const PAGES_DOMAIN = "cloudflare:index/pagesDomain:PagesDomain";

/** Domains under which anyone gets an address. */
const PUBLIC_MAIL: ReadonlySet<string> = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com aol.com proton.me protonmail.com gmx.com gmx.net gmx.de web.de mail.com yandex.com".split(
    " ",
  ),
);

/** Selectors that a stranger meets, each with the value to look at. */
const OPEN: Readonly<Record<string, (selector: Plain) => Plain>> = {
  everyone: () => true,
  geo: () => true,
  authMethod: () => true,
  ip: (selector) => isWorld(at(selector, "ip")),
  emailDomain: (selector) => {
    const domain = at(selector, "domain");
    return typeof domain === "string" ? PUBLIC_MAIL.has(domain.trim().toLowerCase()) : domain;
  },
};

/** Elements of a list of selectors that let strangers in, and those that cannot be told yet. */
function openSelectors(property: string, value: Plain): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  return elements({ property, value }).flatMap(({ property: place, value: element }): readonly Finding[] => {
    if (element instanceof Unknown) return [{ property: place, unknown: element }];
    return Object.entries(OPEN).flatMap(([kind, isOpen]): readonly Finding[] => {
      const selector = at(element, kind);
      if (selector === undefined || selector === null) return [];
      const open = selector instanceof Unknown ? selector : isOpen(selector);
      if (open instanceof Unknown) return [{ property: `${place}.${kind}`, unknown: open }];
      if (open !== true) return [];
      return [
        {
          property: `${place}.${kind}`,
          wrong: "strangers meet this condition, and nothing else is required",
          fix: "name the people: an emailDomain of your own, a group, or a service token; or add requires",
        },
      ];
    });
  });
}

/** Whether a list of conditions holds one that a stranger does not meet. */
function narrows(requires: Plain): boolean | Unknown {
  const list = elements({ property: "requires", value: requires });
  const isNarrow = list.some(
    ({ property, value }) =>
      isMap(value) && Object.keys(value).length > 0 && openSelectors(property, value).length === 0,
  );
  return isNarrow || (firstUnknown(requires) ?? false);
}

function openPolicy(policy: Plain, prefix: string): readonly Finding[] {
  const decision = at(policy, "decision");
  if (decision === "deny") return [];
  const open = openSelectors(`${prefix}includes`, at(policy, "includes"));
  if (open.length === 0) return [];
  const narrow = narrows(at(policy, "requires"));
  if (narrow === true) return [];
  if (narrow instanceof Unknown) return [{ property: `${prefix}requires`, unknown: narrow }];
  return decision instanceof Unknown ? [{ property: `${prefix}decision`, unknown: decision }] : open;
}

const openPolicies = ({ props }: Resource): readonly Finding[] => openPolicy(props, "");

const openInlinePolicies = ({ props }: Resource): readonly Finding[] =>
  elements({ property: "policies", value: props["policies"] }).flatMap(({ property, value }) =>
    value instanceof Unknown ? [{ property, unknown: value }] : openPolicy(value, `${property}.`),
  );

/** Policies that let in whoever has passed a login that is open to all the world, such as a PIN by e-mail. */
function openLogins(stack: Stack): readonly Finding[] {
  const open = stack
    .ofType(IDENTITY_PROVIDERS)
    .filter(({ props }) =>
      ["onetimepin", "google", "github", "facebook", "linkedin", "yandex"].includes(asText(props["type"])),
    );
  if (open.length === 0) return [];
  const toOpen = joinTo(open);
  return stack
    .ofType([...POLICIES, ...GROUPS])
    .filter(({ props }) => props["decision"] !== "deny" && narrows(props["requires"]) === false)
    .flatMap((policy) => {
      const login = elements({ property: "includes", value: policy.props["includes"] }).find(
        ({ value }) => at(value, "loginMethod") !== undefined,
      );
      const [provider] = toOpen(policy, "includes[].loginMethod.id");
      if (login === undefined || provider === undefined) return [];
      return [
        {
          urn: policy.urn,
          property: `${login.property}.loginMethod`,
          wrong: `anyone in the world passes the login "${asText(provider.props["type"])}"`,
          fix: "name the people by emailDomain, email, or a group instead",
        },
      ];
    });
}

/** Types of applications that people reach with a browser and a cookie. */
const WITH_COOKIE: ReadonlySet<string> = new Set(["self_hosted", "ssh", "vnc", "rdp", "mcp", "mcp_portal"]);

const hasCookie = ({ props }: Resource): boolean =>
  props["type"] === undefined || WITH_COOKIE.has(asText(props["type"]));

/** Absent is 24 hours for an application, and the application's own time for a policy. */
function longSessions({ type, props }: Resource, config: Config): readonly Finding[] {
  const duration = props["sessionDuration"];
  if (duration === undefined && POLICIES.includes(type)) return [];
  const most = numberOf(config["hours"]) ?? 0;
  if (duration instanceof Unknown) return [{ property: "sessionDuration", unknown: duration }];
  const hours = duration === undefined ? 24 : typeof duration === "string" ? hoursOf(duration) : undefined;
  if (hours !== undefined && hours <= most) return [];
  return [
    {
      property: "sessionDuration",
      wrong: `a login lasts ${duration === undefined ? "24h, the default" : asText(duration)}`,
      fix: `set sessionDuration: "${String(most)}h" or less`,
    },
  ];
}

const readableCookies = (resource: Resource): readonly Finding[] =>
  hasCookie(resource)
    ? [
        ...expects("httpOnlyCookieAttribute", isTrue, "set httpOnlyCookieAttribute: true")(resource, {}),
        ...expects(
          "sameSiteCookieAttribute",
          { is: (value) => value !== "none", expected: '"lax" or "strict"' },
          'set sameSiteCookieAttribute: "lax"',
        )(resource, {}),
      ]
    : [];

/** Requests of other sites that carry the login: any origin with credentials. */
function openCors({ props }: Resource): readonly Finding[] {
  const cors = props["corsHeaders"];
  if (cors instanceof Unknown) return [{ property: "corsHeaders", unknown: cors }];
  const [origins, all, credentials] = [
    at(cors, "allowedOrigins"),
    at(cors, "allowAllOrigins"),
    at(cors, "allowCredentials"),
  ];
  const isAny = isTrue.is(all) || textsOf(origins).includes("*");
  if (!(isTrue.is(credentials) || credentials instanceof Unknown)) return [];
  if (!isAny) {
    const unknown = all instanceof Unknown ? all : firstUnknown(origins);
    return unknown === undefined ? [] : [{ property: "corsHeaders.allowAllOrigins", unknown }];
  }
  if (credentials instanceof Unknown) return [{ property: "corsHeaders.allowCredentials", unknown: credentials }];
  return [
    {
      property: "corsHeaders.allowCredentials",
      wrong: "any site may read answers with the visitor's login",
      fix: "name the sites in corsHeaders.allowedOrigins, or remove allowCredentials",
    },
  ];
}

/** What an application stands before. The older list is what Cloudflare made of the destinations, where there are any. */
function guardedBy({ props }: StackResource): readonly Plain[] {
  const destinations = elements({ property: "", value: props["destinations"] }).map(({ value }) => at(value, "uri"));
  const older = elements({ property: "", value: props["selfHostedDomains"] }).map(({ value }) => value);
  return [props["domain"], ...(destinations.length > 0 ? destinations : older)];
}

/** Sites whose own domain is guarded, and whose pages.dev addresses are not. */
function backDoors(stack: Stack): readonly Finding[] {
  const applications = stack
    .ofType(APPLICATIONS)
    .map((application) => ({ application, guarded: guardedBy(application) }));
  const toProject = joinTo(stack.ofType([PAGES_PROJECT]));
  return stack.ofType([PAGES_DOMAIN]).flatMap((domain): readonly Finding[] => {
    const found = applications.find(({ guarded }) => guarded.includes(domain.props["name"]));
    const [project] = toProject(domain, "projectName");
    if (found === undefined || project === undefined) return [];
    const { application, guarded } = found;
    const unknown = guarded.find((uri) => uri instanceof Unknown);
    if (unknown !== undefined && cameFrom(application, "destinations", project)) return [];
    if (unknown !== undefined) return [{ urn: application.urn, property: "destinations", unknown }];
    const own = project.props["subdomain"] ?? `${asText(project.props["name"])}.pages.dev`;
    if (own instanceof Unknown) return [{ urn: application.urn, property: "destinations", unknown: own }];
    const open = [asText(own), `*.${asText(own)}`].filter((host) => !guarded.includes(host));
    if (open.length === 0) return [];
    return [
      {
        urn: application.urn,
        property: "destinations",
        wrong: `the same site answers without a login on ${open.join(" and ")}`,
        fix: `add ${open.join(" and ")} as destinations of the type "public"`,
      },
    ];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "cloudflare-access-not-everyone",
    description: "No Access policy lets in everyone.",
    why: "Access in front of a site is the only login it has, and a policy for everyone is none.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [...POLICIES, ...GROUPS], unknown: "defer", find: openPolicies },
      { types: APPLICATIONS, unknown: "defer", find: openInlinePolicies },
    ],
    stack: openLogins,
  },
  {
    name: "cloudflare-access-session-bounded",
    description: "A login through Access ends within a day.",
    why: "A stolen cookie, or a person who has left, keeps access for as long as the session lasts.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { hours: { type: "number", description: "The longest session, in hours.", default: 24 } },
    resources: [{ types: [...APPLICATIONS, ...POLICIES], unknown: "refuse", find: longSessions }],
  },
  {
    name: "cloudflare-access-cookie-closed",
    description: "Scripts and other sites cannot use the cookie of Access.",
    why: "A script that is smuggled into the page would otherwise take the login away.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: APPLICATIONS, unknown: "refuse", find: readableCookies }],
  },
  {
    name: "cloudflare-access-cors-closed",
    description: "No site but named ones can call an application with the visitor's login.",
    why: "Any page that a person with a login opens could read the application in their name.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: APPLICATIONS, unknown: "refuse", find: openCors }],
  },
  {
    name: "cloudflare-access-covers-pages-dev",
    description: "A site with a login has it on its pages.dev addresses too.",
    why: "Pages serves each project and each deployment there, past the login of the site's own domain.",
    severity: "high",
    level: "mandatory",
    standards: [],
    stack: backDoors,
  },
];
