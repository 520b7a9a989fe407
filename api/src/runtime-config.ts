import { z } from "zod";

/** What the API reloads while it runs: what must change within half a minute, without a deployment. */
export const runtimeConfig = z.strictObject({
  logLevel: z.enum(["debug", "info", "warn", "error"]).describe("Lines below it are not written.").default("info"),
  traceSampleRatio: z
    .number()
    .min(0)
    .max(1)
    .describe("Part of the requests that are traced, from 0 to 1.")
    .default(0.1),
  readOnly: z.boolean().describe("Refuses every request that would write, with 503.").default(false),
  requestsPerMinute: z.int().min(1).max(100_000).describe("What one client may ask for in a minute.").default(300),
  signInsPerMinute: z
    .int()
    .min(1)
    .max(1_000)
    .describe("How often one client may try to sign in, in a minute.")
    .default(10),
});

export type RuntimeConfig = z.output<typeof runtimeConfig>;

/** What counts until somebody deploys another, and whenever AppConfig does not answer at start. */
export const defaultRuntimeConfig: RuntimeConfig = runtimeConfig.parse({});

/**
 * The same in JSON Schema of draft 4, which is what AppConfig validates with before it deploys. What is left out has its
 * default, so that what was deployed before a key existed stays valid.
 */
export const runtimeConfigJsonSchema: Readonly<Record<string, unknown>> = z.toJSONSchema(runtimeConfig, {
  target: "draft-4",
  io: "input",
});
