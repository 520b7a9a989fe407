import { parseArn } from "./arn.ts";
import { parseCidr } from "./cidr.ts";

/**
 * Where a document is used, which decides what its statements must and must not have:
 * `identity` (role, user, group, managed policies), `trust` (a role's assume-role policy),
 * `resource` (bucket, key, secret, queue ...), `owner` (a resource policy that names no resource: ECR).
 */
export type PolicyKind = "identity" | "trust" | "resource" | "owner";

/** The first thing wrong with a document. `path` as in `Statement[0].Action`; "" is the whole document. */
export interface PolicyProblem {
  readonly path: string;
  readonly reason: string;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface JsonMap {
  [key: string]: Json;
}

/** One statement with every list spelled out. `principals` maps a kind (`AWS`, `Service`, ...) to its identifiers. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly notPrincipals: Readonly<Record<string, readonly string[]>>;
  /** Operator to condition key to values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Undefined where the document is one that AWS takes. Looks at form only, not at what exists. */
export function policyProblem(text: string, kind: PolicyKind): PolicyProblem | undefined {
  if (!/^[\t\n\r\u0020-\u00ff]*$/.test(text))
    return { path: "", reason: "The document has a character outside printable ASCII and Latin-1." };
  const document = parseJson(text);
  if (document === undefined) return { path: "", reason: "The document is not valid JSON." };
  if (!isMap(document)) return { path: "", reason: "The document must be a JSON object." };
  return (
    unknownField(document, DOCUMENT_FIELDS, "") ??
    versionProblem(document["Version"]) ??
    (document["Id"] !== undefined && typeof document["Id"] !== "string"
      ? { path: "Id", reason: "Id must be a string." }
      : undefined) ??
    statementsProblem(document["Statement"], kind)
  );
}

const DOCUMENT_FIELDS = ["Version", "Id", "Statement"];
const STATEMENT_FIELDS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function unknownField(map: JsonMap, known: readonly string[], path: string): PolicyProblem | undefined {
  const field = Object.keys(map).find((key) => !known.includes(key));
  if (field === undefined) return undefined;
  const right = known.find((name) => name.toLowerCase() === field.toLowerCase());
  const hint = right === undefined ? `known are ${known.join(", ")}` : `did you mean ${right}?`;
  return { path: join(path, field), reason: `Syntax errors in policy: unknown field ${field}; ${hint}.` };
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function versionProblem(version: Json | undefined): PolicyProblem | undefined {
  if (version === undefined || version === "2012-10-17" || version === "2008-10-17") return undefined;
  return { path: "Version", reason: 'Version must be "2012-10-17" (or the older "2008-10-17").' };
}

function statementsProblem(statement: Json | undefined, kind: PolicyKind): PolicyProblem | undefined {
  if (statement === undefined) return { path: "Statement", reason: "Missing required field Statement." };
  const many = Array.isArray(statement);
  const statements = many ? statement : [statement];
  if (statements.length === 0) return { path: "Statement", reason: "Syntax errors in policy: no statement." };
  const sids = new Set<string>();
  for (const [index, item] of statements.entries()) {
    const path = many ? `Statement[${index}]` : "Statement";
    if (!isMap(item)) return { path, reason: "Syntax errors in policy: a statement must be an object." };
    const problem = statementProblem(item, kind, path);
    if (problem !== undefined) return problem;
    const sid = item["Sid"];
    if (typeof sid !== "string" || sid === "") continue;
    if (sids.has(sid))
      return { path: `${path}.Sid`, reason: `Statement IDs (SID) in a single policy must be unique: "${sid}" is not.` };
    sids.add(sid);
  }
  return undefined;
}

/** Per kind: which of Principal and Resource a statement must have, and what AWS says where it must not. */
const SHAPE: Readonly<
  Record<PolicyKind, { principal: string | undefined; resource: string | undefined; strictSid: boolean }>
> = {
  identity: { principal: "Policy document should not specify a principal.", resource: undefined, strictSid: true },
  trust: { principal: undefined, resource: "Has prohibited field Resource.", strictSid: true },
  resource: { principal: undefined, resource: undefined, strictSid: false },
  owner: { principal: undefined, resource: "Has prohibited field Resource.", strictSid: false },
};

function statementProblem(statement: JsonMap, kind: PolicyKind, path: string): PolicyProblem | undefined {
  const shape = SHAPE[kind];
  return (
    unknownField(statement, STATEMENT_FIELDS, path) ??
    sidProblem(statement["Sid"], shape.strictSid, path) ??
    (statement["Effect"] === "Allow" || statement["Effect"] === "Deny"
      ? undefined
      : { path: `${path}.Effect`, reason: "Effect must be Allow or Deny." }) ??
    pairProblem(statement, "Action", path, "Policy statement must contain actions.") ??
    listsProblem(statement, ["Action", "NotAction"], path, (text) => actionProblem(text, kind)) ??
    (shape.principal === undefined
      ? (pairProblem(statement, "Principal", path, "Missing required field Principal.") ??
        principalProblem(statement["Principal"], kind, `${path}.Principal`) ??
        principalProblem(statement["NotPrincipal"], kind, `${path}.NotPrincipal`))
      : prohibited(statement, ["Principal", "NotPrincipal"], path, shape.principal)) ??
    (shape.resource === undefined
      ? (pairProblem(statement, "Resource", path, "Policy statement must contain resources.") ??
        listsProblem(statement, ["Resource", "NotResource"], path, resourceProblem))
      : prohibited(statement, ["Resource", "NotResource"], path, shape.resource)) ??
    conditionProblem(statement["Condition"], `${path}.Condition`)
  );
}

function sidProblem(sid: Json | undefined, strict: boolean, path: string): PolicyProblem | undefined {
  if (sid === undefined) return undefined;
  if (typeof sid !== "string") return { path: `${path}.Sid`, reason: "Sid must be a string." };
  return strict && !/^[A-Za-z0-9]*$/.test(sid)
    ? { path: `${path}.Sid`, reason: `Statement IDs (SID) must be alpha-numeric: "${sid}" is not.` }
    : undefined;
}

function pairProblem(statement: JsonMap, field: string, path: string, missing: string): PolicyProblem | undefined {
  const [plain, negated] = [statement[field], statement[`Not${field}`]];
  if (plain !== undefined && negated !== undefined)
    return { path, reason: `Syntax errors in policy: ${field} and Not${field} exclude each other.` };
  return plain === undefined && negated === undefined ? { path: `${path}.${field}`, reason: missing } : undefined;
}

function prohibited(statement: JsonMap, fields: string[], path: string, reason: string): PolicyProblem | undefined {
  const field = fields.find((name) => statement[name] !== undefined);
  return field === undefined ? undefined : { path: `${path}.${field}`, reason };
}

function listsProblem(
  statement: JsonMap,
  fields: readonly string[],
  path: string,
  test: (text: string) => string | undefined,
): PolicyProblem | undefined {
  for (const field of fields) {
    const value = statement[field];
    if (value === undefined) continue;
    const problem = textsProblem(value, `${path}.${field}`, test);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A text, or a list of at least one text, each of which passes the test. */
function textsProblem(
  value: Json,
  path: string,
  test: (text: string) => string | undefined,
): PolicyProblem | undefined {
  const many = Array.isArray(value);
  const items = many ? value : [value];
  if (items.length === 0) return { path, reason: "Syntax errors in policy: the list is empty." };
  for (const [index, item] of items.entries()) {
    const at = many ? `${path}[${index}]` : path;
    if (typeof item !== "string") return { path: at, reason: "Syntax errors in policy: must be a string." };
    const reason = test(item);
    if (reason !== undefined) return { path: at, reason };
  }
  return undefined;
}

function actionProblem(action: string, kind: PolicyKind): string | undefined {
  if (kind === "trust") {
    return /^sts:(AssumeRole(With(SAML|WebIdentity))?|AssumeRoot|TagSession|SetSourceIdentity|SetContext|[A-Za-z]*[*?][A-Za-z*?]*)$/i.test(
      action,
    )
      ? undefined
      : `AssumeRole policy may only specify STS AssumeRole actions: "${action}" is not one.`;
  }
  if (action === "*") return undefined;
  return /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)
    ? undefined
    : `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: "${action}" is not service:action.`;
}

const PARTITION = /^(aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-eusc|\*)$/;

function resourceProblem(resource: string): string | undefined {
  if (resource === "*") return undefined;
  const match = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(resource);
  if (match === null) return `Resource ${resource} must be in ARN format or "*".`;
  const [, partition = "", service = "", region = "", account = "", rest = ""] = match;
  if (!PARTITION.test(partition)) return `Partition "${partition}" is not valid for resource "${resource}".`;
  if (!/^[a-z0-9-]+$/i.test(service) && service !== "*")
    return `Resource vendor must be fully qualified and cannot contain regexes: "${resource}".`;
  if (service === "iam" && region !== "") return `IAM resource ${resource} cannot contain region information.`;
  if (
    service === "s3" &&
    !/^(accesspoint|job|storage-lens|async-request)/.test(rest) &&
    (region !== "" || account !== "") &&
    region !== "*" &&
    account !== "*"
  )
    return `Resource ${resource} can not contain region information or an account id.`;
  return rest === "" ? `Resource ${resource} must be in ARN format or "*".` : undefined;
}

const PRINCIPAL_KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];

const WEB_IDENTITIES = [
  "cognito-identity.amazonaws.com",
  "accounts.google.com",
  "graph.facebook.com",
  "www.amazon.com",
];

function principalProblem(principal: Json | undefined, kind: PolicyKind, path: string): PolicyProblem | undefined {
  if (principal === undefined) return undefined;
  if (typeof principal === "string") {
    // IAM takes {"AWS": "*"} in a trust policy, not the bare star.
    const right = principal === "*" && kind !== "trust";
    return right ? undefined : { path, reason: `Invalid principal in policy: "${principal}".` };
  }
  if (!isMap(principal) || Object.keys(principal).length === 0)
    return { path, reason: "Syntax errors in policy: Principal must name who is meant." };
  for (const [type, value] of Object.entries(principal)) {
    if (!PRINCIPAL_KINDS.includes(type))
      return { path: `${path}.${type}`, reason: `Invalid principal in policy: unknown kind "${type}".` };
    const problem = textsProblem(value, `${path}.${type}`, (text) =>
      validPrincipal(type, text) ? undefined : `Invalid principal in policy: "${type.toUpperCase()}":"${text}".`,
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function validPrincipal(type: string, text: string): boolean {
  switch (type) {
    case "AWS": {
      // An AROA.../AIDA... id stands for a principal that has been deleted since.
      if (text === "*" || /^\d{12}$/.test(text) || /^A[A-Z]{3}[A-Z0-9]{12,124}$/.test(text)) return true;
      const arn = parseArn(text);
      if (arn === undefined || !PARTITION.test(arn.partition) || arn.partition === "*" || arn.region !== "")
        return false;
      if (text.includes("*") || text.includes("?")) return false;
      if (arn.service === "iam" && arn.account === "cloudfront")
        return /^user\/CloudFront Origin Access Identity [A-Z0-9]+$/.test(arn.resource);
      if (!/^\d{12}$/.test(arn.account)) return false;
      if (arn.service === "iam") return /^(root|(user|role)\/.+)$/.test(arn.resource);
      return arn.service === "sts" && /^(assumed-role|federated-user)\/.+$/.test(arn.resource);
    }
    case "Service":
      return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(text);
    case "Federated": {
      if (WEB_IDENTITIES.includes(text)) return true;
      const arn = parseArn(text);
      return (
        arn?.service === "iam" && /^\d{12}$/.test(arn.account) && /^(oidc|saml)-provider\/[^*?]+$/.test(arn.resource)
      );
    }
    default:
      return /^[0-9a-f]{64}$/.test(text);
  }
}

const anyValue = (): boolean => true;
const isVariable = (text: string): boolean => text.includes("${");

/** Condition operators, without the `ForAnyValue:` prefix and the `IfExists` suffix, and what values each takes. */
const OPERATORS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map(
    (name) => [`String${name}`, anyValue] as const,
  ),
  ...["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].flatMap(
    (name) =>
      [
        [`Numeric${name}`, (value: string) => /^-?\d+(\.\d+)?$/.test(value)],
        [`Date${name}`, (value: string) => /^\d+$/.test(value) || !Number.isNaN(Date.parse(value))],
      ] as const,
  ),
  ["Bool", (value) => /^(true|false)$/i.test(value)],
  ["BinaryEquals", (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value)],
  ["IpAddress", isAddress],
  ["NotIpAddress", isAddress],
  ...["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"].map((name) => [name, anyValue] as const),
  ["Null", (value) => /^(true|false)$/i.test(value)],
]);

function isAddress(value: string): boolean {
  const bits = value.includes(":") ? 128 : 32;
  return parseCidr(value.includes("/") ? value : `${value}/${bits}`) !== undefined;
}

function conditionProblem(condition: Json | undefined, path: string): PolicyProblem | undefined {
  if (condition === undefined) return undefined;
  if (!isMap(condition)) return { path, reason: "Syntax errors in policy: Condition must be an object." };
  for (const [operator, block] of Object.entries(condition)) {
    const at = `${path}.${operator}`;
    const name = operator.replace(/^(ForAllValues|ForAnyValue):/, "").replace(/IfExists$/, "");
    const test = OPERATORS.get(name);
    if (test === undefined || operator.endsWith("NullIfExists"))
      return { path: at, reason: `Invalid Condition type : ${operator}.` };
    if (!isMap(block)) return { path: at, reason: "Syntax errors in policy: must map condition keys to values." };
    for (const [key, value] of Object.entries(block)) {
      const keyPath = `${at}.${key}`;
      if (!/^[A-Za-z0-9_./-]+:.+$/.test(key))
        return { path: keyPath, reason: `Conditions must be prefaced by a vendor: "${key}" is not.` };
      const values = Array.isArray(value) ? value : [value];
      if (values.length === 0) return { path: keyPath, reason: "Syntax errors in policy: the list is empty." };
      for (const item of values) {
        if (typeof item === "object") return { path: keyPath, reason: "Syntax errors in policy: must be a string." };
        const text = String(item);
        if (!isVariable(text) && !test(text))
          return { path: keyPath, reason: `"${text}" is not a value that ${operator} can compare.` };
      }
    }
  }
  return undefined;
}

/** How IAM counts a document against its quotas: without white space. */
export const policySize = (text: string): number => text.replace(/\s/g, "").length;

/** The statements of a well-formed document; of any other, none. */
export function policyStatements(text: string): PolicyStatement[] {
  const document = parseJson(text);
  if (!isMap(document)) return [];
  const statement = document["Statement"];
  const items = Array.isArray(statement) ? statement : [statement];
  return items
    .filter((item) => isMap(item))
    .map((item) => ({
      sid: typeof item["Sid"] === "string" ? item["Sid"] : "",
      effect: typeof item["Effect"] === "string" ? item["Effect"] : "",
      actions: texts(item["Action"]),
      notActions: texts(item["NotAction"]),
      resources: texts(item["Resource"]),
      notResources: texts(item["NotResource"]),
      principals: principals(item["Principal"]),
      notPrincipals: principals(item["NotPrincipal"]),
      conditions: Object.fromEntries(
        Object.entries(isMap(item["Condition"]) ? item["Condition"] : {}).map(([operator, block]) => [
          operator,
          Object.fromEntries(Object.entries(isMap(block) ? block : {}).map(([key, value]) => [key, texts(value)])),
        ]),
      ),
    }));
}

const texts = (value: Json | undefined): string[] =>
  value === undefined
    ? []
    : (Array.isArray(value) ? value : [value]).map((item) => (typeof item === "string" ? item : JSON.stringify(item)));

function principals(value: Json | undefined): Record<string, string[]> {
  // The bare star and {"AWS": "*"} mean the same wherever both are allowed.
  if (typeof value === "string") return { AWS: [value] };
  if (!isMap(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([type, names]) => [type, texts(names)]));
}

/** Whether two documents mean the same: order, a list of one, and spellings of an account do not matter. */
export function samePolicy(a: string, b: string): boolean {
  if (a === b) return true;
  const [first, second] = [canonical(a), canonical(b)];
  return first !== undefined && first === second;
}

function canonical(text: string): string | undefined {
  const document = parseJson(text);
  if (!isMap(document)) return undefined;
  const statements = policyStatements(text)
    .map((statement) => JSON.stringify(ordered(statement)))
    .sort();
  return JSON.stringify([document["Version"] ?? "2008-10-17", document["Id"] ?? "", statements]);
}

function ordered(statement: PolicyStatement): unknown {
  const sortedMap = <T>(map: Readonly<Record<string, T>>, change: (value: T) => unknown): unknown =>
    Object.keys(map)
      .sort()
      .map((key) => [key, change(map[key] as T)]);
  const set = (items: readonly string[]): string[] => [...new Set(items)].sort();
  const names = (items: readonly string[]): string[] =>
    set(items.map((item) => /^arn:[^:]+:iam::(\d{12}):root$/.exec(item)?.[1] ?? item));
  return [
    statement.sid,
    statement.effect,
    set(statement.actions),
    set(statement.notActions),
    set(statement.resources),
    set(statement.notResources),
    sortedMap(statement.principals, names),
    sortedMap(statement.notPrincipals, names),
    sortedMap(statement.conditions, (block) => sortedMap(block, set)),
  ];
}

/** Whether an Allow statement lets the service principal do the action. Conditions are taken as met. */
export function allowsService(text: string, services: readonly string[], action: string): boolean {
  return policyStatements(text).some(
    ({ effect, principals: who, actions }) =>
      effect === "Allow" &&
      ((who["AWS"] ?? []).includes("*") || (who["Service"] ?? []).some((name) => services.includes(name))) &&
      actions.some((pattern) => matches(pattern, action)),
  );
}

/** IAM's wildcards: `*` any run of characters, `?` one. Actions do not differ by case. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(text);
}

/** Condition keys whose presence with a fixed value makes a statement non-public for S3's public access block. */
const LIMITING_KEYS = new Set(
  [
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceOwner",
    "aws:SourceAccount",
    "aws:SourceIp",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:userid",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
  ].map((key) => key.toLowerCase()),
);

/** The first statement that S3 counts as public: allowed to everyone, with no condition that limits to fixed callers. */
export function publicStatement(text: string): PolicyStatement | undefined {
  return policyStatements(text).find(({ effect, principals: who, notPrincipals, conditions }) => {
    if (effect !== "Allow") return false;
    if (!(who["AWS"] ?? []).includes("*") && Object.keys(notPrincipals).length === 0) return false;
    return !Object.entries(conditions).some(
      ([operator, block]) =>
        !/Not|Null|IfExists/.test(operator) &&
        Object.entries(block).some(
          ([key, values]) =>
            LIMITING_KEYS.has(key.toLowerCase()) && values.every((value) => value !== "*" && !/\/[0-7]$/.test(value)),
        ),
    );
  });
}
