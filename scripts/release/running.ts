import type { Engine } from "../engines/engine.ts";
import type { Target } from "../target.ts";
import { running } from "./choose.ts";
import { bucketObjects, sandboxObjects } from "./places.ts";
import { nameOf, type ReleaseName } from "./record.ts";
import { releaseStore } from "./store.ts";

export interface RunningRequest {
  readonly root: string;
  /** Of the sandbox. */
  readonly stateDirectory: string | undefined;
}

/**
 * What an environment runs, by its release records: a change of its infrastructure keeps it. Undefined for a preview,
 * which runs its branch, and before the first release.
 */
export async function runningRelease(
  engine: Engine,
  { environment, region }: Target,
  { root, stateDirectory }: RunningRequest,
): Promise<ReleaseName | undefined> {
  if (environment === "preview") return undefined;
  const objects =
    engine.kind === "sandbox" ? sandboxObjects(root, stateDirectory) : await bucketObjects(engine, environment, region);
  if (objects === undefined) return undefined;
  const record = running(await releaseStore(objects).records(environment));
  return record && nameOf(record);
}
