import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const infra = join(import.meta.dirname, "..");
const allowed = join("settings", "config.ts");

/** Ways to read config, the stack's name, or the environment of the process. */
const readers: readonly RegExp[] = [
  /\bConfig\s*\(/,
  /\b(allConfig|getConfig|setAllConfig|getStack|getProject|getOrganization|getRootDirectory)\b/,
  /\bprocess\s*[.[]/,
  /["']node:process["']/,
  /["'](node:)?fs(\/promises)?["']/,
];

const sources = globSync("**/*.ts", { cwd: infra })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(infra, file), "utf8") }));

/** Used by tests alone. */
const testing = new Set(["capture.ts", "sdk-inputs.ts"]);

describe("config and environment variables", () => {
  it("are read in settings/config.ts", () => {
    const text = sources.find(({ file }) => file === allowed)?.text ?? "";
    assert.match(text, /allConfig/);
    assert.match(text, /getStack/);
  });

  for (const { file, text } of sources.filter(({ file }) => file !== allowed && !testing.has(file))) {
    it(`are not read in ${file}`, () => {
      for (const reader of readers) assert.doesNotMatch(text, reader);
    });
  }

  it("are not read by way of what only tests may use", () => {
    for (const { file, text } of sources) {
      for (const name of testing) assert.ok(!text.includes(`/${name}"`), `${file} imports ${name}`);
    }
  });

  it("are read in no other project's file", () => {
    for (const { file, text } of sources) {
      for (const [, specifier = ""] of text.matchAll(/from "(\.[^"]+)"/g)) {
        const target = relative(infra, join(infra, file, "..", specifier));
        const inside = !target.startsWith("..");
        assert.ok(inside || target === join("..", "api", "src", "environment.ts"), `${file} imports ${specifier}`);
      }
    }
  });
});
