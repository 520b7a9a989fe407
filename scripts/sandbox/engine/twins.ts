import type { ResourceState } from "../state/resource.ts";
import type { Recorder } from "./recorder.ts";

/**
 * The states without those that another one of the same URN stands in for. A run that was killed between recording a
 * resource and striking out its predecessor leaves both, the newer one first.
 */
export function withoutTwins(states: readonly ResourceState[], recorder: Recorder): ResourceState[] {
  const newest = new Map<string, ResourceState>();
  return states.filter((state) => {
    if (state.delete) return true;
    const newer = newest.get(state.urn);
    newest.set(state.urn, newer ?? state);
    if (newer === undefined) return true;
    // The same resource as it was before, or one that was deleted ahead of its replacement: nothing of it is left.
    if (newer.id === state.id || state.pendingReplacement) {
      recorder.done(state);
      return false;
    }
    state.delete = true;
    recorder.changed(state);
    return true;
  });
}
