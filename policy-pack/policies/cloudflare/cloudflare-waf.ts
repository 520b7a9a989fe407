import { MANAGED_PHASE, RULESET, required } from "../../support/cloudflare/zone.ts";
import { asText, at, elements, firstUnknown, isFalse, isTrue, oneOf, textsOf } from "../../support/property.ts";
import type { Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";
import { everyOf, someOf, verdictOf, type Verdict } from "../../support/verdict.ts";

const RATE_LIMIT = "cloudflare:index/rateLimit:RateLimit";
const BOTS = "cloudflare:index/botManagement:BotManagement";
const PAGE_RULE = "cloudflare:index/pageRule:PageRule";

const RATE_PHASE = "http_ratelimit";

/** Ids of rulesets that are the same in every zone: https://developers.cloudflare.com/waf/managed-rules/. */
const CLOUDFLARE_MANAGED = "efb7b8c949ac4650a09736fc376e9aee";
const OWASP_CORE = "4814384a9e5d4991b9815dcfc25d2f1f";

const STOPPING = ["block", "challenge", "js_challenge", "managed_challenge"];

interface PlacedRule {
  readonly property: string;
  readonly rule: Plain;
}

const rulesOf = ({ props }: Pick<Resource, "props">): readonly PlacedRule[] =>
  elements({ property: "rules", value: props["rules"] }).map(({ property, value }) => ({ property, rule: value }));

/** Conditions that every request meets, or all but a few. */
const BLANKETS = [
  /^true$/i,
  /^not\s*\(*\s*false$/i,
  /^(http|ip|cf|ssl|raw)[\w.]*\s+ne\s/i,
  /^(http|raw)[\w.]*\s+contains\s+"\/?"$/i,
  /^(http|raw)[\w.]*\s+(strict\s+)?wildcard\s+r?"[*/]*"$/i,
  /^(http|raw)[\w.]*\s+(matches|~)\s+r?"\^?\/?(\.[*+])?\$?"$/i,
  /^starts_with\s*\([^,]+,\s*"\/?"\s*$/i,
  /^ip\.src\s+in\s*\{[^}]*\/0\b/i,
];

/** Whether an expression is no limit at all: one of the parts that `or` joins is none. */
const isEverything = (expression: Plain): boolean =>
  typeof expression !== "string" ||
  expression
    .split(/\s+or\s+|\|\|/i)
    .map((part) =>
      part
        .trim()
        .replace(/^\(+\s*/, "")
        .replace(/\s*\)+$/, ""),
    )
    .some((part) => !/\s(and|&&)\s/i.test(part) && BLANKETS.some((blanket) => blanket.test(part)));

/** Managed rules must see each request, and not most of them. */
const isAlways = (expression: Plain): boolean =>
  typeof expression !== "string" || /^\s*\(*\s*true\s*\)*\s*$/i.test(expression);

/** Whether a ruleset of the zone runs one of Cloudflare's own rulesets on every request. */
const executes =
  (ruleset: string) =>
  (resource: StackResource): Verdict =>
    everyOf([
      verdictOf(resource.props["phase"], (phase) => phase === MANAGED_PHASE),
      someOf(
        rulesOf(resource).map(({ rule }) =>
          everyOf([
            verdictOf(at(rule, "action"), (action) => action === "execute"),
            verdictOf(at(rule, "actionParameters.id"), (id) => id === ruleset),
            verdictOf(at(rule, "enabled"), (enabled) => !isFalse.is(enabled)),
            verdictOf(at(rule, "expression"), isAlways),
          ]),
        ),
      ),
    ]);

const managed = (ruleset: string, name: string) =>
  required({
    types: [RULESET],
    is: executes(ruleset),
    property: "rules",
    wrong: `no ruleset of this zone runs ${name} on every request`,
    fix: `add to its cloudflare.Ruleset of the phase "${MANAGED_PHASE}" a rule with action: "execute", expression: "true", and actionParameters.id: "${ruleset}"`,
  });

/** The rules of a ruleset of one phase, one by one; what is unknown on the way is undecided. */
function perRule(
  { props }: Resource,
  phase: string | undefined,
  find: (rule: Plain, property: string) => readonly Finding[],
): readonly Finding[] {
  const own = props["phase"];
  if (phase !== undefined && own instanceof Unknown) return [{ property: "phase", unknown: own }];
  if (phase !== undefined && own !== phase) return [];
  return rulesOf({ props }).flatMap(({ property, rule }) =>
    rule instanceof Unknown ? [{ property, unknown: rule }] : find(rule, property),
  );
}

/** Overrides that make a whole managed ruleset do nothing. */
const toothless = (resource: Resource): readonly Finding[] =>
  perRule(resource, MANAGED_PHASE, (rule, property) => {
    const overrides = at(rule, "actionParameters.overrides");
    const place = `${property}.actionParameters.overrides`;
    if (overrides instanceof Unknown) return [{ property: place, unknown: overrides }];
    return [
      ...judge(`${place}.enabled`, at(overrides, "enabled"), isFalse.is, "it switches off every rule", "remove it"),
      ...judge(`${place}.action`, at(overrides, "action"), isLog, "it only writes down what should stop", "remove it"),
    ];
  });

const isLog = (value: Plain): boolean => value === "log";

function judge(
  property: string,
  value: Plain,
  isWrong: (known: Plain) => boolean,
  wrong: string,
  fix: string,
): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  return isWrong(value) ? [{ property, wrong, fix }] : [];
}

/** Rules that let every request past the managed rules or the rate limits. */
const blanketSkips = (resource: Resource): readonly Finding[] =>
  perRule(resource, undefined, (rule, property) => {
    const [action, expression] = [at(rule, "action"), at(rule, "expression")];
    const skipped = skippedBy(rule);
    if (skipped === undefined || isFalse.is(at(rule, "enabled"))) return [];
    if (!(action instanceof Unknown) && action !== "skip") return [];
    if (!(expression instanceof Unknown) && !isEverything(expression)) return [];
    const unknown = [action, expression, skipped].find((value) => value instanceof Unknown);
    const place = `${property}.${action instanceof Unknown ? "action" : "expression"}`;
    if (unknown !== undefined) return [{ property: place, unknown }];
    return [
      {
        property: place,
        wrong: `every request skips ${asText(skipped)}`,
        fix: "name the hosts and paths that must skip it in the expression, or remove the rule",
      },
    ];
  });

const PROTECTIVE: ReadonlySet<string> = new Set([MANAGED_PHASE, RATE_PHASE, "waf", "rateLimit"]);

function skippedBy(rule: Plain): string | Unknown | undefined {
  const parameters = at(rule, "actionParameters");
  if (at(parameters, "ruleset") === "current") return "the rest of its ruleset";
  if (elements({ property: "", value: at(parameters, "rulesets") }).length > 0) return "a managed ruleset";
  const lists = ["phases", "products"].map((key) => at(parameters, key));
  const skipped = lists.flatMap(textsOf).filter((name) => PROTECTIVE.has(name));
  return skipped.length > 0 ? skipped.join(" and ") : firstUnknown(lists);
}

/** Rate limits that only count. */
const harmlessLimits = (resource: Resource): readonly Finding[] =>
  perRule(resource, RATE_PHASE, (rule, property) =>
    isFalse.is(at(rule, "enabled"))
      ? []
      : judge(
          `${property}.action`,
          at(rule, "action"),
          (action) => !STOPPING.includes(asText(action)),
          "it does not stop who asks too often",
          `set ${property}.action: "block"`,
        ),
  );

const unlimited = required({
  types: [RULESET, RATE_LIMIT],
  is: ({ type, props }) =>
    type === RATE_LIMIT
      ? verdictOf(at(props["action"], "mode"), (mode) => mode !== "simulate")
      : everyOf([
          verdictOf(props["phase"], (phase) => phase === RATE_PHASE),
          someOf(
            rulesOf({ props }).map(({ rule }) =>
              everyOf([
                verdictOf(at(rule, "enabled"), (enabled) => !isFalse.is(enabled)),
                verdictOf(at(rule, "expression"), (expression) => expression !== "false"),
              ]),
            ),
          ),
        ]),
  property: "rules",
  wrong: "nothing limits how often one client may ask",
  fix: `add a cloudflare.Ruleset of the phase "${RATE_PHASE}" with a rule that blocks`,
});

const BOT_STOPPING = oneOf("block", "managed_challenge");

/** Bot fight mode of the free plan, or what the super bot fight mode of the others does with certain bots. */
function idleBots({ props }: Resource): readonly Finding[] {
  const [fight, certain] = [props["fightMode"], props["sbfmDefinitelyAutomated"]];
  if (isTrue.is(fight) || (!(certain instanceof Unknown) && BOT_STOPPING.is(certain))) return [];
  const unknown = [certain, fight].find((value) => value instanceof Unknown);
  const property = certain === undefined && fight !== undefined ? "fightMode" : "sbfmDefinitelyAutomated";
  if (unknown !== undefined) return [{ property, unknown }];
  return [
    {
      property,
      wrong: "requests that certainly come from bots are let through",
      fix: 'set sbfmDefinitelyAutomated: "managed_challenge", or fightMode: true on the free plan',
    },
  ];
}

const fearless = required({
  types: [BOTS],
  is: () => true,
  property: "zoneId",
  wrong: "nothing decides what happens to bots in this zone",
  fix: 'add a cloudflare.BotManagement for it with sbfmDefinitelyAutomated: "managed_challenge"',
});

/** What a page rule or a configuration rule may not switch off for a part of the zone. */
const WEAKENING: readonly (readonly [key: string, isWrong: (value: Plain) => boolean, safe: string])[] = [
  ["ssl", (value) => ["off", "flexible", "full"].includes(asText(value)), '"strict"'],
  ["securityLevel", (value) => ["off", "essentially_off"].includes(asText(value)), '"medium"'],
  ["waf", (value) => isFalse.is(value) || value === "off", '"on"'],
  ["disableSecurity", (value) => isTrue.is(value), "false"],
  ["automaticHttpsRewrites", (value) => isFalse.is(value) || value === "off", '"on"'],
];

const weakened = (resource: Resource): readonly Finding[] =>
  resource.type === PAGE_RULE
    ? weakeningsOf(resource.props["actions"], "actions")
    : perRule(resource, undefined, (rule, property) =>
        at(rule, "action") === "set_config"
          ? weakeningsOf(at(rule, "actionParameters"), `${property}.actionParameters`)
          : [],
      );

function weakeningsOf(value: Plain, property: string): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  return WEAKENING.flatMap(([key, isWrong, safe]) =>
    judge(
      `${property}.${key}`,
      at(value, key),
      isWrong,
      "it takes the zone's protection away from a part of it",
      `remove it, or set ${property}.${key}: ${safe}`,
    ),
  );
}

export const rules: readonly Rule[] = [
  {
    name: "cloudflare-zone-managed-rules",
    description: "Cloudflare's managed rules see every request to the zone.",
    why: "They stop attacks on known holes before a person has read about them.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler zone_waf_enabled"],
    resources: [{ types: [RULESET], unknown: "defer", find: toothless }],
    stack: managed(CLOUDFLARE_MANAGED, "Cloudflare's managed ruleset"),
  },
  {
    name: "cloudflare-zone-owasp-rules",
    description: "The OWASP core rule set sees every request to the zone.",
    why: "It recognises the general forms of injection that no rule for a known hole matches.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler zone_waf_owasp_ruleset_enabled"],
    stack: managed(OWASP_CORE, "the OWASP core rule set"),
  },
  {
    name: "cloudflare-zone-no-blanket-skip",
    description: "No rule lets every request skip the managed rules or the rate limits.",
    why: "One such rule, meant for a test, switches the firewall off for the whole zone.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [RULESET], unknown: "defer", find: blanketSkips }],
  },
  {
    name: "cloudflare-zone-rate-limits",
    description: "The zone stops clients that ask too often.",
    why: "Passwords are guessed and origins flooded with more requests than any person sends.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler zone_rate_limiting_enabled"],
    resources: [{ types: [RULESET], unknown: "defer", find: harmlessLimits }],
    stack: unlimited,
  },
  {
    name: "cloudflare-zone-bots-stopped",
    description: "Requests that certainly come from bots are stopped or challenged.",
    why: "Bots scrape prices, hold stock, and try stolen passwords at the origin's cost.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler zone_bot_fight_mode_enabled"],
    resources: [{ types: [BOTS], unknown: "refuse", find: idleBots }],
    stack: fearless,
  },
  {
    name: "cloudflare-rule-keeps-protection",
    description: "No page rule or configuration rule takes TLS or the firewall away from a part of the zone.",
    why: "Such a rule undoes the zone's own settings where nobody looks for it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [PAGE_RULE, RULESET], unknown: "defer", find: weakened }],
  },
];
