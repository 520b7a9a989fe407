import { z } from "zod";
import type { RouteContract } from "../http/route.ts";

const etag = "Changes with the caller's flags.";

export const flagsContract = {
  id: "getFlags",
  method: "get",
  path: "/flags",
  summary: "The caller's feature flags",
  description:
    "Each user has a feature always or never while its percentage stays the same. A flag that is not named is off. " +
    "Changes reach this route within half a minute.",
  tag: "flags",
  class: "read",
  access: "caller",
  headers: z.object({
    "if-none-match": z
      .string()
      .max(1_024)
      .optional()
      .meta({ description: "Answers 304 where the flags are still the same.", examples: ['"AbCdEfGhIjKlMnOpQrStUv"'] }),
  }),
  answers: {
    200: {
      description: "Every flag that there is, and whether it is on for the caller.",
      body: z.strictObject({
        success: z.literal(true),
        data: z.strictObject({
          flags: z.record(z.string(), z.boolean()).meta({ examples: [{ "new-editor": true, "audio-notes": false }] }),
        }),
      }),
      headers: {
        ETag: etag,
        "Cache-Control": "`private, no-cache`: to be kept by the client alone, and asked for again by its ETag.",
      },
    },
    304: { description: "The flags have not changed.", headers: { ETag: etag } },
  },
} as const satisfies RouteContract;
