import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Which cores the server has, and which everything else: the load, the databases, and what receives telemetry. */
export interface Cores {
  readonly server: string;
  readonly rest: string;
}

/** Undefined where a process cannot be bound to a core: without Linux's taskset, or with one core alone. */
export function findCores(count: number = availableParallelism()): Cores | undefined {
  if (count < 2) return undefined;
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return { server: "0", rest: count === 2 ? "1" : `1-${count - 1}` };
}

/** Binds this process, and what it starts from now on. */
export function bindThisProcess({ rest }: Cores): void {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", rest, String(process.pid)], { stdio: "ignore" });
}

/** A command line that runs on the server's core. */
export const onServerCore = (cores: Cores | undefined, command: readonly string[]): readonly string[] =>
  cores === undefined ? command : ["taskset", "--cpu-list", cores.server, ...command];
