import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { RECORD } from "./cloudflare-dns.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { PROJECT } from "./cloudflare-pages.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const DOMAIN = cloudflareType("PagesDomain");
const accountId = "01a7362d577a6c3019a474fd6f485823";
const OTHER = "9a7806061c88ada191ed06f989cc3dac";
const project = (over: Properties = {}): Properties => ({ accountId, name: "shop", productionBranch: "main", ...over });
const domain = (over: Properties = {}): Properties => ({
  accountId,
  projectName: "shop",
  name: "www.example.com",
  ...over,
});

describe("Cloudflare: a Pages project", () => {
  it("has a name that is free in its account, and a host that is free in the world", () => {
    const cloud = tinyWorld(cloudflare);
    const first = cloud.create(PROJECT, "a", project());
    assert.equal(first.outputs["subdomain"], "shop.pages.dev");
    assertRefused(() => cloud.create(PROJECT, "b", project()), "8000002");
    const second = cloud.create(PROJECT, "c", project({ accountId: OTHER }));
    assert.match(textIn(second.outputs, "subdomain"), /^shop-[0-9a-f]{3}\.pages\.dev$/);
    const changed = cloud.update(second, project({ accountId: OTHER, productionBranch: "develop" }));
    assert.equal(changed.outputs["subdomain"], second.outputs["subdomain"]);
  });

  it("has a name that can be a host's, and variables that a shell knows", () => {
    const cloud = tinyWorld(cloudflare);
    for (const name of ["Shop", "shop_1", "-shop", "s".repeat(59)])
      assert.match(cloud.check(PROJECT, project({ name }))[0]?.reason ?? "", /8000000/);
    assert.deepEqual(cloud.check(PROJECT, project({ name: "s".repeat(58) })), []);
    const variables = (deployment: string, name: string): Properties => ({
      deploymentConfigs: { [deployment]: { envVars: { [name]: { type: "plain_text", value: "x" } } } },
    });
    assert.deepEqual(cloud.check(PROJECT, project(variables("preview", "API_URL"))), []);
    assert.match(cloud.check(PROJECT, project(variables("production", "API-URL")))[0]?.reason ?? "", /API-URL/);
  });

  it("stays while it has a domain", () => {
    const cloud = tinyWorld(cloudflare);
    const made = cloud.create(PROJECT, "a", project());
    const custom = cloud.create(DOMAIN, "d", domain());
    assertRefused(() => cloud.delete(made), "8000028", /www\.example\.com/);
    cloud.delete(custom);
    cloud.delete(made);
  });
});

describe("Cloudflare: a domain of a Pages project", () => {
  it("belongs to a project of its account, and to no other", () => {
    const cloud = tinyWorld(cloudflare);
    assertRefused(() => cloud.create(DOMAIN, "a", domain()), "8000007");
    cloud.create(PROJECT, "p", project());
    cloud.create(PROJECT, "q", project({ accountId: OTHER, name: "other" }));
    assertRefused(() => cloud.create(DOMAIN, "b", domain({ accountId: OTHER })), "8000007");
    assert.equal(cloud.create(DOMAIN, "c", domain()).id, "www.example.com");
    assertRefused(() => cloud.create(DOMAIN, "d", domain({ accountId: OTHER, projectName: "other" })), "8000018");
    assert.match(cloud.check(DOMAIN, domain({ name: "https://x" }))[0]?.reason ?? "", /8000015/);
  });

  it("is pending until a record leads to it", () => {
    const cloud = tinyWorld(cloudflare);
    cloud.create(PROJECT, "p", project());
    const record = {
      zoneId: "z",
      name: "a.example.com",
      type: "CNAME",
      ttl: 1,
      proxied: true,
      content: "shop.pages.dev",
    };
    cloud.create(RECORD, "r", record);
    assert.equal(cloud.create(DOMAIN, "a", domain({ name: "a.example.com" })).outputs["status"], "active");
    assert.equal(cloud.create(DOMAIN, "b", domain({ name: "b.example.com" })).outputs["status"], "pending");
  });
});
