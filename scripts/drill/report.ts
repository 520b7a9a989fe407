import type { DatabaseObjective } from "../../infra/settings/recovery.ts";
import { type Fingerprint, isSame } from "./canonical.ts";

/** What a drill of the database found out; `--json` prints it. Times are ISO 8601, durations seconds to the millisecond. */
export interface RestoreReport {
  readonly drill: "restore";
  /** local: a dump of an embedded database. atlas: a snapshot, into a temporary cluster. */
  readonly where: "local" | "atlas";
  /** Whose objectives it is measured against. */
  readonly environment: string;
  readonly startedAt: string;
  /** What was restored: a snapshot's or a dump's time, and what served it. */
  readonly source: string;
  readonly canaries: { readonly expected: Fingerprint; readonly found: Fingerprint };
  /** Everything else that was compared and is not as it was, in words. */
  readonly differences: readonly string[];
  /** Documents that were written too late to come back; undefined where nobody can count them. */
  readonly lost: number | undefined;
  /** What was written in so many seconds before the loss is gone. */
  readonly recoveryPointSeconds: number;
  /** From the loss, or the decision to restore, to the last check. */
  readonly recoveryTimeSeconds: number;
  readonly steps: readonly StepTime[];
}

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

export interface Verdict {
  readonly holds: boolean;
  /** One line each; empty where it holds. */
  readonly reasons: readonly string[];
}

export const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const secondsOf = (hours: number): number => hours * 3600;

const digits = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** `0.4 s`, `12 min`, `1.5 h`. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${digits(seconds)} s`;
  return seconds < 2 * 3600 ? `${digits(seconds / 60)} min` : `${digits(seconds / 3600)} h`;
}

export const kept = (seconds: number, hours: number): boolean => seconds <= secondsOf(hours);

/** Whether what came back is what was there, within the time and with the loss that are promised. */
export function verdictOf(report: RestoreReport, objective: DatabaseObjective): Verdict {
  const { canaries, differences, recoveryPointSeconds, recoveryTimeSeconds } = report;
  const reasons: string[] = [...differences];
  if (canaries.expected.count === 0) reasons.push("there was no canary to verify: nothing is proven");
  else if (canaries.found.count !== canaries.expected.count)
    reasons.push(`${canaries.found.count} of ${canaries.expected.count} canaries came back`);
  else if (!isSame(canaries.expected, canaries.found)) reasons.push("canaries came back with other content");
  if (!kept(recoveryPointSeconds, objective.pointHours))
    reasons.push(`${durationText(recoveryPointSeconds)} of writes are lost, more than ${objective.pointHours} h`);
  if (!kept(recoveryTimeSeconds, objective.timeHours))
    reasons.push(`it took ${durationText(recoveryTimeSeconds)}, more than ${objective.timeHours} h`);
  return { holds: reasons.length === 0, reasons };
}
