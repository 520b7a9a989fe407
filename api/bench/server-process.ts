import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cores, onServerCore } from "./cores.ts";
import type { Usage, UsageQuestion } from "./probe.ts";

export interface ServerProcessOptions {
  /** A program of Node that listens on PORT. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once the server is to be used. */
  readonly readyPath: string;
  readonly cores: Cores | undefined;
  /** Default: a free one. */
  readonly port?: number;
  /** Standard output goes here. Default: nowhere. */
  readonly logFile?: string;
  /** Of Node, before the program. */
  readonly flags?: readonly string[];
}

/** A server in a process of its own, as production runs it. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  usage(question?: UsageQuestion): Promise<Usage>;
  /** SIGTERM; the exit code, or the signal that ended it. Kills what has not ended after 60 s. */
  stop(): Promise<number | string>;
}

const readyMilliseconds = 60_000;
const stopMilliseconds = 60_000;
const pollMilliseconds = 50;
const probe = join(import.meta.dirname, "probe.ts");

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Rejects where it ends before it is ready, or takes too long. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const [file = "", ...args] = onServerCore(options.cores, [
    process.execPath,
    ...(options.flags ?? []),
    "--import",
    probe,
    options.program,
  ]);
  const child = spawn(file, args, {
    env: { PATH: process.env["PATH"], NODE_ENV: "production", HOST: "127.0.0.1", PORT: String(port), ...options.env },
    stdio: ["ignore", options.logFile === undefined ? "ignore" : openSync(options.logFile, "a"), "inherit", "ipc"],
  });
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const url = `http://127.0.0.1:${port}`;
  const server: ServerProcess = {
    port,
    url,
    async usage(question = "usage") {
      const answered = once(child, "message") as Promise<[Usage]>;
      child.send(question);
      const [usage] = await answered;
      return usage;
    },
    async stop() {
      child.kill("SIGTERM");
      const deadline = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
      const [code, signal] = await ended;
      clearTimeout(deadline);
      return code ?? signal ?? "unknown";
    },
  };
  const isReady = async (): Promise<true> => {
    while (!(await answersOk(url + options.readyPath))) await sleep(pollMilliseconds);
    return true;
  };
  const ready = await Promise.race([
    isReady(),
    ended.then(() => false),
    sleep(readyMilliseconds, false, { ref: false }),
  ]);
  if (ready) return server;
  await server.stop();
  throw new Error(`${options.program} did not answer ${options.readyPath} with 200`);
}

const answersOk = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
