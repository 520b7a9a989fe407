import {
  asText,
  at,
  atLeast,
  elements,
  expects,
  firstUnknown,
  isNotTrue,
  isTrue,
  locate,
  numberOf,
  oneOf,
  textsOf,
} from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import { looksSecret, secretReason, soundsSecret } from "../../support/secrets/text.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

const SYNTHETICS = "datadog:index/syntheticsTest:SyntheticsTest";

/** Tests from too few places, and tests that need more failing places than they have. */
function fewLocations({ props }: Resource, config: Config): readonly Finding[] {
  const least = numberOf(config["count"]) ?? 0;
  const [locations, failing] = [props["locations"], at(props, "optionsList.minLocationFailed")];
  const [known, unknown] = [new Set(textsOf(locations)), firstUnknown(locations)];
  if (known.size < least && unknown !== undefined) return [{ property: "locations", unknown }];
  if (known.size < least)
    return [
      {
        property: "locations",
        wrong: `it runs from ${String(known.size)} places, so that one place's own trouble cannot be told from an outage`,
        fix: `name at least ${String(least)} locations`,
      },
    ];
  if (failing instanceof Unknown) return [{ property: "optionsList.minLocationFailed", unknown: failing }];
  if (unknown !== undefined || (numberOf(failing) ?? 1) <= known.size) return [];
  return [
    {
      property: "optionsList.minLocationFailed",
      wrong: `it alerts once ${String(numberOf(failing))} places fail, and has ${String(known.size)}`,
      fix: `set optionsList.minLocationFailed to ${String(known.size)} or less`,
    },
  ];
}

interface Wanted {
  readonly is: (assertion: Plain, config: Config) => boolean;
  readonly wrong: string;
  readonly fix: string;
}

const ofType = (type: string) => (assertion: Plain) => at(assertion, "type") === type;

/** What a service or a load balancer answers that is down. */
const OUTAGES = ["500", "502", "503", "504"];

/** Whether an assertion about the status fails on a code. */
function fails(assertion: Plain, code: string): boolean {
  const target = asText(at(assertion, "target"));
  switch (at(assertion, "operator")) {
    case "is":
      return target !== code;
    case "matches":
      return !matches(target, code);
    case "doesNotMatch":
      return matches(target, code);
    case "lessThan":
    case "lessThanOrEqual":
      return Number(target) < Number(code);
    default:
      return false;
  }
}

function matches(pattern: string, code: string): boolean {
  try {
    return new RegExp(pattern).test(code);
  } catch {
    return true;
  }
}

/** What a test of each kind must assert; any assertion at all for the other kinds. */
const WANTED: Readonly<Record<string, Wanted>> = {
  http: {
    is: (assertion) => ofType("statusCode")(assertion) && OUTAGES.every((code) => fails(assertion, code)),
    wrong: "an error page passes this test",
    fix: 'add an assertion { type: "statusCode", operator: "is", target: "200" }',
  },
  ssl: {
    is: (assertion, config) =>
      ofType("certificate")(assertion) &&
      at(assertion, "operator") === "isInMoreThan" &&
      (numberOf(at(assertion, "target")) ?? 0) >= (numberOf(config["days"]) ?? 0),
    wrong: "the end of the certificate comes without a warning in time",
    fix: 'add an assertion { type: "certificate", operator: "isInMoreThan", target: "21" }',
  },
};

const ANYTHING: Wanted = {
  is: () => true,
  wrong: "the test asserts nothing",
  fix: "add an assertion about the answer",
};

function assertionsOf(property: string, value: Plain, kind: string, config: Config): readonly Finding[] {
  const { is, wrong, fix } = WANTED[kind] ?? ANYTHING;
  const assertions = elements({ property, value });
  if (assertions.some(({ value: assertion }) => !(assertion instanceof Unknown) && is(assertion, config))) return [];
  const unknown = firstUnknown(assertions.map(({ value: assertion }) => assertion));
  return unknown === undefined ? [{ property, wrong, fix }] : [{ property, unknown }];
}

const kindOf = (source: Plain): string => {
  const subtype = at(source, "subtype");
  return typeof subtype === "string" ? subtype : "http";
};

const WITHOUT_REQUEST: ReadonlySet<string> = new Set(["wait", "playSubTest"]);

/** Tests that pass whatever comes back. */
function emptyTests({ props }: Resource, config: Config): readonly Finding[] {
  const [type, subtype] = [props["type"], props["subtype"]];
  for (const [property, value] of Object.entries({ type, subtype }))
    if (value instanceof Unknown) return [{ property, unknown: value }];
  if (type === "browser") return unassertedSteps(props["browserSteps"]);
  if (type !== "api") return [];
  if (subtype !== "multi") return assertionsOf("assertions", props["assertions"], kindOf(props), config);
  return elements({ property: "apiSteps", value: props["apiSteps"] }).flatMap(({ property, value: step }) => {
    if (step instanceof Unknown) return [{ property, unknown: step }];
    if (WITHOUT_REQUEST.has(kindOf(step))) return [];
    return assertionsOf(`${property}.assertions`, at(step, "assertions"), kindOf(step), config);
  });
}

function unassertedSteps(steps: Plain): readonly Finding[] {
  const kinds = elements({ property: "browserSteps", value: steps }).map(({ value }) => at(value, "type"));
  if (kinds.some((kind) => typeof kind === "string" && kind.startsWith("assert"))) return [];
  const unknown = kinds.find((kind) => kind instanceof Unknown);
  if (unknown !== undefined) return [{ property: "browserSteps", unknown }];
  return [
    { property: "browserSteps", wrong: "the test asserts nothing", fix: "add a step that asserts what the page shows" },
  ];
}

const TRUSTING = [
  ...["acceptSelfSigned", "allowInsecure", "ignoreServerCertificateError", "ignoreCertificateValidation"].map(
    (flag) => `optionsList.${flag}`,
  ),
  "apiSteps[].requestDefinition.allowInsecure",
];

/** `{{ TOKEN }}`: Datadog puts a variable in its place, which can be hidden. */
const isVariable = (value: Plain): boolean => typeof value === "string" && /\{\{\s*[^}]+\}\}/.test(value);

const MAPS = ["requestHeaders", "requestQuery", "requestMetadata", "requestDefinition.form", "requestProxy.headers"];
const TEXTS = ["requestDefinition.url", "requestDefinition.body", "requestProxy.url"];
const CREDENTIALS = ["password", "clientSecret", "secret", "secretKey", "sessionToken"].map(
  (key) => `requestBasicauth.${key}`,
);

const shown = (property: string): Finding => ({
  property,
  wrong: "everyone who sees the test can read this secret",
  fix: "keep it in a datadog.SyntheticsGlobalVariable with secure: true, and write {{ NAME }} here",
});

/** Secrets in a request: by the name of what holds them, or by their own form. */
function requestSecrets(request: Plain, prefix: string): readonly Finding[] {
  const maps = MAPS.flatMap((path) => {
    const map = at(request, path);
    return map instanceof Unknown
      ? [{ property: `${prefix}${path}`, name: "", value: map }]
      : Object.entries(isMap(map) ? map : {}).map(([name, value]) => ({
          property: `${prefix}${path}.${name}`,
          name,
          value,
        }));
  });
  const texts = TEXTS.map((path) => ({ property: `${prefix}${path}`, name: "", value: at(request, path) }));
  const credentials = CREDENTIALS.map((path) => ({
    property: `${prefix}${path}`,
    name: "password",
    value: at(request, path),
  }));
  return [...maps, ...texts, ...credentials].flatMap(({ property, name, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property, unknown: value }];
    if (typeof value !== "string" || isVariable(value)) return [];
    return (name === "" ? looksSecret(value) : secretReason(name, value) !== undefined) ? [shown(property)] : [];
  });
}

/** Variables of a test that show their value. Global ones are a resource of their own. */
function variableSecrets(props: Plain, list: string): readonly Finding[] {
  return elements({ property: list, value: at(props, list) }).flatMap(
    ({ property, value: variable }): readonly Finding[] => {
      if (variable instanceof Unknown) return [{ property, unknown: variable }];
      const [name, secure, pattern] = [asText(at(variable, "name")), at(variable, "secure"), at(variable, "pattern")];
      const isSecret = soundsSecret(name) || (typeof pattern === "string" && looksSecret(pattern));
      if (!isSecret || at(variable, "type") !== "text" || isTrue.is(secure)) return [];
      if (secure instanceof Unknown) return [{ property: `${property}.secure`, unknown: secure }];
      return [
        {
          property: `${property}.secure`,
          wrong: `everyone who sees the test can read "${name}"`,
          fix: `set ${property}.secure: true`,
        },
      ];
    },
  );
}

const shownSecrets = ({ props }: Resource): readonly Finding[] => [
  ...requestSecrets(props, ""),
  ...locate(props, "apiSteps[]").flatMap(({ property, value }) =>
    value instanceof Unknown ? [{ property, unknown: value }] : requestSecrets(value, `${property}.`),
  ),
  ...variableSecrets(props, "configVariables"),
  ...variableSecrets(props, "browserVariables"),
];

export const rules: readonly Rule[] = [
  {
    name: "datadog-synthetics-live",
    description: "Each synthetic test runs.",
    why: "A paused test looks like one that passes.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [SYNTHETICS], unknown: "refuse", find: expects("status", oneOf("live"), 'set status: "live"') },
    ],
  },
  {
    name: "datadog-synthetics-locations",
    description: "Each synthetic test runs from two places or more, and can fail.",
    why: "One place cannot tell its own network's trouble from an outage.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { count: { type: "number", description: "The least number of locations.", default: 2 } },
    resources: [{ types: [SYNTHETICS], unknown: "defer", find: fewLocations }],
  },
  {
    name: "datadog-synthetics-asserts",
    description: "Each synthetic test asserts the status, and each test of a certificate its end in time.",
    why: "A test without an assertion passes on the error page.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      days: { type: "number", description: "The least number of days before a certificate's end.", default: 14 },
    },
    resources: [{ types: [SYNTHETICS], unknown: "defer", find: emptyTests }],
  },
  {
    name: "datadog-synthetics-verifies-certificates",
    description: "No synthetic test accepts an invalid certificate.",
    why: "Visitors' browsers do not, so the test would be well while the site is down for everyone.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: TRUSTING.map((path) => ({
      types: [SYNTHETICS],
      unknown: "refuse" as const,
      find: expects(path, isNotTrue, "set it to false, or remove it"),
    })),
  },
  {
    name: "datadog-synthetics-retries",
    description: "A synthetic test tries again before it alerts.",
    why: "One lost packet would otherwise wake somebody.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SYNTHETICS],
        unknown: "refuse",
        find: expects("optionsList.retry.count", atLeast(1), "set optionsList.retry to { count: 2, interval: 2000 }"),
      },
    ],
  },
  {
    name: "datadog-synthetics-no-plain-secret",
    description: "No synthetic test shows a secret.",
    why: "Headers, bodies, and variables of a test are shown to everyone who may look at it, and in its results.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SYNTHETICS], unknown: "defer", find: shownSecrets }],
  },
];
