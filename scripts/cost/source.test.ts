import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Unknown } from "../sandbox/values/value.ts";
import { entryOf } from "./resources/all.ts";
import { readCostSource } from "./source.ts";
import { usages } from "./usage.ts";

describe("where a stack's cost is read from", function () {
  this.timeout(180_000);
  const stateDir = mkdtempSync(join(tmpdir(), "cost-source-"));
  const place = { cwd: import.meta.dirname, stateDir };
  after(() => rmSync(stateDir, { recursive: true, force: true }));

  it("a preview of what is not there yet: everything has an entry, and no state is made", async () => {
    const source = await readCostSource({ kind: "preview", stack: "production" }, place, usages);
    assert.equal(source.from, "a preview of stack production");
    assert.equal(source.environment, "production");
    const types = [...new Set(source.resources.map(({ type }) => type))];
    assert.ok(types.length > 100);
    assert.deepEqual(
      types.filter((type) => entryOf(type) === undefined),
      [],
    );
    const [balancer] = source.world.ofType("aws:lb/loadBalancer:LoadBalancer");
    assert.ok(balancer?.outputs["dnsName"] instanceof Unknown);
    assert.equal(source.placeOf(balancer).component, "LoadBalancer");
    assert.equal(source.placeOf(balancer).tags["Environment"], "production");
    assert.deepEqual(
      readdirSync(stateDir).filter((name) => name === "stacks"),
      [],
    );
  });

  it("a preview that fails says why, and what to type", async () => {
    await assert.rejects(readCostSource({ kind: "preview", stack: "preview-x" }, place, usages), {
      name: "UserError",
      message: /^stack preview-x cannot be previewed \(.*staging.*\): `npm run sandbox -- preview --stack preview-x`/,
    });
  });

  it("an export of another project is refused", async () => {
    const file = join(stateDir, "other.json");
    const resources = [
      { urn: "urn:pulumi:production::shop::pulumi:pulumi:Stack::shop-production", type: "pulumi:pulumi:Stack" },
    ];
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }));
    await assert.rejects(readCostSource({ kind: "export", file }, place, usages), {
      message: `${file} is of project shop, not of groundwork: export one of groundwork's stacks`,
      exitCode: 2,
    });
  });

  it("a stack that the sandbox does not hold is named", async () => {
    await assert.rejects(readCostSource({ kind: "stack", stack: "staging" }, place, usages), {
      message: /^stack staging has nothing in the sandbox: /,
      exitCode: 2,
    });
  });
});
