import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningDatabase, startMongo, startRedis } from "../../api/local/databases.ts";
import { localKeySet } from "../../api/local/keys.ts";
import type { TokenNames } from "../../api/src/auth/token.ts";
import { UserError } from "../sandbox/user-error.ts";
import { canaryToken } from "../smoke/canary.ts";
import type { SmokeReport } from "../smoke/report.ts";
import { type Retries, smoke } from "../smoke/run.ts";
import type { ReleaseEnvironment, ReleaseName } from "./record.ts";

/** What runs on this machine in place of what the sandbox's cloud only knows by name. */
export interface LoopbackEnvironments {
  /** The release's own migrations, on the environment's database. Rejects with a `UserError` where they fail. */
  migrate(environment: ReleaseEnvironment, api: string): Promise<string>;
  /** The environment runs the release from now on, in place of whatever it ran before. */
  serve(environment: ReleaseEnvironment, name: ReleaseName, api: string): Promise<void>;
  /** Looks at what runs, for the release that should. */
  smoke(environment: ReleaseEnvironment, expected: ReleaseName, retries?: Retries): Promise<SmokeReport>;
  /** Ends every process that was started. */
  stop(): Promise<void>;
}

export interface LoopbackOptions {
  /** Variables of a release beside those of its environment: a rehearsal's way to make a bad one. */
  readonly variablesOf?: (name: ReleaseName) => Readonly<Record<string, string>>;
}

/** As the API's variables have them by default. */
const names: TokenNames = { JWT_ISSUER: "groundwork", JWT_AUDIENCE: "groundwork-api" };
const LISTENS_MS = 30_000;
const STOPS_MS = 10_000;

/**
 * The API of each environment as a process of this machine, with a database and keys of its own and a cache that all
 * share under prefixes. `api` is the folder of the release's API: an environment runs the code of its release.
 */
export async function loopbackEnvironments({
  variablesOf = () => ({}),
}: LoopbackOptions = {}): Promise<LoopbackEnvironments> {
  const directory = await mkdtemp(join(tmpdir(), "groundwork-release-"));
  const databases: RunningDatabase[] = [];
  const running = new Map<ReleaseEnvironment, { readonly child: ChildProcess; readonly url: string }>();
  const end = async (): Promise<void> => {
    await Promise.all([...running.values()].map(({ child }) => ended(child)));
    await Promise.all(databases.map((database) => database.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  const begin = async (): Promise<readonly [RunningDatabase, RunningDatabase]> => {
    const started = await Promise.allSettled([startMongo(), startRedis()]);
    for (const one of started) if (one.status === "fulfilled") databases.push(one.value);
    const [mongo, redis] = started;
    if (mongo.status === "rejected") throw mongo.reason;
    if (redis.status === "rejected") throw redis.reason;
    return [mongo.value, redis.value];
  };
  const [mongo, redis] = await begin().catch(async (error: unknown) => {
    await end();
    throw error;
  });

  const keysFile = (environment: ReleaseEnvironment): string => join(directory, `${environment}-keys.json`);
  const configFile = join(directory, "runtime-config.json");
  await writeFile(configFile, "{}");
  const databaseOf = (environment: ReleaseEnvironment): Readonly<Record<string, string>> => ({
    ENVIRONMENT: "local",
    MONGODB_URI: mongo.url,
    MONGODB_DATABASE: `release-${environment}`,
  });

  return {
    async migrate(environment, api) {
      const said = await run(api, "src/migrate.ts", databaseOf(environment));
      return `on this machine, for the sandbox has no database: ${said}`;
    },
    async serve(environment, name, api) {
      const before = running.get(environment);
      running.delete(environment);
      if (before !== undefined) await ended(before.child);
      await localKeySet(keysFile(environment));
      const child = start(api, "src/main.ts", {
        ...databaseOf(environment),
        HOST: "127.0.0.1",
        PORT: "0",
        REDIS_URL: redis.url,
        REDIS_KEY_PREFIX: `${environment}:`,
        JWT_KEYS_FILE: keysFile(environment),
        RUNTIME_CONFIG_FILE: configFile,
        VERSION: name.version,
        COMMIT: name.commit,
        ...variablesOf(name),
      });
      const port = await portOf(child).catch(async (error: unknown) => {
        await ended(child);
        throw error;
      });
      running.set(environment, { child, url: `http://127.0.0.1:${port}` });
    },
    async smoke(environment, { version, commit }, retries) {
      const served = running.get(environment);
      if (served === undefined) throw new UserError(`the API of ${environment} does not run`);
      return smoke(
        {
          url: new URL(served.url),
          environment,
          local: true,
          expected: { version, commit },
          token: await canaryToken(await localKeySet(keysFile(environment)), names, environment),
          sites: [],
        },
        retries === undefined ? {} : { retries },
      );
    },
    stop: end,
  };
}

/** It inherits no variable, and ends with this process. */
const start = (api: string, file: string, variables: Readonly<Record<string, string>>): ChildProcess =>
  spawn(
    process.execPath,
    [`--import=${join(import.meta.dirname, "../../api/local/end-with-parent.ts")}`, join(api, file)],
    {
      env: variables,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );

/** The log, line by line. */
function hear(child: ChildProcess, onLine: (line: Readonly<Record<string, unknown>>) => void): void {
  let text = "";
  const take = (chunk: Buffer): void => {
    const lines = (text + chunk.toString()).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      try {
        onLine(JSON.parse(line) as Readonly<Record<string, unknown>>);
      } catch {
        onLine({ message: line });
      }
    }
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let last = "";
    const deadline = setTimeout(() => fail(`did not listen within ${LISTENS_MS / 1000} s`), LISTENS_MS);
    const fail = (what: string): void => {
      clearTimeout(deadline);
      reject(new UserError(`the API ${what}${last === "" ? "" : `: ${last}`}`));
    };
    hear(child, ({ message, port }) => {
      last = String(message);
      if (message !== "listening" || typeof port !== "number") return;
      clearTimeout(deadline);
      resolve(port);
    });
    child.once("error", ({ message }) => fail(`cannot be run, ${message}`));
    child.once("exit", (code, signal) => fail(`ended with ${signal ?? `exit code ${code ?? "unknown"}`}`));
  });
}

/** To its end. Resolves with the last line that it logged. */
async function run(api: string, file: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const child = start(api, file, variables);
  let last = "";
  hear(child, ({ message }) => {
    last = String(message);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new UserError(`the migrations failed: ${last}`);
  return last;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const deadline = setTimeout(() => child.kill("SIGKILL"), STOPS_MS);
  await exit;
  clearTimeout(deadline);
}
