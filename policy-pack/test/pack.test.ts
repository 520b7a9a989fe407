import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../policies/all.ts";
import { startPack, urnOf, type RunningPack } from "./analyzer.ts";
import type { Case } from "./case.ts";
import { cases, judge, type Judgement } from "./cases.ts";

const CONFIG = join(import.meta.dirname, "../config");
const byName = new Map(rules.map((rule) => [rule.name, rule]));

describe("the policy pack, in its own process", () => {
  let pack: RunningPack;
  before(async () => {
    pack = await startPack();
  });
  after(() => pack.stop());

  it("has cases of known rules alone", () => {
    assert.ok(cases.length > rules.length);
    for (const { rule } of cases) assert.ok(byName.has(rule), rule);
  });

  it("offers every rule under its name", async () => {
    assert.deepEqual(
      await pack.policies(),
      rules.map(({ name }) => name),
    );
  });

  // What is about the run itself is proven in runs.test.ts.
  for (const { name } of rules.filter(({ run }) => run === undefined))
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

  for (const example of cases)
    it(`${example.rule}, when ${example.when}: ${typeof example.result === "string" ? example.result : "fails"}`, async () => {
      assertResult(example, await judge(pack, example));
    });

  it("names the resource at fault in a finding about the stack", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "media", props: {} };
    await pack.configure({});
    const { diagnostics } = await pack.analyzeStack([bucket]);
    const finding = diagnostics.find(({ policy }) => policy === "s3-bucket-not-public");
    assert.equal(finding?.urn, urnOf(bucket));
  });
});

function assertResult({ rule, result, config }: Case, { found, waits }: Judgement): void {
  const messages = found.map(({ message }) => message);
  if (result === "waits") {
    assert.notEqual(waits, undefined, `it does not wait:\n${messages.join("\n")}`);
    assert.deepEqual(messages, []);
    return;
  }
  const patterns = result === "passes" ? [] : result;
  assert.equal(found.length, patterns.length, messages.join("\n"));
  if (result === "passes") assert.equal(waits, undefined);
  const level = config?.level ?? byName.get(rule)?.level;
  for (const pattern of patterns) {
    const match = found.find(({ message }) => pattern.test(message));
    assert.ok(match, `${String(pattern)} is not in\n${messages.join("\n")}`);
    assert.equal(match.level, level);
  }
}

describe("the configuration of each environment", () => {
  for (const file of readdirSync(CONFIG))
    it(`${file} knows rules alone, and says why it differs from them`, () => {
      const config = JSON.parse(readFileSync(join(CONFIG, file), "utf8")) as Record<string, Record<string, unknown>>;
      for (const [name, { enforcementLevel, reason, ...settings }] of Object.entries(config)) {
        const rule = byName.get(name);
        assert.ok(rule, `no rule is called ${name}`);
        assert.match(String(reason), /^[A-Z].{15,}\.$/, name);
        assert.ok(enforcementLevel !== undefined || Object.keys(settings).length > 0, name);
        assert.notEqual(enforcementLevel, rule.level, `${name} has this level anyway`);
        for (const key of Object.keys(settings))
          assert.ok(key in (rule.settings ?? {}), `${name} has no setting ${key}`);
      }
    });

  it("exist for staging, production, and preview", () => {
    assert.deepEqual(readdirSync(CONFIG).sort(), ["preview.json", "production.json", "staging.json"]);
  });
});
