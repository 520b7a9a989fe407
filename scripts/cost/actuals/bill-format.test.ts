import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formats, recognize } from "./bill-format.ts";

/** The columns that infra/cost-export.ts asks AWS for, read from its text: the program itself takes seconds to load. */
function exported(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, "../../../infra/cost-export.ts"), "utf8");
  const [, list = ""] = /const columns = \[([^\]]+)\]/.exec(text) ?? [];
  return [...list.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
}

describe("the columns of a bill", () => {
  it("are all in the project's own export", () => {
    const { format, columns } = recognize("export", exported());
    assert.equal(format, formats.focus);
    const fields = Object.keys({ ...format.required, ...format.optional });
    assert.deepEqual(Object.keys(columns).sort(), fields.sort());
  });

  it("are found whatever the case, and a missing one is named with what is nearest to it", () => {
    const names = exported().map((name) => name.toUpperCase());
    assert.equal(recognize("export", names).columns.billed, "BILLEDCOST");
    const misspelt = exported().map((name) => (name === "ServiceName" ? "ServiceNam" : name));
    assert.throws(
      () => recognize("a.csv", misspelt),
      /a\.csv has no column ServiceName, which FOCUS must have.*"ServiceNam"/,
    );
    assert.throws(() => recognize("a.csv", ["lineItem/UnblendedCost"]), /of the old form/);
  });
});
