import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Ask, askerOf } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { type LogLine, linesOf } from "./log-lines.ts";
import type { Place } from "./place.ts";

/** The image's own process, as a platform runs it: signals, standard output, exit code. */
export interface ApiProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code once it has ended and all that it wrote was read; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it has logged, to standard output and error. */
  lines(): readonly LogLine[];
  /** As it wrote them. */
  text(): string;
  /** Resolves with how to ask it once it says that it listens. */
  listening(): Promise<ListeningApi>;
  /** SIGKILL where it still runs. */
  kill(): Promise<void>;
}

export interface ListeningApi {
  readonly url: string;
  readonly ask: Ask;
}

const main = join(import.meta.dirname, "../src/main.ts");

export interface ApiProcessOptions {
  /** In place of those of the place, and of nothing else: the process inherits no variable. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Modules that are loaded before it. */
  readonly preloads?: readonly string[];
}

export function startApiProcess(place: Place, { variables = {}, preloads = [] }: ApiProcessOptions = {}): ApiProcess {
  const child = spawn(process.execPath, [...preloads.map((file) => `--import=${file}`), main], {
    env: { ...place.variables, ...variables },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let text = "";
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const ended = once(child, "close").then(([code]) => code as number | null);
  /** Of what stands already; a line may be half written. */
  const lines = (): LogLine[] => linesOf(text.slice(0, text.lastIndexOf("\n") + 1));
  return {
    child,
    ended,
    lines,
    text: () => text,
    listening: () =>
      eventually(`it listens: ${text}`, () => {
        const port = lines().find(({ message }) => message === "listening")?.["port"];
        if (typeof port !== "number") return undefined;
        const url = `http://127.0.0.1:${port}`;
        return { url, ask: askerOf(url, place) };
      }),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
