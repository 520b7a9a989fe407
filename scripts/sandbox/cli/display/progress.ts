import type { Colors } from "./colors.ts";
import type { Command, EngineEvent, Step } from "../../engine/events.ts";
import { nameOf, typeOf } from "../../protocol/urn.ts";
import { OPERATIONS, paintOperation } from "./operations.ts";
import { durationText } from "./summary.ts";

interface Running {
  readonly step: Step;
  /** Milliseconds, by the display's clock. */
  readonly since: number;
}

/** What one stack is doing right now. */
export interface Progress {
  readonly stack: string;
  readonly phase: string;
  readonly since: number;
  readonly running: Map<string, Running>;
  changed: number;
  unchanged: number;
  failed: number;
}

export const startProgress = (stack: string, phase: string, now: number): Progress => ({
  stack,
  phase,
  since: now,
  running: new Map(),
  changed: 0,
  unchanged: 0,
  failed: 0,
});

const keyOf = (step: Step): string => `${step.op} ${step.urn}`;

/** Takes one event in. Kept in place: a run has thousands of events. */
export function advance(progress: Progress, event: EngineEvent, now: number): void {
  if (event.kind === "step-started") progress.running.set(keyOf(event.step), { step: event.step, since: now });
  if (event.kind !== "step-done" && event.kind !== "step-failed") return;
  progress.running.delete(keyOf(event.step));
  if (event.kind === "step-failed") progress.failed += 1;
  else if (event.step.op === "same") progress.unchanged += 1;
  else progress.changed += 1;
}

const MOST_RUNNING = 4;

/** The lines of one stack in the region that a terminal redraws. */
export function progressLines(progress: Progress, now: number, colors: Colors, width: number): string[] {
  const { stack, phase, running, changed, unchanged, failed } = progress;
  const counts = [
    `${changed} done`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(running.size > 0 ? [`${running.size} running`] : []),
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
  ].join(", ");
  const oldest = [...running.values()].slice(0, MOST_RUNNING);
  return [
    `${colors.bold(stack)} ${phase}: ${counts} ${colors.dim(durationText((now - progress.since) / 1000))}`,
    ...oldest.map(({ step, since }) => {
      const text = `${nameOf(step.urn)} ${typeOf(step.urn)}`.slice(0, Math.max(20, width - 20));
      return `  ${paintOperation(colors, step.op, OPERATIONS[step.op].symbol)} ${text} ${colors.dim(durationText((now - since) / 1000))}`;
    }),
    ...(running.size > MOST_RUNNING ? [colors.dim(`  … ${running.size - MOST_RUNNING} more`)] : []),
  ];
}

// Milliseconds: what is faster took no time worth saying.
const NOTABLE = 100;

/** The line for one event where lines are printed, or undefined where it is not worth one. */
export function eventLine(event: EngineEvent, command: Command, colors: Colors): string | undefined {
  switch (event.kind) {
    case "step-done": {
      const { op, urn, changes } = event.step;
      if (op === "same" || (op === "refresh" && changes.length === 0)) return undefined;
      const { symbol, done, planned } = OPERATIONS[op];
      const what = `${paintOperation(colors, op, symbol)} ${nameOf(urn)} ${colors.dim(typeOf(urn))}`;
      return command === "preview"
        ? `${what} ${planned}`
        : `${what} ${done}${event.milliseconds < NOTABLE ? "" : ` ${colors.dim(durationText(event.milliseconds / 1000))}`}`;
    }
    case "step-failed": {
      const { op, urn } = event.step;
      return `${colors.red("!")} ${nameOf(urn)} ${colors.dim(typeOf(urn))} ${OPERATIONS[op].doing} failed`;
    }
    case "log":
      if (event.severity === "warning") return `${colors.yellow("warning")} ${logText(event)}`;
      // Errors stand in the summary.
      return event.severity === "info" ? logText(event) : undefined;
    default:
      return undefined;
  }
}

const logText = ({ urn, message }: Extract<EngineEvent, { kind: "log" }>): string =>
  urn === "" ? message.trimEnd() : `${nameOf(urn)}: ${message.trimEnd()}`;
