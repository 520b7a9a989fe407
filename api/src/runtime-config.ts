import { z } from "zod";

/** One feature: off for everyone, on for everyone, or on for some. */
export const featureFlag = z.strictObject({
  enabled: z.boolean().describe("Off for everyone where it is false, whatever else stands here."),
  description: z.string().max(500).describe("What it is, and who decides when it goes.").optional(),
  rolloutPercent: z
    .number()
    .min(0)
    .max(100)
    .describe("Part of the callers that have it, in percent, each always or never. Without it and userIds: 100.")
    .optional(),
  userIds: z
    .array(z.string().min(1).max(128))
    .max(1_000)
    .describe("Callers that have it whatever the percentage; without a percentage nobody else has it.")
    .optional(),
});

export type FeatureFlag = z.output<typeof featureFlag>;

const flagName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "must be lower-case letters, digits, and hyphens");

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
  requestsPerMinute: z.int().min(1).max(100_000).describe("What one client may read in a minute.").default(300),
  writesPerMinute: z.int().min(1).max(100_000).describe("What one client may write in a minute.").default(120),
  uploadsPerMinute: z
    .int()
    .min(1)
    .max(10_000)
    .describe("How many uploads one client may ask for in a minute.")
    .default(20),
  failedSignInsPerMinute: z
    .int()
    .min(1)
    .max(10_000)
    .describe("How many requests without a valid token one address may send in a minute.")
    .default(30),
  flags: z.record(flagName, featureFlag).describe("Features by name; one that is not here is off.").default({}),
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
