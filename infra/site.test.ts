import assert from "node:assert/strict";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Site, type SiteArgs } from "./site.ts";

const args: SiteArgs = {
  accountId: "01a7362d577a6c3019a474fd6f485823",
  zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
  host: "admin.example.com",
  productionBranch: "main",
  variables: { VITE_API_URL: "https://api.example.com", VITE_STRIPE_PUBLISHABLE_KEY: "pk" },
  previewVariables: { VITE_ENVIRONMENT: "preview" },
};
const access = { emailDomains: ["example.net", "example.org"] };
const named = (resources: readonly CapturedResource[], name: string) =>
  only(
    resources.filter(({ type }) => type.endsWith(`:${name}`)),
    `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  ).inputs;

describe("a site", () => {
  it("is a Pages project under its own host, which no repository publishes to", async () => {
    const { result, resources } = await capture(() => new Site("groundwork-staging-admin", args));
    const project = named(resources, "PagesProject");
    assert.equal(project["name"], "groundwork-staging-admin");
    assert.equal(project["productionBranch"], "main");
    assert.equal(project["source"], undefined);
    assert.equal(named(resources, "PagesDomain")["name"], "admin.example.com");
    const { type, name, content, proxied, ttl } = named(resources, "DnsRecord");
    assert.deepEqual(
      { type, name, content, proxied, ttl },
      {
        type: "CNAME",
        name: "admin.example.com",
        content: "groundwork-staging-admin.pages.dev",
        proxied: true,
        ttl: 1,
      },
    );
    assert.equal(await valueOf(result.url), "https://admin.example.com");
    assert.equal(await valueOf(result.previewUrl), "https://*.groundwork-staging-admin.pages.dev");
    assert.ok(resources.every(({ type }) => !type.includes("zeroTrust")));
  });

  it("has plain variables, and previews none of the site's", async () => {
    const { resources } = await capture(() => new Site("s", args));
    assert.deepEqual(named(resources, "PagesProject")["deploymentConfigs"], {
      production: {
        envVars: {
          VITE_API_URL: { type: "plain_text", value: "https://api.example.com" },
          VITE_STRIPE_PUBLISHABLE_KEY: { type: "plain_text", value: "pk" },
        },
      },
      preview: { envVars: { VITE_ENVIRONMENT: { type: "plain_text", value: "preview" } } },
    });
  });

  it("gives previews no variable without being told", async () => {
    const { previewVariables: _, ...rest } = args;
    const { resources } = await capture(() => new Site("s", rest));
    const { preview } = named(resources, "PagesProject")["deploymentConfigs"] as { preview: unknown };
    assert.deepEqual(preview, { envVars: {} });
  });

  const refused: readonly [input: string, name: string, over: Partial<SiteArgs>, says: RegExp][] = [
    ["host", "s", { host: "https://www.example.com" }, /host name/],
    ["name", "S", {}, /at most 58/],
    ["name", "s".repeat(59), {}, /at most 58/],
    ["variables", "s", { variables: { VITE_API_KEY: "hidden" } }, /VITE_API_KEY: looks like a credential/],
    ["previewVariables", "s", { previewVariables: { STRIPE_KEY: "hidden" } }, /STRIPE_KEY: looks like a credential/],
    ["previewVariables", "s", { previewVariables: { VITE_PAYMENT_URL: "hidden" } }, /PAYMENT/],
  ];
  for (const [input, name, over, says] of refused) {
    it(`refuses ${name.slice(0, 3)} ${JSON.stringify(over)}, names ${input}, and shows no value`, async () => {
      await assert.rejects(
        capture(() => new Site(name, { ...args, ...over })),
        (error: Error) => {
          assert.match(error.message, new RegExp(`${input}: `));
          assert.match(error.message, says);
          assert.doesNotMatch(error.message, /hidden/);
          return true;
        },
      );
    });
  }
});

describe("a guarded site", () => {
  it("is guarded under its host, its project's host, and in every preview", async () => {
    const { resources } = await capture(() => new Site("groundwork-staging-admin", { ...args, access }));
    const application = named(resources, "ZeroTrustAccessApplication");
    assert.equal(application["type"], "self_hosted");
    assert.equal(application["domain"], "admin.example.com");
    assert.deepEqual(application["destinations"], [
      { type: "public", uri: "admin.example.com" },
      { type: "public", uri: "groundwork-staging-admin.pages.dev" },
      { type: "public", uri: "*.groundwork-staging-admin.pages.dev" },
    ]);
    assert.deepEqual(application["policies"], [{ id: "groundwork-staging-admin-id", precedence: 1 }]);
    assert.equal(application["sessionDuration"], "8h");
    assert.equal(application["httpOnlyCookieAttribute"], true);
  });

  it("lets in the e-mail domains alone, by a PIN", async () => {
    const { resources } = await capture(() => new Site("s", { ...args, access }));
    const policy = named(resources, "ZeroTrustAccessPolicy");
    assert.equal(policy["decision"], "allow");
    assert.deepEqual(policy["includes"], [
      { emailDomain: { domain: "example.net" } },
      { emailDomain: { domain: "example.org" } },
    ]);
    assert.equal(named(resources, "ZeroTrustAccessIdentityProvider")["type"], "onetimepin");
  });

  it("asks the identity provider that it is given, and makes none", async () => {
    const identityProviderId = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
    const { resources } = await capture(
      () => new Site("s", { ...args, access: { ...access, identityProviderId, sessionDuration: "30m" } }),
    );
    const application = named(resources, "ZeroTrustAccessApplication");
    assert.deepEqual(application["allowedIdps"], [identityProviderId]);
    assert.equal(application["sessionDuration"], "30m");
    assert.ok(resources.every(({ type }) => !type.endsWith(":ZeroTrustAccessIdentityProvider")));
  });

  const refused: readonly [input: string, over: Partial<NonNullable<SiteArgs["access"]>>][] = [
    ["emailDomains", { emailDomains: [] }],
    ["emailDomains", { emailDomains: ["@example.net"] }],
    ["sessionDuration", { sessionDuration: "48h" }],
    ["sessionDuration", { sessionDuration: "0h" }],
    ["sessionDuration", { sessionDuration: "a day" }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Site("s", { ...args, access: { ...access, ...over } })),
        new RegExp(`${input}: `),
      );
    });
  }
});
