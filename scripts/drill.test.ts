import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PROJECT_ID, SOURCE, startTestAtlas, TEST_KEY, type TestAtlas } from "./drill/atlas/test-atlas.ts";
import { type FakePulumi, fakePulumi } from "./engines/fake-pulumi.cases.ts";

const ROOT = join(import.meta.dirname, "..");
const workplaces = () => readdirSync(tmpdir()).filter((name) => name.startsWith("groundwork-drill-"));

const start = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawn(process.execPath, [join(import.meta.dirname, "drill.ts"), ...args], {
    env: { ...env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });

async function ended(child: ReturnType<typeof start>) {
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: (child as ChildProcess).exitCode, out, errors };
}

describe("npm run drill", () => {
  it("restores on this machine, and ends with the verdict", async () => {
    const { code, out, errors } = await ended(start(["restore", "--local"]));
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(out, /^ {2}Canaries +500 of 500 came back/m);
    assert.match(out, /^The drill holds, against staging's objectives\.$/m);
  });

  it("ends at Ctrl-C, and leaves nothing behind", async () => {
    const before = workplaces();
    const child = start(["restore", "--local"]);
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => String(chunk).includes("start a database") && resolve());
    });
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { code, errors } = await end;
    assert.deepEqual([code, errors], [1, "drill: interrupted; what it made is removed\n"]);
    assert.deepEqual(
      workplaces().filter((name) => !before.includes(name)),
      [],
    );
  });

  describe("with a key of Atlas", () => {
    let atlas: TestAtlas;
    let pulumi: FakePulumi;
    let env: NodeJS.ProcessEnv;
    before(async () => {
      atlas = await startTestAtlas({ sourceUrl: "", targetUrl: "", restore: () => Promise.resolve() });
      const outputs = { databaseProjectId: PROJECT_ID, databaseClusterName: SOURCE };
      pulumi = fakePulumi({ "stack output": { stdout: JSON.stringify(outputs) } }, ["staging"]);
      env = {
        ...pulumi.env,
        MONGODB_ATLAS_PUBLIC_KEY: TEST_KEY.publicKey,
        MONGODB_ATLAS_PRIVATE_KEY: TEST_KEY.privateKey,
        MONGODB_ATLAS_BASE_URL: `${atlas.url}/`,
      };
    });
    after(async () => {
      await atlas.close();
      pulumi.remove();
    });

    it("asks after the cost is said, and makes nothing where there is nobody to ask", async () => {
      const { code, out, errors } = await ended(start(["restore"], env));
      assert.deepEqual([code, errors], [2, "drill: there is no terminal to ask on: add --yes\n"]);
      assert.match(out, /^Costs +a temporary cluster M10 in US_EAST_1: 0\.08 USD an hour, at most 0\.16 USD$/m);
      assert.ok(atlas.requests.length > 0 && atlas.requests.every((request) => request.startsWith("GET ")));
    });

    it("says in one line that the key is not good, and never what it is", async () => {
      const { code, out, errors } = await ended(
        start(["restore", "--yes"], { ...env, MONGODB_ATLAS_PRIVATE_KEY: "wrong-key" }),
      );
      assert.equal(code, 1);
      assert.match(errors, /^drill: Atlas says INVALID_CREDENTIALS: .*MONGODB_ATLAS_PRIVATE_KEY\n$/);
      assert.ok(!`${out}${errors}`.includes("wrong-key"));
    });
  });

  it("has a command of that name", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts["drill"], "node scripts/drill.ts");
  });
});
