import { z } from "zod";
import { userIdPattern } from "../auth/user-id.ts";
import type { RouteContract } from "../http/route.ts";
import { entityTags } from "./entity-tag.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { mapLimits } from "./limits.ts";
import { findingsOf, type PracticeData } from "./practice-data.ts";

const userId = z
  .string()
  .regex(userIdPattern, "must be 1 to 128 letters, digits, and _.:|-, the first of them a letter or digit")
  .meta({ description: "The user's id, as access tokens name it in `sub`.", examples: ["user-42"] });

const practiceExample = { scales: { minutes: 30, days: ["mon", "thu"] }, "sight-reading": { level: 3 } };

/** For documents: what is checked beyond it stands in the description. */
const practiceDocument = {
  type: "object",
  additionalProperties: true,
  examples: [practiceExample],
} as const;

/** `z.record` would drop names that it does not trust; here each is found and named. */
const practiceData = z
  .unknown()
  .superRefine((value, context) => {
    for (const { path, message } of findingsOf(value)) context.addIssue({ code: "custom", path: [...path], message });
  })
  .meta({
    ...practiceDocument,
    description:
      "Practices by name. Each entry replaces the stored one of its name; null removes it; what is not named stays. " +
      `Names have 1 to ${mapLimits.nameLength} characters, no dots, no leading dollar sign, and are none of ` +
      "`__proto__`, `constructor`, `prototype`, and `_bsontype`. Values are JSON, " +
      `${mapLimits.depth} levels deep at most with this object as the first; numbers from -(2^53 - 1) to 2^53 - 1; ` +
      "text without NUL and without half a surrogate pair.",
    // The check says what the type cannot.
  }) as unknown as z.ZodType<PracticeData>;

const answer = z
  .strictObject({
    success: z.literal(true),
    data: z.strictObject({
      userId,
      practiceData: z.record(z.string(), z.unknown()).meta({ ...practiceDocument, description: "Practices by name." }),
      version: z
        .int()
        .min(1)
        .meta({ description: "One more with every write.", examples: [7] }),
      updatedAt: z.iso.datetime().meta({ description: "When this version was written." }),
    }),
  })
  .meta({
    examples: [
      {
        success: true,
        data: { userId: "user-42", practiceData: practiceExample, version: 7, updatedAt: "2026-03-02T09:30:00.000Z" },
      },
    ],
  });

const ifMatch = z
  .string()
  .max(1_024)
  .regex(entityTags, 'must be * or entity tags such as "7"')
  .optional()
  .meta({
    description: "Only where the map has one of these versions; `*`: only where there is a map. Weak tags never match.",
    examples: ['"7"'],
  });

const etag = 'The version, as in "7".';

export const updateMapContract = {
  id: "updateMap",
  method: "post",
  path: "/map",
  summary: "Update a user's practice map",
  description: [
    "Merges the entries of `practiceData` into the user's map, and makes the map where there is none.",
    "Writers of different entries lose nothing; with If-Match the update is refused where the map has changed since.",
    "With an Idempotency-Key a repeated request has one effect and gets the first answer again: the map remembers the",
    `last ${mapLimits.rememberedKeys} keys that had an effect, fewer where large entries were replaced since`,
    `(${mapLimits.rememberedBytes / 1024} KiB in all). Refusals are not remembered: the request may be repeated.`,
    "The keys go with the map when it is removed, so that a repeat after that is a new request.",
    `A map has at most ${mapLimits.entries} entries and ${mapLimits.mapBytes / 1024} KiB of JSON.`,
  ].join(" "),
  tag: "maps",
  class: "write",
  access: "caller",
  headers: z.object({
    "if-match": ifMatch,
    "idempotency-key": z
      .string()
      .regex(idempotencyKey, "must be 1 to 64 letters, digits, and ._:- with or without quotation marks")
      .optional()
      .meta({
        description: "Names this request, for the caller and this map: the same for a repeat, another for another.",
        examples: ['"4f6a1c7e-2b9d-4c55-9a3e-0d1f2a3b4c5d"'],
      }),
  }),
  body: {
    schema: z.strictObject({ userId, practiceData }),
    maxBytes: mapLimits.bodyBytes,
    description: "Whose map, and the entries to set or remove.",
  },
  answers: {
    200: {
      description: "The map after the update, or after the first request with this key.",
      body: answer,
      headers: { ETag: etag, "Idempotency-Replayed": "`true` where an earlier request with this key had the effect." },
    },
  },
  problems: ["forbidden", "key-in-flight", "version-mismatch", "key-reused", "overloaded", "dependency-unavailable"],
} as const satisfies RouteContract;

const params = z.object({ userId });

const readHeaders = {
  ETag: etag,
  Age: "Seconds since the database said so; left out where it just did.",
  "Cache-Control": "`private, no-cache`: to be kept by the client alone, and asked for again by its ETag.",
};

export const readMapContract = {
  id: "readMap",
  method: "get",
  path: "/map/{userId}",
  summary: "Read a user's practice map",
  description:
    "Mostly from a cache, which a write replaces at once; Age says how long ago the database said so. " +
    "While the database does not answer, the map may be up to an hour old.",
  tag: "maps",
  class: "read",
  access: "caller",
  params,
  headers: z.object({
    "if-none-match": z
      .string()
      .max(1_024)
      .regex(entityTags, 'must be * or entity tags such as "7"')
      .optional()
      .meta({ description: "Answers 304 where the map still has one of these versions.", examples: ['"7"'] }),
  }),
  answers: {
    200: {
      description: "The map.",
      body: answer,
      headers: readHeaders,
    },
    304: { description: "The map has not changed.", headers: readHeaders },
  },
  problems: ["forbidden", "not-found", "dependency-unavailable"],
} as const satisfies RouteContract;

export const removeMapContract = {
  id: "removeMap",
  method: "delete",
  path: "/map/{userId}",
  summary: "Remove a user's practice map",
  description:
    "Removes the map with all that it remembers; where there is none, nothing is left to do. " +
    "The versions of a map that is made later go on from the removed one's as long as the cache knows it, a day as a " +
    "rule, so that no old ETag fits it.",
  tag: "maps",
  class: "write",
  access: "caller",
  params,
  headers: z.object({ "if-match": ifMatch }),
  answers: { 204: { description: "There is no map." } },
  problems: ["forbidden", "version-mismatch", "overloaded", "dependency-unavailable"],
} as const satisfies RouteContract;
