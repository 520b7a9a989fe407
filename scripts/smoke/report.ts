import { z } from "zod";

const checkResult = z.object({
  name: z.string(),
  /** `not tried`: the API could not be reached. `left out`: there is nothing to look at here, and `detail` says why. */
  result: z.enum(["passed", "failed", "not tried", "left out"]),
  detail: z.string(),
  attempts: z.int().min(0),
  seconds: z.number().min(0),
});

/** What `--json` prints, and what a release record keeps. */
export const smokeReport = z.object({
  /** The API's origin. */
  url: z.string(),
  environment: z.enum(["staging", "production", "preview"]),
  local: z.boolean(),
  passed: z.boolean(),
  checks: z.array(checkResult),
  seconds: z.number().min(0),
});

export type CheckResult = Readonly<z.output<typeof checkResult>>;
export type SmokeReport = Readonly<z.output<typeof smokeReport>>;
