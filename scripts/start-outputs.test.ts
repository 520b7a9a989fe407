import assert from "node:assert/strict";
import { noColors } from "./sandbox/cli/display/colors.ts";
import { type Properties, Secret } from "./sandbox/values/value.ts";
import { outputRows } from "./start-outputs.ts";

const rows = (outputs: Properties): string[] => outputRows(outputs, noColors, 60);

describe("the outputs in npm start's summary", () => {
  it("are texts as they are, lists in one line, and maps with a line per entry", () => {
    const secretArns = { "jwt-signing-key": "arn:aws:1", mail: "arn:aws:2" };
    assert.deepEqual(rows({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], secretArns, zones: 2, none: {} }), [
      "none       (empty)",
      "secretArns",
      "  jwt-signing-key  arn:aws:1",
      "  mail             arn:aws:2",
      "subnetIds  subnet-1, subnet-2",
      "vpcId      vpc-1",
      "zones      2",
    ]);
  });

  it("show no secret, wherever it is", () => {
    const hidden = new Secret("hunter2");
    assert.deepEqual(rows({ a: hidden, b: { c: hidden }, d: [hidden], e: new Secret({ f: "hunter2" }) }), [
      "a  [secret]",
      "b",
      "  c  [secret]",
      "d  [secret]",
      "e  [secret]",
    ]);
  });

  it("are cut where they would fill the screen, and what is deeper than a map's entry is JSON", () => {
    assert.match(rows({ long: "x".repeat(500) })[0] ?? "", /^long {2}x+… \(500 characters\)$/);
    assert.deepEqual(rows({ a: { b: { c: [1] } } }), ["a", '  b  {"c":[1]}']);
  });
});
