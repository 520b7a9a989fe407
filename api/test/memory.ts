import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Loaded before the API: answers each message of its parent with the bytes of the heap that are in use. */

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("message", () => {
  collect();
  process.send?.(process.memoryUsage().heapUsed);
});
process.channel?.unref();
