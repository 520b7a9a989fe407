import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const OPTIONS = { tickEvery: 300, minLocationFailed: 2, retry: { count: 2, interval: 2000 } };
const STATUS = { type: "statusCode", operator: "is", target: "200" };
const CERTIFICATE = { type: "certificate", operator: "isInMoreThan", target: "21" };

const test = (props: Sent["props"]): Sent => ({
  type: "datadog:index/syntheticsTest:SyntheticsTest",
  props: {
    name: "It answers",
    type: "api",
    subtype: "http",
    status: "live",
    locations: ["aws:us-east-1", "aws:eu-central-1"],
    assertions: [STATUS],
    requestDefinition: { method: "GET", url: "https://api.example.org/" },
    optionsList: OPTIONS,
    ...props,
  },
});
const options = (more: Record<string, Json>): Sent => test({ optionsList: { ...OPTIONS, ...more } });
const certificate = (assertions: Json): Sent => test({ subtype: "ssl", assertions });
const steps = (...apiSteps: Json[]): Sent => test({ subtype: "multi", assertions: null, apiSteps });
const browser = (...types: Json[]): Sent =>
  test({
    type: "browser",
    subtype: null,
    assertions: null,
    browserSteps: types.map((type) => ({ name: "step", type })),
  });
const variable = (props: Record<string, Json>): Json => ({ name: "API_TOKEN", type: "text", ...props });

const live = "datadog-synthetics-live";
const locations = "datadog-synthetics-locations";
const asserts = "datadog-synthetics-asserts";
const verifies = "datadog-synthetics-verifies-certificates";
const retries = "datadog-synthetics-retries";
const secret = "datadog-synthetics-no-plain-secret";

export const cases: readonly Case[] = [
  { rule: live, when: "it runs", given: test({}), result: "passes" },
  {
    rule: live,
    when: "it is paused",
    given: test({ status: "paused" }),
    result: [/status: it is "paused".*set status: "live"/],
  },
  { rule: live, when: "it does not say", given: test({ status: null }), result: [/status: it is not set/] },
  { rule: live, when: "it is unknown", given: test({ status: UNKNOWN }), result: [/status: its value is not known/] },

  { rule: locations, when: "there are two", given: test({}), result: "passes" },
  {
    rule: locations,
    when: "there is one, twice",
    given: test({ locations: ["aws:us-east-1", "aws:us-east-1"] }),
    result: [/locations: it runs from 1 places.*name at least 2 locations/],
  },
  { rule: locations, when: "there is none", given: test({ locations: [] }), result: [/it runs from 0 places/] },
  {
    rule: locations,
    when: "one is enough for this organisation",
    given: test({ locations: ["aws:us-east-1"], optionsList: { tickEvery: 300 } }),
    config: { count: 1 },
    result: "passes",
  },
  {
    rule: locations,
    when: "the second is a private one that is not known yet",
    given: test({ locations: ["aws:us-east-1", UNKNOWN] }),
    result: "waits",
  },
  {
    rule: locations,
    when: "a third is not known yet",
    given: test({ locations: ["a", "b", UNKNOWN] }),
    result: "passes",
  },
  {
    rule: locations,
    when: "more places must fail than there are",
    given: options({ minLocationFailed: 3 }),
    result: [/optionsList\.minLocationFailed: it alerts once 3 places fail, and has 2/],
  },
  { rule: locations, when: "any place may fail", given: test({ optionsList: { tickEvery: 300 } }), result: "passes" },
  {
    rule: locations,
    when: "how many must fail is unknown",
    given: options({ minLocationFailed: UNKNOWN }),
    result: "waits",
  },

  { rule: asserts, when: "it asserts the status", given: test({}), result: "passes" },
  {
    rule: asserts,
    when: "it asserts the time alone",
    given: test({ assertions: [{ type: "responseTime", operator: "lessThan", target: "5000" }] }),
    result: [/assertions: an error page passes this test/],
  },
  {
    rule: asserts,
    when: "it asserts nothing",
    given: test({ assertions: null }),
    result: [/assertions: an error page/],
  },
  {
    rule: asserts,
    when: "its kind is the usual one",
    given: test({ subtype: null, assertions: [] }),
    result: [/an error page/],
  },
  { rule: asserts, when: "its assertions are unknown", given: test({ assertions: UNKNOWN }), result: "waits" },
  {
    rule: asserts,
    when: "one assertion is unknown",
    given: test({ assertions: [{ type: UNKNOWN }] }),
    result: "waits",
  },
  { rule: asserts, when: "it asserts the certificate", given: certificate([CERTIFICATE]), result: "passes" },
  {
    rule: asserts,
    when: "it warns a day before the certificate ends",
    given: certificate([{ ...CERTIFICATE, target: "1" }]),
    result: [/assertions: the end of the certificate comes without a warning in time/],
  },
  {
    rule: asserts,
    when: "a day before is enough",
    given: certificate([{ ...CERTIFICATE, target: "1" }]),
    config: { days: 1 },
    result: "passes",
  },
  {
    rule: asserts,
    when: "it asserts the certificate's issuer",
    given: certificate([{ type: "property", property: "issuer.O", operator: "is", target: "Amazon" }]),
    result: [/the end of the certificate/],
  },
  {
    rule: asserts,
    when: "another kind asserts something",
    given: test({ subtype: "dns", assertions: [{ type: "recordSome" }] }),
    result: "passes",
  },
  {
    rule: asserts,
    when: "another kind asserts nothing",
    given: test({ subtype: "tcp", assertions: [] }),
    result: [/asserts nothing/],
  },
  {
    rule: asserts,
    when: "each step asserts the status",
    given: steps({ assertions: [STATUS] }, { subtype: "wait", value: 5 }),
    result: "passes",
  },
  {
    rule: asserts,
    when: "the second step does not",
    given: steps({ assertions: [STATUS] }, { subtype: "http" }),
    result: [/apiSteps\[1\]\.assertions: an error page/],
  },
  {
    rule: asserts,
    when: "a browser looks at the page",
    given: browser("click", "assertElementPresent"),
    result: "passes",
  },
  {
    rule: asserts,
    when: "a browser only clicks",
    given: browser("click"),
    result: [/browserSteps: the test asserts nothing/],
  },
  { rule: asserts, when: "what a browser does is unknown", given: browser(UNKNOWN), result: "waits" },

  { rule: verifies, when: "it does by default", given: test({}), result: "passes" },
  {
    rule: verifies,
    when: "it takes any",
    given: options({ acceptSelfSigned: true, allowInsecure: true }),
    result: [/optionsList\.acceptSelfSigned: it is true/, /optionsList\.allowInsecure: it is true/],
  },
  {
    rule: verifies,
    when: "a browser takes any",
    given: options({ ignoreServerCertificateError: true }),
    result: [/optionsList\.ignoreServerCertificateError/],
  },
  {
    rule: verifies,
    when: "a step takes any",
    given: steps({ assertions: [STATUS], requestDefinition: { allowInsecure: true } }),
    result: [/apiSteps\[0\]\.requestDefinition\.allowInsecure/],
  },
  {
    rule: verifies,
    when: "a step does not",
    given: steps({ assertions: [STATUS], requestDefinition: { method: "GET" } }),
    result: "passes",
  },
  {
    rule: verifies,
    when: "it is unknown",
    given: options({ acceptSelfSigned: UNKNOWN }),
    result: [/its value is not known/],
  },

  { rule: retries, when: "it tries twice more", given: test({}), result: "passes" },
  {
    rule: retries,
    when: "it does not",
    given: options({ retry: { count: 0, interval: 300 } }),
    result: [/optionsList\.retry\.count: it is 0, and must be at least 1/],
  },
  {
    rule: retries,
    when: "nothing is said",
    given: test({ optionsList: { tickEvery: 300 } }),
    result: [/optionsList\.retry\.count: it is not set/],
  },
  {
    rule: retries,
    when: "it is unknown",
    given: options({ retry: { count: UNKNOWN } }),
    result: [/its value is not known/],
  },

  {
    rule: secret,
    when: "it asks for a host",
    given: test({ subtype: "ssl", requestDefinition: { host: "api.example.org", port: "443" } }),
    result: "passes",
  },
  { rule: secret, when: "it has none", given: test({ requestHeaders: { accept: "text/html" } }), result: "passes" },
  {
    rule: secret,
    when: "it is a variable",
    given: test({
      requestHeaders: { Authorization: "Bearer {{ API_TOKEN }}" },
      requestBasicauth: { type: "web", username: "probe", password: "{{ PASSWORD }}" },
    }),
    result: "passes",
  },
  {
    rule: secret,
    when: "it stands in a header",
    given: test({ requestHeaders: { "x-api-key": "abc-123", accept: "text/html" } }),
    result: [/requestHeaders\.x-api-key: everyone who sees the test can read this secret.*secure: true/],
  },
  {
    rule: secret,
    when: "it stands in the URL",
    given: test({ requestDefinition: { method: "GET", url: "https://probe:hunter22@api.example.org/" } }),
    result: [/requestDefinition\.url: everyone/],
  },
  {
    rule: secret,
    when: "it is a password",
    given: test({ requestBasicauth: { type: "web", username: "probe", password: "hunter22" } }),
    result: [/requestBasicauth\.password: everyone/],
  },
  {
    rule: secret,
    when: "it stands in a step's query",
    given: steps({ assertions: [STATUS], requestQuery: { token: "abc-123" } }),
    result: [/apiSteps\[0\]\.requestQuery\.token: everyone/],
  },
  {
    rule: secret,
    when: "a step's query says nothing secret",
    given: steps({ assertions: [STATUS], requestQuery: { page: "2" } }),
    result: "passes",
  },
  {
    rule: secret,
    when: "the header's value is unknown",
    given: test({ requestHeaders: { Authorization: UNKNOWN, accept: UNKNOWN } }),
    result: "waits",
  },
  { rule: secret, when: "the headers are unknown", given: test({ requestHeaders: UNKNOWN }), result: "waits" },
  {
    rule: secret,
    when: "a variable shows it",
    given: test({ configVariables: [variable({ pattern: "abc" })] }),
    result: [/configVariables\[0\]\.secure: everyone who sees the test can read "API_TOKEN"/],
  },
  {
    rule: secret,
    when: "a variable hides it",
    given: test({ configVariables: [variable({ pattern: "abc", secure: true })] }),
    result: "passes",
  },
  {
    rule: secret,
    when: "a browser's variable is global",
    given: test({ browserVariables: [variable({ type: "global", id: UNKNOWN })] }),
    result: "passes",
  },
  {
    rule: secret,
    when: "a browser's variable shows it",
    given: test({ browserVariables: [variable({ secure: false })] }),
    result: [/browserVariables\[0\]\.secure/],
  },
  {
    rule: secret,
    when: "it is unknown whether a variable hides it",
    given: test({ configVariables: [variable({ secure: UNKNOWN })] }),
    result: "waits",
  },

  ...[
    { operator: "isNot", target: "404" },
    { operator: "is", target: "503" },
    { operator: "lessThan", target: "600" },
    { operator: "matches", target: ".*" },
  ].map((assertion): Case => ({
    rule: asserts,
    when: `an outage passes: ${assertion.operator} ${assertion.target}`,
    given: test({ assertions: [{ ...STATUS, ...assertion }] }),
    result: [/assertions: an error page passes this test/],
  })),
  ...[
    { operator: "is", target: 302 },
    { operator: "is", target: "403" },
    { operator: "lessThan", target: "400" },
    { operator: "matches", target: "2\\d\\d" },
    { operator: "matches", target: "^(200|302)$" },
  ].map((assertion): Case => ({
    rule: asserts,
    when: `an outage fails: ${assertion.operator} ${String(assertion.target)}`,
    given: test({ assertions: [{ ...STATUS, ...assertion }] }),
    result: "passes",
  })),
];
