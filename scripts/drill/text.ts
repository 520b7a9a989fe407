import type { DatabaseObjective } from "../../infra/settings/recovery.ts";
import type { Colors } from "../sandbox/cli/display/colors.ts";
import { wrapped } from "../wrapped.ts";
import { durationText, kept, type RestoreReport, type Verdict } from "./report.ts";
import type { RollbackDrill } from "./rollback.ts";

const WIDTH = 80;

/** Beside a label of at most 16 characters. */
const hanging = (label: string, text: string): string => {
  const indent = 20;
  const [first = "", ...more] = wrapped(text, WIDTH - indent);
  return [`  ${label.padEnd(indent - 2)}${first}`, ...more.map((line) => " ".repeat(indent) + line)].join("\n");
};

const proves = {
  local:
    "This proves the way: that a dump is whole, and that all of it comes back. How long a real restore takes, the drill in Atlas shows.",
  atlas: "The live cluster was only read. Enter both figures in the table of drills in docs/disaster-recovery.md.",
} as const;

/** What came out of a restore drill, for people. */
export function restoreText(
  report: RestoreReport,
  objective: DatabaseObjective,
  verdict: Verdict,
  { bold, green, red }: Colors,
): string {
  const { canaries, lost, recoveryPointSeconds, recoveryTimeSeconds } = report;
  const judged = (seconds: number, hours: number): string =>
    `${durationText(seconds)}, at most ${hours} h: ${kept(seconds, hours) ? "kept" : red("BROKEN")}`;
  return [
    "",
    hanging("Restored", report.source),
    hanging(
      "Canaries",
      `${canaries.found.count} of ${canaries.expected.count} came back, SHA-256 ${canaries.found.sha256}`,
    ),
    hanging("Recovery point", judged(recoveryPointSeconds, objective.pointHours)),
    ...(lost === undefined ? [] : [hanging("Lost", `${lost}, of the documents that were written later`)]),
    hanging("Recovery time", judged(recoveryTimeSeconds, objective.timeHours)),
    "",
    verdict.holds
      ? bold(green(`The drill holds, against ${report.environment}'s objectives.`))
      : bold(red(`The drill does not hold: ${verdict.reasons.join("; ")}.`)),
    ...wrapped(proves[report.where], WIDTH),
  ].join("\n");
}

/** What came out of a rollback drill, for people. */
export function rollbackText({ steps, holds, recoverySeconds }: RollbackDrill, { bold, green, red }: Colors): string {
  const line = ({ name, holds: good, found, seconds }: RollbackDrill["steps"][number]): string =>
    hanging(name, `${good ? green("as expected") : red("NOT AS EXPECTED")} after ${durationText(seconds)}: ${found}`);
  const time = recoverySeconds === undefined ? "" : `, ${durationText(recoverySeconds)} after the failed smoke`;
  return [
    ...steps.map(line),
    "",
    holds ? bold(green(`The drill holds: the good release is back${time}.`)) : bold(red("The drill does not hold.")),
  ].join("\n");
}
