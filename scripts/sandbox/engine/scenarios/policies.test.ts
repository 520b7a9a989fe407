import assert from "node:assert/strict";
import { playScenario } from "../../conformance/scenario.ts";
import { errors, names, preview, up } from "./observe.ts";

describe("policies", () => {
  it("judge the stack in a preview even where a resource is refused; an update makes only what is not", async () => {
    const pack = ["--policy-pack", "pack"];
    const [, look] = await playScenario("policy", { steps: [up(...pack), preview(...pack)] });
    const policies = new Set(look?.policy.map(({ policy }) => policy));
    for (const policy of ["no-forbidden", "depends"]) assert.ok(policies.has(policy), policy);
    assert.equal(look?.exit, 1);
    assert.deepEqual(errors(look), [": preview failed"]);
    assert.deepEqual(names(look), ["a", "b", "untagged"]);
  });

  it("that break fail the run by name, and nothing is made", async () => {
    const pack = ["--policy-pack", "pack"];
    const [, , last] = await playScenario("policy", { steps: [up(...pack), up(...pack), up(...pack)] });
    assert.equal(last?.exit, 1);
    assert.match(errors(last).join("\n"), /thrown: failed to run policy: .*policy 'throws' from policy pack/);
    assert.ok(!names(last).includes("thrown"));
  });
});
