import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../policies/all.ts";
import { startPack, urnOf, type Diagnostic, type RunningPack } from "./analyzer.ts";
import type { Case } from "./case.ts";

const POLICIES = join(import.meta.dirname, "../policies");
const CONFIG = join(import.meta.dirname, "../config");

const files = readdirSync(POLICIES).filter((file) => file.endsWith(".cases.ts"));
const cases = (
  await Promise.all(files.map((file) => import(`../policies/${file}`) as Promise<{ cases: readonly Case[] }>))
).flatMap((file) => file.cases);

describe("the policy pack, in its own process", () => {
  let pack: RunningPack;
  before(async () => {
    pack = await startPack();
  });
  after(() => pack.stop());

  it("has cases of known rules alone", () => {
    const known = new Set(rules.map(({ name }) => name));
    assert.ok(cases.length > rules.length);
    for (const { rule } of cases) assert.ok(known.has(rule), rule);
  });

  it("offers every rule under its name", async () => {
    assert.deepEqual(
      await pack.policies(),
      rules.map(({ name }) => name),
    );
  });

  for (const { name } of rules)
    it(`has a failing and a passing case for ${name}`, () => {
      const own = cases.filter(({ rule }) => rule === name);
      assert.ok(
        own.some(({ result }) => typeof result !== "string"),
        "no failing case",
      );
      assert.ok(
        own.some(({ result }) => result === "passes"),
        "no passing case",
      );
    });

  for (const { rule, when, given, result } of cases)
    it(`${rule}, when ${when}: ${typeof result === "string" ? result : "fails"}`, async () => {
      const all = "type" in given ? await pack.analyze(given) : await pack.analyzeStack(given);
      // Other rules may judge the same resource: a new one must not make these cases say more than they are about.
      const found = all.filter(({ policy }) => policy === rule);
      if (result === "passes") assert.deepEqual(found, []);
      else if (result === "waits") assertWaits(found);
      else assertFails(found, result);
    });

  it("names the resource at fault in a finding about the stack", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "media", props: {} };
    const found = await pack.analyzeStack([bucket]);
    const finding = found.find(({ policy }) => policy === "s3-bucket-not-public");
    assert.equal(finding?.urn, urnOf(bucket));
  });
});

function assertWaits(found: readonly Diagnostic[]): void {
  assert.deepEqual(
    found.map(({ level }) => level),
    ["advisory"],
  );
  assert.match(found[0]?.message ?? "", /can't run policy .* during preview/);
}

function assertFails(found: readonly Diagnostic[], patterns: readonly RegExp[]): void {
  const messages = found.map(({ message }) => message);
  assert.equal(found.length, patterns.length, messages.join("\n"));
  for (const pattern of patterns) {
    const match = found.find(({ message }) => pattern.test(message));
    assert.ok(match, `${String(pattern)} is not in\n${messages.join("\n")}`);
    assert.equal(match.level, match.message.startsWith("can't run") ? "advisory" : "mandatory");
  }
}

describe("the levels of each environment", () => {
  for (const file of readdirSync(CONFIG))
    it(`${file} gives every rule a level, and knows no other name`, () => {
      const levels = JSON.parse(readFileSync(join(CONFIG, file), "utf8")) as Record<string, unknown>;
      assert.deepEqual(Object.keys(levels).sort(), rules.map(({ name }) => name).sort());
    });

  it("exist for staging, production, and preview", () => {
    assert.deepEqual(readdirSync(CONFIG).sort(), ["preview.json", "production.json", "staging.json"]);
  });
});
