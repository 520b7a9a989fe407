import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, parseEnv, promisify, styleText } from "node:util";
import { watch } from "chokidar";
import { contract, readEnvironment } from "../src/environment.ts";
import { startApiProcess } from "./api-process.ts";
import { startMongo, startRedis } from "./databases.ts";
import { devLines } from "./dev-table.ts";
import { startGuard } from "./guard.ts";
import { localKeySet, localTokens } from "./keys.ts";
import { seed } from "./seed.ts";

const API = join(import.meta.dirname, "..");
const RUNTIME_CONFIG = join(import.meta.dirname, "runtime-config.json");
const USAGE = `npm run dev: the API with MongoDB, Redis, and examples, on this machine alone

  npm run dev                      the API on port ${contract.port}
  npm run dev -- --port PORT       on another; 0 takes a free one
  npm run dev -- --watch FOLDER    reloads as well when something in this folder changes; may be repeated

api/.env sets further variables: api/.env.example has them all. Ctrl-C ends everything and leaves nothing behind.

Exit codes: 0 ended by Ctrl-C, 1 it could not start, 2 wrong usage.`;

/** More than the API needs without a load balancer to wait for. */
const GRACE_MILLISECONDS = 5_000;
/** Editors write a file in several steps, and people save several files at once. */
const SETTLE_MILLISECONDS = 100;
const POLL_MILLISECONDS = 100;

/** What went wrong, in words for whoever typed the command. */
class DevError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DevError";
  }
}

interface Options {
  readonly port: number;
  readonly watched: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What api/.env sets; nothing where there is none. */
function environmentFile(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(join(API, ".env"), "utf8"));
  } catch {
    return {};
  }
}

/** As a release does it: the same command, before the API starts. */
async function migrate(env: NodeJS.Dict<string>): Promise<void> {
  const [, ...words] = contract.migrateCommand;
  try {
    await promisify(execFile)(process.execPath, words, { cwd: API, env });
  } catch (error) {
    const said =
      error instanceof Error && "stdout" in error ? String(error.stdout).trim().split("\n").at(-1) : undefined;
    throw new DevError(`the migrations failed: ${said ?? String(error)}`);
  }
}

/** The port, or the free one that it stands for. */
async function availablePort(port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch {
    throw new DevError(`port ${port} is taken: end what listens there, or take another with npm run dev -- --port 0`);
  } finally {
    server.close();
  }
}

/** Settles as the promise does, or rejects at once when the signal is aborted. */
async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DevError("interrupted")), { once: true });
  });
  return Promise.race([promise, aborted]);
}

/** Until the heartbeat answers; false where `hasEnded` says that nobody will answer. */
async function answers(url: string, hasEnded: () => boolean): Promise<boolean> {
  while (!hasEnded()) {
    try {
      const { ok } = await fetch(`${url}${contract.paths.heartbeat}`, { signal: AbortSignal.timeout(1_000) });
      if (ok) return true;
    } catch {
      // Not yet.
    }
    await sleep(POLL_MILLISECONDS);
  }
  return false;
}

const say = (text: string): void => console.log(styleText("dim", text));

/** Runs until the signal is aborted. Whatever it has started is given to `closing`, to be closed in reverse order. */
async function run({ port: wantedPort, watched, signal }: Options, closing: (() => Promise<void>)[]): Promise<void> {
  const port = await availablePort(wantedPort);
  const directory = await mkdtemp(join(tmpdir(), "groundwork-dev-"));
  const guard = startGuard(directory);
  closing.push(() => guard.end());

  say("starting MongoDB and Redis; where they are built first, it takes a minute, once");
  const [mongo, redis] = await unlessAborted(
    signal,
    Promise.all(
      [startMongo(), startRedis()].map(async (starting) => {
        const database = await starting;
        closing.push(() => database.stop());
        return database;
      }),
    ),
  );
  if (mongo === undefined || redis === undefined) throw new DevError("no database was started");

  // As Node's --env-file does it: what the shell gives goes before the file, and what runs here before both.
  const env = {
    JWT_KEYS_FILE: join(directory, "keys.json"),
    RUNTIME_CONFIG_FILE: RUNTIME_CONFIG,
    ...environmentFile(),
    ...process.env,
    ENVIRONMENT: "local",
    HOST: "127.0.0.1",
    PORT: String(port),
    MONGODB_URI: mongo.url,
    REDIS_URL: redis.url,
  };
  const environment = readEnvironment(env);
  const { MONGODB_DATABASE: database } = environment;
  const tokens = await localTokens(await localKeySet(env.JWT_KEYS_FILE), environment);
  await unlessAborted(signal, migrate(env));
  const seeded = await unlessAborted(signal, seed(mongo.url, database));

  let ended = false;
  const url = `http://127.0.0.1:${port}`;
  const runtimeConfig = relative(process.cwd(), env.RUNTIME_CONFIG_FILE);
  const facts = { url, mongo, redis, database, seeded, tokens, runtimeConfig };
  const api = startApiProcess({
    command: process.execPath,
    arguments: ["--import", "./local/end-with-parent.ts", "src/main.ts"],
    cwd: API,
    env,
    graceMilliseconds: GRACE_MILLISECONDS,
    onStart: (child) => {
      ended = false;
      guard.watch(child);
    },
    onUnexpectedEnd: (how) => {
      ended = true;
      console.error(`dev: the API ended with ${how}; it starts again when a file changes`);
    },
  });
  closing.push(() => api.stop());

  const watcher = watch([join(API, "src"), ...watched], {
    ignoreInitial: true,
    ignored: /\.test\.ts$/,
  });
  closing.push(() => watcher.close());
  await unlessAborted(signal, once(watcher, "ready"));
  let settling: NodeJS.Timeout | undefined;
  let shown = false;
  const show = async (): Promise<void> => {
    if (!(await answers(url, () => ended || signal.aborted))) return;
    if (shown) say("reloaded: the API answers");
    else console.log(devLines(facts).join("\n"));
    shown = true;
  };
  const reload = async (file: string): Promise<void> => {
    say(`changed: ${relative(process.cwd(), file)}`);
    await api.restart();
    await show();
  };
  watcher.on("all", (_event, file) => {
    clearTimeout(settling);
    settling = setTimeout(() => void reload(file), SETTLE_MILLISECONDS);
  });

  await show();
  if (!signal.aborted) await once(signal, "abort");
}

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s*\n\s*/g, "; ");

function readOptions(signal: AbortSignal): Options | undefined {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(contract.port) },
      watch: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return undefined;
  const { PORT } = readEnvironment({ PORT: values.port });
  return { port: PORT, watched: values.watch, signal };
}

async function main(): Promise<number> {
  const interrupt = new AbortController();
  let options: Options | undefined;
  try {
    options = readOptions(interrupt.signal);
  } catch (error) {
    console.error(`dev: ${oneLine(error)}; --help shows what is possible`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupt.abort());
  const closing: (() => Promise<void>)[] = [];
  let code = 0;
  try {
    await run(options, closing);
  } catch (error) {
    if (!interrupt.signal.aborted) {
      console.error(`dev: ${oneLine(error)}`);
      code = 1;
    }
  }
  for (const close of closing.reverse()) await close();
  return code;
}

// Not the exit code alone: a build that was interrupted may still run.
process.exit(await main());
