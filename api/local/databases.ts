import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DatabaseProgram, defaultPlaces, mongoProgram, type Places, redisProgram } from "./database-programs.ts";
import { type Guard, startGuard } from "./guard.ts";
import { DatabaseUnavailableError } from "./unavailable.ts";

/** A database in a process of its own, on a port of the loopback address. Its data goes when it is stopped. */
export interface RunningDatabase {
  /** Without a user or a database's name. */
  readonly url: string;
  readonly port: number;
  /** What serves: mongod, mongodb-memory-server, ferretdb, redis-server, or miniredis. */
  readonly kind: string;
  /** Stops the process where it is: connections stay open, and nothing answers. */
  pause(): void;
  resume(): void;
  /** At once, as a crash does it. */
  kill(): Promise<void>;
  /** On the same port; MongoDB keeps its data, Redis has none. Kills it first where it runs. */
  restart(): Promise<void>;
  /** For good: the process and its data. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Where programs are looked for. Default: the PATH, the caches of mongodb-memory-server, and node_modules/.cache. */
  readonly places?: Partial<Places>;
  /** How long a start may take before it is an error. Default: 60 s. */
  readonly readyMilliseconds?: number;
}

const READY_MILLISECONDS = 60_000;
/** Somebody else may take a port between the moments when it was seen free and when it is listened on. */
const ATTEMPTS = 5;
const RETRY_MILLISECONDS = 200;
/** Of what the program said last, for the error that tells of its end. */
const KEPT_CHARACTERS = 2_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

interface Listening {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Resolves when the program listens; rejects when it ends before that, or takes too long. */
async function listen(
  program: DatabaseProgram,
  port: number,
  directory: string,
  milliseconds: number,
  guard: Guard,
): Promise<Listening> {
  // A group of its own: Ctrl-C is for whoever started it, who then ends it in order.
  const child = spawn(program.file, program.argumentsFor(port, directory), {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdin.on("error", () => undefined);
  guard.watch(child);
  let said = "";
  try {
    return await new Promise<Listening>((resolve, reject) => {
      const fail = (what: string): void =>
        reject(new DatabaseUnavailableError(`${program.file} ${what}${said === "" ? "" : `:\n${said.trim()}`}`));
      const deadline = setTimeout(() => fail(`was not ready after ${milliseconds / 1000} s`), milliseconds);
      const hear = (chunk: Buffer): void => {
        said = (said + chunk.toString()).slice(-KEPT_CHARACTERS);
        const ready = program.ready.exec(said);
        if (ready === null) return;
        clearTimeout(deadline);
        resolve({ child, port: ready[1] === undefined ? port : Number(ready[1]) });
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("error", (error) => {
        clearTimeout(deadline);
        fail(`cannot be run, ${error.message}`);
      });
      child.once("close", (code, signal) => {
        clearTimeout(deadline);
        fail(`ended with ${signal ?? `exit code ${String(code)}`}`);
      });
    });
  } catch (error) {
    await end(child);
    throw error;
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function retrying<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof DatabaseUnavailableError) || !isTaken(error)) throw error;
      await sleep(RETRY_MILLISECONDS);
    }
  }
}

/** As Go, MongoDB, and Redis say it. */
const isTaken = ({ message }: Error): boolean => /address already in use|address is already in use/i.test(message);

async function start(scheme: string, program: DatabaseProgram, milliseconds: number): Promise<RunningDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "groundwork-"));
  const guard = startGuard(directory);
  const begin = (port: number) => listen(program, port, directory, milliseconds, guard);
  let running: Listening;
  try {
    running = await retrying(async () => begin(program.choosesPort ? 0 : await freePort()));
  } catch (error) {
    await guard.end();
    throw error;
  }
  const { port } = running;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    kind: program.kind,
    pause: () => void running.child.kill("SIGSTOP"),
    resume: () => void running.child.kill("SIGCONT"),
    kill: () => end(running.child),
    restart: async () => {
      await end(running.child);
      running = await retrying(() => begin(port));
    },
    stop: async () => {
      await end(running.child);
      await guard.end();
    },
  };
}

/** Rejects with a `DatabaseUnavailableError` that says what to install where nothing serves MongoDB's protocol. */
export async function startMongo(options: DatabaseOptions = {}): Promise<RunningDatabase> {
  const program = await mongoProgram({ ...defaultPlaces(), ...options.places });
  return start("mongodb", program, options.readyMilliseconds ?? READY_MILLISECONDS);
}

/** Rejects with a `DatabaseUnavailableError` that says what to install where nothing serves Redis's protocol. */
export async function startRedis(options: DatabaseOptions = {}): Promise<RunningDatabase> {
  const program = await redisProgram({ ...defaultPlaces(), ...options.places });
  return start("redis", program, options.readyMilliseconds ?? READY_MILLISECONDS);
}
