import assert from "node:assert/strict";
import { capture, valueOf, type Capture, type CapturedResource } from "./capture.ts";
import { Zone, type ZoneArgs } from "./zone.ts";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const args: ZoneArgs = {
  zoneId,
  domain: "example.com",
  machineHosts: ["api.example.com", "api-*.example.com"],
  watchedPages: [{ host: "www.example.com", path: "/" }],
  sensitivePaths: ["*/auth/*", "*/payments/*"],
  sensitiveLimit: { requests: 20, periodSeconds: 60, blockSeconds: 600 },
  generalLimit: { requests: 600, periodSeconds: 60, blockSeconds: 60 },
};

const phases = ["http_request_firewall_custom", "http_ratelimit", "http_request_firewall_managed"];

interface Rule {
  readonly ref: string;
  readonly action: string;
  readonly expression: string;
  readonly actionParameters: Readonly<Record<string, unknown>>;
  readonly ratelimit?: Readonly<Record<string, unknown>>;
}

const ofType = (resources: readonly CapturedResource[], name: string) =>
  resources.filter(({ type }) => type.endsWith(`:${name}`)).map(({ inputs }) => inputs);
const rulesOf = (resources: readonly CapturedResource[], phase: string) =>
  ofType(resources, "Ruleset").find((inputs) => inputs["phase"] === phase)?.["rules"] as readonly Rule[];

describe("the zone", () => {
  let captured: Capture<Zone>;
  before(async () => {
    captured = await capture(() => new Zone("groundwork-staging-edge", args));
  });
  const all = (name: string) => ofType(captured.resources, name);

  it("belongs to one zone in every part", () => {
    const parts = captured.resources.filter(({ type }) => type.startsWith("cloudflare:"));
    assert.ok(parts.length > 20);
    for (const { name, inputs } of parts) assert.equal(inputs["zoneId"], zoneId, name);
  });

  it("speaks TLS 1.2 and 1.3 alone, strictly to the origin, and never plain HTTP", () => {
    const settings = Object.fromEntries(
      all("ZoneSetting").map(({ settingId, value }) => [settingId, value] as const),
    ) as Record<string, unknown>;
    const { security_header: header, ...switches } = settings;
    assert.deepEqual(switches, {
      ssl: "strict",
      min_tls_version: "1.2",
      tls_1_3: "on",
      "0rtt": "off",
      always_use_https: "on",
      automatic_https_rewrites: "on",
      browser_check: "on",
      always_online: "off",
      development_mode: "off",
    });
    assert.deepEqual(header, {
      strict_transport_security: {
        enabled: true,
        max_age: 31_536_000,
        include_subdomains: true,
        preload: false,
        nosniff: true,
      },
    });
  });

  it("signs its answers, and says what the registrar must know", async () => {
    assert.deepEqual(all("ZoneDnssec"), [{ zoneId, status: "active" }]);
    assert.equal(await valueOf(captured.result.dsRecord), "example.invalid. 3600 IN DS 2371 13 2 ABCD");
  });

  it("lets ACM and Cloudflare's authorities issue, for plain and wildcard names, and nobody else", () => {
    const allowed = all("DnsRecord").filter(({ type }) => type === "CAA");
    const data = allowed.map((record) => record["data"] as { flags: number; tag: string; value: string });
    assert.ok(allowed.every(({ name }) => name === "example.com") && data.every(({ flags }) => flags === 0));
    const named = (tag: string) => data.filter((one) => one.tag === tag).map(({ value }) => value);
    assert.deepEqual(named("issue"), [
      "amazon.com",
      "letsencrypt.org",
      "pki.goog; cansignhttpexchanges=yes",
      "ssl.com",
      "sectigo.com",
    ]);
    assert.deepEqual(named("issuewild"), named("issue"));
  });

  it("sends no mail until somebody is allowed to", () => {
    const texts = all("DnsRecord").filter(({ type }) => type === "TXT");
    assert.deepEqual(
      texts.map(({ name, content }) => [name, content]),
      [
        ["example.com", '"v=spf1 -all"'],
        ["_dmarc.example.com", '"v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s"'],
      ],
    );
  });

  it("has one entry point in each phase that it uses", () => {
    assert.ok(all("Ruleset").every(({ kind }) => kind === "zone"));
    assert.deepEqual(new Set(all("Ruleset").map(({ phase }) => phase)), new Set(phases));
    assert.equal(all("Ruleset").length, phases.length);
    for (const { rules } of all("Ruleset"))
      for (const { ref } of rules as readonly Rule[])
        assert.match(ref, /^[a-z-]+$/, "a rule without ref changes its id");
  });

  it("passes every request through Cloudflare's and OWASP's rules", () => {
    const rules = rulesOf(captured.resources, "http_request_firewall_managed");
    assert.ok(rules.every(({ action, expression }) => action === "execute" && expression === "true"));
    assert.deepEqual(
      rules.map(({ actionParameters }) => actionParameters["id"]),
      ["efb7b8c949ac4650a09736fc376e9aee", "4814384a9e5d4991b9815dcfc25d2f1f"],
    );
  });

  it("limits authentication and payment, then everything else, and no request twice", () => {
    const [sensitive, general, ...others] = rulesOf(captured.resources, "http_ratelimit");
    assert.deepEqual(others, []);
    assert.equal(
      sensitive?.expression,
      '(http.request.uri.path wildcard "*/auth/*" or http.request.uri.path wildcard "*/payments/*")',
    );
    assert.equal(general?.expression, `not ${sensitive.expression}`);
    assert.deepEqual(sensitive.ratelimit, {
      characteristics: ["cf.colo.id", "ip.src"],
      period: 60,
      requestsPerPeriod: 20,
      mitigationTimeout: 600,
    });
    assert.equal(general.ratelimit?.["requestsPerPeriod"], 600);
    for (const { action, actionParameters } of [sensitive, general]) {
      assert.equal(action, "block");
      assert.equal((actionParameters["response"] as { statusCode: number }).statusCode, 429);
    }
  });

  it("leaves the API's machines and the synthetics alone, and skips nothing but bot mitigation for them", () => {
    const rules = rulesOf(captured.resources, "http_request_firewall_custom");
    assert.deepEqual(
      rules.map(({ ref, expression }) => [ref, expression]),
      [
        ["machines", '(http.host wildcard "api.example.com" or http.host wildcard "api-*.example.com")'],
        [
          "synthetics",
          '(http.request.method in {"GET" "HEAD"} and http.user_agent contains "Datadog" and ((http.host eq "www.example.com" and http.request.uri.path eq "/")))',
        ],
      ],
    );
    for (const { action, actionParameters } of rules) {
      assert.equal(action, "skip");
      assert.deepEqual(actionParameters, { phases: ["http_request_sbfm"], products: ["bic"] });
    }
  });

  it("challenges what is surely a machine elsewhere, and says nothing that the Pro plan does not know", () => {
    const [bots, ...others] = all("BotManagement");
    assert.deepEqual(others, []);
    assert.equal(bots?.["sbfmDefinitelyAutomated"], "managed_challenge");
    assert.equal(bots["sbfmVerifiedBots"], "allow");
    assert.ok(!("sbfmLikelyAutomated" in bots) && !("fightMode" in bots));
  });

  it("follows its plan", async () => {
    const generalLimit = { requests: 600, periodSeconds: 600, blockSeconds: 86_400 };
    const { resources } = await capture(() => new Zone("z", { ...args, plan: "business", generalLimit }));
    assert.equal(ofType(resources, "BotManagement")[0]?.["sbfmLikelyAutomated"], "managed_challenge");
  });

  it("watches no page without being told", async () => {
    const { watchedPages: _, ...unwatched } = args;
    const { resources } = await capture(() => new Zone("z", unwatched));
    assert.equal(rulesOf(resources, "http_request_firewall_custom").length, 1);
  });

  const limit = args.generalLimit as { requests: number; periodSeconds: number; blockSeconds: number };
  const refused: readonly [input: string, over: Partial<ZoneArgs>][] = [
    ["zoneId", { zoneId: "example.com" }],
    ["machineHosts", { machineHosts: [] }],
    ["machineHosts", { machineHosts: ['api.example.com" or true or "'] }],
    ["machineHosts", { machineHosts: ["https://api.example.com"] }],
    ["watchedPages", { watchedPages: [{ host: "www.example.com", path: 'x"' }] }],
    ["sensitivePaths", { sensitivePaths: [] }],
    ["sensitivePaths", { sensitivePaths: ['/auth" or true'] }],
    ["sensitiveLimit", { sensitiveLimit: { ...limit, requests: 0 } }],
    ["generalLimit", { generalLimit: { ...limit, periodSeconds: 600 } }],
    ["generalLimit", { generalLimit: { ...limit, blockSeconds: 86_400 } }],
    ["hstsMaxAgeSeconds", { hstsMaxAgeSeconds: 3600 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Zone("z", { ...args, ...over })),
        new RegExp(`${input}: `),
      );
    });
  }
});
