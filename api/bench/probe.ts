// Loaded before a server's own program: tells what the process has used, for whoever started it.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a server's process says of itself. */
export interface Usage {
  /** Of all its threads, since it began. */
  readonly cpuMicroseconds: number;
  /** JavaScript's objects and buffers, after a full collection where one was asked for. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Collects first, or not. */
export type UsageQuestion = "usage" | "collected-usage";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("message", (question: UsageQuestion) => {
  // The second pass takes what the first has found to be finalized.
  if (question === "collected-usage") {
    collect();
    collect();
  }
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  const usage: Usage = { cpuMicroseconds: user + system, heapBytes: heapUsed + external, residentBytes: rss };
  process.send?.(usage);
});
// The channel must not keep a server alive that has closed everything.
process.channel?.unref();
