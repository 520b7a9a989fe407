import { createInterface } from "node:readline/promises";
import type { Engine } from "../engines/engine.ts";
import { type EngineRequest, openEngine } from "../engines/open-engine.ts";
import type { ReleaseName } from "../release/record.ts";
import type { RunningRequest } from "../release/running.ts";
import type { Target } from "../target.ts";

/** What the commands have to do with. */
export interface Surroundings {
  /** Absolute: the folder of Pulumi.yaml. */
  readonly root: string;
  /** Lines for people. */
  readonly say: (line: string) => void;
  /** What the command is asked for: a document for machines. */
  readonly answer: (text: string) => void;
  /** Undefined where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly open: (request: EngineRequest) => Promise<Engine>;
  /** What an environment runs, by its release records; undefined where nothing says so. */
  readonly running: (engine: Engine, target: Target, request: RunningRequest) => Promise<ReleaseName | undefined>;
  /** Of a preview in real accounts. Throws a `UserError` where it cannot be dropped. */
  readonly dropDatabase: (target: Target, engine: Engine, say: (line: string) => void) => Promise<void>;
}

const line =
  (stream: NodeJS.WritableStream) =>
  (text: string): void =>
    void stream.write(`${text}\n`);

/** Of a command line. With `--json` only the document goes to standard output. */
export function ofTerminal(root: string, json: boolean): Surroundings {
  const people = json ? process.stderr : process.stdout;
  return {
    root,
    say: line(people),
    answer: line(process.stdout),
    ask: process.stdin.isTTY
      ? async (question) => {
          const lines = createInterface({ input: process.stdin, output: people });
          try {
            return await lines.question(question);
          } finally {
            lines.close();
          }
        }
      : undefined,
    open: openEngine,
    running: async (...asked) => {
      const { runningRelease } = await import("../release/running.ts");
      return runningRelease(...asked);
    },
    dropDatabase: async (target, engine, say) => {
      const { dropDatabase } = await import("./database.ts");
      await dropDatabase(target, engine, say);
    },
  };
}
