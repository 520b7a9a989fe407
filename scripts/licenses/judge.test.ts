import assert from "node:assert/strict";
import { ALLOWED_LICENSES, LICENSE_EXCEPTIONS } from "./allowed.ts";
import { findingsOf, type LicensePolicy } from "./judge.ts";

const reason = "for the test";
const policy: LicensePolicy = {
  allowed: [{ license: "MIT", reason }],
  exceptions: [{ package: "odd@1.0.0", license: "Custom", reason }],
};
const odd = { package: "odd@1.0.0", license: "Custom" };

const rows: readonly [name: string, license: string, allowed: boolean][] = [
  ["a@1.0.0", "MIT", true],
  ["a@1.0.0", "GPL-3.0-only", false],
  ["a@1.0.0", "(MIT OR GPL-3.0-only)", false],
  ["a@1.0.0", "MIT*", false],
  ["a@1.0.0", "UNKNOWN", false],
  ["a@1.0.0", "mit", false],
  ["a@1.0.0", "Custom", false],
  ["odd@1.0.1", "Custom", false],
  ["odd@1.0.0", "GPL-3.0-only", false],
];

describe("whether a licence is allowed", () => {
  for (const [name, license, allowed] of rows)
    it(`${name} under ${license} is ${allowed ? "" : "not "}allowed`, () => {
      assert.deepEqual(
        findingsOf([odd, { package: name, license }], policy),
        allowed ? [] : [`${name} has the licence ${license}, which is not allowed`],
      );
    });

  it("names an exception that nothing needs", () => {
    assert.deepEqual(findingsOf([], policy), ["the exception of odd@1.0.0 (Custom) is needed by nothing"]);
  });

  it("stands in a table without doubles, each row with its reason", () => {
    const licenses = ALLOWED_LICENSES.map(({ license }) => license);
    assert.equal(new Set(licenses).size, licenses.length);
    for (const row of [...ALLOWED_LICENSES, ...LICENSE_EXCEPTIONS]) assert.ok(row.reason.length > 10);
  });
});
