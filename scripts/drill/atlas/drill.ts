import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient, MongoError } from "mongodb";
import { messageOf, UserError } from "../../sandbox/user-error.ts";
import { type RestoreReport, toMilliseconds } from "../report.ts";
import { type Steps, stepsOf } from "../steps.ts";
import { AtlasError, atlasAdvice } from "./client.ts";
import { compareWithLive } from "./compare.ts";
import type { AtlasCluster, AtlasProject, Snapshot } from "./resources.ts";
import { costText, isTemporary, LIMIT_HOURS, temporaryCluster, temporaryName } from "./temporary.ts";
import { type Undo, undoList } from "./undo.ts";

/** How the drill reads a database: as a user of its own, who may only read. */
export type Connect = (url: string, user: { readonly username: string; readonly password: string }) => MongoClient;

export interface AtlasDrillOptions {
  readonly atlas: AtlasProject;
  readonly project: string;
  readonly environment: string;
  /** The live cluster, whose snapshot it is. It is only read. */
  readonly clusterName: string;
  /** The address from which this machine reaches Atlas; undefined: through the private endpoint. */
  readonly address: string | undefined;
  readonly say: (line: string) => void;
  /** Resolves to whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly connect?: Connect;
  /** Between two looks at what takes its time. Default: 15 s. */
  readonly pollMilliseconds?: number;
}

/** The database of the API and its collection with a time of change, as the program names them. */
const DATABASE = "api";
const COLLECTION = "maps";
const POLL_MILLISECONDS = 15_000;
const REACHABLE_MILLISECONDS = 60_000;
/** Atlas refuses a deletion while it makes the cluster, at times. */
const DELETION_MILLISECONDS = 30 * 60_000;
const HOUR_MILLISECONDS = 3_600_000;

const readOnly: Connect = (url, auth) =>
  new MongoClient(url, {
    auth,
    appName: "restore-drill",
    authSource: "admin",
    readPreference: "secondaryPreferred",
    serverSelectionTimeoutMS: REACHABLE_MILLISECONDS,
  });

interface Context extends Omit<AtlasDrillOptions, "pollMilliseconds" | "connect"> {
  readonly poll: number;
  readonly connect: Connect;
  readonly undo: Undo;
  readonly steps: Steps;
}

async function until<T>({ poll, signal }: Context, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(poll, undefined, { signal });
  }
}

/** What is looked at before anything is made or asked. */
async function surveyed({ atlas, project, environment, clusterName, signal }: Context) {
  const name = await atlas.name(signal);
  // The stack's output says so already; a key or an output of another environment must not get further.
  if (!name.startsWith(`${project}-${environment}-`))
    throw new UserError(`Atlas's project is called ${name}, which is not ${environment}'s: nothing was touched`);
  const source = await atlas.cluster(clusterName, signal);
  if (source === undefined) throw new UserError(`the project ${name} has no cluster ${clusterName}`);
  const snapshot = (await atlas.snapshots(clusterName, signal)).find(({ status }) => status === "completed");
  if (snapshot === undefined)
    throw new UserError(`${clusterName} has no snapshot that is complete: the first is taken at 03:00 UTC`);
  const leftovers = (await atlas.clusters(signal)).filter(
    (each) => isTemporary(each) && each.name !== clusterName && each.stateName !== "DELETING",
  );
  return { name, source, snapshot, leftovers };
}

async function deleted({ atlas, poll }: Pick<Context, "atlas" | "poll">, name: string): Promise<void> {
  const deadline = AbortSignal.timeout(DELETION_MILLISECONDS);
  for (;;) {
    const cluster = await atlas.cluster(name, deadline);
    if (cluster === undefined || cluster.stateName === "DELETING") return;
    if (!isTemporary(cluster)) throw new Error("it is not the drill's: its tag is missing");
    try {
      await atlas.deleteCluster(name);
    } catch (error) {
      const isBusy = error instanceof AtlasError && (error.status === 409 || error.status >= 500);
      if (!isBusy) throw error;
    }
    await sleep(poll, undefined, { signal: deadline });
  }
}

async function made(context: Context, name: string, source: AtlasCluster): Promise<AtlasCluster> {
  const { atlas, signal, undo, environment } = context;
  undo.add(`the cluster ${name}: delete it in Atlas, or run the drill again, which does it first`, () =>
    deleted(context, name),
  );
  await atlas.createCluster(temporaryCluster(name, source, environment), signal);
  return until(context, async () => {
    const cluster = await atlas.cluster(name, signal);
    if (cluster === undefined) throw new UserError(`the cluster ${name} is gone: somebody deleted it`);
    return cluster.stateName === "IDLE" ? cluster : undefined;
  });
}

async function restored(context: Context, snapshot: Snapshot, target: string): Promise<void> {
  const { atlas, clusterName, signal } = context;
  // The only call that replaces data: whatever came before, the target is the drill's own cluster.
  if (target === clusterName) throw new Error("a restore would have replaced the live cluster");
  const { id } = await atlas.startRestore(clusterName, snapshot.id, target, signal);
  await until(context, async () => {
    const job = await atlas.restoreJob(clusterName, id, signal);
    const wrong = (["failed", "cancelled", "expired"] as const).find((state) => job[state]);
    if (wrong !== undefined)
      throw new UserError(`Atlas's restore ${id} ${wrong === "failed" ? "failed" : `was ${wrong}`}`);
    return job.finishedAt ?? undefined;
  });
}

async function reader(context: Context, name: string) {
  const { atlas, address, clusterName, signal, undo } = context;
  const removed = new Date(Date.now() + LIMIT_HOURS * HOUR_MILLISECONDS);
  if (address !== undefined && !(await atlas.isLetIn(address, signal))) {
    undo.add(`${address} on the project's access list: Atlas removes it by itself at ${removed.toISOString()}`, () =>
      atlas.shutOut(address),
    );
    await atlas.letIn(address, removed, signal);
    await until(context, async () => ((await atlas.isActive(address, signal)) ? true : undefined));
  }
  const user = { username: name, password: randomBytes(24).toString("base64url") };
  const clusters = [clusterName, name];
  undo.add(`the database user ${name}: Atlas removes it by itself at ${removed.toISOString()}`, () =>
    atlas.deleteUser(name),
  );
  await atlas.createUser({ name, password: user.password, database: DATABASE, clusters, until: removed }, signal);
  for (const cluster of clusters)
    await until(context, async () => ((await atlas.usersApplied(cluster, signal)) ? true : undefined));
  return user;
}

function urlOf({ address }: Context, { name, connectionStrings }: AtlasCluster): string {
  const url =
    address === undefined ? connectionStrings.privateEndpoint?.[0]?.srvConnectionString : connectionStrings.standardSrv;
  if (url !== undefined) return url;
  throw new UserError(
    address === undefined
      ? `${name} has no private endpoint: run the drill with --address, the address from which you reach Atlas`
      : `${name} has no public address`,
  );
}

async function compared(context: Context, source: AtlasCluster, name: string, taken: Date) {
  const { atlas, connect, signal } = context;
  const target = await until(context, async () => {
    const cluster = await atlas.cluster(name, signal);
    return cluster?.stateName === "IDLE" ? cluster : undefined;
  });
  const user = await reader(context, name);
  const [live, copy] = [connect(urlOf(context, source), user), connect(urlOf(context, target), user)];
  try {
    return await compareWithLive(live.db(DATABASE), copy.db(DATABASE), COLLECTION, taken);
  } catch (error) {
    if (error instanceof MongoError) throw new UserError(`the databases cannot be compared: ${error.message}`);
    throw error;
  } finally {
    await Promise.allSettled([live.close(), copy.close()]);
  }
}

async function drill(context: Context): Promise<RestoreReport | undefined> {
  const { say, confirm, steps, environment } = context;
  const { name: projectName, source, snapshot, leftovers } = await steps.run("look at Atlas", () => surveyed(context));
  const taken = new Date(snapshot.createdAt);
  const name = temporaryName(new Date());
  say("");
  say(`Project    ${projectName}; its cluster ${source.name} is only read`);
  say(`Snapshot   of ${taken.toISOString()}`);
  say(`Costs      a temporary cluster ${costText(source)}`);
  for (const { name: leftover } of leftovers) say(`Leftover   ${leftover}, of an earlier drill: is deleted first`);
  say("");
  if (!(await confirm(`Make ${name}, restore into it, and delete it after ${LIMIT_HOURS} hours at the latest?`)))
    return undefined;

  const startedAt = new Date();
  for (const leftover of leftovers) await steps.run(`delete ${leftover.name}`, () => deleted(context, leftover.name));
  const decided = performance.now();
  await steps.run("make the cluster", () => made(context, name, source));
  await steps.run("restore the snapshot", () => restored(context, snapshot, name));
  const { expected, found, lost } = await steps.run(
    "compare",
    () => compared(context, source, name, taken),
    (result) => `${result.expected.count} unchanged documents`,
  );
  return {
    drill: "restore",
    where: "atlas",
    environment,
    startedAt: startedAt.toISOString(),
    source: `the snapshot of ${taken.toISOString()}, restored into ${name}`,
    canaries: { expected, found },
    differences: [],
    lost,
    recoveryPointSeconds: (startedAt.getTime() - taken.getTime()) / 1000,
    recoveryTimeSeconds: toMilliseconds((performance.now() - decided) / 1000),
    steps: steps.times,
  };
}

/**
 * Restores the newest snapshot into a cluster of its own and compares it with the live one. Whatever it makes it
 * removes, also where it fails or is interrupted, and after two hours. Undefined where the answer was no.
 * Rejects with a UserError: Atlas refused, a restore failed, time is up, or something could not be removed.
 */
export async function atlasRestoreDrill(options: AtlasDrillOptions): Promise<RestoreReport | undefined> {
  const { pollMilliseconds: poll = POLL_MILLISECONDS, connect = readOnly, ...rest } = options;
  const late = AbortSignal.timeout(LIMIT_HOURS * HOUR_MILLISECONDS);
  const signal = AbortSignal.any([options.signal, late]);
  const undo = undoList();
  const context: Context = { ...rest, signal, poll, connect, undo, steps: stepsOf(options.say, signal) };
  let failure: unknown;
  let report: RestoreReport | undefined;
  try {
    report = await drill(context);
  } catch (error) {
    failure = late.aborted ? new UserError(`the drill took longer than ${LIMIT_HOURS} hours`) : known(error, signal);
  }
  const left = await undo.all();
  if (left.length > 0)
    throw new UserError(
      `${failure === undefined ? "" : `${messageOf(failure)}; `}what could not be removed: ${left.join("; ")}`,
    );
  if (failure !== undefined) throw failure as Error;
  return report;
}

/** Timers and requests end with an AbortError of their own; the reason says who ended them. */
function known(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return error instanceof AtlasError ? atlasAdvice(error) : error;
}
