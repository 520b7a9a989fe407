import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { capture, valueOf } from "../infra/capture.ts";
import type * as Program from "../infra/index.ts";
import { projectDefaults, stackFileConfig } from "../infra/settings/config-file.ts";
import { environmentsDocument } from "./environments/document.ts";
import { readFacts } from "./environments/facts.ts";
import { environmentLines } from "./environments/lines.ts";
import { environmentReads } from "./environments/reads.ts";
import { known, reads } from "./environments/recorded-config.ts";
import { noColors } from "./sandbox/cli/display/colors.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const facts = readFacts(ROOT);

describe("docs/environments.md", () => {
  it("is what the code says; otherwise: npm run environments -- --write", async () => {
    const file = join(ROOT, "docs/environments.md");
    assert.equal(read("docs/environments.md"), await environmentsDocument(facts, file));
  });

  it("has every setting and every variable", () => {
    const text = read("docs/environments.md");
    for (const name of [
      ...facts.settings.map(({ setting }) => setting),
      ...facts.variables.map(({ variable }) => variable),
      ...facts.secrets.map(({ secret }) => secret),
    ])
      assert.ok(text.includes(`\`${name}\``), name);
  });
});

describe("npm run environments", () => {
  it("prints every difference with its reason", () => {
    const text = environmentLines(facts, noColors).join("\n");
    for (const { setting, why, differs } of facts.settings) assert.equal(text.includes(`${setting}\n`), differs, why);
    for (const { variable } of facts.variables) assert.ok(text.includes(variable), variable);
  });
});

/** Runs the program with a config module that records which settings are read. */
const RECORDED = new URL("./environments/recorded-config.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "./settings/config.ts" && context.parentURL?.includes("/infra/index.ts?recorded") === true
      ? next(RECORDED, context)
      : next(specifier, context),
});

/** Gives the outputs. */
async function run(stack: string, referred: Readonly<Record<string, unknown>> = {}) {
  const defaults = projectDefaults("Pulumi.yaml", read("Pulumi.yaml"));
  const file = `Pulumi.${stack === "production" ? "production" : "staging"}.yaml`;
  const config = Object.entries({ ...defaults, ...stackFileConfig(file, read(file), "groundwork") });
  const { result } = await capture(
    async () => {
      const { default: program } = (await import(`../infra/index.ts?recorded-${stack}`)) as typeof Program;
      return program();
    },
    { stack, referred, config: Object.fromEntries(config.map(([key, value]) => [`groundwork:${key}`, value])) },
  );
  return valueOf(pulumi.output(result));
}

/** Settings that no resource bears, and what reads them instead. */
const readElsewhere: Readonly<Record<string, string>> = {
  "costs.monthlyLimitUsd": "scripts/cost/budget.ts",
  "edge.planBilling": "scripts/cost/resources/cloudflare/zone.ts",
};

describe("every setting", () => {
  it("is read by the program in one stack or another, or by the cost report", async () => {
    await run("production");
    await run("preview-checkout", await run("staging"));
    assert.ok(known.size > 30);
    assert.deepEqual([...known].filter((path) => !reads.has(path)).sort(), Object.keys(readElsewhere).sort());
    for (const [path, file] of Object.entries(readElsewhere))
      assert.ok(read(file).includes(path.split(".")[1] ?? path));
  });
});

describe("every variable that code reads", () => {
  const files = globSync("{api/src,infra,policy-pack,scripts,storefront,admin}/**/*.{ts,tsx,js,mjs}", { cwd: ROOT });
  const found = files
    .filter((file) => !/\.(test|cases)\.ts$|node_modules|\/(fixtures|end-to-end)\//.test(file))
    .flatMap((file) => environmentReads(file, read(file)));
  const rows = new Set(facts.variables.map(({ variable }) => variable));

  it("has a row, in api/src/environment.ts, infra/settings/apps.ts, or scripts/environments/other-variables.ts", () => {
    const without = found.filter(({ variable }) => variable !== undefined && !rows.has(variable));
    assert.deepEqual(
      without.map(({ file, line, variable }) => `${file}:${line} reads ${variable ?? ""}`),
      [],
    );
  });

  it("is named where it is read: only readEnvironment is handed all of them in what is deployed", () => {
    const opaque = found.filter(
      ({ file, variable, receiver }) =>
        variable === undefined && receiver !== "readEnvironment" && !file.startsWith("scripts/"),
    );
    assert.deepEqual(opaque, []);
  });
});
