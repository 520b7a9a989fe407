import type { z } from "zod";
import { ProblemError, type ProblemPart } from "./problem.ts";

/** A JSON pointer (RFC 6901). */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function partsOf(where: ProblemPart["in"], error: z.ZodError): ProblemPart[] {
  return error.issues.map(({ path, message }) => ({ in: where, pointer: pointerOf(path), detail: message }));
}

/** What was sent, by part, each with the schema that it must fit. */
export type Sent = readonly (readonly [ProblemPart["in"], z.ZodType | undefined, unknown])[];

/** The outputs of the schemas, in order; undefined where there is none. Throws one `invalid-request` that names every wrong part. */
export function parseAll(sent: Sent): unknown[] {
  const errors: ProblemPart[] = [];
  const outputs = sent.map(([where, schema, value]) => {
    const result = schema?.safeParse(value);
    if (result === undefined) return undefined;
    if (!result.success) errors.push(...partsOf(where, result.error));
    return result.data;
  });
  if (errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors: errors.slice(0, mostParts) });
  return outputs;
}

/** A body of thousands of wrong entries gets no answer of thousands of lines. */
const mostParts = 20;
