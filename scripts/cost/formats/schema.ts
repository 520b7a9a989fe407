import { z } from "zod";
import { levels } from "../range.ts";

/** An amount or a quantity as machines are given it: never a number, which would be binary. */
export const decimalSchema = z.string().regex(/^-?\d+(\.\d+)?$/, "must be a decimal number as a text");

const rangeSchema = z.object(
  Object.fromEntries(levels.map((level) => [level, decimalSchema])) as Record<
    (typeof levels)[number],
    typeof decimalSchema
  >,
);

const unpricedSchema = z.object({ urn: z.string(), type: z.string(), reason: z.string() });

const lineSchema = z.object({
  urn: z.string(),
  type: z.string(),
  component: z.string(),
  tags: z.record(z.string(), z.string()),
  provider: z.enum(["AWS", "MongoDB Atlas", "Cloudflare", "Datadog"]),
  service: z.string(),
  item: z.string(),
  unit: z.string(),
  /** Expected, a month. */
  quantity: decimalSchema,
  unitPrice: decimalSchema,
  /** Expected, a month. */
  monthly: decimalSchema,
  usageBased: z.boolean(),
  assumption: z.string().nullable(),
  quantityRange: rangeSchema,
  monthlyRange: rangeSchema,
  taggable: z.boolean(),
  price: z.string(),
  property: z.string().nullable(),
  region: z.string(),
});

const stackSchema = z.object({
  stack: z.string(),
  environment: z.string(),
  monthly: rangeSchema,
  lines: z.array(lineSchema),
  notPriced: z.array(unpricedSchema),
  free: z.array(unpricedSchema),
});

const groupSchema = z.object({
  by: z.array(z.string()).min(1),
  values: z.array(z.string()),
  kind: z.enum(["attributed", "untagged", "untaggable"]),
  monthly: rangeSchema,
  share: decimalSchema,
  stacks: z.array(z.object({ stack: z.string(), monthly: rangeSchema })),
});

const changeSchema = { before: rangeSchema, after: rangeSchema, delta: decimalSchema, part: decimalSchema.nullable() };

const differenceSchema = z.object({
  against: z.string(),
  ...changeSchema,
  stacks: z.array(
    z.object({
      stack: z.string(),
      environment: z.string(),
      ...changeSchema,
      lines: z.array(
        z.object({
          change: z.enum(["added", "changed", "removed"]),
          urn: z.string(),
          component: z.string(),
          item: z.string(),
          cause: z.string(),
          ...changeSchema,
        }),
      ),
      newlyUnpriced: z.array(z.string()),
    }),
  ),
});

/** The report as JSON. US dollars a month of 730 hours; shares are parts of 1. */
export const reportSchema = z.object({
  currency: z.literal("USD"),
  month: z.iso.date(),
  stacks: z.array(stackSchema),
  groups: z.array(groupSchema),
  attributedBy: z.array(z.string()),
  attributedShare: decimalSchema,
  untaggedShare: decimalSchema,
  untaggableShare: decimalSchema,
  prices: z.object({ oldest: z.iso.date(), newest: z.iso.date() }).nullable(),
  hints: z.array(
    z.object({
      stack: z.string(),
      urn: z.string(),
      what: z.string(),
      saving: decimalSchema,
      setting: z.string(),
      loses: z.string(),
    }),
  ),
  budgets: z.array(
    z.object({
      stack: z.string(),
      limit: decimalSchema,
      period: z.enum(["month", "day"]),
      expected: decimalSchema,
      high: decimalSchema,
      broken: z.boolean(),
    }),
  ),
  difference: differenceSchema.nullable(),
});

export type ReportJson = z.infer<typeof reportSchema>;
export type LineJson = z.infer<typeof lineSchema>;
export type RangeJson = z.infer<typeof rangeSchema>;
