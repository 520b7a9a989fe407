import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { AssembledStage } from "./assemble.ts";
import { runCommand } from "./npm.ts";

/** How a process of the image ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and error. */
  readonly output: string;
}

export interface ContainerProcess {
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** An assembled image whose files nobody may write to. */
export interface Container {
  /** `command` as an exec form: `node` is the image's, any other a path. */
  run(command: readonly string[], environment: Readonly<Record<string, string>>): ContainerProcess;
}

/** Whether this process may start another as the image's user. */
export const canSwitchUser = process.getuid?.() === 0;

/**
 * Takes away every right to write, and starts processes as the image's user where this one may, else as its own. No
 * such process can write to the image, to its working directory, or to a folder for temporary files.
 */
export async function contain(image: AssembledStage): Promise<Container> {
  const node = join(image.root, "usr/local/bin/node");
  mkdirSync(dirname(node), { recursive: true });
  // In the image, since its user might not reach the one that runs this.
  cpSync(process.execPath, node, { dereference: true });
  chmodSync(dirname(image.root), 0o755);
  await changeModes("a-w", image.root);
  const [uid, gid] = (image.user ?? "").split(":").map(Number);
  const user = canSwitchUser && uid !== undefined && gid !== undefined ? { uid, gid } : {};
  return {
    run([file = "node", ...words], environment) {
      const child = spawn(file === "node" ? node : file, words, {
        ...user,
        cwd: join(image.root, image.workdir),
        env: { TMPDIR: image.root, HOME: "/nonexistent", ...image.environment, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const output = Promise.all([text(child.stdout), text(child.stderr)]);
      const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
      return {
        signal: (name) => void child.kill(name),
        ended: Promise.all([closed, output]).then(([[exitCode, signal], [out, err]]) => ({
          exitCode,
          signal,
          output: out + err,
        })),
      };
    },
  };
}

/** Gives back the right to write, so that the folder can be removed. */
export const release = (folder: string): Promise<void> => changeModes("u+w", folder);

async function changeModes(mode: string, folder: string): Promise<void> {
  const { exitCode, stderr } = await runCommand("chmod", ["-R", mode, folder], "/");
  if (exitCode !== 0) throw new Error(`chmod: ${stderr}`);
}

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
