import { z } from "zod";
import { ProblemError, problemDocument, type ProblemKind, problemKinds, type ProblemOptions } from "../http/problem.ts";

const problemPart = z.strictObject({
  in: z.enum(["body", "query", "path", "header"]),
  pointer: z.string().meta({ description: "A JSON pointer (RFC 6901) into that part." }),
  detail: z.string(),
});

/** The document of any problem (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: "Says more of this kind: a path of this API." }),
    title: z.string().meta({ description: "The same for every occurrence of the kind." }),
    status: z.int().min(400).max(599),
    detail: z.string().optional().meta({ description: "This occurrence in words." }),
    instance: z.string().meta({ description: "`urn:request:` and the request's id." }),
    errors: z.array(problemPart).optional().meta({ description: "Each wrong part of the request." }),
  })
  .meta({ id: "Problem" });

const requestId = "8e7f3a52-6f4c-4a0b-9d2e-1c5b7a90d3f6";

interface Occurrence extends ProblemOptions {
  readonly detail?: string;
}

const occurrences: Partial<Readonly<Record<ProblemKind, Occurrence>>> = {
  "invalid-request": { errors: [{ in: "body", pointer: "/userId", detail: "must be text" }] },
  "too-large": { detail: "The body may have 65536 bytes." },
  "unsupported-media-type": { detail: "The body must be application/json in UTF-8." },
};

/** One document of a kind. */
export function exampleOf(kind: ProblemKind): unknown {
  const { detail, ...options } = occurrences[kind] ?? {};
  return problemDocument(new ProblemError(kind, detail, options), requestId);
}

/** The kinds of each status, of these. */
export const kindsByStatus = (kinds: readonly ProblemKind[]): ReadonlyMap<number, readonly ProblemKind[]> =>
  Map.groupBy(kinds, (kind) => problemKinds[kind].status);
