import assert from "node:assert/strict";
import { UserError } from "../sandbox/user-error.ts";
import { planOf, type PlanOptions } from "./plan.ts";
import { PROFILES, profileNames } from "./profiles.ts";

const url = "https://api.example.com";

describe("the plan of a run", () => {
  it("has a default for everything but the URL", () => {
    const { url: asked, ...plan } = planOf({ url });
    assert.equal(asked.href, "https://api.example.com/heartbeat");
    assert.deepEqual(plan, {
      profileName: "wifi",
      profile: PROFILES.wifi,
      thresholds: { successPercent: 99.5, medianMilliseconds: 200 },
      requests: 200,
      concurrency: 4,
      timeoutMilliseconds: 10_000,
      seed: 1,
    });
  });

  it("takes a URL's path as it is given", () => {
    const paths = {
      "http://localhost:3000": "http://localhost:3000/heartbeat",
      "http://localhost:3000/": "http://localhost:3000/",
      "http://localhost:3000?a=/b": "http://localhost:3000/heartbeat?a=/b",
      "http://[::1]:3000/health/live#top": "http://[::1]:3000/health/live",
      "HTTPS://EXAMPLE.com": "https://example.com/heartbeat",
    };
    for (const [given, asked] of Object.entries(paths)) assert.equal(planOf({ url: given }).url.href, asked);
  });

  it("takes thresholds from the profile, one by one overridden", () => {
    const plan = planOf({ url, profile: "lossy", success: "97.125" });
    assert.deepEqual(plan.thresholds, { successPercent: 97.125, medianMilliseconds: 800 });
  });

  const wrong: readonly (readonly [PlanOptions, string])[] = [
    [{}, "there is no URL: give --url https://HOST"],
    [{ url: "abc" }, '--url "abc" is no URL of HTTP: write it as https://HOST/PATH'],
    [{ url: "localhost:3000" }, '--url "localhost:3000" is no URL of HTTP: write it as https://HOST/PATH'],
    [{ url: "ftp://x" }, '--url "ftp://x" is no URL of HTTP: write it as https://HOST/PATH'],
    [{ url: "http://a:b@x" }, "--url must have no user name or password: it stands in the report"],
    [{ url, profile: "wfi" }, '--profile "wfi": did you mean "wifi"?'],
    [{ url, profile: "slow4g" }, '--profile "slow4g": did you mean "slow-4g"?'],
    [{ url, profile: "satellite" }, '--profile "satellite": choose one of 4g, lossy, slow-4g, wifi'],
    [{ url, requests: "0" }, '--requests "0" must be a whole number from 1 to 100000'],
    [{ url, requests: "1e3" }, '--requests "1e3" must be a whole number from 1 to 100000'],
    [{ url, requests: "-1" }, '--requests "-1" must be a whole number from 1 to 100000'],
    [{ url, concurrency: "257" }, '--concurrency "257" must be a whole number from 1 to 256'],
    [{ url, timeout: "" }, '--timeout "" must be a whole number from 1 to 600000'],
    [{ url, median: "0" }, '--median "0" must be a whole number from 1 to 600000'],
    [
      { url, success: "99.9999" },
      '--success "99.9999" must be a percentage above 0, up to 100, with at most three decimals',
    ],
    [{ url, success: "101" }, '--success "101" must be a percentage above 0, up to 100, with at most three decimals'],
  ];
  for (const [options, message] of wrong)
    it(`says of ${JSON.stringify(options)}: ${message}`, () => {
      assert.throws(
        () => planOf(options),
        (error) => error instanceof UserError && error.exitCode === 2 && error.message === message,
      );
    });
});

describe("the profiles", () => {
  it("can be: no segment arrives before it is sent, and thresholds have at most three decimals", () => {
    for (const name of profileNames) {
      const { latencyMilliseconds, jitterMilliseconds, thresholds } = PROFILES[name];
      assert.ok(jitterMilliseconds <= latencyMilliseconds, name);
      assert.match(`${thresholds.successPercent}`, /^\d+(\.\d{1,3})?$/);
    }
  });

  it("ask of Wi-Fi what the project promises", () => {
    assert.deepEqual(PROFILES.wifi.thresholds, { successPercent: 99.5, medianMilliseconds: 200 });
  });
});
