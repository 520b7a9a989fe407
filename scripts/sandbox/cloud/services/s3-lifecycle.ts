import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

const fail = (property: string, code: string, message: string): CheckFailure => ({
  property,
  reason: `${code}: ${message}`,
});

const ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];

const FILTERS = ["prefix", "tag", "and", "objectSizeGreaterThan", "objectSizeLessThan"];

/** Coldness of the classes: objects move to colder ones alone. Source: the S3 user guide, lifecycle transitions. */
const COLDER = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

/** Days that an object stays in an infrequent-access class before the next. */
const LEAST_STAY = 30;

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
  return [
    ...failures,
    ...tagFailures(rule, at),
    ...dateFailures(rule, at),
    ...transitionFailures(rule, at, days),
    ...orderFailures(rule, at),
  ];
}

/** What looks at no object cannot look at its tags. */
function tagFailures(rule: Properties, at: string): CheckFailure[] {
  const filter = mapAt(rule, "filter");
  const tagged = filter["tag"] !== undefined || Object.keys(mapAt(mapAt(filter, "and"), "tags")).length > 0;
  if (!tagged) return [];
  const marker = flagAt(mapAt(rule, "expiration"), "expiredObjectDeleteMarker") === true;
  return [
    ...(rule["abortIncompleteMultipartUpload"] === undefined
      ? []
      : [fail(`${at}.filter`, "InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags.")]),
    ...(marker
      ? [fail(`${at}.filter`, "InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Tags.")]
      : []),
  ];
}

function dateFailures(rule: Properties, at: string): CheckFailure[] {
  return [
    { path: `${at}.expiration.date`, date: textAt(mapAt(rule, "expiration"), "date") },
    ...mapsAt(rule, "transitions").map((transition, index) => ({
      path: `${at}.transitions[${index}].date`,
      date: textAt(transition, "date"),
    })),
  ].flatMap(({ path, date }) =>
    date === undefined || /T00:00:00(\.0+)?(Z|\+00:00)$/.test(date)
      ? []
      : [fail(path, "InvalidArgument", "'Date' must be at midnight GMT")],
  );
}

/** Later transitions lead to colder classes, and an object stays its time in one of infrequent access. */
function orderFailures(rule: Properties, at: string): CheckFailure[] {
  const moves = mapsAt(rule, "transitions").flatMap((transition) => {
    const [to, days] = [textAt(transition, "storageClass"), numberAt(transition, "days")];
    return to === undefined || days === undefined ? [] : [{ to, days, rank: COLDER.indexOf(to) }];
  });
  const sorted = moves.toSorted((a, b) => a.rank - b.rank);
  for (const [index, move] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined) continue;
    if (before.to === move.to)
      return [
        fail(`${at}.transitions`, "InvalidRequest", `'StorageClass' must be different for each Transition: ${move.to}`),
      ];
    const stay = before.to in LEAST_DAYS ? LEAST_STAY : 1;
    if (move.days - before.days < stay)
      return [
        fail(
          `${at}.transitions`,
          "InvalidArgument",
          `'Days' in the Transition action for StorageClass '${move.to}' must be ${stay} days more than in the Transition action for StorageClass '${before.to}'`,
        ),
      ];
  }
  return [];
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
