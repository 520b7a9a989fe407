import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { functionHandler, functionModules, type FunctionName } from "./function-code.ts";

const root = join(import.meta.dirname, "..");

/** Each function, an event that it refuses before it asks anybody, what it says, and its modules of other folders. */
const functions: readonly (readonly [name: FunctionName, event: object, says: RegExp, shared: readonly string[]])[] = [
  [
    "rotation",
    { Step: "createSecret", SecretId: "another", ClientRequestToken: "v1" },
    /^refused: this function rotates arn:aws:secretsmanager:/,
    ["auth/key-set.ts"],
  ],
  ["paging", { Records: [] }, /^no event of SNS/, []],
];

for (const [name, event, says, shared] of functions)
  describe(`the code of the function ${name}`, () => {
    const [file = "", exported = ""] = functionHandler(name).split(".");
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), `${name}-`));
      for (const [module, code] of Object.entries(functionModules(name))) {
        mkdirSync(dirname(join(folder, module)), { recursive: true });
        writeFileSync(join(folder, module), code);
      }
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

    it("refuses there what is not for it", () => {
      const { stdout } = run(
        `import { ${exported} } from "./${file}.mjs"; await ${exported}(${JSON.stringify(event)}).catch((error) => console.log(error.message));`,
      );
      assert.match(stdout, says);
    });

    it("is every module of its folder, what these share with the API, and no test", () => {
      const sources = globSync(`${name}/*.ts`, { cwd: join(root, "api/src"), exclude: ["**/*.test.ts"] });
      assert.deepEqual(
        Object.keys(functionModules(name)).sort(),
        [...sources, ...shared].map((source) => source.replace(/\.ts$/, ".mjs")).sort(),
      );
    });

    it("is packed without a warning on the terminal", () => {
      const { stderr } = spawnSync(
        process.execPath,
        ["--input-type=module", "--eval", `(await import("./infra/function-code.ts")).functionArchive("${name}")`],
        { cwd: root, encoding: "utf8" },
      );
      assert.equal(stderr, "");
    });
  });
