import { recordOutsideChange } from "../../cloud/outside-changes.ts";
import { UserError } from "../../user-error.ts";
import type { Value } from "../../values/value.ts";
import { startOwnCloud } from "../cloud.ts";
import { cloudDirectory } from "../paths.ts";
import { type Place, openSession } from "../session.ts";

/** Changes one property of what the cloud holds. Returns what to say of it. */
export async function setDrift(place: Place, urn: string, path: string, text: string): Promise<string> {
  if (!urn.startsWith("urn:pulumi:"))
    throw new UserError(`${JSON.stringify(urn)} is no URN: \`npm run sandbox -- export\` shows them`, 2);
  const { project, stateDirectory } = await openSession(place);
  const cloud = await startOwnCloud({ project, stateDirectory, faults: [], latencyMilliseconds: 0 });
  try {
    const { driftSet } = await import("../../cloud/faults.ts");
    driftSet(cloud.store, urn, path, driftValue(text));
  } finally {
    await cloud.stop();
  }
  await recordOutsideChange(cloudDirectory(stateDirectory), { time: new Date().toISOString(), urn, path });
  return `${urn}: the cloud now holds ${path} = ${JSON.stringify(driftValue(text))}; refresh takes it into the state, and the next preview says how up would undo it`;
}

/** JSON where it is JSON, the text itself otherwise. */
export function driftValue(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
