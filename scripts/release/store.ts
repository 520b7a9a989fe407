import { UserError } from "../sandbox/user-error.ts";
import type { ObjectStore } from "./objects.ts";
import { type ReleaseEnvironment, type ReleaseRecord, releaseRecord } from "./record.ts";

/** The releases of each environment. */
export interface ReleaseStore {
  /** As shown to people. */
  readonly place: string;
  /** The oldest first. Rejects with a `UserError` where one of them is no record. */
  records(environment: ReleaseEnvironment): Promise<readonly ReleaseRecord[]>;
  /** Rejects with a `UserError` where the environment has a record of the same moment. */
  add(record: ReleaseRecord): Promise<void>;
  /** Before anything is changed: what is to be written down if the deploy never comes to its end. */
  begin(record: ReleaseRecord): Promise<void>;
  /** Writes down a deploy that was begun and has no record; resolves with it where there is one. Only under the lock. */
  settle(environment: ReleaseEnvironment): Promise<ReleaseRecord | undefined>;
}

const folderOf = (environment: ReleaseEnvironment): string => `releases/${environment}/`;
const begunKey = (environment: ReleaseEnvironment): string => `begun/${environment}.json`;
const textOf = (record: ReleaseRecord): string => `${JSON.stringify(releaseRecord.parse(record), undefined, 2)}\n`;

/**
 * One object per record, which is written once and never replaced: `releases/staging/2026-03-02T09:30:00.000Z.json`, by
 * when it finished. So alphabetical order is the order of time, and two releases cannot overwrite each other.
 */
export function releaseStore(objects: ObjectStore): ReleaseStore {
  const records = async (environment: ReleaseEnvironment): Promise<readonly ReleaseRecord[]> => {
    const keys = await objects.keys(folderOf(environment));
    const texts = await Promise.all(keys.map((key) => objects.get(key)));
    return texts.flatMap((stored, index) =>
      stored === undefined ? [] : [parsed(stored.text, `${objects.place}/${keys[index] ?? ""}`)],
    );
  };
  const add = async (record: ReleaseRecord): Promise<void> => {
    const key = `${folderOf(record.environment)}${record.finishedAt}.json`;
    const text = textOf(record);
    // The answer to a write may be lost on its way, and the write repeated.
    if ((await objects.put(key, text)) === undefined && (await objects.get(key))?.text !== text)
      throw new UserError(
        `there is a record of the same moment (${key}): another release of ${record.environment} runs`,
      );
  };
  return {
    place: objects.place,
    records,
    add,
    async begin(record) {
      const key = begunKey(record.environment);
      const text = textOf(record);
      const tag = await objects.put(key, text, (await objects.get(key))?.tag);
      if (tag === undefined && (await objects.get(key))?.text !== text)
        throw new UserError(`another release of ${record.environment} has begun (${key})`);
    },
    async settle(environment) {
      const key = begunKey(environment);
      const stored = await objects.get(key);
      if (stored === undefined) return undefined;
      const begun = parsed(stored.text, `${objects.place}/${key}`);
      if ((await records(environment)).some(({ startedAt }) => startedAt === begun.startedAt)) return undefined;
      await add(begun);
      return begun;
    },
  };
}

function parsed(text: string, place: string): ReleaseRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(`${place} is no JSON: bring back its last version, or move it away`);
  }
  const record = releaseRecord.safeParse(json);
  if (record.success) return record.data;
  const { path, message } = record.error.issues[0] ?? { path: [], message: "" };
  throw new UserError(`${place} is no release record, at ${path.join(".")}: ${message}`);
}
