import assert from "node:assert/strict";
import { contract } from "../../api/src/environment.ts";
import { apps, hostOf, mediaHostOf, pageOrigins, sites, siteVariables, type SiteVariable } from "./apps.ts";

describe("the apps", () => {
  it("have host names of their own", () => {
    assert.equal(hostOf("api", "example.com"), "api.example.com");
    assert.equal(hostOf("storefront", "example.com"), "www.example.com");
    assert.equal(new Set(Object.values(apps).map(({ host }) => host)).size, Object.keys(apps).length);
  });

  it("have pages at their hosts alone, and where developers run them", () => {
    assert.deepEqual(pageOrigins("example.com", []), ["https://www.example.com", "https://admin.example.com"]);
    assert.equal(pageOrigins("example.org", ["http://localhost:3000"]).at(-1), "http://localhost:3000");
  });

  it("are asked for their health where the API's contract says", () => {
    assert.equal(apps.api.healthPath, contract.paths.heartbeat);
  });

  it("read no variable that could hold a secret: what a site reads, every browser gets", () => {
    for (const [name, site] of Object.entries(sites)) {
      const prefix = name === "storefront" ? "NEXT_PUBLIC_" : "VITE_";
      for (const [variable, facts] of Object.entries<SiteVariable>(site.variables)) {
        assert.ok(variable.startsWith(prefix), `${variable} must begin with ${prefix}`);
        assert.doesNotMatch(variable, /SECRET|PASSWORD|PRIVATE|TOKEN/);
        assert.ok(facts.environments.length > 0 && facts.purpose.endsWith("."));
      }
    }
  });

  it("are given by infra what infra owes, and by the release the rest", () => {
    const facts = { environment: "staging", domain: "example.org" } as const;
    assert.deepEqual(siteVariables("storefront", facts), {
      NEXT_PUBLIC_API_URL: "https://api.example.org",
      NEXT_PUBLIC_MEDIA_URL: `https://${mediaHostOf("example.org")}`,
      NEXT_PUBLIC_ENVIRONMENT: "staging",
    });
    for (const site of ["storefront", "admin"] as const)
      for (const [variable, { source, value }] of Object.entries<SiteVariable>(sites[site].variables))
        assert.equal(value !== undefined, source === "infra", variable);
  });
});
