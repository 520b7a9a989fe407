import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { acquireLock } from "./lock.ts";

const MODULE = new URL("lock.ts", import.meta.url).href;

describe("the lock of a stack", () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-lock-"));
    file = join(directory, "stacks", "shop", "dev.lock");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const refusal = (pid: number): { name: string; message: string } => ({
    name: "UserError",
    message: `stack dev is in use by process ${pid} (${file}); wait for it to end, or end it, then run again`,
  });

  it("names its holder and leaves nothing when released", () => {
    const release = acquireLock(file, "dev");
    assert.equal(readFileSync(file, "utf8"), String(process.pid));
    release();
    assert.deepEqual(readdirSync(dirname(file)), []);
  });

  it("is refused to a second holder, with the pid of the first, and free again when that is done", () => {
    const release = acquireLock(file, "dev");
    assert.throws(() => acquireLock(file, "dev"), refusal(process.pid));
    release();
    acquireLock(file, "dev")();
  });

  it("of one stack does not hinder another", () => {
    const other = join(dirname(file), "other.lock");
    const releases = [acquireLock(file, "dev"), acquireLock(other, "other")];
    for (const release of releases) release();
    assert.ok(!existsSync(file) && !existsSync(other));
  });

  it("is refused while another process holds it, and taken over when that was killed", async () => {
    const script = `import { acquireLock } from ${JSON.stringify(MODULE)};
      acquireLock(${JSON.stringify(file)}, "dev"); console.log("held"); setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(holder.stdout, "data");
      assert.throws(() => acquireLock(file, "dev"), refusal(holder.pid ?? 0));
    } finally {
      holder.kill("SIGKILL");
    }
    await once(holder, "exit");
    const release = acquireLock(file, "dev");
    assert.equal(readFileSync(file, "utf8"), String(process.pid));
    release();
  });

  const ended = spawnSync(process.execPath, ["--version"]).pid;
  const left: [string, string][] = [
    ["a process that is gone", String(ended)],
    ["nobody", ""],
    ["no number", "somebody"],
    ["an impossible pid", "-1"],
  ];
  for (const [title, content] of left)
    it(`is taken over where it names ${title}`, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      const release = acquireLock(file, "dev");
      assert.equal(readFileSync(file, "utf8"), String(process.pid));
      release();
      assert.deepEqual(readdirSync(dirname(file)), []);
    });

  it("goes to one of many processes that come upon it at once, never to two", async () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(ended));
    const script = `import { acquireLock } from ${JSON.stringify(MODULE)};
      process.stdin.once("data", () => {
        try { acquireLock(${JSON.stringify(file)}, "dev"); console.log("held"); } catch (error) { console.log("refused"); }
      });
      process.stdin.once("end", () => process.exit());
      console.log("ready");`;
    const rivals = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    await Promise.all(rivals.map((rival) => once(rival.stdout, "data")));
    const answers = rivals.map((rival) => once(rival.stdout, "data").then(([line]) => String(line).trim()));
    for (const rival of rivals) rival.stdin.write("go\n");
    assert.deepEqual((await Promise.all(answers)).sort(), ["held", "refused", "refused", "refused"]);
    await Promise.all(
      rivals.map((rival) => {
        rival.stdin.end();
        return once(rival, "exit");
      }),
    );
  });
});
