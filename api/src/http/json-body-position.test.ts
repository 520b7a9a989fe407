import assert from "node:assert/strict";
import fc from "fast-check";
import { positionOfFault } from "./json-body-position.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the position of a fault in JSON", () => {
  for (const [text, line, column] of [
    ["", 1, 1],
    ["abc", 1, 1],
    ["{", 1, 2],
    ['{"a":1,}', 1, 8],
    ['{"a" 1}', 1, 6],
    ["[1,2", 1, 5],
    ["[1}", 1, 3],
    ["[1 2]", 1, 4],
    ['"abc', 1, 1],
    ['["a\\x"]', 1, 2],
    ["01", 1, 2],
    ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
    ["\ufeff{}", 1, 1],
    ["{} {}", 1, 4],
    ["[NaN]", 1, 2],
    ["{'a':1}", 1, 2],
  ] as const) {
    it(`of ${JSON.stringify(text)} is line ${line}, column ${column}`, () => {
      assert.deepEqual(positionOfFault(text), { line, column });
    });
  }

  it("is there exactly where the engine refuses", () => {
    const pieces = fc.constantFrom(
      ...'{}[],: \n"\\-.0123eEtfn+\u0001é'.split(""),
      ...["true", "false", "null", '"a"', '"\\u00e9"', "1.5e3", '"a":', "\u2028"],
    );
    const soup = fc.array(pieces, { maxLength: 8 }).map((all) => all.join(""));
    const cut = fc.tuple(fc.json(), fc.nat(), fc.oneof(pieces, fc.constant(""))).map(([json, at, added]) => {
      const middle = at % (json.length + 1);
      return json.slice(0, middle) + added + json.slice(middle + 1);
    });
    fc.assert(
      fc.property(fc.oneof(soup, cut, fc.json()), (text) => {
        assert.equal(positionOfFault(text) === undefined, isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("is found in a megabyte of an open string, or of brackets, at once", () => {
    for (const text of [`["${"a".repeat(1e6)}`, "[".repeat(1e6), `"${"\\n".repeat(5e5)}`]) {
      const began = performance.now();
      assert.ok(positionOfFault(text));
      assert.ok(performance.now() - began < 5_000);
    }
  });
});
