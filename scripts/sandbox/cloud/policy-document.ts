import { crc32 } from "node:zlib";
import { isProperties, type Properties, type Value } from "../values/value.ts";
import { listAt, mapsAt, textAt, textsAt } from "./fields.ts";
import { Refusal, type Invoke } from "./service.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A statement in the order in which the provider prints its fields. */
interface Statement {
  Sid?: string;
  Effect?: string;
  Action?: Json;
  NotAction?: Json;
  Resource?: Json;
  NotResource?: Json;
  Principal?: Json;
  NotPrincipal?: Json;
  Condition?: Json;
}

interface Document {
  version: string;
  id: string;
  statements: Statement[];
}

const refusal = (reason: string): Refusal =>
  new Refusal("InvalidPolicyDocument", `writing IAM Policy Document: ${reason}`);

/**
 * `aws:iam/getPolicyDocument`, printed as the provider prints it: two spaces, lists of one as a scalar,
 * lists of actions, resources, and principals in descending order, condition values in the order given.
 */
export const getPolicyDocument: Invoke = (args) => {
  const merged: Document = { version: "", id: "", statements: [] };
  mergeSources(merged, textsAt(args, "sourcePolicyDocuments"));
  merge(merged, ownDocument(args));
  for (const [index, text] of textsAt(args, "overridePolicyDocuments").entries())
    merge(merged, parseDocument(text, `merging override document ${index}`));

  const printed: { [key: string]: Json } = {};
  if (merged.version !== "") printed["Version"] = merged.version;
  if (merged.id !== "") printed["Id"] = merged.id;
  if (merged.statements.length > 0) printed["Statement"] = merged.statements.map(inFieldOrder);
  const json = goJson(printed, 2);
  return {
    ...args,
    version: textAt(args, "version") ?? "2012-10-17",
    ...(args["statements"] === undefined
      ? {}
      : { statements: mapsAt(args, "statements").map((statement) => ({ effect: "Allow", ...statement })) }),
    id: String(crc32(json)),
    json,
    minifiedJson: goJson(printed, 0),
  };
};

function mergeSources(merged: Document, sources: readonly string[]): void {
  const sids = new Set<string>();
  for (const [index, text] of sources.entries()) {
    const place = `merging source document ${index}`;
    const source = parseDocument(text, place);
    for (const [position, { Sid: sid }] of source.statements.entries()) {
      if (sid === undefined || sid === "") continue;
      if (sids.has(sid))
        throw refusal(
          `${place}: duplicate Sid (${sid}) in source_policy_documents (statement ${position}). Remove the Sid or ensure Sids are unique.`,
        );
      sids.add(sid);
    }
    merge(merged, source);
  }
}

/** The later document's id and newer version win; its statements replace those of the same Sid in place. */
function merge(into: Document, from: Document): void {
  if (from.id !== "") into.id = from.id;
  if (from.version > into.version) into.version = from.version;
  for (const statement of from.statements) {
    const at =
      statement.Sid === undefined || statement.Sid === ""
        ? -1
        : into.statements.findIndex(({ Sid: sid }) => sid === statement.Sid);
    if (at === -1) into.statements.push(statement);
    else into.statements[at] = statement;
  }
}

function ownDocument(args: Properties): Document {
  const version = textAt(args, "version") ?? "2012-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    throw refusal(`expected version to be one of ["2008-10-17" "2012-10-17"], got ${version}`);
  const sids = new Set<string>();
  const statements = mapsAt(args, "statements").map((statement, index): Statement => {
    const sid = textAt(statement, "sid") ?? "";
    if (!/^[a-zA-Z0-9]*$/.test(sid))
      throw refusal(`invalid value for statements[${index}].sid (must only include alphanumeric characters): ${sid}`);
    if (sid !== "" && sids.has(sid))
      throw refusal(`duplicate Sid (${sid}). Remove the Sid or ensure the Sid is unique.`);
    sids.add(sid);
    const effect = textAt(statement, "effect") ?? "Allow";
    if (effect !== "Allow" && effect !== "Deny")
      throw refusal(`expected statements[${index}].effect to be one of ["Allow" "Deny"], got ${effect}`);
    return {
      Sid: sid,
      Effect: effect,
      ...field("Action", setOf(textsAt(statement, "actions"))),
      ...field("NotAction", setOf(textsAt(statement, "notActions"))),
      ...field("Resource", setOf(textsAt(statement, "resources"), version)),
      ...field("NotResource", setOf(textsAt(statement, "notResources"), version)),
      ...field("Principal", principalMap(mapsAt(statement, "principals"), version)),
      ...field("NotPrincipal", principalMap(mapsAt(statement, "notPrincipals"), version)),
      ...field("Condition", conditionMap(mapsAt(statement, "conditions"), version)),
    };
  });
  return { version, id: textAt(args, "policyId") ?? "", statements };
}

const field = (name: string, value: Json | undefined): { [key: string]: Json } =>
  value === undefined ? {} : { [name]: value };

const descending = (items: readonly string[]): string[] => [...new Set(items)].sort().reverse();
const scalarIfOne = (items: string[]): Json => {
  const [first, ...rest] = items;
  return first !== undefined && rest.length === 0 ? first : items;
};

/** Undefined for an empty set. With a version, `&{` is written `${`. Sorted before that, as the provider does. */
function setOf(items: readonly string[], version?: string): Json | undefined {
  if (items.length === 0) return undefined;
  const sorted = descending(items);
  return scalarIfOne(version === undefined ? sorted : sorted.map((item) => withVariables(item, version)));
}

function withVariables(text: string, version: string): string {
  if (version === "2008-10-17" && text.includes("&{"))
    throw refusal(`found &{ sequence in (${text}), which is not supported in document version 2008-10-17`);
  return text.replaceAll("&{", "${");
}

function principalMap(list: readonly Properties[], version: string): Json | undefined {
  if (list.length === 0) return undefined;
  const map = new Map<string, string[]>();
  const alone = new Set<string>();
  for (const principal of list) {
    const type = textAt(principal, "type") ?? "";
    const names = descending(textsAt(principal, "identifiers").map((name) => withVariables(name, version)));
    if (!map.has(type) && names.length === 1) alone.add(type);
    else alone.delete(type);
    map.set(type, [...(map.get(type) ?? []), ...names]);
  }
  return printedPrincipals(map, alone);
}

/** `alone`: kinds whose single name is printed as a text. Only {"*": "*"} becomes the bare star. */
function printedPrincipals(map: ReadonlyMap<string, readonly string[]>, alone: ReadonlySet<string>): Json {
  const star = map.get("*");
  if (map.size === 1 && star?.length === 1 && star[0] === "*") return "*";
  return Object.fromEntries(
    [...map.keys()].sort().map((type) => {
      const names = [...(map.get(type) ?? [])];
      return [type, alone.has(type) ? scalarIfOne(names) : names];
    }),
  );
}

function conditionMap(list: readonly Properties[], version: string): Json | undefined {
  if (list.length === 0) return undefined;
  return printedConditions(
    list.map((condition) => ({
      test: textAt(condition, "test") ?? "",
      variable: textAt(condition, "variable") ?? "",
      values: textsAt(condition, "values").map((value) => withVariables(value, version)),
    })),
  );
}

function printedConditions(list: readonly { test: string; variable: string; values: string[] }[]): Json {
  const tests = new Map<string, Map<string, string[]>>();
  for (const { test, variable, values } of list) {
    const block = tests.get(test) ?? new Map<string, string[]>();
    block.set(variable, [...(block.get(variable) ?? []), ...values]);
    tests.set(test, block);
  }
  return Object.fromEntries(
    [...tests.keys()].sort().map((test) => {
      const block = tests.get(test) ?? new Map<string, string[]>();
      return [
        test,
        Object.fromEntries([...block.keys()].sort().map((key) => [key, scalarIfOne(block.get(key) ?? [])])),
      ];
    }),
  );
}

/** A source or override document. The provider reads Statement as a list only. */
function parseDocument(text: string, place: string): Document {
  let parsed: Value;
  try {
    parsed = JSON.parse(text) as Value;
  } catch {
    throw refusal(`${place}: the document is not valid JSON`);
  }
  if (!isProperties(parsed)) throw refusal(`${place}: the document is not a JSON object`);
  const statement = parsed["Statement"];
  if (statement !== undefined && statement !== null && !Array.isArray(statement))
    throw refusal(`${place}: Statement must be a list of statements`);
  return {
    version: textAt(parsed, "Version") ?? "",
    id: textAt(parsed, "Id") ?? "",
    statements: listAt(parsed, "Statement").map((item, index) => {
      if (!isProperties(item)) throw refusal(`${place}: statement ${index} is not an object`);
      return parsedStatement(item, `${place}: statement ${index}`);
    }),
  };
}

function parsedStatement(statement: Properties, place: string): Statement {
  const asIs = (name: string): { [key: string]: Json } => field(name, plain(statement[name]));
  return {
    Sid: textAt(statement, "Sid") ?? "",
    Effect: textAt(statement, "Effect") ?? "",
    ...asIs("Action"),
    ...asIs("NotAction"),
    ...asIs("Resource"),
    ...asIs("NotResource"),
    ...field("Principal", parsedPrincipals(statement["Principal"], place)),
    ...field("NotPrincipal", parsedPrincipals(statement["NotPrincipal"], place)),
    ...field("Condition", parsedConditions(statement["Condition"], place)),
  };
}

const plain = (value: Value | undefined): Json | undefined =>
  value === undefined || value === null ? undefined : (JSON.parse(JSON.stringify(value)) as Json);

function parsedPrincipals(value: Value | undefined, place: string): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return "*";
  if (!isProperties(value)) throw refusal(`${place}: Principal is neither a text nor an object`);
  const map = new Map<string, string[]>();
  const alone = new Set<string>();
  for (const [type, names] of Object.entries(value)) {
    if (typeof names === "string") {
      map.set(type, [names]);
      alone.add(type);
    } else if (Array.isArray(names) && names.every((name) => typeof name === "string")) {
      map.set(type, [...names].sort().reverse());
    } else throw refusal(`${place}: Principal.${type} is neither a text nor a list of texts`);
  }
  return map.size === 0 ? undefined : printedPrincipals(map, alone);
}

function parsedConditions(value: Value | undefined, place: string): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isProperties(value)) throw refusal(`${place}: Condition is not an object`);
  const list = Object.entries(value).flatMap(([test, block]) => {
    if (!isProperties(block)) throw refusal(`${place}: Condition.${test} is not an object`);
    return Object.entries(block).map(([variable, values]) => ({
      test,
      variable,
      values: (Array.isArray(values) ? values : [values]).map((item) =>
        typeof item === "string" ? item : JSON.stringify(item),
      ),
    }));
  });
  return list.length === 0 ? undefined : printedConditions(list);
}

const FIELD_ORDER = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
] as const;

/** Empty texts are left out. */
function inFieldOrder(statement: Statement): Json {
  const result: { [key: string]: Json } = {};
  for (const name of FIELD_ORDER) {
    const value = statement[name];
    if (value !== undefined && !((name === "Sid" || name === "Effect") && value === "")) result[name] = value;
  }
  return result;
}

/** JSON as Go prints it: <, >, & and the two line separators are escaped. */
const goJson = (value: Json, indent: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
