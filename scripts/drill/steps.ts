import { durationText, type StepTime, toMilliseconds } from "./report.ts";

/** The steps of a drill: each is told when it ends, with how long it took. */
export interface Steps {
  readonly times: readonly StepTime[];
  /** `told` makes the line of what came out. Stops before the step where the signal has fired. */
  run<T>(step: string, action: () => Promise<T>, told?: (result: T) => string): Promise<T>;
}

const WIDTH = 26;

export function stepsOf(say: (line: string) => void, signal: AbortSignal): Steps {
  const times: StepTime[] = [];
  return {
    times,
    run: async (step, action, told) => {
      signal.throwIfAborted();
      const began = performance.now();
      const result = await action();
      const seconds = (performance.now() - began) / 1000;
      times.push({ step, seconds: toMilliseconds(seconds) });
      const what = told === undefined ? "" : `   ${told(result)}`;
      say(`  ${step.padEnd(WIDTH)} ${durationText(seconds).padStart(8)}${what}`);
      return result;
    },
  };
}
