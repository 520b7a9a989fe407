import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isListening } from "./listening.ts";

const COMMAND = join(import.meta.dirname, "dev.ts");

let scratch: string;
let dev: ChildProcess | undefined;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "dev-test-"));
  for (const folder of ["tmp", "watched"]) mkdirSync(join(scratch, folder));
});
afterEach(async () => {
  if (dev?.exitCode === null) {
    // Its output ends when the last process that it has started is gone.
    const closed = once(dev, "close");
    dev.kill("SIGKILL");
    await closed;
  }
  rmSync(scratch, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  readonly text: () => string;
}

function start(...words: readonly string[]): Run {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: join(scratch, "tmp"), NO_COLOR: "1" },
  });
  dev = child;
  let text = "";
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return { child, text: () => text };
}

async function said({ child, text }: Run, what: RegExp): Promise<RegExpExecArray> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const found = what.exec(text());
    if (found !== null) return found;
    if (Date.now() > deadline || child.exitCode !== null) assert.fail(`never said ${String(what)}:\n${text()}`);
    await sleep(20);
  }
}

/** Soon, at the latest: it may be starting again, where somebody has changed another file. */
async function isOk(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const deadline = Date.now() + 20_000;
  let seen = "";
  while (Date.now() < deadline) {
    try {
      const { status } = await fetch(url, { headers });
      if (status === 200) return;
      seen = `status ${status}`;
    } catch (error) {
      seen = String(error);
    }
    await sleep(50);
  }
  assert.fail(`${url}: ${seen}`);
}

describe("npm run dev", () => {
  it("serves, says where and by what, reloads on a change, and leaves nothing behind on Ctrl-C", async () => {
    const run = start("--port", "0", "--watch", join(scratch, "watched"));
    const [, api = ""] = await said(run, /^API +http:\/\/127\.0\.0\.1:(\d+)/m);
    const [, mongo = ""] = await said(run, /^MongoDB +mongodb:\/\/127\.0\.0\.1:(\d+)\/groundwork +(mongod|FerretDB)/m);
    const [, redis = ""] = await said(run, /^Redis +redis:\/\/127\.0\.0\.1:(\d+) +(redis-server|miniredis)/m);
    const [, token = ""] = await said(run, /^member token, for learner-1, .*\n(\S+)$/m);
    await said(run, /^admin token, for admin-1, .*\n\S+$/m);
    const url = `http://127.0.0.1:${api}`;
    await isOk(`${url}/heartbeat`);
    await isOk(`${url}/map/learner-1`, { Authorization: `Bearer ${token}` });

    writeFileSync(join(scratch, "watched", "any.ts"), "");
    await said(run, /^changed: .*any\.ts$/m);
    await said(run, /^reloaded: the API answers$/m);
    await isOk(`${url}/heartbeat`);

    const ended = once(run.child, "exit");
    run.child.kill("SIGINT");
    assert.deepEqual(await ended, [0, null], run.text());
    const ports = [api, mongo, redis].map(Number);
    assert.deepEqual(await Promise.all(ports.map(isListening)), [false, false, false]);
    assert.deepEqual(readdirSync(join(scratch, "tmp")), []);
  });

  it("is one line where the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const run = start("--port", String(port));
    assert.deepEqual(await once(run.child, "close"), [1, null]);
    other.close();
    assert.match(run.text(), new RegExp(`^dev: port ${port} is taken: .*\\n$`));
    assert.deepEqual(readdirSync(join(scratch, "tmp")), []);
  });

  it("is one line where it is called in a wrong way", async () => {
    for (const words of [
      ["--port", "x"],
      ["--prot", "1"],
    ]) {
      const run = start(...words);
      assert.deepEqual(await once(run.child, "close"), [2, null]);
      assert.match(run.text(), /^dev: .*--help shows what is possible\n$/);
    }
  });
});
