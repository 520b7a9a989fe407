import type { Command, EngineEvent, RunResult } from "../../engine/events.ts";
import type { Colors } from "./colors.ts";
import { type Progress, advance, eventLine, progressLines, startProgress } from "./progress.ts";
import { summaryLines } from "./summary.ts";

/** Where text goes. Tests pass a list; the command line passes stdout. */
export interface Screen {
  /** Lines that stay. */
  print(lines: readonly string[]): void;
  /** Lines that the next call replaces. Absent where nothing can be redrawn. */
  readonly redraw?: (lines: readonly string[]) => void;
  /** Removes what was redrawn. */
  readonly clear?: () => void;
  readonly width: number;
}

export interface DisplayOptions {
  readonly screen: Screen;
  readonly colors: Colors;
  readonly stacks: readonly string[];
  readonly diff: boolean;
  /** false: only that a phase begins is said, not each step. Where lines are printed. */
  readonly steps: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What shows the runs of one command, of one stack or several side by side. */
export interface Display {
  /** A phase of a stack begins: `previewing`, `updating`. `final`: its steps are worth a line each. */
  begin(stack: string, phase: Command, final: boolean): (event: EngineEvent) => void;
  end(stack: string): void;
  note(stack: string, text: string): void;
  summary(result: RunResult): void;
  close(): void;
}

// Ten frames a second look smooth and cost little.
const FRAME_MILLISECONDS = 100;

const PHASES: Readonly<Record<Command, string>> = {
  preview: "previewing",
  up: "updating",
  refresh: "refreshing",
  destroy: "destroying",
};

export function startDisplay(options: DisplayOptions): Display {
  const { screen, colors, stacks, now } = options;
  const running = new Map<string, Progress>();
  const prefixWidth = Math.max(...stacks.map((stack) => stack.length));
  const prefixed = (stack: string, lines: readonly string[]): string[] =>
    stacks.length < 2 ? [...lines] : lines.map((line) => `${colors.dim(stack.padEnd(prefixWidth))}  ${line}`.trimEnd());

  const draw = (): void =>
    screen.redraw?.([...running.values()].flatMap((progress) => progressLines(progress, now(), colors, screen.width)));
  const timer = screen.redraw === undefined ? undefined : setInterval(draw, FRAME_MILLISECONDS);
  timer?.unref();

  const print = (stack: string, text: string): void => {
    screen.clear?.();
    screen.print(prefixed(stack, text.split("\n")));
  };

  return {
    begin(stack, phase, final) {
      const progress = startProgress(stack, PHASES[phase], now());
      running.set(stack, progress);
      if (screen.redraw === undefined) print(stack, `${PHASES[phase]} …`);
      return (event) => {
        advance(progress, event, now());
        const isStep = event.kind === "step-done" || event.kind === "step-failed";
        // A terminal shows steps in the region that it redraws, and the summary says what came of them.
        const worth = final && (!isStep || (options.steps && screen.redraw === undefined));
        const line = worth ? eventLine(event, phase, colors) : undefined;
        if (line !== undefined) print(stack, line);
      };
    },
    end(stack) {
      running.delete(stack);
    },
    note(stack, text) {
      print(stack, `${colors.yellow("note")} ${text}`);
    },
    summary(result) {
      screen.clear?.();
      screen.print(["", ...summaryLines(result, { colors, width: screen.width, diff: options.diff })]);
    },
    close() {
      clearInterval(timer);
      screen.clear?.();
    },
  };
}

/** Shows nothing: for --json. Notes still reach `warn`. */
export const silentDisplay = (warn: (text: string) => void): Display => ({
  begin: () => () => undefined,
  end: () => undefined,
  note: (stack, text) => warn(`${stack}: ${text}`),
  summary: () => undefined,
  close: () => undefined,
});
