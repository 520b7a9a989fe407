import assert from "node:assert/strict";
import { environmentReads } from "./reads.ts";

const found = (text: string) =>
  environmentReads("x.ts", text).map(({ line, variable, receiver }) => [line, variable, receiver]);

describe("reads of the environment", () => {
  const cases: readonly (readonly [what: string, text: string, expected: unknown[]])[] = [
    ["by name", "a;\nprocess.env.PORT", [[2, "PORT", ""]]],
    ["by a text", 'process.env["PORT"] ?? 3000', [[1, "PORT", ""]]],
    ["of a site's build", "fetch(import.meta.env.VITE_API_URL)", [[1, "VITE_API_URL", ""]]],
    [
      "taken apart",
      "const { PORT, HOST: host, ...rest } = process.env;",
      [
        [1, "PORT", ""],
        [1, "HOST", ""],
        [1, undefined, ""],
      ],
    ],
    ["by a name that is computed", "process.env[name]", [[1, undefined, ""]]],
    ["handed on", "server.start(readEnvironment(process.env))", [[1, undefined, "readEnvironment"]]],
    ["copied", "({ ...process.env })", [[1, undefined, ""]]],
    ["inside a text", "`${process.env.HOME}/x`", [[1, "HOME", ""]]],
  ];
  for (const [what, text, expected] of cases)
    it(`are found ${what}`, () => {
      assert.deepEqual(found(text), expected);
    });

  it("are not found in comments and texts", () => {
    assert.deepEqual(found('// process.env.PORT\n"process.env.PORT"; other.env.PORT'), []);
  });
});
