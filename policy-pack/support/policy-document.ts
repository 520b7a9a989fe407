import { type Plain, type PlainMap, Unknown, isList, isMap } from "./unknown.ts";

/** A resource policy in IAM's language, in meaning: every spelling of a principal or a condition is one form. */
export interface Statement {
  readonly id: string;
  readonly allows: boolean;
  /** Principals by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); `*` alone is kind AWS. */
  readonly principals: readonly Principal[];
  /** Allow with NotPrincipal: everyone but those named. */
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

/**
 * Parses a policy given as JSON text or as an object. Undefined where it is not a policy at all (the provider refuses
 * that itself). A statement is `Unknown` where a part that decides is; its neighbours are still read.
 */
export function statementsOf(document: Plain): readonly (Statement | Unknown)[] | undefined {
  if (document instanceof Unknown) return [document];
  const parsed = typeof document === "string" ? parse(document) : document;
  if (!isMap(parsed)) return undefined;
  return listOf(parsed["Statement"]).map((source, index) => {
    if (source instanceof Unknown) return source;
    const statement = isMap(source) ? source : {};
    return firstUnknown(DECIDING.map((key) => statement[key])) ?? read(statement, index);
  });
}

const DECIDING = ["Effect", "Principal", "NotPrincipal", "Condition"];

function parse(text: string): Plain {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

function firstUnknown(value: Plain): Unknown | undefined {
  if (value instanceof Unknown) return value;
  const children = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  for (const child of children) {
    const unknown = firstUnknown(child);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function read(source: PlainMap, index: number): Statement {
  return {
    id: typeof source["Sid"] === "string" && source["Sid"] !== "" ? source["Sid"] : `statement ${String(index + 1)}`,
    allows: source["Effect"] === "Allow",
    principals: principals(source["Principal"]),
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
  const everyone = statement.everyoneBut || statement.principals.some(({ kind, value }) => isEveryone(kind, value));
  return everyone && !statement.conditions.some(pins);
}

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
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
]);

// Absent keys satisfy `...IfExists` and `ForAllValues:`, and negated operators pin nobody.
const PINNING_OPERATORS =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

function pins({ operator, key, values }: Condition): boolean {
  if (!PINNING_OPERATORS.test(operator) || !PINNING_KEYS.has(key) || values.length === 0) return false;
  return values.every((value) => (key === "aws:sourceip" ? !value.endsWith("/0") : isFixed(key, value)));
}

// An ARN may have wildcards in its resource part, as long as the account stands.
function isFixed(key: string, value: string): boolean {
  if (!/[*?]/.test(value)) return true;
  if (key === "aws:principalorgpaths") return /^o-[a-z0-9]+\//.test(value);
  return /^arn:[^:*?]+:[^:*?]+:[^:]*:\d{12}:/.test(value);
}
