import { rmSync } from "node:fs";
import { join } from "node:path";
import { sandbox, sandboxJson } from "../conformance/sandbox-cli.ts";
import { differences, exportedResources, type ExportedResource } from "./compare.ts";

export interface FaultResult {
  readonly type: string;
  /** Empty where the stack recovers. */
  readonly problems: readonly string[];
}

export interface FaultCheck {
  readonly stack: string;
  readonly type: string;
  /** What an undisturbed run leaves. */
  readonly expected: readonly ExportedResource[];
  /** Where states of runs may stand. */
  readonly directory: string;
}

const MESSAGE = "ServiceUnavailable: told to fail once";

/** One run in which the first operation on the type fails, and one that goes on from there. */
export async function checkFault({ stack, type, expected, directory }: FaultCheck): Promise<FaultResult> {
  const state = join(directory, type.replaceAll(/[^\w]+/g, "-"));
  const place = ["--stack", stack, "--state-dir", state, "--skip-preview", "--no-policy"];
  try {
    const failed = await sandboxJson("up", ...place, "--fail", `${type}@1:${MESSAGE}`);
    const named = failed.errors.some(({ urn, message }) => urn.includes(type) && message.includes(MESSAGE));
    const resumed = await sandboxJson("up", ...place);
    const found = exportedResources((await sandbox("export", "--show-secrets", ...place.slice(0, 4))).stdout);
    const problems = [
      ...(failed.result === "failed" ? [] : [`the first run ${failed.result} although the type was told to fail`]),
      ...(named ? [] : [`no error names the resource and the cause: ${JSON.stringify(failed.errors)}`]),
      ...resumed.errors.map(({ urn, message }) => `the second run failed: ${urn} ${message}`),
      ...differences(expected, found),
    ];
    return { type, problems };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
