import type { Properties } from "../../values/value.ts";
import { flagAt, numberAt, textAt } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

/** What a version belongs to: parameters of one family do not fit another. Source: ElastiCache's engine versions. */
const FAMILIES: readonly { readonly engine: string; readonly version: RegExp; readonly family: string }[] = [
  { engine: "valkey", version: /^9(\.|$)/, family: "valkey9" },
  { engine: "valkey", version: /^8(\.|$)/, family: "valkey8" },
  { engine: "valkey", version: /^7(\.|$)/, family: "valkey7" },
  { engine: "redis", version: /^7(\.|$)/, family: "redis7" },
  { engine: "redis", version: /^6(\.|$)/, family: "redis6.x" },
  { engine: "redis", version: /^5(\.|$)/, family: "redis5.0" },
  { engine: "redis", version: /^4(\.|$)/, family: "redis4.0" },
];

export const familyNames: readonly string[] = [...FAMILIES.map(({ family }) => family), "memcached1.6"];

const NEWEST: Readonly<Record<string, string>> = { redis: "7.1", valkey: "8.2" };

export const engineOf = (inputs: Properties): string => (textAt(inputs, "engine") ?? "redis").toLowerCase();

/** As given, or what the service takes where the program says nothing. */
export const versionOf = (inputs: Properties): string =>
  textAt(inputs, "engineVersion") ?? NEWEST[engineOf(inputs)] ?? "";

/** The family of a version; undefined where the engine has no such version. */
export const familyOf = (engine: string, version: string): string | undefined =>
  FAMILIES.find((one) => one.engine === engine && one.version.test(version))?.family;

/** `default.valkey8.cluster.on` is of family valkey8. */
export const familyOfDefault = (name: string): string | undefined => /^default\.(.+?)(\.cluster\.on)?$/.exec(name)?.[1];

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** In minutes from the start of the day or week. */
interface Span {
  readonly start: number;
  readonly minutes: number;
}

function spanOf(text: string, form: RegExp, cycle: number, minuteOf: (parts: string[]) => number): Span | undefined {
  const match = form.exec(text.toLowerCase());
  if (match === null) return undefined;
  const parts = match.slice(1);
  const half = parts.length / 2;
  const [start, end] = [minuteOf(parts.slice(0, half)), minuteOf(parts.slice(half))];
  return { start, minutes: (((end - start) % cycle) + cycle) % cycle };
}

const TIME = "([01]\\d|2[0-3]):([0-5]\\d)";
const ONE_DAY = new RegExp(`^${TIME}-${TIME}$`);
const IN_WEEK = new RegExp(`^(${DAYS.join("|")}):${TIME}-(${DAYS.join("|")}):${TIME}$`);

const dailySpan = (text: string): Span | undefined =>
  spanOf(text, ONE_DAY, DAY, ([hour, minute]) => Number(hour) * HOUR + Number(minute));

const weeklySpan = (text: string): Span | undefined =>
  spanOf(
    text,
    IN_WEEK,
    WEEK,
    ([day, hour, minute]) => DAYS.indexOf(day ?? "") * DAY + Number(hour) * HOUR + Number(minute),
  );

/** A daily window recurs in every day of a weekly one. */
function overlap(daily: Span, weekly: Span): boolean {
  for (let day = 0; day <= 7; day++) {
    const start = day * DAY + daily.start;
    const shifted = [start, start - WEEK, start + WEEK];
    if (shifted.some((at) => at < weekly.start + weekly.minutes && weekly.start < at + daily.minutes)) return true;
  }
  return false;
}

/** Why the windows are none that the service takes. */
export function windowProblem(inputs: Properties): string | undefined {
  const [snapshot, maintenance] = [textAt(inputs, "snapshotWindow"), textAt(inputs, "maintenanceWindow")];
  const [daily, weekly] = [
    snapshot === undefined ? undefined : dailySpan(snapshot),
    maintenance === undefined ? undefined : weeklySpan(maintenance),
  ];
  if (snapshot !== undefined && daily === undefined)
    return "Invalid backup window format. Should be specified as a range hh24:mi-hh24:mi (24H Clock UTC)";
  if (maintenance !== undefined && weekly === undefined)
    return "Invalid maintenance window format. Should be specified as a range ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC)";
  if (daily !== undefined && daily.minutes < HOUR) return "The snapshot window must be at least 60 minutes.";
  if (weekly !== undefined && weekly.minutes < HOUR) return "The maintenance window must be at least 60 minutes.";
  return daily !== undefined && weekly !== undefined && overlap(daily, weekly)
    ? "The snapshot window and maintenance window must not overlap."
    : undefined;
}

/** What the provider refuses while planning. */
export function planFailures(inputs: Properties): CheckFailure[] {
  const failover = flagAt(inputs, "automaticFailoverEnabled") === true;
  const nodes = numberAt(inputs, "numCacheClusters");
  const failures: CheckFailure[] = [];
  if (failover && nodes !== undefined && nodes < 2)
    failures.push({
      property: "numCacheClusters",
      reason: `must be at least 2 if automaticFailoverEnabled is true; is ${nodes}`,
    });
  // An unknown value is neither: only what is known to be off is refused.
  if (flagAt(inputs, "multiAzEnabled") === true && (inputs["automaticFailoverEnabled"] ?? false) === false)
    failures.push({
      property: "multiAzEnabled",
      reason: "automaticFailoverEnabled must be true if multiAzEnabled is true",
    });
  if (inputs["nodeType"] === undefined && inputs["globalReplicationGroupId"] === undefined)
    failures.push({ property: "nodeType", reason: "is required unless globalReplicationGroupId is set" });
  const strategy = textAt(inputs, "authTokenUpdateStrategy");
  const hasToken = inputs["authToken"] !== undefined || inputs["authTokenWo"] !== undefined;
  if (strategy !== undefined && hasToken === (strategy === "DELETE"))
    failures.push({
      property: "authTokenUpdateStrategy",
      reason: strategy === "DELETE" ? "DELETE needs authToken to be absent" : `${strategy} needs authToken`,
    });
  return failures;
}

const CATEGORIES: ReadonlySet<string> = new Set(
  "all admin bitmap blocking connection dangerous fast geo hash hyperloglog keyspace list pubsub read scripting set sortedset slow stream string transaction write".split(
    " ",
  ),
);
const KEYWORDS: ReadonlySet<string> = new Set(
  "on off allkeys allchannels allcommands nocommands sanitize-payload skip-sanitize-payload clearselectors".split(" "),
);
/** Rules of Redis's own ACLs that the service keeps to itself. */
const PASSWORD_RULES: ReadonlySet<string> = new Set(["nopass", "resetpass"]);
const RESET_RULES: ReadonlySet<string> = new Set(["reset", "resetkeys", "resetchannels"]);

/** Why the service takes no such access string. Source: ElastiCache's page on role-based access control. */
export function accessStringProblem(text: string): string | undefined {
  const tokens = text
    .toLowerCase()
    .split(" ")
    .filter((token) => token !== "");
  if (tokens.some((token) => PASSWORD_RULES.has(token) || /^[<>#!]/.test(token)))
    return "Password rules are not supported in Elasticache access string";
  const reset = tokens.find((token) => RESET_RULES.has(token));
  if (reset !== undefined) return `${reset} rule is not supported in Elasticache user api`;
  const category = tokens.find((token) => /^[+-]@/.test(token) && !CATEGORIES.has(token.slice(2)));
  if (category !== undefined) return `Access string contains invalid category(s): ${category}`;
  const unknown = tokens.find((token) => !KEYWORDS.has(token) && !/^([~&]|%[rw]{1,2}~|[+-][@a-z])./.test(token));
  return tokens.length === 0 || unknown !== undefined
    ? `The access-string is invalid${unknown === undefined ? "" : `: ${unknown}`}.`
    : undefined;
}
