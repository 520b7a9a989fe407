import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules } from "../service.ts";
import { badRequest, isTag, LETTERS_AND_DIGITS, publicId } from "./datadog-answers.ts";
import { heldMonitor, messageProblem } from "./datadog-monitors.ts";

/** Datadog's own locations; a private one begins with `pl:`. */
const LOCATION =
  /^(aws:(af-south-1|ap-(east-1|northeast-[123]|south-1|southeast-[123])|ca-central-1|eu-(central-1|north-1|south-1|west-[123])|me-south-1|sa-east-1|us-(east-[12]|west-[12]))|azure:eastus|gcp:(asia-northeast1|europe-west3|us-east4|us-south1|us-west[12])|pl:[a-z0-9-]+)$/;

const TEXT = ["contains", "doesNotContain", "is", "isNot", "matches", "doesNotMatch"];
const NUMBER = ["lessThan", "lessThanOrEqual", "moreThan", "moreThanOrEqual", "is", "isNot"];

/** Which operators an assertion takes. Types that the table lacks take any. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  statusCode: [...TEXT, "lessThan", "moreThan"],
  responseTime: ["lessThan"],
  header: [...TEXT, "doesNotExist", "isUndefined"],
  body: [...TEXT, "validatesJSONPath", "validatesJSONSchema", "validatesXPath"],
  certificate: ["isInMoreThan", "isInLessThan"],
  tlsVersion: NUMBER,
  minTlsVersion: ["moreThan", "moreThanOrEqual"],
};

/** Which assertions a test of a subtype takes. Subtypes that the table lacks take any. */
const ASSERTIONS: Readonly<Record<string, readonly string[]>> = {
  http: ["statusCode", "responseTime", "header", "body", "bodyHash", "javascript"],
  ssl: ["certificate", "property", "responseTime", "tlsVersion", "minTlsVersion"],
};

/** What the request of a subtype must name. */
const REQUEST: Readonly<Record<string, readonly string[]>> = {
  http: ["method", "url"],
  ssl: ["host", "port"],
  tcp: ["host", "port"],
  dns: ["host"],
};

const isUrl = (text: string): boolean => /^(https?|wss?):\/\/[^\s/]+/.test(text) || text.startsWith("{{");

function checkAssertion(assertion: Properties, path: string, subtype: string): CheckFailure[] {
  const type = textAt(assertion, "type") ?? "";
  const operator = textAt(assertion, "operator");
  const allowed = ASSERTIONS[subtype];
  if (allowed !== undefined && type !== "" && !allowed.includes(type))
    return [{ property: `${path}.type`, reason: `a test of subtype ${subtype} asserts ${allowed.join(", ")}` }];
  const operators = OPERATORS[type];
  if (operators === undefined) return [];
  if (operator === undefined)
    return assertion["operator"] === undefined ? [{ property: `${path}.operator`, reason: "is required" }] : [];
  if (!operators.includes(operator))
    return [{ property: `${path}.operator`, reason: `with ${type} must be one of ${operators.join(", ")}` }];
  if (type === "header" && assertion["property"] === undefined)
    return [{ property: `${path}.property`, reason: "must name the header" }];
  const structured: Readonly<Record<string, string>> = {
    validatesJSONPath: "targetjsonpath",
    validatesJSONSchema: "targetjsonschema",
    validatesXPath: "targetxpath",
  };
  const target = structured[operator] ?? (/Exist|Undefined/.test(operator) ? undefined : "target");
  return target === undefined || assertion[target] !== undefined
    ? []
    : [{ property: `${path}.${target}`, reason: `is required with ${operator}` }];
}

function checkApi(inputs: Properties): CheckFailure[] {
  const subtype = textAt(inputs, "subtype") ?? "http";
  if (subtype === "multi") return [];
  const request = mapAt(inputs, "requestDefinition");
  const failures: CheckFailure[] = (REQUEST[subtype] ?? [])
    .filter((key) => request[key] === undefined)
    .map((key) => ({ property: `requestDefinition.${key}`, reason: `is required for subtype ${subtype}` }));
  const url = textAt(request, "url");
  if (url !== undefined && !isUrl(url))
    failures.push({ property: "requestDefinition.url", reason: `must be a URL with its scheme: ${url}` });
  if (
    inputs["assertions"] === undefined ||
    (Array.isArray(inputs["assertions"]) && listAt(inputs, "assertions").length === 0)
  )
    failures.push({ property: "assertions", reason: "a test asserts at least one thing" });
  const assertions = mapsAt(inputs, "assertions");
  return [...failures, ...assertions.flatMap((one, index) => checkAssertion(one, `assertions[${index}]`, subtype))];
}

function check(inputs: Properties): CheckFailure[] {
  const type = textAt(inputs, "type");
  const failures: CheckFailure[] = [];
  const locations = listAt(inputs, "locations");
  if ((type === "api" || type === "browser") && Array.isArray(inputs["locations"]) && locations.length === 0)
    failures.push({ property: "locations", reason: "`locations` must not be empty for api and browser tests" });
  for (const [index, location] of locations.entries())
    if (typeof location === "string" && !LOCATION.test(location))
      failures.push({
        property: `locations[${index}]`,
        reason: `${location} is no location, such as aws:eu-central-1`,
      });
  const options = mapAt(inputs, "optionsList");
  const failed = numberAt(options, "minLocationFailed");
  if (failed !== undefined && locations.length > 0 && failed > locations.length)
    failures.push({
      property: "optionsList.minLocationFailed",
      reason: `there are only ${locations.length} locations`,
    });
  const message = messageProblem(textAt(inputs, "message") ?? "");
  if (message !== undefined) failures.push({ property: "message", reason: message });
  for (const [index, tag] of textsAt(inputs, "tags").entries())
    if (!isTag(tag)) failures.push({ property: `tags[${index}]`, reason: `Invalid tag: ${tag}` });
  return type === "api" ? [...failures, ...checkApi(inputs)] : failures;
}

const monitorIdOf = (operation: Operation): number => parseInt(operation.hex("monitor", 7), 16);

export const syntheticsTest: ResourceRules = {
  check,
  refuseCreate: ({ inputs }): Refusal | undefined =>
    textAt(inputs, "type") === "api" && inputs["optionsList"] === undefined
      ? badRequest("'tick_every' is a required property")
      : undefined,
  refuseDelete(operation) {
    const { existing } = operation;
    if (existing === undefined || flagAt(existing.inputs, "forceDeleteDependencies") === true) return undefined;
    return heldMonitor(operation, String(numberAt(existing.outputs, "monitorId") ?? ""));
  },
  id: (operation) => publicId(operation.hex("public", 18), LETTERS_AND_DIGITS, 3, 3, 3),
  computed: (operation) => ({ monitorId: monitorIdOf(operation) }),
};
