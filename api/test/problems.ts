import assert from "node:assert/strict";
import { problemPath, type ProblemDocument, type ProblemKind, problemKinds } from "../src/http/problem.ts";

/** The problem document of an answer; an AssertionError where it is none of this kind. */
export async function problemOf(response: Response, kind: ProblemKind): Promise<ProblemDocument> {
  const text = await response.text();
  assert.equal(response.status, problemKinds[kind].status, text);
  const document = JSON.parse(text) as ProblemDocument;
  assert.equal(document.type, problemPath(kind), text);
  assert.equal(document.instance, `urn:request:${String(response.headers.get("x-request-id"))}`);
  return document;
}
