import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { LIST, RULESET } from "./cloudflare-rulesets.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const accountId = "01a7362d577a6c3019a474fd6f485823";
const MANAGED = "efb7b8c949ac4650a09736fc376e9aee";

const ruleset = (phase: string, ...rules: Properties[]): Properties => ({
  zoneId,
  kind: "zone",
  phase,
  name: phase,
  rules,
});
const limit = (over: Properties = {}, rule: Properties = {}): Properties => ({
  ref: "a",
  action: "block",
  expression: 'starts_with(http.request.uri.path, "/auth/")',
  ratelimit: {
    characteristics: ["cf.colo.id", "ip.src"],
    period: 60,
    requestsPerPeriod: 20,
    mitigationTimeout: 600,
    ...over,
  },
  ...rule,
});
const skip = (over: Properties = {}): Properties => ({
  action: "skip",
  expression: 'http.host wildcard "api-*.example.com"',
  actionParameters: { phases: ["http_request_sbfm"], products: ["bic"] },
  ...over,
});

describe("Cloudflare: a ruleset", () => {
  it("is the one entry point of its phase in its zone", () => {
    const cloud = tinyWorld(cloudflare);
    const inputs = ruleset("http_ratelimit", limit());
    const first = cloud.create(RULESET, "a", inputs);
    assertRefused(() => cloud.create(RULESET, "b", inputs), "20217", /exceeded maximum number of zone rulesets/);
    cloud.create(RULESET, "c", ruleset("http_request_firewall_custom", skip()));
    cloud.create(RULESET, "d", { ...inputs, zoneId: "5f1c2e8a7d3b4960b2f4c81e90ad6737" });
    cloud.delete(cloud.update(first, ruleset("http_ratelimit", limit(), limit({}, { ref: "b" }))));
    cloud.create(RULESET, "e", inputs);
  });

  const good: [string, Properties][] = [
    ["two limits", ruleset("http_ratelimit", limit(), limit({}, { ref: "b", expression: 'not (http.host eq "a")' }))],
    [
      "a challenge that limits at once",
      ruleset("http_ratelimit", limit({ mitigationTimeout: 0 }, { action: "managed_challenge" })),
    ],
    ["a skip", ruleset("http_request_firewall_custom", skip())],
    [
      "managed rules",
      ruleset("http_request_firewall_managed", {
        action: "execute",
        expression: "true",
        actionParameters: { id: MANAGED },
      }),
    ],
    ["rules that are not known yet", { ...ruleset("http_ratelimit"), rules: UNKNOWN }],
    ["a rule that is not known yet", ruleset("http_ratelimit", limit({ period: UNKNOWN }, { expression: UNKNOWN }))],
  ];
  for (const [name, inputs] of good)
    it(`is ${name}`, () => {
      assert.deepEqual(tinyWorld(cloudflare).check(RULESET, inputs), []);
    });

  const bad: [string, Properties, string, RegExp][] = [
    [
      "three limits",
      ruleset("http_ratelimit", limit(), limit({}, { ref: "b" }), limit({}, { ref: "c" })),
      "rules",
      /50001: exceeded the maximum number of rules in the phase http_ratelimit: 3 out of 2/,
    ],
    ["limits that share a reference", ruleset("http_ratelimit", limit(), limit()), "rules[1].ref", /20217/],
    [
      "a limit over ten minutes",
      ruleset("http_ratelimit", limit({ period: 600 })),
      "rules[0].ratelimit.period",
      /not entitled to use the period 600/,
    ],
    [
      "a day's block",
      ruleset("http_ratelimit", limit({ mitigationTimeout: 86_400 })),
      "rules[0].ratelimit.mitigationTimeout",
      /20120/,
    ],
    [
      "a challenge with a timeout",
      ruleset("http_ratelimit", limit({}, { action: "challenge" })),
      "rules[0].ratelimit.mitigationTimeout",
      /must be 0/,
    ],
    [
      "a limit without data centres",
      ruleset("http_ratelimit", limit({ characteristics: ["ip.src"] })),
      "rules[0].ratelimit.characteristics",
      /20155/,
    ],
    [
      "a limit by country",
      ruleset("http_ratelimit", limit({ characteristics: ["cf.colo.id", "ip.src.country"] })),
      "rules[0].ratelimit.characteristics",
      /not entitled/,
    ],
    [
      "a limit by method",
      ruleset("http_ratelimit", limit({}, { expression: 'http.request.method eq "POST"' })),
      "rules[0].expression",
      /http\.request\.method/,
    ],
    [
      "a regular expression",
      ruleset("http_request_firewall_custom", skip({ expression: 'http.host matches "a.*"' })),
      "rules[0].expression",
      /Matches/,
    ],
    [
      "a limit in another phase",
      ruleset("http_request_firewall_custom", limit()),
      "rules[0].ratelimit",
      /belongs to phase http_ratelimit/,
    ],
    [
      "no limit where there must be one",
      ruleset("http_ratelimit", { action: "block", expression: "true" }),
      "rules[0].ratelimit",
      /required/,
    ],
    [
      "a skip among limits",
      ruleset("http_ratelimit", skip()),
      "rules[0].action",
      /not allowed in phase http_ratelimit/,
    ],
    [
      "a block among managed rules",
      ruleset("http_request_firewall_managed", { action: "block", expression: "true" }),
      "rules[0].action",
      /execute, skip/,
    ],
    [
      "a skip of a redirect",
      ruleset(
        "http_request_firewall_custom",
        skip({ actionParameters: { phases: ["http_request_dynamic_redirect"] } }),
      ),
      "rules[0].actionParameters.phases",
      /is not authorized/,
    ],
    [
      "a block with what belongs to a skip",
      ruleset("http_request_firewall_custom", skip({ action: "block" })),
      "rules[0].actionParameters.phases",
      /does not take phases/,
    ],
    [
      "an expression with an open text",
      ruleset("http_request_firewall_custom", skip({ expression: 'http.host eq "a' })),
      "rules[0].expression",
      /20127/,
    ],
    [
      "a limit of nothing",
      ruleset("http_ratelimit", limit({}, { ratelimit: { characteristics: ["cf.colo.id", "ip.src"], period: 60 } })),
      "rules[0].ratelimit.requestsPerPeriod",
      /20217/,
    ],
    [
      "a limit that counts what cannot be read",
      ruleset("http_ratelimit", limit({ countingExpression: "http.response.code eq bad" })),
      "rules[0].ratelimit.countingExpression",
      /20127/,
    ],
    [
      "a score of bots",
      ruleset("http_request_firewall_custom", skip({ expression: "cf.bot_management.score lt 30" })),
      "rules[0].expression",
      /not entitled: the use of field cf\.bot_management\.score/,
    ],
    ["an account's kind in a zone", { ...ruleset("http_ratelimit"), kind: "root" }, "kind", /a zone is zone/],
    [
      "a zone's kind in an account",
      { accountId, kind: "zone", phase: "http_ratelimit", name: "x" },
      "kind",
      /root or custom/,
    ],
    [
      "twenty-one rules of its own",
      ruleset("http_request_firewall_custom", ...Array.from({ length: 21 }, () => skip())),
      "rules",
      /21 out of 20/,
    ],
  ];
  for (const [name, inputs, property, reason] of bad)
    it(`is not ${name}, which preview says`, () => {
      const [failure] = tinyWorld(cloudflare).check(RULESET, inputs);
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  it("runs rulesets that exist", () => {
    const cloud = tinyWorld(cloudflare);
    const runs = (id: string): Properties =>
      ruleset("http_request_firewall_managed", { action: "execute", expression: "true", actionParameters: { id } });
    assertRefused(() => cloud.create(RULESET, "a", runs("0".repeat(32))), "20217", /no such ruleset/);
    const own = cloud.create(RULESET, "own", {
      accountId,
      kind: "custom",
      phase: "http_request_firewall_managed",
      name: "own",
    });
    const made = cloud.create(RULESET, "b", runs(own.id));
    assertRefused(() => cloud.update(made, runs("0".repeat(32))), "20217");
    cloud.update(made, runs(MANAGED));
  });
});

describe("Cloudflare: a list", () => {
  const list = (items: Properties[], over: Properties = {}): Properties => ({
    accountId,
    kind: "ip",
    name: "offices",
    items,
    ...over,
  });

  it("has a name that is free in its account, and is kept while a rule reads it", () => {
    const cloud = tinyWorld(cloudflare);
    const reads = ruleset("http_request_firewall_custom", skip({ expression: "ip.src in $offices" }));
    assertRefused(() => cloud.create(RULESET, "early", reads), "20127", /unknown list \$offices/);
    const made = cloud.create(LIST, "a", list([{ ip: "192.0.2.0/24" }]));
    assert.equal(made.outputs["numItems"], 1);
    assertRefused(() => cloud.create(LIST, "b", list([])), "10016");
    cloud.create(LIST, "c", list([], { accountId: "9a7806061c88ada191ed06f989cc3dac" }));
    const reader = cloud.create(RULESET, "r", reads);
    assertRefused(() => cloud.delete(made), "10015", /offices/);
    cloud.delete(reader);
    cloud.delete(made);
  });

  for (const [name, inputs, property] of [
    ["a name with a hyphen", list([], { name: "my-offices" }), "name"],
    ["a host among addresses", list([{ hostname: { urlHostname: "a.example.com" } }]), "items[0]"],
    ["an address that is none", list([{ ip: "192.0.2" }]), "items[0]"],
    ["a whole address with its prefix", list([{ ip: "192.0.2.1" }, { ip: "192.0.2.1/32" }]), "items[1]"],
    [
      "a wildcard that does not say more",
      list([{ hostname: { urlHostname: "*.example.com" } }], { kind: "hostname" }),
      "items[0]",
    ],
    [
      "a redirect from no path",
      list([{ redirect: { sourceUrl: "example.com", targetUrl: "https://a.example" } }], { kind: "redirect" }),
      "items[0]",
    ],
  ] as const)
    it(`does not have ${name}`, () => {
      assert.equal(tinyWorld(cloudflare).check(LIST, inputs)[0]?.property, property);
    });
});
