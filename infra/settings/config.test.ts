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

/** What looks like one of them, and reads neither config nor environment. */
const harmless: Readonly<Record<string, readonly RegExp[]>> = {
  // The health check of a container, which runs there.
  "service/container-definition.ts": [/process\.exit\(/g],
  // The code of functions; a warning of Node's, which is silenced for a moment.
  "function-code.ts": [/import \{ readFileSync \} from "node:fs";/g, /process\.emitWarning/g],
  // The image's sources.
  "image/source-hash.ts": [/import \{ readdirSync, readFileSync, statSync \} from "node:fs";/g],
};

/** What the API promises, in modules that do nothing when they are loaded. */
const contracts = new Set(["environment.ts", "runtime-config.ts", "auth/key-set.ts", "paging/urgency.ts"]);
const api = join(infra, "..", "api", "src");

const read = (folder: string, file: string) => ({ file, text: readFileSync(join(folder, file), "utf8") });
const sources = globSync("**/*.ts", { cwd: infra })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => read(infra, file));

const imports = (text: string) => [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, specifier = ""]) => specifier);

/** A file of the API with those that it loads. */
function loaded(file: string): { file: string; text: string }[] {
  const { text } = read(api, file);
  return [{ file, text }, ...imports(text).flatMap((specifier) => loaded(join(file, "..", specifier)))];
}

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
      const rest = (harmless[file] ?? []).reduce((left, pattern) => left.replaceAll(pattern, ""), text);
      for (const reader of readers) assert.doesNotMatch(rest, reader);
    });
  }

  it("are looked for in what is harmless, no more than is there", () => {
    for (const [file, patterns] of Object.entries(harmless)) {
      const { text } = read(infra, file);
      for (const pattern of patterns) assert.ok(text.search(pattern) >= 0, `${file} has no ${pattern.source}`);
    }
  });

  it("are not read by way of what only tests may use", () => {
    for (const { file, text } of sources) {
      for (const name of testing) assert.ok(!text.includes(`/${name}"`), `${file} imports ${name}`);
    }
  });

  it("are not read by way of other projects: only the API's contracts are imported", () => {
    for (const { file, text } of sources) {
      for (const specifier of imports(text)) {
        const target = join(infra, file, "..", specifier);
        const inside = !relative(infra, target).startsWith("..");
        assert.ok(inside || contracts.has(relative(api, target)), `${file} imports ${specifier}`);
      }
    }
    for (const { file, text } of [...contracts].flatMap(loaded))
      for (const reader of readers) assert.doesNotMatch(text, reader, file);
  });
});
