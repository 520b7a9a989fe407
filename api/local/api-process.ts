import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface ApiProcessOptions {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long it may take to end by itself before it is killed. */
  readonly graceMilliseconds: number;
  readonly onStart: (child: ChildProcess) => void;
  /** It ended, and nobody had asked it to. `how` is an exit code or a signal in words. */
  readonly onUnexpectedEnd: (how: string) => void;
}

/** One process after the other, never two: the next begins when the last has ended. */
export interface ApiProcess {
  /** Calls while one runs ask for one more run after it, however many they are. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

async function end(child: ChildProcess, graceMilliseconds: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const deadline = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
  await ended;
  clearTimeout(deadline);
}

export function startApiProcess(options: ApiProcessOptions): ApiProcess {
  /** Those that were asked to end: their end is no surprise. */
  const dismissed = new WeakSet<ChildProcess>();
  let stopped = false;
  const isStopped = (): boolean => stopped;

  const begin = (): ChildProcess => {
    // A group of its own: Ctrl-C reaches whoever runs this, who then ends things in order.
    const child = spawn(options.command, options.arguments, {
      cwd: options.cwd,
      env: { ...options.env },
      // The channel is closed when this process dies: end-with-parent.ts listens to it.
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true,
    });
    child.once("error", ({ message }) => options.onUnexpectedEnd(message));
    child.once("exit", (code, signal) => {
      if (!dismissed.has(child)) options.onUnexpectedEnd(signal ?? `exit code ${String(code)}`);
    });
    options.onStart(child);
    return child;
  };
  let child = begin();

  const dismiss = async (): Promise<void> => {
    dismissed.add(child);
    await end(child, options.graceMilliseconds);
  };
  let wanted = false;
  let replacing: Promise<void> | undefined;
  const replace = async (): Promise<void> => {
    while (wanted && !isStopped()) {
      wanted = false;
      await dismiss();
      // It may have been stopped meanwhile.
      if (!isStopped()) child = begin();
    }
    replacing = undefined;
  };
  return {
    restart: () => {
      wanted = true;
      return (replacing ??= replace());
    },
    stop: async () => {
      stopped = true;
      await replacing;
      await dismiss();
    },
  };
}
