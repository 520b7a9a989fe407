import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { embeddedProgram } from "./embedded-program.ts";
import { DatabaseUnavailableError } from "./unavailable.ts";

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "embedded-test-"));
  cache = join(folder, "cache");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Stands in for Go, which takes half a minute: notes that it was called, waits, and writes what it was asked for. */
function goThatTakes(seconds: number): string {
  const file = join(folder, "go");
  writeFileSync(
    file,
    `#!/bin/sh
echo called >> "${join(folder, "calls")}"
while [ "$1" != -o ]; do shift; done
printf 'half' > "$2"; sleep ${seconds}; printf ' and half' >> "$2"
`,
  );
  chmodSync(file, 0o755);
  return file;
}
const calls = (): number => readFileSync(join(folder, "calls"), "utf8").trim().split("\n").length;

describe("the embedded databases' program", () => {
  it("is built once by processes that want it at once, and never seen half", async () => {
    const go = goThatTakes(0.3);
    const module = join(import.meta.dirname, "embedded-program.ts");
    const source = `import { readFileSync } from "node:fs";
      import { embeddedProgram } from ${JSON.stringify(module)};
      const [file] = await Promise.all([1, 2].map(() => embeddedProgram(${JSON.stringify(go)}, ${JSON.stringify(cache)})));
      process.stdout.write(readFileSync(file, "utf8"));`;
    const builders = [1, 2].map(() =>
      spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: ["ignore", "pipe", "inherit"] }),
    );
    const said = await Promise.all(
      builders.map(async ({ stdout }) => String(((await once(stdout, "data")) as [Buffer])[0])),
    );
    assert.deepEqual(said, ["half and half", "half and half"]);
    assert.equal(calls(), 1);
    assert.equal(readdirSync(cache).length, 1);
  });

  it("needs no Go once it is built", async () => {
    const built = await embeddedProgram(goThatTakes(0), cache);
    assert.equal(await embeddedProgram(undefined, cache), built);
    assert.equal(calls(), 1);
  });

  it("is nothing where it is not built and there is no Go", async () => {
    assert.equal(await embeddedProgram(undefined, cache), undefined);
  });

  it("is built where whoever began to build it is gone", async () => {
    const built = (await embeddedProgram(goThatTakes(0), cache)) ?? "";
    rmSync(built);
    const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(gone, "exit");
    writeFileSync(join(cache, `${basename(built)}.lock`), String(gone.pid));
    assert.equal(await embeddedProgram(join(folder, "go"), cache), built);
    assert.deepEqual(readdirSync(cache), [basename(built)]);
  });

  it("is an error with Go's own last words where it cannot be built, and leaves no lock", async () => {
    const go = join(folder, "go");
    writeFileSync(go, "#!/bin/sh\necho 'main.go:1: no such package' >&2\nexit 1\n", { mode: 0o755 });
    mkdirSync(cache);
    await assert.rejects(
      embeddedProgram(go, cache),
      (error) => error instanceof DatabaseUnavailableError && error.message.endsWith("\nmain.go:1: no such package"),
    );
    assert.deepEqual(readdirSync(cache), []);
  });
});
