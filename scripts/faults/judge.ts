import type { RunResult } from "../sandbox/engine/events.ts";
import { cloudDifferences, differences, type ExportedResource } from "./compare.ts";

/** What a run leaves. */
export interface Left {
  readonly resources: readonly ExportedResource[];
  /** How many resources of each URN the cloud holds. */
  readonly cloud: Readonly<Record<string, number>>;
}

type Outcome = Pick<RunResult, "result" | "errors">;

/** A run in which the first operation on the type failed, and the one that went on from there. */
export interface Runs {
  readonly type: string;
  /** What the operation failed with. */
  readonly cause: string;
  readonly failed: Outcome;
  readonly resumed: Outcome;
  /** By an undisturbed run. */
  readonly expected: Left;
  /** By the two runs. */
  readonly left: Left;
}

/** Empty where the type recovers. */
export function problemsOf({ type, cause, failed, resumed, expected, left }: Runs): string[] {
  const named = failed.errors.some(({ urn, message }) => urn.includes(`${type}::`) && message.includes(cause));
  const silent = resumed.result === "failed" && resumed.errors.length === 0;
  return [
    ...(failed.result === "failed" ? [] : [`the first run ${failed.result} although the type was told to fail`]),
    ...(named ? [] : [`no error names the resource and the cause: ${JSON.stringify(failed.errors)}`]),
    ...(silent ? ["the second run failed without an error"] : []),
    ...resumed.errors.map(({ urn, message }) => `the second run failed: ${urn} ${message}`),
    // A run that failed again has left much unmade.
    ...(resumed.result === "failed" ? [] : differences(expected.resources, left.resources)),
    ...(resumed.result === "failed" ? [] : cloudDifferences(expected.cloud, left.cloud)),
  ];
}
