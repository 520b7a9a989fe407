import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A shell that outlives its parent by a moment: it kills what the parent left, a stopped process too, and its data. */
export interface Guard {
  /** Replaces the process that it watched before. */
  watch(child: ChildProcess): void;
  /** Removes the folder. */
  end(): Promise<void>;
}

/** Reads the process to kill, or an empty line for none, until its input ends, as it does when the parent dies. */
const SCRIPT = `while read -r next; do pid=$next; done
if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null; sleep 1; fi
rm -rf -- "$1"`;

export function startGuard(directory: string): Guard {
  // In a session of its own, so that no signal to the parent's group reaches it.
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "guard", directory], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.stdin.on("error", () => undefined);
  const ended = once(shell, "exit");
  let watched: ChildProcess | undefined;
  return {
    watch(child) {
      // It could not be started at all.
      if (child.pid === undefined) return;
      watched = child;
      shell.stdin.write(`${child.pid}\n`);
      // Its number may belong to another process soon.
      child.once("exit", () => {
        if (watched === child) shell.stdin.write("\n");
      });
    },
    async end() {
      shell.stdin.end();
      await ended;
    },
  };
}
