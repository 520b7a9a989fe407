import { z } from "zod";
import { type ProblemKind, problemKinds } from "../http/problem.ts";
import type { RouteContract } from "../http/route.ts";
import type { PageFile } from "./page.ts";

const shared = { method: "get", tag: "documentation", class: "document", access: "anyone" } as const;

const headers = z.object({
  "if-none-match": z
    .string()
    .max(1_024)
    .optional()
    .meta({ description: "Answers 304 where this is still the tag.", examples: ['"AbCdEfGhIjKlMnOpQrStUv"'] }),
});

const cached = {
  ETag: "Changes with the content.",
  "Cache-Control": "`public`: the same for everyone.",
};
const unchanged = { description: "It has not changed.", headers: cached } as const;

export const openApiContract = {
  ...shared,
  id: "getOpenApi",
  path: "/openapi.json",
  summary: "This document",
  headers,
  answers: {
    200: { description: "OpenAPI 3.1.", mediaType: "application/json; charset=utf-8", headers: cached },
    304: unchanged,
  },
} as const satisfies RouteContract;

/** The contract of a file of the page. */
export const pageContract = ({ id, path, mediaType }: Omit<PageFile, "read">) =>
  ({
    ...shared,
    id,
    path,
    summary: path === "/docs" ? "This document as a page" : "A part of the page",
    headers,
    answers: { 200: { description: "The file.", mediaType, headers: cached }, 304: unchanged },
  }) as const satisfies RouteContract;

const kinds = Object.keys(problemKinds) as ProblemKind[];

export const problemContract = {
  ...shared,
  id: "getProblem",
  path: "/problems/{kind}",
  summary: "What a type of problem means",
  description: "The `type` of every problem document is such a path.",
  params: z.object({
    kind: z
      .string()
      .max(64)
      .meta({ description: `One of ${kinds.join(", ")}.`, examples: ["version-mismatch"] }),
  }),
  answers: {
    200: {
      description: "In plain words.",
      body: z.strictObject({
        type: z.string().meta({ examples: ["/problems/version-mismatch"] }),
        status: z.int().meta({ description: "The status of answers of this type.", examples: [412] }),
        title: z.string(),
        meaning: z.string(),
        remedy: z.string().meta({ description: "What a client does about it." }),
      }),
      headers: { "Cache-Control": "`public`: the same for everyone." },
    },
  },
  problems: ["not-found"],
} as const satisfies RouteContract;
