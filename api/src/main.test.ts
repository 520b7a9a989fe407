import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const main = join(import.meta.dirname, "main.ts");

/** The API's process with these variables and nothing else. */
function start(env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe("the API's process", () => {
  it("says where it listens, and answers there", async () => {
    const child = start({ HOST: "127.0.0.1", PORT: "0" });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { message, port } = JSON.parse(line.toString()) as { message: string; port: number };
    assert.equal(message, "listening");
    assert.equal((await fetch(`http://127.0.0.1:${port}/heartbeat`)).status, 200);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  it("exits 1 and names every variable that is wrong, in lines without a stack trace", async () => {
    const child = start({ PORT: "x", COMMIT: "y" });
    const [errors] = await Promise.all([textOf(child.stderr), once(child, "exit")]);
    assert.equal(child.exitCode, 1);
    const messages = errors
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { message: string }).message);
    assert.deepEqual(
      messages.map((message) => message.split(":")[0]),
      ["COMMIT", "PORT"],
    );
  });
});
