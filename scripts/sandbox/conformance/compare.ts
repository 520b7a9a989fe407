import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../state/deployment.ts";
import { parseProviderReference } from "../protocol/urn.ts";
import type { Call, StepResult } from "./expectation.ts";

type Json = JsonObject[string];

/** Where two results of one step differ, by the reference's rules of equality: a line for each. */
export function differences(expected: StepResult, actual: StepResult): string[] {
  const changes = (result: StepResult): JsonObject => ({ ...result.changes });
  return [
    ...(expected.exit === actual.exit ? [] : [`exit: expected ${expected.exit}, was ${actual.exit}`]),
    ...compareSets("operation", expected.operations.map(asJson), actual.operations.map(asJson)),
    ...compareSets("failed operation", expected.failed.map(asJson), actual.failed.map(asJson)),
    ...(isDeepStrictEqual(changes(expected), changes(actual))
      ? []
      : [`changes: expected ${JSON.stringify(expected.changes)}, were ${JSON.stringify(actual.changes)}`]),
    ...compareErrors(expected, actual),
    ...compareSets("finding", findings(expected), findings(actual)),
    ...compareSets("call", expected.calls.map(callIdentity), actual.calls.map(callIdentity)),
    ...compareSets("resource", expected.resources.map(resourceIdentity), actual.resources.map(resourceIdentity)),
    ...compareSets("pending operation", expected.pending.map(asJson), actual.pending.map(asJson)),
    ...orderViolations(actual),
  ];
}

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;

function compareSets(what: string, expected: readonly Json[], actual: readonly Json[]): string[] {
  const rest = actual.map((item) => canonical(item));
  const lines: string[] = [];
  for (const item of expected.map((one) => canonical(one))) {
    const index = rest.indexOf(item);
    if (index === -1) lines.push(`missing ${what}: ${item}`);
    else rest.splice(index, 1);
  }
  return [...lines, ...rest.map((item) => `unexpected ${what}: ${item}`)];
}

/** JSON with sorted keys: equal values give equal text. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${fields.join(",")}}`;
}

/** Messages need not match to the letter: the same resource, and the same last line of the reason. */
function compareErrors(expected: StepResult, actual: StepResult): string[] {
  const lines: string[] = [];
  const rest = [...actual.errors];
  for (const error of expected.errors) {
    const gist = gistOf(error.message);
    const index = rest.findIndex((one) => (one.urn ?? "") === (error.urn ?? "") && one.message.includes(gist));
    if (index === -1) lines.push(`missing error of ${error.urn ?? "the run"}: ${gist}`);
    else rest.splice(index, 1);
  }
  return [...lines, ...rest.map((error) => `unexpected error of ${error.urn ?? "the run"}: ${error.message}`)];
}

/** The line that says what happened, without paths and stack frames. */
function gistOf(message: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "" && !/^\s*at /.test(line));
  return (lines.find((line) => line.startsWith("Error: ")) ?? lines[0] ?? "").trim();
}

/** Which of several equal resources a stack policy reports first is chance. */
function findings(result: StepResult): Json[] {
  return result.policy.map((finding) => {
    const json: JsonObject = {
      ...finding,
      ...(finding.message === undefined ? {} : { message: finding.message.trim() }),
    };
    if (finding.policy === "count") delete json["urn"];
    return json;
  });
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const callIdentity = (call: Call): Json => JSON.parse(JSON.stringify(call)) as Json;

/** Times, versions, source positions, and a provider's id are chance. */
function resourceIdentity(resource: JsonObject): Json {
  const rest = Object.fromEntries(
    Object.entries(resource).filter(([key]) => !["created", "modified", "sourcePosition"].includes(key)),
  );
  return JSON.parse(JSON.stringify(rest).replaceAll(UUID, "ID")) as Json;
}

/** Creates come after those of what they depend on, deletes before. */
function orderViolations(result: StepResult): string[] {
  const lines: string[] = [];
  const done = new Map<string, number>();
  for (const [index, { op, urn }] of result.operations.entries()) if (op === "create") done.set(urn, index);
  for (const resource of result.resources) {
    const urn = typeof resource["urn"] === "string" ? resource["urn"] : "";
    const mine = done.get(urn);
    if (mine === undefined) continue;
    const needs = Array.isArray(resource["dependencies"]) ? resource["dependencies"].map(String) : [];
    if (typeof resource["provider"] === "string") needs.push(parseProviderReference(resource["provider"]).urn);
    for (const need of needs) {
      const theirs = done.get(need);
      if (theirs !== undefined && theirs > mine) lines.push(`${urn} was created before ${need}, which it depends on`);
    }
  }
  return lines;
}
