import type { Colors } from "../sandbox/cli/display/colors.ts";
import { wrapped } from "../wrapped.ts";
import type { CheckResult, SmokeReport } from "./report.ts";

const WIDTH = 80;

/** For people: each check with what it found, the ones that were left out by name, and the verdict. */
export function smokeText(report: SmokeReport, { bold, dim, green, red, yellow }: Colors): string {
  const paint = { passed: green, failed: red, "not tried": yellow, "left out": dim } as const;
  const width = (of: (check: CheckResult) => string): number =>
    Math.max(...report.checks.map((check) => of(check).length));
  const [results, names] = [width(({ result }) => result), width(({ name }) => name)];
  const indent = 2 + results + 2 + names + 2;
  const line = (check: CheckResult): string => {
    const { result, name, detail, attempts } = check;
    const tries = attempts > 1 ? ` (${attempts} attempts)` : "";
    const [first = "", ...more] = wrapped(`${detail}${tries}`, WIDTH - indent);
    return [
      `  ${paint[result](result.padEnd(results))}  ${name.padEnd(names)}  ${first}`,
      ...more.map((text) => " ".repeat(indent) + text),
    ].join("\n");
  };
  return [bold(`Smoke of ${report.environment}, ${report.url}`), ...report.checks.map(line), "", verdict(report)].join(
    "\n",
  );

  function verdict({ checks, passed, seconds }: SmokeReport): string {
    const named = (result: CheckResult["result"]): string =>
      checks.flatMap((check) => (check.result === result ? [check.name] : [])).join(", ");
    const left = named("left out");
    const notSeen = left === "" ? "" : ` Left out: ${left}.`;
    return passed
      ? bold(green(`Passed in ${seconds} s.`)) + notSeen
      : bold(red(`Failed: ${named("failed")}.`)) + notSeen;
  }
}
