import type { MongoClient } from "mongodb";

export interface HeartbeatTimes {
  /** As the client has them, in milliseconds. */
  readonly connectTimeoutMS: number;
  readonly heartbeatFrequencyMS: number;
  /** What a busy event loop adds. Default: a second. */
  readonly marginMs?: number;
}

/**
 * Calls `onStuck` once where a heartbeat has had no outcome for longer than the driver lets it take.
 *
 * The driver (7.8) waits for ever for the `drain` of a socket that is destroyed and has not said so yet: it does so
 * when its monitor asks in the very turn in which a killed server's connections end. Its monitor then asks nobody any
 * more, so that the server stays unknown although it is back. Returns what ends the watch.
 */
export function watchHeartbeats(
  client: Pick<MongoClient, "on">,
  { connectTimeoutMS, heartbeatFrequencyMS, marginMs = 1_000 }: HeartbeatTimes,
  onStuck: () => void,
): () => void {
  const pending = new Map<string, NodeJS.Timeout>();
  let isOver = false;
  const settled = ({ connectionId }: { readonly connectionId: string }): void => {
    clearTimeout(pending.get(connectionId));
    pending.delete(connectionId);
  };
  const end = (): void => {
    isOver = true;
    for (const connectionId of pending.keys()) settled({ connectionId });
  };
  client.on("serverHeartbeatStarted", ({ connectionId, awaited }) => {
    if (isOver) return;
    settled({ connectionId });
    // To connect, to shake hands, and, where the server answers when it likes, until it must.
    const longestMs = 2 * connectTimeoutMS + (awaited ? heartbeatFrequencyMS : 0) + marginMs;
    const timer = setTimeout(() => {
      // An outcome that came while the event loop was busy is heard first.
      setImmediate(() => {
        if (pending.get(connectionId) !== timer) return;
        end();
        onStuck();
      });
    }, longestMs).unref();
    pending.set(connectionId, timer);
  });
  client.on("serverHeartbeatSucceeded", settled);
  client.on("serverHeartbeatFailed", settled);
  client.on("serverClosed", ({ address }) => settled({ connectionId: address }));
  return end;
}
