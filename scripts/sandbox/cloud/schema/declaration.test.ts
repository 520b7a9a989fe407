import assert from "node:assert/strict";
import { parseMembers } from "./declaration.ts";
import type { Property } from "./type.ts";

const resource = { packageName: "p", file: "resource" } as const;
const text = { kind: "string" } as const;

const cases: [declaration: string, expected: Property][] = [
  ["a: pulumi.Input<string>;", { type: text, required: true }],
  ["a?: pulumi.Input<string>;", { type: text, required: false }],
  ["a?: pulumi.Input<string | undefined>;", { type: text, required: false }],
  ["readonly a: pulumi.Output<string | undefined>;", { type: text, required: false }],
  ["readonly a: pulumi.Output<number>;", { type: { kind: "number" }, required: true }],
  ["a: pulumi.Input<pulumi.Input<string>[]>;", { type: { kind: "list", item: text }, required: true }],
  [
    "a?: pulumi.Input<{\n    [key: string]: pulumi.Input<string>;\n} | undefined>;",
    { type: { kind: "map", item: text }, required: false },
  ],
  ["a: pulumi.Input<inputs.s3.Rule>;", { type: { kind: "object", name: "p/input/s3.Rule" }, required: true }],
  [
    "readonly a: pulumi.Output<outputs.Rule[]>;",
    { type: { kind: "list", item: { kind: "object", name: "p/output/Rule" } }, required: true },
  ],
  [
    "a: pulumi.Input<string | enums.s3.Acl>;",
    { type: { kind: "union", of: [text, { kind: "number" }] }, required: true },
  ],
  ["a: pulumi.Input<ARN>;", { type: text, required: true }],
  ["a?: pulumi.Input<string | Role | undefined>;", { type: text, required: false }],
  ["a: pulumi.Input<pulumi.asset.Archive>;", { type: { kind: "asset" }, required: true }],
  ["a: any;", { type: { kind: "any" }, required: true }],
  ['a: pulumi.Input<"one" | "two">;', { type: text, required: true }],
  [
    "a: (string | number)[];",
    { type: { kind: "list", item: { kind: "union", of: [text, { kind: "number" }] } }, required: true },
  ],
  ["a: {\n b: string;\n };", { type: { kind: "any" }, required: true }],
];

describe("an SDK's declaration", () => {
  for (const [declaration, expected] of cases)
    it(`${declaration.replaceAll(/\s+/g, " ")} is read as ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(parseMembers(`${declaration}\n after: string;\n}`, resource), {
        a: expected,
        after: { type: text, required: true },
      });
    });

  it("leaves methods, statics, and comments out, and stops at the end of the body", () => {
    const body = `
      /** Not a: member; { */
      static get(name: string, opts?: { id: string }): Thing;
      static isInstance(obj: any): obj is Thing;
      readonly kept: pulumi.Output<string>;
      constructor(name: string, args?: ThingArgs);
    }
    export interface Other { lost: string; }`;
    assert.deepEqual(parseMembers(body, resource), { kept: { type: text, required: true } });
  });
});
