import { relative } from "node:path";
import { readArguments, runAs } from "./command-line.ts";
import { ALLOW_LIST } from "./isolation-allow-list.ts";
import { type IsolationResult, findLeaks } from "./isolation.ts";
import { colors } from "./sandbox/cli/display/colors.ts";
import { startDisplay } from "./sandbox/cli/display/display.ts";
import { redactor, secretsIn } from "./sandbox/cli/display/redact.ts";
import { stdoutScreen } from "./sandbox/cli/display/screen.ts";
import { runStacks } from "./sandbox/cli/run.ts";
import { NO_CONFIG_OPTIONS, type Place, openSession } from "./sandbox/cli/session.ts";
import type { RunResult } from "./sandbox/engine/events.ts";
import { stacksWithState } from "./sandbox/project/stack-names.ts";
import { factsOf } from "./stack-facts.ts";
import { isGood, startLines } from "./start-summary.ts";

const STACKS = ["staging", "production"];
const PARALLEL = 16;
const USAGE = `npm start: staging and production up in the sandbox, then what came of it

  npm start                          state and cloud in .sandbox
  npm start -- --state-dir DIR       state and cloud in another folder

Exit codes: 0 both stacks are up and isolated, 1 failed, 2 wrong usage.`;

/** Both stacks up, the isolation check, and the summary. Returns the exit code. */
async function start(place: Place): Promise<number> {
  const began = performance.now();
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const hidden: string[] = [];
  let redact = redactor(hidden);
  const hide = (secrets: readonly string[]): void => {
    hidden.push(...secrets);
    redact = redactor(hidden);
  };
  const screen = await stdoutScreen((text) => redact(text));
  const display = startDisplay({
    screen,
    colors,
    stacks: STACKS,
    diff: false,
    steps: false,
    now: () => performance.now(),
  });
  try {
    const results = await runStacks(
      {
        ...place,
        ...NO_CONFIG_OPTIONS,
        command: "up",
        stacks: STACKS,
        policyPacks: [],
        policyPackConfigs: [],
        policy: true,
        skipPreview: await isFirst(place),
        excludeProtected: false,
        targets: [],
        parallel: PARALLEL,
        expectNoChanges: false,
        faults: [],
        latencyMilliseconds: 0,
        signal: interrupt.signal,
      },
      { display, hide },
    );
    hide(results.flatMap(({ outputs }) => Object.values(outputs).flatMap(secretsIn)));
    for (const result of results) if (needsWords(result)) display.summary(result);
    const summary = {
      results,
      isolation: results.every(({ result }) => result === "succeeded") ? await checkIsolation(place) : undefined,
      seconds: (performance.now() - began) / 1000,
      stateDirectory: relative(process.cwd(), (await openSession(place)).stateDirectory) || ".",
    };
    display.close();
    screen.print(startLines(summary, colors, screen.width));
    return isGood(summary) ? 0 : 1;
  } finally {
    display.close();
  }
}

// What is advised is told by number; `npm run policy` has the words.
const needsWords = ({ result, findings }: RunResult): boolean =>
  result === "failed" || findings.some(({ level }) => level === "mandatory");

/** Where nothing is yet, a preview protects nothing: the policies judge what up makes. */
async function isFirst(place: Place): Promise<boolean> {
  const { project, stateDirectory } = await openSession(place);
  const made = await stacksWithState(project.name, stateDirectory);
  return !STACKS.some((stack) => made.includes(stack));
}

async function checkIsolation(place: Place): Promise<IsolationResult> {
  const [first, second] = await Promise.all(STACKS.map((stack) => factsOf(place, stack)));
  return first === undefined || second === undefined
    ? { leaks: [], compared: 0 }
    : findLeaks(first, second, ALLOW_LIST);
}

const options = { "state-dir": { type: "string" }, help: { type: "boolean", short: "h" } } as const;

await runAs("start", () => {
  const { values } = readArguments({ options });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  return start({ cwd: import.meta.dirname, stateDir: values["state-dir"] });
});
