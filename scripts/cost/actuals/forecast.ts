import { readFileSync } from "node:fs";
import { UserError, codeOf, messageOf } from "../../sandbox/user-error.ts";
import type { StackCost } from "../model.ts";
import { stacksOfReport } from "../report-reading.ts";

/** The stacks of a report of `npm run cost -- --format json`. Throws a UserError where the file is none. */
export function readForecast(file: string): readonly StackCost[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      codeOf(error) === "ENOENT" ? `${file} does not exist` : `${file} cannot be read: ${messageOf(error)}`,
      2,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is no JSON: write a forecast with \`npm run --silent cost -- --format json\``, 2);
  }
  return stacksOfReport(json, file);
}
