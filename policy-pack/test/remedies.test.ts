import assert from "node:assert/strict";
import { rules } from "../policies/all.ts";
import { startPack, type RunningPack, type Sent } from "./analyzer.ts";
import type { Case } from "./case.ts";
import { cases, settingsOf } from "./cases.ts";

const isResource = (given: Case["given"]): given is Sent => "type" in given;

const mendable = rules.filter(({ remedy }) => remedy !== undefined);

describe("a remediation", () => {
  let pack: RunningPack;
  before(async () => {
    pack = await startPack();
  });
  after(() => pack.stop());

  const found = async (rule: string, given: Sent): Promise<readonly string[]> =>
    (await pack.analyze(given)).diagnostics.filter(({ policy }) => policy === rule).map(({ message }) => message);

  it("is there for some rules, and does nothing unless it is switched on", async () => {
    assert.ok(mendable.length > 5);
    await pack.configure({});
    for (const { rule, given } of cases) if (isResource(given)) assert.deepEqual(await pack.remediate(given), [], rule);
  });

  for (const { name } of mendable)
    it(`of ${name} mends what its failing cases show, once, and leaves the rest alone`, async () => {
      let mended = 0;
      for (const { rule, given, result, config } of cases) {
        if (rule !== name || !isResource(given)) continue;
        await pack.configure({ [name]: { ...settingsOf(config), level: "remediate" } });
        const [first] = await pack.remediate(given);
        const after = first === undefined ? given : { ...given, props: first.props as Sent["props"] };
        if (result === "passes") assert.equal(first, undefined, `it changes what is right: ${JSON.stringify(given)}`);
        if (first === undefined) continue;
        assert.deepEqual(await pack.remediate(after), [], "a second run changes it again");
        const [before, left] = [await found(name, given), await found(name, after)];
        assert.ok(left.length <= before.length, left.join("\n"));
        if (before.length > 0 && left.length === 0) mended += 1;
      }
      assert.ok(mended > 0, "no failing case is mended");
    });
});
