import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rotationHandler, rotationModules } from "./rotation-code.ts";

const root = join(import.meta.dirname, "..");
const [file = "", exported = ""] = rotationHandler.split(".");

describe("the rotation's code", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rotation-"));
    for (const [name, code] of Object.entries(rotationModules())) writeFileSync(join(folder, name), code);
    // Lambda's runtime has the SDK beside the code.
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (script: string) =>
    spawnSync(process.execPath, ["--no-experimental-strip-types", "--input-type=module", "--eval", script], {
      cwd: folder,
      encoding: "utf8",
      env: { AWS_REGION: "us-east-1", SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:s" },
    });

  it("runs where Node takes no types", () => {
    const { stdout, stderr } = run(`import { ${exported} } from "./${file}.mjs"; console.log(typeof ${exported});`);
    assert.deepEqual([stdout, stderr], ["function\n", ""]);
  });

  it("refuses another secret there", () => {
    const event = { Step: "createSecret", SecretId: "another", ClientRequestToken: "v1" };
    const { stdout } = run(
      `import { ${exported} } from "./${file}.mjs"; await ${exported}(${JSON.stringify(event)}).catch((error) => console.log(error.message));`,
    );
    assert.match(stdout, /^refused: this function rotates arn:aws:secretsmanager:/);
  });

  it("is every module of its folder", () => {
    const sources = globSync("*.ts", { cwd: join(root, "api/src/rotation"), exclude: ["*.test.ts"] });
    assert.deepEqual(
      Object.keys(rotationModules()).sort(),
      sources.map((source) => source.replace(/\.ts$/, ".mjs")).sort(),
    );
  });

  it("is packed without a warning on the terminal", () => {
    const { stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", `(await import("./infra/rotation-code.ts")).rotationArchive()`],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(stderr, "");
  });
});
