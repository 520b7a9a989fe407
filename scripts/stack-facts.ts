import type { StackFacts } from "./isolation.ts";
import { NO_CONFIG_OPTIONS, type Place, openSession, openStack } from "./sandbox/cli/session.ts";
import { stackFiles } from "./sandbox/state/files.ts";
import { openSnapshot, readState } from "./sandbox/state/store.ts";

/** A stack of the sandbox as its last run left it. */
export async function factsOf(place: Place, stack: string): Promise<StackFacts> {
  const session = await openSession(place);
  const { config, secrets } = await openStack(session, stack, NO_CONFIG_OPTIONS);
  const { deployment } = readState(stackFiles(session.stateDirectory, session.project.name, stack));
  return { stack, resources: openSnapshot(deployment, await secrets()).resources, config: config.values };
}
