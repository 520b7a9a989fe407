import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

const fail = (property: string, code: string, message: string): CheckFailure => ({
  property,
  reason: `${code}: ${message}`,
});

/** Codes of countries that people write and ISO 3166 does not have. */
const NO_COUNTRIES = ["EN", "EU", "UK"];

function geoFailures(inputs: Properties): CheckFailure[] {
  const geo = mapAt(mapAt(inputs, "restrictions"), "geoRestriction");
  const type = textAt(geo, "restrictionType");
  const at = "restrictions.geoRestriction.locations";
  const wrong = textsAt(geo, "locations").find((code) => !/^[A-Z]{2}$/.test(code) || NO_COUNTRIES.includes(code));
  const invalid = (message: string): CheckFailure[] => [fail(at, "InvalidGeoRestrictionParameter", message)];
  if (wrong !== undefined) return invalid(`${wrong} is no country code of two letters (ISO 3166-1)`);
  const given = geo["locations"] !== undefined && !(Array.isArray(geo["locations"]) && geo["locations"].length === 0);
  if (type === "none" && given) return invalid("a restriction of type none has no locations");
  return type !== undefined && type !== "none" && !given ? invalid(`a ${type} needs locations`) : [];
}

/** What an error page can stand for. Source: CustomErrorResponse in CloudFront's API reference. */
const ERROR_CODES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

function errorFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "customErrorResponses").flatMap((response, index) => {
    const at = `customErrorResponses[${index}]`;
    const code = numberAt(response, "errorCode");
    if (code !== undefined && !ERROR_CODES.includes(code))
      return [fail(`${at}.errorCode`, "InvalidErrorCode", `${code} is none of ${ERROR_CODES.join(", ")}`)];
    return (response["responsePagePath"] === undefined) === (response["responseCode"] === undefined)
      ? []
      : [fail(at, "InvalidArgument", "responseCode and responsePagePath are given together, or not at all")];
  });
}

function pathFailures(inputs: Properties): CheckFailure[] {
  const patterns = mapsAt(inputs, "orderedCacheBehaviors").map((behaviour) => textAt(behaviour, "pathPattern"));
  const twice = patterns.findIndex((pattern, at) => pattern !== undefined && patterns.indexOf(pattern) !== at);
  return [
    ...(textAt(inputs, "defaultRootObject")?.startsWith("/") === true
      ? [fail("defaultRootObject", "InvalidDefaultRootObject", "must not begin with a slash")]
      : []),
    ...(twice === -1
      ? []
      : [
          fail(
            `orderedCacheBehaviors[${twice}].pathPattern`,
            "InvalidArgument",
            `The parameter PathPattern contains duplicates: ${patterns[twice] ?? ""}`,
          ),
        ]),
  ];
}

const isBucket = (domain: string): boolean => /\.s3[.-]/.test(domain) && !domain.includes("s3-website");

/** Without settings of its own an origin is taken for a bucket. */
function originKindFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "origins").flatMap((origin, index) => {
    const domain = textAt(origin, "domainName");
    const custom = ["customOriginConfig", "vpcOriginConfig"].some((property) => origin[property] !== undefined);
    // An access control has a kind of its own, which is looked at where it is known.
    return domain === undefined || custom || isBucket(domain) || origin["originAccessControlId"] !== undefined
      ? []
      : [
          fail(
            `origins[${index}].domainName`,
            "InvalidArgument",
            `The parameter Origin DomainName does not refer to a valid S3 bucket: ${domain} (other origins need customOriginConfig)`,
          ),
        ];
  });
}

/** What CloudFront refuses of a distribution by itself, beside its behaviours and certificate. */
export const distributionFailures = (inputs: Properties): CheckFailure[] => [
  ...geoFailures(inputs),
  ...errorFailures(inputs),
  ...pathFailures(inputs),
  ...originKindFailures(inputs),
];

/** Parts of a cache key: block, behaviour, and where the names stand. */
const KEY_PARTS = [
  { block: "cookiesConfig", behaviour: "cookieBehavior", names: "cookies" },
  { block: "headersConfig", behaviour: "headerBehavior", names: "headers" },
  { block: "queryStringsConfig", behaviour: "queryStringBehavior", names: "queryStrings" },
] as const;

/** What a cache policy cannot have together. */
export function cachePolicyFailures(inputs: Properties): CheckFailure[] {
  const at = "parametersInCacheKeyAndForwardedToOrigin";
  const key = mapAt(inputs, at);
  const off = numberAt(inputs, "maxTtl") === 0;
  const compressed = ["enableAcceptEncodingBrotli", "enableAcceptEncodingGzip"].find(
    (name) => flagAt(key, name) === true,
  );
  if (off && compressed !== undefined)
    return [
      fail(
        `${at}.${compressed}`,
        "InvalidArgument",
        "The parameter EnableAcceptEncoding is invalid for policy with caching disabled.",
      ),
    ];
  return KEY_PARTS.flatMap(({ block, behaviour, names }) => {
    const part = mapAt(key, block);
    const chosen = textAt(part, behaviour);
    if (chosen === undefined) return [];
    const path = `${at}.${block}.${names}`;
    if (off && chosen !== "none")
      return [
        fail(
          `${at}.${block}.${behaviour}`,
          "InvalidArgument",
          `${behaviour} is invalid for policy with caching disabled.`,
        ),
      ];
    const listed = part[names] !== undefined;
    const items = mapAt(part, names)["items"];
    const empty = !listed || (Array.isArray(items) && listAt(mapAt(part, names), "items").length === 0);
    const wantsNames = chosen === "whitelist" || chosen === "allExcept";
    if (wantsNames && empty)
      return [fail(path, "InvalidArgument", `must name at least one where ${behaviour} is ${chosen}`)];
    return !wantsNames && !empty
      ? [fail(path, "InvalidArgument", `must be left out where ${behaviour} is ${chosen}`)]
      : [];
  });
}

/** Headers that have a setting of their own. Source: "Understand response headers policies". */
const SECURITY_HEADERS = [
  "content-security-policy",
  "referrer-policy",
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "x-xss-protection",
];

export function customHeaderFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(mapAt(inputs, "customHeadersConfig"), "items").flatMap((item, index) => {
    const header = textAt(item, "header") ?? "";
    return SECURITY_HEADERS.includes(header.toLowerCase())
      ? [
          fail(
            `customHeadersConfig.items[${index}].header`,
            "InvalidArgument",
            `The parameter CustomHeaders contains ${header} that is a security header and cannot be set as custom header.`,
          ),
        ]
      : [];
  });
}
