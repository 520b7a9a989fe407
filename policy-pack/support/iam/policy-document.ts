import { isWorld } from "../network/ranges.ts";
import { escaped } from "../pattern.ts";
import { firstUnknown } from "../property.ts";
import { Unknown, isList, isMap, type Plain, type PlainMap } from "../unknown.ts";

/** A policy's statement in IAM's language, in meaning: every spelling of a principal or a condition is one form. */
export interface Statement {
  readonly id: string;
  readonly allows: boolean;
  /** In lower case, as actions are compared without case; may hold wildcards. */
  readonly actions: readonly string[];
  /** Allow with NotAction: everything but these. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** By kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); `*` alone is kind AWS. With NotPrincipal: the others. */
  readonly principals: readonly Principal[];
  /** With NotPrincipal: everyone but those named. */
  readonly everyoneBut: boolean;
  readonly conditions: readonly Condition[];
}

export interface Principal {
  readonly kind: string;
  readonly value: string;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A part of a statement. */
export type Part =
  "Effect" | "Principal" | "NotPrincipal" | "Action" | "NotAction" | "Resource" | "NotResource" | "Condition";

/** What decides who may use a policy. */
const WHO: readonly Part[] = ["Effect", "Principal", "NotPrincipal", "Condition"];

/** What decides which actions on which resources a policy allows. */
export const WHAT: readonly Part[] = [
  ...(["Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"] as const),
];

/**
 * Parses a policy given as JSON text or as an object. Undefined where it is not a policy at all (the provider refuses
 * that itself). A statement is `Unknown` where a part that decides is; its neighbours are still read. Parsed texts are
 * kept, since many rules ask about the same one.
 */
export function statementsOf(
  document: Plain,
  deciding: readonly Part[] = WHO,
): readonly (Statement | Unknown)[] | undefined {
  return sourcesOf(document)?.map((source, index) => {
    if (source instanceof Unknown) return source;
    return firstUnknown(deciding.map((key) => source[key])) ?? statementFrom(source, index);
  });
}

/** The statements of a policy as they are written; undefined where it is not a policy at all. */
export function sourcesOf(document: Plain): readonly (PlainMap | Unknown)[] | undefined {
  if (document instanceof Unknown) return [document];
  const policy = typeof document === "string" ? parse(document) : document;
  if (!isMap(policy)) return undefined;
  return listOf(policy["Statement"]).map((source) => (source instanceof Unknown || isMap(source) ? source : {}));
}

const MOST_KEPT = 2_000;
const parsed = new Map<string, Plain>();

/** JSON text as a value; undefined where it is not JSON. */
export function parse(text: string): Plain {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  const value = parseAnew(text);
  parsed.set(text, value);
  return value;
}

function parseAnew(text: string): Plain {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** One statement of a policy; an unknown value in it counts as absent. */
export function statementFrom(source: PlainMap, index: number): Statement {
  return {
    id: typeof source["Sid"] === "string" && source["Sid"] !== "" ? source["Sid"] : `statement ${String(index + 1)}`,
    allows: source["Effect"] === "Allow",
    actions: strings(source["Action"]).map((action) => action.toLowerCase()),
    notActions: strings(source["NotAction"]).map((action) => action.toLowerCase()),
    resources: strings(source["Resource"]),
    notResources: strings(source["NotResource"]),
    principals: principals(source["Principal"] ?? source["NotPrincipal"]),
    everyoneBut: source["NotPrincipal"] !== undefined,
    conditions: conditions(source["Condition"]),
  };
}

function principals(source: Plain): readonly Principal[] {
  if (!isMap(source)) return strings(source).map((value) => ({ kind: "AWS", value }));
  return Object.entries(source).flatMap(([kind, values]) => strings(values).map((value) => ({ kind, value })));
}

function conditions(source: Plain): readonly Condition[] {
  if (!isMap(source)) return [];
  return Object.entries(source).flatMap(([operator, keys]) =>
    isMap(keys)
      ? Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: strings(values) }))
      : [],
  );
}

const listOf = (value: Plain): readonly Plain[] => (isList(value) ? value : value === undefined ? [] : [value]);

const strings = (value: Plain): readonly string[] =>
  listOf(value).flatMap((item) =>
    typeof item === "string" ? [item] : typeof item === "number" || typeof item === "boolean" ? [String(item)] : [],
  );

/**
 * Whether anyone at all may use what the statement allows, by S3's own meaning of "public": a wildcard principal
 * that no condition pins to a fixed caller, network, or account.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function isPublic(statement: Statement): boolean {
  if (!statement.allows) return false;
  return (statement.everyoneBut || isForEveryone(statement)) && !statement.conditions.some(pins);
}

/** Whether a statement names everybody, in any spelling. */
export const isForEveryone = ({ everyoneBut, principals: named }: Statement): boolean =>
  !everyoneBut && named.some(({ kind, value }) => isEveryone(kind, value));

const isEveryone = (kind: string, value: string): boolean =>
  (kind === "AWS" || kind === "*") && (value === "*" || /^arn:[^:]*:[^:]*:[^:]*:\*:/.test(value));

const PINNING_KEYS: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
]);

// Absent keys satisfy `...IfExists` and `ForAllValues:`, and negated operators pin nobody.
const PINNING_OPERATORS =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

function pins({ operator, key, values }: Condition): boolean {
  if (!PINNING_OPERATORS.test(operator) || !PINNING_KEYS.has(key) || values.length === 0) return false;
  return values.every((value) => (key === "aws:sourceip" ? isWorld(value) === false : isFixed(key, value)));
}

// An ARN may have wildcards in its resource part, as long as the account stands.
function isFixed(key: string, value: string): boolean {
  if (!/[*?]/.test(value)) return true;
  if (key === "aws:principalorgpaths") return /^o-[a-z0-9]+\//.test(value);
  return /^arn:[^:*?]+:[^:*?]+:[^:]*:\d{12}:/.test(value);
}

/** Whether a pattern of IAM, with `*` and `?` anywhere, covers a text. Actions are given in lower case. */
export function covers(pattern: string, text: string): boolean {
  if (pattern === "*" || pattern === text) return true;
  return /[*?]/.test(pattern) && expressionOf(pattern).test(text);
}

const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const kept = expressions.get(pattern);
  if (kept !== undefined) return kept;
  if (expressions.size >= MOST_KEPT) expressions.clear();
  const source = escaped(pattern)
    .replaceAll(/(\\\*)+/g, ".*")
    .replaceAll("\\?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  expressions.set(pattern, expression);
  return expression;
}

/** Whether a statement is about an action such as `iam:PassRole`, by any wildcard, NotAction included. */
export function isAboutAction({ actions, notActions }: Statement, action: string): boolean {
  const asked = action.toLowerCase();
  if (actions.some((pattern) => covers(pattern, asked))) return true;
  return notActions.length > 0 && !notActions.some((pattern) => covers(pattern, asked));
}

/**
 * Whether a resource policy refuses every caller without TLS: a Deny for everyone of every action where
 * aws:SecureTransport is false. https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
 */
export function deniesPlainHttp(
  statements: readonly Statement[],
  isEveryAction: (action: string) => boolean = (action) => /^(\*|[a-z0-9-]+:\*)$/.test(action),
): boolean {
  return statements.some(
    ({ allows, everyoneBut, principals: named, actions, conditions: given }) =>
      !allows &&
      !everyoneBut &&
      named.some(({ kind, value }) => isEveryone(kind, value)) &&
      actions.some(isEveryAction) &&
      given.length === 1 &&
      given.every(
        ({ operator, key, values }) =>
          /^bool(ifexists)?$/i.test(operator) && key === "aws:securetransport" && values.join() === "false",
      ),
  );
}
