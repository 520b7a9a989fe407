import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { PROJECT } from "./cloudflare-pages.ts";
import { assertRefused, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const APPLICATION = cloudflareType("ZeroTrustAccessApplication");
const POLICY = cloudflareType("ZeroTrustAccessPolicy");
const PROVIDER = cloudflareType("ZeroTrustAccessIdentityProvider");

const accountId = "01a7362d577a6c3019a474fd6f485823";
const OTHER = "9a7806061c88ada191ed06f989cc3dac";

const pin = (over: Properties = {}): Properties => ({
  accountId,
  name: "PIN",
  type: "onetimepin",
  config: {},
  ...over,
});
const policy = (over: Properties = {}): Properties => ({
  accountId,
  name: "staff",
  decision: "allow",
  includes: [{ emailDomain: { domain: "example.net" } }],
  ...over,
});
const application = (over: Properties = {}): Properties => ({
  accountId,
  name: "admin",
  type: "self_hosted",
  domain: "admin.example.com",
  ...over,
});
const before = (...hosts: string[]): Properties => ({ destinations: hosts.map((uri) => ({ type: "public", uri })) });
const world = (): TinyWorld => tinyWorld(cloudflare);

describe("Cloudflare: an Access application", () => {
  it("names a policy and an identity provider of its account", () => {
    const cloud = world();
    const allowed = cloud.create(POLICY, "p", policy());
    const sent = cloud.create(PROVIDER, "i", pin());
    const foreign = cloud.create(POLICY, "f", policy({ accountId: OTHER }));
    const names = (policyId: string, providerId: string): Properties =>
      application({ policies: [{ id: policyId, precedence: 1 }], allowedIdps: [providerId] });
    assertRefused(() => cloud.create(APPLICATION, "a", names("none", sent.id)), "12130", /policy none/);
    assertRefused(() => cloud.create(APPLICATION, "b", names(foreign.id, sent.id)), "12130");
    assertRefused(() => cloud.create(APPLICATION, "c", names(allowed.id, "none")), "12130", /identity provider/);
    const made = cloud.create(APPLICATION, "d", names(allowed.id, sent.id));
    assertRefused(() => cloud.update(made, names("none", sent.id)), "12130");
    assertRefused(() => cloud.delete(allowed), "12130", /in use/);
    cloud.delete(made);
    cloud.delete(allowed);
  });

  it("stands before hosts that no other application of the account guards", () => {
    const cloud = world();
    const first = cloud.create(APPLICATION, "a", application(before("admin.example.com", "www.example.com")));
    assert.equal(first.outputs["domain"], "admin.example.com");
    assert.deepEqual(first.outputs["selfHostedDomains"], ["admin.example.com", "www.example.com"]);
    const second = application({ domain: "b.example.com", ...before("www.example.com") });
    assertRefused(() => cloud.create(APPLICATION, "b", second), "12132", /www\.example\.com/);
    cloud.create(APPLICATION, "c", { ...second, accountId: OTHER });
    cloud.update(first, application(before("admin.example.com")));
  });

  it("guards the Pages projects of its account, and nobody else's", () => {
    const cloud = world();
    const hosts = application(before("admin.example.com", "shop.pages.dev", "*.shop.pages.dev"));
    assertRefused(() => cloud.create(APPLICATION, "a", hosts), "12130", /does not belong to zone: shop\.pages\.dev/);
    cloud.create(PROJECT, "p", { accountId, name: "shop", productionBranch: "main" });
    cloud.create(APPLICATION, "b", hosts);
    assertRefused(
      () => cloud.create(APPLICATION, "c", application({ accountId: OTHER, ...before("x.shop.pages.dev") })),
      "12130",
    );
  });

  it("has what its type has, and the defaults of it", () => {
    const { outputs } = world().create(APPLICATION, "a", application());
    assert.equal(outputs["httpOnlyCookieAttribute"], true);
    assert.equal(outputs["appLauncherVisible"], true);
    assert.equal(outputs["sessionDuration"], "24h");
  });

  const failures: [string, Properties, string][] = [
    ["no type", { accountId, name: "x" }, "type"],
    ["no account and no zone", { name: "x", type: "self_hosted" }, "accountId"],
    ["a background where there is no launcher", application({ bgColor: "#fff" }), "bgColor"],
    [
      "a cookie without a host",
      { accountId, type: "bookmark", sameSiteCookieAttribute: "lax" },
      "sameSiteCookieAttribute",
    ],
    ["a SaaS application without one", { accountId, type: "saas" }, "saasApp"],
    [
      "a redirect to one of two",
      application({ autoRedirectToIdentity: true, allowedIdps: ["a", "b"] }),
      "autoRedirectToIdentity",
    ],
    [
      "preflights by itself and by rules",
      application({ optionsPreflightBypass: true, corsHeaders: {} }),
      "optionsPreflightBypass",
    ],
    ["a private address in public", application({ destinations: [{ cidr: "10.0.0.0/8" }] }), "destinations[0].cidr"],
    [
      "a public address in private",
      application({ destinations: [{ type: "private", uri: "x" }] }),
      "destinations[0].uri",
    ],
    [
      "two criteria in one rule",
      application({ policies: [{ decision: "allow", includes: [{ email: {}, everyone: {} }] }] }),
      "policies[0].includes[0]",
    ],
  ];
  for (const [name, inputs, property] of failures)
    it(`does not have ${name}, which preview says`, () => {
      assert.equal(world().check(APPLICATION, inputs)[0]?.property, property);
    });

  it("has nothing to say in preview of what is not known yet", () => {
    const unknown = application({ destinations: [{ type: "public", uri: UNKNOWN }], policies: [{ id: UNKNOWN }] });
    assert.deepEqual(world().check(APPLICATION, unknown), []);
    assert.deepEqual(
      world().check(APPLICATION, application({ allowedIdps: [UNKNOWN], autoRedirectToIdentity: true })),
      [],
    );
  });
});

describe("Cloudflare: an Access policy", () => {
  it("includes somebody, by one criterion each", () => {
    assert.deepEqual(world().check(POLICY, policy()), []);
    assert.match(world().check(POLICY, policy({ includes: [] }))[0]?.reason ?? "", /12130.*at least one include/);
    const both = policy({ includes: [{ emailDomain: { domain: "a.example" }, email: { email: "b@a.example" } }] });
    assert.equal(world().check(POLICY, both)[0]?.property, "includes[0]");
    assert.deepEqual(world().check(POLICY, policy({ includes: UNKNOWN })), []);
  });
});

describe("Cloudflare: an identity provider", () => {
  it("sends PINs once in an account", () => {
    const cloud = world();
    const first = cloud.create(PROVIDER, "a", pin());
    assertRefused(() => cloud.create(PROVIDER, "b", pin()), "12132", /a onetimepin connection already exists/);
    cloud.create(PROVIDER, "c", pin({ accountId: OTHER }));
    cloud.create(PROVIDER, "d", pin({ type: "github", name: "GitHub" }));
    cloud.update(first, pin({ name: "Mail" }));
  });

  it("is of a type that there is, in an account or zone", () => {
    assert.deepEqual(world().check(PROVIDER, pin()), []);
    assert.equal(world().check(PROVIDER, pin({ type: "otp" }))[0]?.property, "type");
    assert.equal(world().check(PROVIDER, pin({ scimConfig: { enabled: true } }))[0]?.property, "scimConfig");
    assert.equal(world().check(PROVIDER, { name: "x", type: "github" })[0]?.property, "accountId");
  });
});
