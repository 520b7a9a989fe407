import { z } from "zod";

/** The artifact's one file. */
export const fileName = "report.json";

/** A pull request decides what stands in the file, so that its size is bounded before anything is read. */
export const mostBytes = 512 * 1024;

export const most = { errors: 20, steps: 200, properties: 12, findings: 150, losses: 60, costLines: 40 } as const;
export const mostCharacters = 400;

const line = z.string().max(mostCharacters);
const count = z.number().int().min(0).max(1_000_000);
/** Never a number, which would be binary. */
const decimal = z
  .string()
  .max(40)
  .regex(/^-?\d+(\.\d+)?$/, "must be a decimal number as a text");
const word = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, "must be lower-case letters, digits, and hyphens");

export const operations = [
  "create",
  "update",
  "delete",
  "replace",
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
] as const;

const step = z.strictObject({
  op: z.enum(operations),
  urn: line,
  type: line,
  changed: z.array(line).max(most.properties),
  replaces: z.array(line).max(most.properties),
});

const finding = z.strictObject({
  rule: word,
  level: z.enum(["mandatory", "advisory"]),
  severity: z.enum(["critical", "high", "medium", "low", ""]),
  /** "" for the stack as a whole. */
  urn: line,
  property: line,
  wrong: line,
  why: line,
  fix: line,
});

/** Something that holds data, and that the change would delete or replace. */
const loss = z.strictObject({
  urn: line,
  op: z.enum(["delete", "replace"]),
  lost: line,
  backup: line,
  /** Whether it was named as meant: then it stops nothing. */
  allowed: z.boolean(),
});

const costLine = z.strictObject({
  change: z.enum(["added", "changed", "removed"]),
  urn: line,
  item: line,
  cause: line,
  delta: decimal,
});

const cost = z.strictObject({
  /** Expected, US dollars a month. */
  before: decimal,
  after: decimal,
  delta: decimal,
  lines: z.array(costLine).max(most.costLines),
  overBudget: z.boolean(),
});

const stack = z.strictObject({
  stack: word,
  result: z.enum(["succeeded", "failed"]),
  errors: z.array(line).max(most.errors),
  steps: z.array(step).max(most.steps),
  findings: z.array(finding).max(most.findings),
  undecided: count,
  checked: z.strictObject({ resources: count, rules: count }),
  losses: z.array(loss).max(most.losses),
  /** Null where the stack could not be previewed. */
  cost: cost.nullable(),
  /** How many of each there are besides those above. */
  left: z.strictObject({ errors: count, steps: count, findings: count, losses: count, costLines: count }),
});

/** What a pull request would do to each stack, in the sandbox. It names neither the pull request nor a commit. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  /** Why there is nothing to compare with; null where there is. */
  baseFailed: line.nullable(),
  stacks: z.array(stack).max(4),
});

export type PullRequestReport = z.infer<typeof reportSchema>;
export type StackReport = z.infer<typeof stack>;
export type Loss = z.infer<typeof loss>;
export type ReportStep = z.infer<typeof step>;
export type ReportFinding = z.infer<typeof finding>;
export type ReportCost = z.infer<typeof cost>;

/** Without control characters, which could hide or colour what a log or a comment shows. */
export const bounded = (text: string): string => {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  return plain.length <= mostCharacters ? plain : `${plain.slice(0, mostCharacters - 3)}...`;
};

/** The first of them, and how many are left. */
export const first = <T>(all: readonly T[], count: number): { readonly kept: T[]; readonly left: number } => ({
  kept: all.slice(0, count),
  left: Math.max(0, all.length - count),
});
