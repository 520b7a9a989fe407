import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const policy = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  name: "policy",
  props: { accountId: "a", name: "staff", decision: "allow", ...props },
  references,
});
const includes = (...selectors: Json[]): Sent => policy({ includes: selectors });
const STAFF = { emailDomain: { domain: "example.org" } };
const EVERYONE = { everyone: {} };
const application = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  name: "application",
  props: {
    accountId: "a",
    name: "admin",
    type: "self_hosted",
    domain: "admin.example.org",
    httpOnlyCookieAttribute: true,
    sameSiteCookieAttribute: "lax",
    sessionDuration: "8h",
    ...props,
  },
  references,
});
const provider = (type: string): Sent => ({
  type: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
  name: "login",
  props: { id: "idp-1", name: "login", type },
});
const byLogin = policy({ includes: [{ loginMethod: { id: "idp-1" } }] });

const project = (props: Sent["props"] = {}): Sent => ({
  type: "cloudflare:index/pagesProject:PagesProject",
  name: "project",
  props: { name: "shop-admin", subdomain: "shop-admin.pages.dev", ...props },
});
const domain: Sent = {
  type: "cloudflare:index/pagesDomain:PagesDomain",
  name: "domain",
  props: { name: "admin.example.org", projectName: "shop-admin" },
};
const destinations = (...uris: Json[]): Json => uris.map((uri) => ({ type: "public", uri }));

const everyone = "cloudflare-access-not-everyone";
const session = "cloudflare-access-session-bounded";
const cookie = "cloudflare-access-cookie-closed";
const cors = "cloudflare-access-cors-closed";
const pages = "cloudflare-access-covers-pages-dev";

export const cases: readonly Case[] = [
  { rule: everyone, when: "it is for the staff", given: includes(STAFF), result: "passes" },
  { rule: everyone, when: "it is for nobody", given: policy({}), result: "passes" },
  {
    rule: everyone,
    when: "it is for everyone",
    given: includes(STAFF, EVERYONE),
    result: [/includes\[1\]\.everyone: strangers meet this condition.*Fix: name the people/],
  },
  {
    rule: everyone,
    when: "an older policy goes round the login for everyone",
    given: {
      ...policy({ decision: "bypass", includes: [EVERYONE] }),
      type: "cloudflare:index/accessPolicy:AccessPolicy",
    },
    result: [/includes\[0\]\.everyone/],
  },
  {
    rule: everyone,
    when: "everyone is denied",
    given: policy({ decision: "deny", includes: [EVERYONE] }),
    result: "passes",
  },
  {
    rule: everyone,
    when: "everyone must be of the staff",
    given: policy({ includes: [EVERYONE], requires: [STAFF] }),
    result: "passes",
  },
  {
    rule: everyone,
    when: "everyone must be in a country",
    given: policy({ includes: [EVERYONE], requires: [{ geo: { countryCode: "DE" } }] }),
    result: [/includes\[0\]\.everyone/],
  },
  {
    rule: everyone,
    when: "what everyone must be is unknown",
    given: policy({ includes: [EVERYONE], requires: UNKNOWN }),
    result: "waits",
  },
  {
    rule: everyone,
    when: "it is for every IPv4 address",
    given: includes({ ip: { ip: "0.0.0.0/0" } }),
    result: [/includes\[0\]\.ip: strangers/],
  },
  {
    rule: everyone,
    when: "it is for every IPv6 address",
    given: includes({ ip: { ip: "::/0" } }),
    result: [/includes\[0\]\.ip: strangers/],
  },
  {
    rule: everyone,
    when: "it is for one address",
    given: includes({ ip: { ip: "198.51.100.7/32" } }),
    result: "passes",
  },
  {
    rule: everyone,
    when: "it is for a domain where anyone gets an address",
    given: includes({ emailDomain: { domain: "Gmail.com" } }),
    result: [/includes\[0\]\.emailDomain: strangers/],
  },
  {
    rule: everyone,
    when: "it is for all who have a second factor",
    given: includes({ authMethod: { authMethod: "mfa" } }),
    result: [/includes\[0\]\.authMethod/],
  },
  {
    rule: everyone,
    when: "the domain is unknown, and everyone is let in",
    given: includes({ emailDomain: { domain: UNKNOWN } }, EVERYONE),
    result: [/includes\[1\]\.everyone/],
  },
  {
    rule: everyone,
    when: "the domain is unknown",
    given: includes({ emailDomain: { domain: UNKNOWN } }),
    result: "waits",
  },
  { rule: everyone, when: "the conditions are unknown", given: policy({ includes: UNKNOWN }), result: "waits" },
  {
    rule: everyone,
    when: "the decision is unknown",
    given: policy({ decision: UNKNOWN, includes: [EVERYONE] }),
    result: "waits",
  },
  {
    rule: everyone,
    when: "a group is everyone",
    given: {
      type: "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
      props: { accountId: "a", name: "all", includes: [EVERYONE] },
    },
    result: [/includes\[0\]\.everyone/],
  },
  {
    rule: everyone,
    when: "a group is the staff",
    given: {
      type: "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
      props: { accountId: "a", name: "staff", includes: [STAFF] },
    },
    result: "passes",
  },
  {
    rule: everyone,
    when: "an application's own policy is for everyone",
    given: application({ policies: [{ id: "p" }, { decision: "allow", includes: [EVERYONE] }] }),
    result: [/policies\[1\]\.includes\[0\]\.everyone/],
  },
  {
    rule: everyone,
    when: "an application's own policy is for the staff",
    given: application({
      policies: [
        { decision: "allow", includes: [STAFF] },
        { decision: "allow", includes: [STAFF] },
      ],
    }),
    result: "passes",
  },
  {
    rule: everyone,
    when: "an application names its policy",
    given: application({ policies: [{ id: UNKNOWN }] }),
    result: "passes",
  },
  {
    rule: everyone,
    when: "all who get a PIN by e-mail are let in",
    given: [provider("onetimepin"), byLogin],
    result: [/includes\[0\]\.loginMethod: anyone in the world passes the login "onetimepin"/],
  },
  {
    rule: everyone,
    when: "all who get a PIN are let in, and its id is not known yet",
    given: [
      { ...provider("onetimepin"), props: { id: UNKNOWN, type: "onetimepin" } },
      policy({ includes: [{ loginMethod: { id: UNKNOWN } }] }, { includes: ["login"] }),
    ],
    result: [/includes\[0\]\.loginMethod/],
  },
  {
    rule: everyone,
    when: "the staff gets a PIN by e-mail",
    given: [provider("onetimepin"), policy({ includes: [{ loginMethod: { id: "idp-1" } }], requires: [STAFF] })],
    result: "passes",
  },
  { rule: everyone, when: "the login is the company's", given: [provider("okta"), byLogin], result: "passes" },

  { rule: session, when: "it lasts 8 hours", given: application({}), result: "passes" },
  {
    rule: session,
    when: "it lasts a day in other words",
    given: application({ sessionDuration: "23h59m60s" }),
    result: "passes",
  },
  {
    rule: session,
    when: "it lasts a month",
    given: application({ sessionDuration: "730h" }),
    result: [/sessionDuration: a login lasts 730h\..*Fix: set sessionDuration: "24h" or less/],
  },
  {
    rule: session,
    when: "it is no duration",
    given: application({ sessionDuration: "for ever" }),
    result: [/a login lasts for ever/],
  },
  { rule: session, when: "nothing is said, which is a day", given: policy({}), result: "passes" },
  {
    rule: session,
    when: "an application says nothing, which is a day",
    given: {
      type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
      props: { name: "admin", type: "self_hosted" },
    },
    result: "passes",
  },
  {
    rule: session,
    when: "a day is too long for this organisation",
    given: {
      type: "cloudflare:index/accessApplication:AccessApplication",
      props: { name: "admin", type: "self_hosted" },
    },
    config: { hours: 8 },
    result: [/a login lasts 24h, the default/],
  },
  {
    rule: session,
    when: "a policy allows a week",
    given: policy({ sessionDuration: "168h" }),
    result: [/a login lasts 168h/],
  },
  {
    rule: session,
    when: "it is unknown",
    given: application({ sessionDuration: UNKNOWN }),
    result: [/sessionDuration: its value is not known/],
  },

  { rule: cookie, when: "it is closed", given: application({}), result: "passes" },
  {
    rule: cookie,
    when: "scripts can read it",
    given: application({ httpOnlyCookieAttribute: false }),
    result: [/httpOnlyCookieAttribute: it is false.*Fix: set httpOnlyCookieAttribute: true/],
  },
  {
    rule: cookie,
    when: "other sites send it",
    given: application({ sameSiteCookieAttribute: "none" }),
    result: [/sameSiteCookieAttribute: it is "none"/],
  },
  {
    rule: cookie,
    when: "other sites are not mentioned",
    given: {
      type: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
      props: { name: "admin", httpOnlyCookieAttribute: true },
    },
    result: "passes",
  },
  {
    rule: cookie,
    when: "it is unknown who can read it",
    given: application({ httpOnlyCookieAttribute: UNKNOWN }),
    result: [/httpOnlyCookieAttribute: its value is not known/],
  },
  {
    rule: cookie,
    when: "the application has no cookie of its own",
    given: { ...application({}), props: { type: "bookmark", name: "wiki" } },
    result: "passes",
  },

  {
    rule: cors,
    when: "one site may call it with the login",
    given: application({ corsHeaders: { allowedOrigins: ["https://example.org"], allowCredentials: true } }),
    result: "passes",
  },
  {
    rule: cors,
    when: "every site may, with the login",
    given: application({ corsHeaders: { allowAllOrigins: true, allowCredentials: true } }),
    result: [/corsHeaders\.allowCredentials: any site may read answers/],
  },
  {
    rule: cors,
    when: "every site may, written as a star",
    given: application({ corsHeaders: { allowedOrigins: ["*"], allowCredentials: true } }),
    result: [/corsHeaders\.allowCredentials/],
  },
  {
    rule: cors,
    when: "every site may, without the login",
    given: application({ corsHeaders: { allowAllOrigins: true } }),
    result: "passes",
  },
  { rule: cors, when: "nothing is said", given: application({}), result: "passes" },
  {
    rule: cors,
    when: "it is unknown which sites may",
    given: application({ corsHeaders: { allowedOrigins: [UNKNOWN], allowCredentials: true } }),
    result: [/corsHeaders\.allowAllOrigins: its value is not known/],
  },
  {
    rule: cors,
    when: "all of it is unknown",
    given: application({ corsHeaders: UNKNOWN }),
    result: [/corsHeaders: its value is not known/],
  },

  {
    rule: pages,
    when: "the login stands before all addresses",
    given: [
      project(),
      domain,
      application({
        destinations: destinations("admin.example.org", "shop-admin.pages.dev", "*.shop-admin.pages.dev"),
      }),
    ],
    result: "passes",
  },
  {
    rule: pages,
    when: "the login stands before the domain alone",
    given: [project(), domain, application({})],
    result: [
      /destinations: the same site answers without a login on shop-admin\.pages\.dev and \*\.shop-admin\.pages\.dev/,
    ],
  },
  {
    rule: pages,
    when: "the deployments are left out",
    given: [project(), domain, application({ destinations: destinations("shop-admin.pages.dev") })],
    result: [/without a login on \*\.shop-admin\.pages\.dev\./],
  },
  {
    rule: pages,
    when: "the domains are in the older list, and the project has no other name yet",
    given: [
      project({ subdomain: null }),
      domain,
      application({ domain: "x.example.org", selfHostedDomains: ["admin.example.org", "shop-admin.pages.dev"] }),
    ],
    result: [/without a login on \*\.shop-admin\.pages\.dev\./],
  },
  {
    rule: pages,
    when: "the older list still holds what the destinations do not",
    given: [
      project(),
      domain,
      application({
        destinations: destinations("shop-admin.pages.dev"),
        selfHostedDomains: ["admin.example.org", "shop-admin.pages.dev", "*.shop-admin.pages.dev"],
      }),
    ],
    result: [/without a login on \*\.shop-admin\.pages\.dev\./],
  },
  { rule: pages, when: "the site has no login", given: [project(), domain], result: "passes" },
  {
    rule: pages,
    when: "the project is new, and its addresses are destinations",
    given: [
      project({ subdomain: UNKNOWN }),
      {
        ...domain,
        props: { name: "admin.example.org", projectName: UNKNOWN },
        references: { projectName: ["project"] },
      },
      application({ destinations: destinations(UNKNOWN, UNKNOWN) }, { destinations: ["project"] }),
    ],
    result: "passes",
  },
  {
    rule: pages,
    when: "the project is new, and a destination is unknown",
    given: [
      project({ subdomain: UNKNOWN }),
      {
        ...domain,
        props: { name: "admin.example.org", projectName: UNKNOWN },
        references: { projectName: ["project"] },
      },
      application({ destinations: destinations(UNKNOWN) }),
    ],
    result: "waits",
  },
];
