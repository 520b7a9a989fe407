import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

export interface Measured {
  readonly seconds: number;
  /** The largest sum of resident memory over the process and all below it, in MiB. Shared pages count each time. */
  readonly peakMebibytes: number;
}

const SAMPLE_MILLISECONDS = 200;
const list = promisify(execFile);

/**
 * Runs a command to its end. Rejects, with its last lines, where it fails. Looking at memory takes time of its own, so
 * it is done only where asked for.
 */
export async function measure(
  command: string,
  args: readonly string[],
  { memory = false }: { readonly memory?: boolean } = {},
): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      tail.push(chunk.toString());
      if (tail.length > 20) tail.shift();
    });
  let peak = 0;
  const sample = (): void => {
    void residentMebibytes(child).then((sum) => {
      peak = Math.max(peak, sum);
    });
  };
  const timer = memory ? setInterval(sample, SAMPLE_MILLISECONDS) : undefined;
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  clearInterval(timer);
  if (code !== 0)
    throw new Error(`${[command, ...args].join(" ")} ended with ${code ?? "a signal"}:\n${tail.join("").trim()}`);
  return { seconds: (performance.now() - begun) / 1000, peakMebibytes: Math.round(peak) };
}

async function residentMebibytes(root: ChildProcess): Promise<number> {
  try {
    const { stdout } = await list("ps", ["-A", "-o", "pid=,ppid=,rss="]);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    const family = new Set([root.pid]);
    let sum = 0;
    // Children come after their parents in the table of a system that counts upwards; a few rounds catch the rest.
    for (let round = 0; round < 4; round++) for (const [pid, parent] of rows) if (family.has(parent)) family.add(pid);
    for (const [pid, , kibibytes] of rows) if (family.has(pid)) sum += (kibibytes ?? 0) / 1024;
    return sum;
  } catch {
    // The process may be gone between two samples.
    return 0;
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};
