import { cloudDirectory } from "../sandbox/cli/paths.ts";
import { covers, parsePath } from "../sandbox/engine/property-path.ts";
import { outsideChanges } from "../sandbox/cloud/outside-changes.ts";
import type { WhoChanged } from "./report.ts";

const SHOWN = 3;

/** Whether one of two property paths lies within the other. */
function meet(a: string, b: string): boolean {
  const [one, other] = [parsePath(a), parsePath(b)];
  return covers(one, other) || covers(other, one);
}

/** Who changed what with `npm run sandbox -- drift set`. Of a property that is as it was nobody is named. */
export async function sandboxWho(stateDirectory: string): Promise<WhoChanged> {
  const records = await outsideChanges(cloudDirectory(stateDirectory));
  return {
    changedBy: ({ urn, changed }) =>
      records
        .filter((record) => record.urn === urn && changed.some((path) => meet(path, record.path)))
        .slice(-SHOWN)
        .reverse()
        .map(({ time, by, path }) => ({ time, by, action: `drift set ${path}` })),
    lookups: () => [],
  };
}
