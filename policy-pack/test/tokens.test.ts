import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PACK = join(import.meta.dirname, "..");
const PROVIDERS = ["aws", "cloudflare", "datadog", "mongodbatlas"];

const filesIn = (directory: string, ending: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending) && !file.includes("node_modules"))
    .map((file) => join(directory, file));

/** Every resource type of the installed SDKs. */
const known = new Set(
  PROVIDERS.flatMap((provider) =>
    filesIn(dirname(createRequire(import.meta.url).resolve(`@pulumi/${provider}/package.json`)), ".js"),
  ).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/__pulumiType = '([^']+)'/g)].map(([, type = ""]) => type),
  ),
);

const TOKEN = new RegExp(`"((?:${PROVIDERS.join("|")}):[a-zA-Z0-9]+/[a-zA-Z0-9]+:[a-zA-Z0-9]+)"`, "g");

describe("a type that the pack names", () => {
  it("is one of an installed SDK, in rules and in their cases", () => {
    const unknown = ["policies", "support", "test/sent"]
      .flatMap((folder) => filesIn(join(PACK, folder), ".ts"))
      .filter((file) => !file.endsWith(".test.ts"))
      .flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(TOKEN)]
          .map(([, token = ""]) => token)
          .filter((token) => !known.has(token))
          .map((token) => `${file.slice(PACK.length + 1)}: ${token}`),
      );
    assert.ok(known.size > 1500, `only ${String(known.size)} types found`);
    assert.deepEqual([...new Set(unknown)], []);
  });
});
