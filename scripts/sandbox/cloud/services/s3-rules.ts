import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

const fail = (property: string, code: string, message: string): CheckFailure => ({
  property,
  reason: `${code}: ${message}`,
});

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** What S3 refuses of CORS rules; `at` is the list's property. */
export function corsFailures(inputs: Properties, at: string): CheckFailure[] {
  return mapsAt(inputs, at).flatMap((rule, index) => {
    const path = `${at}[${index}]`;
    return [
      ...textsAt(rule, "allowedMethods")
        .filter((method) => !METHODS.includes(method))
        .map((method) =>
          fail(
            `${path}.allowedMethods`,
            "InvalidRequest",
            `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
          ),
        ),
      ...textsAt(rule, "allowedOrigins")
        .filter((origin) => origin.split("*").length > 2)
        .map((origin) =>
          fail(
            `${path}.allowedOrigins`,
            "InvalidRequest",
            `AllowedOrigin "${origin}" can not have more than one wildcard.`,
          ),
        ),
      ...textsAt(rule, "allowedHeaders")
        .filter((header) => header.split("*").length > 2)
        .map((header) =>
          fail(
            `${path}.allowedHeaders`,
            "InvalidRequest",
            `AllowedHeader "${header}" can not have more than one wildcard.`,
          ),
        ),
      ...textsAt(rule, "exposeHeaders")
        .filter((header) => header.includes("*"))
        .map((header) =>
          fail(
            `${path}.exposeHeaders`,
            "InvalidRequest",
            `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
          ),
        ),
    ];
  });
}

const ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];

const FILTERS = ["prefix", "tag", "and", "objectSizeGreaterThan", "objectSizeLessThan"];

/** Least age in days before an object may move to a class. Source: the S3 user guide, lifecycle constraints. */
const LEAST_DAYS: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };

/** What S3 refuses of lifecycle rules. */
export function lifecycleFailures(inputs: Properties): CheckFailure[] {
  const rules = mapsAt(inputs, "rules");
  const ids = rules.map((rule) => textAt(rule, "id"));
  const twice = ids.find((id, index) => id !== undefined && ids.indexOf(id) !== index);
  return [
    ...(inputs["rules"] !== undefined &&
    Array.isArray(inputs["rules"]) &&
    rules.length === 0 &&
    listAt(inputs, "rules").length === 0
      ? [fail("rules", "MalformedXML", "A lifecycle configuration needs at least one rule.")]
      : []),
    ...(twice === undefined
      ? []
      : [fail("rules", "InvalidArgument", `Rule ID must be unique. Found same ID for more than one rule: ${twice}`)]),
    ...rules.flatMap((rule, index) => ruleFailures(rule, `rules[${index}]`)),
  ];
}

function ruleFailures(rule: Properties, at: string): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (!ACTIONS.some((action) => rule[action] !== undefined))
    failures.push(fail(at, "InvalidRequest", "At least one action needs to be specified in a rule."));
  const filter = mapAt(rule, "filter");
  if (FILTERS.filter((name) => filter[name] !== undefined).length > 1)
    failures.push(fail(`${at}.filter`, "MalformedXML", `one of ${FILTERS.join(", ")}, or several within "and"`));
  if (rule["filter"] !== undefined && textAt(rule, "prefix") !== undefined)
    failures.push(fail(`${at}.prefix`, "MalformedXML", "filter and prefix exclude each other"));

  const expiration = mapAt(rule, "expiration");
  const days = numberAt(expiration, "days");
  const kinds = [
    days !== undefined && days !== 0,
    textAt(expiration, "date") !== undefined,
    flagAt(expiration, "expiredObjectDeleteMarker") === true,
  ].filter(Boolean).length;
  if (kinds > 1)
    failures.push(fail(`${at}.expiration`, "MalformedXML", "one of date, days, expiredObjectDeleteMarker"));
  if (days !== undefined && (days < 0 || !Number.isInteger(days) || (days === 0 && kinds === 0)))
    failures.push(
      fail(`${at}.expiration.days`, "InvalidArgument", "'Days' for Expiration action must be a positive integer"),
    );
  return [...failures, ...transitionFailures(rule, at, days)];
}

function transitionFailures(rule: Properties, at: string, expires: number | undefined): CheckFailure[] {
  return mapsAt(rule, "transitions").flatMap((transition, index) => {
    const [storage, days] = [textAt(transition, "storageClass") ?? "", numberAt(transition, "days")];
    if (days === undefined) return [];
    const path = `${at}.transitions[${index}].days`;
    const least = LEAST_DAYS[storage] ?? 0;
    if (days < least)
      return [
        fail(
          path,
          "InvalidArgument",
          `'Days' in Transition action must be greater than or equal to ${least} for storageClass '${storage}'`,
        ),
      ];
    return expires !== undefined && expires > 0 && expires <= days
      ? [
          fail(
            path,
            "InvalidArgument",
            "'Days' in the Expiration action must be greater than 'Days' in the Transition action",
          ),
        ]
      : [];
  });
}
