import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const here = import.meta.dirname;

/** Runs a program that has a writer of standard output; gives its lines and its exit code. `slow`: reads only later. */
async function run(
  program: string,
  slow = false,
): Promise<{ readonly lines: readonly string[]; readonly code: unknown }> {
  const source = `import { createLineWriter } from ${JSON.stringify(join(here, "line-writer.ts"))};
    const writer = createLineWriter(1);\n${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "close");
  let text = "";
  if (slow) await new Promise((resolve) => setTimeout(resolve, 400));
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await exited) as unknown[];
  return { lines: text.split("\n").slice(0, -1), code };
}

const tenThousand = "for (let i = 0; i < 10_000; i++) writer.write(`line ${i} ${'é'.repeat(20)}\\n`);";

describe("the writer of lines", () => {
  const ends: readonly (readonly [what: string, program: string, code: number])[] = [
    ["when the process runs out of work", tenThousand, 0],
    ["when it calls process.exit in the same turn", `${tenThousand} process.exit(3);`, 3],
    ["when something is thrown", `${tenThousand} throw new Error("x");`, 1],
    ["when a promise is rejected", `${tenThousand} void Promise.reject(new Error("x"));`, 1],
    ["when it is closed", `${tenThousand} writer.close(); writer.write("late\\n");`, 0],
  ];
  for (const [what, program, expected] of ends)
    it(`loses nothing ${what}`, async () => {
      const { lines, code } = await run(program);
      assert.equal(code, expected);
      assert.equal(lines.length, 10_000);
      assert.equal(lines.at(-1), `line 9999 ${"é".repeat(20)}`);
    });

  it("has written by the next turn, so that a kill takes the lines of one turn alone", async () => {
    const { lines } = await run('writer.write("a\\n"); setTimeout(() => process.kill(process.pid, "SIGKILL"), 50);');
    assert.deepEqual(lines, ["a"]);
  });

  it("keeps the order, and whole characters, where the reader is slow and the pipe does not block", async () => {
    // Touching the stream makes the pipe one that does not block.
    const { lines, code } = await run(`process.stdout._handle.setBlocking(false); ${tenThousand}`, true);
    assert.equal(code, 0);
    assert.equal(lines.length, 10_000);
    for (const [index, line] of lines.entries()) assert.equal(line, `line ${index} ${"é".repeat(20)}`);
  });

  it("lets the process live on where the reader has gone", async () => {
    const child = spawn(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { createLineWriter } from ${JSON.stringify(join(here, "line-writer.ts"))};
        const writer = createLineWriter(1);
        setInterval(() => writer.write("x\\n"), 5).unref();
        setTimeout(() => process.exit(7), 300);`,
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    child.stdout.destroy();
    assert.deepEqual(await once(child, "close"), [7, null]);
  });
});
