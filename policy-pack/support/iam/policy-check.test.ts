import assert from "node:assert/strict";
import { unknown } from "../../test/resource.ts";
import type { Plain } from "../unknown.ts";
import { faultsIn, type Fault } from "./policy-check.ts";
import type { Statement } from "./policy-document.ts";

const fault: Fault = { wrong: "it is wide", fix: "narrow it" };

/** Wide: all actions on everything, with no condition. */
const wide = ({ allows, actions, resources, conditions }: Statement): readonly Fault[] =>
  allows && actions.some((action) => /^\??\*$/.test(action)) && resources.includes("*") && conditions.length === 0
    ? [fault]
    : [];

const verdict = (...statements: readonly Plain[]): string =>
  faultsIn({ property: "policy", value: { Statement: statements } }, wide)
    .map((finding) => ("unknown" in finding ? "waits" : "wrong"))
    .join();

const bad = { Effect: "Allow", Action: "*", Resource: "*" };

describe("faultsIn", () => {
  const rows: readonly (readonly [string, Plain, string])[] = [
    ["what is known and wrong", bad, "wrong"],
    ["what is known and right", { ...bad, Action: "s3:GetObject" }, ""],
    ["an unknown part that decides", { ...bad, Resource: unknown }, "waits"],
    [
      "an unknown part that decides nothing, since another is right",
      { ...bad, Action: "s3:Get*", Resource: unknown },
      "",
    ],
    ["an unknown beside what is wrong", { ...bad, Resource: ["*", unknown] }, "wrong,waits"],
    ["an unknown beside what is right", { ...bad, Resource: ["arn:aws:s3:::b", unknown] }, "waits"],
    ["an unknown action", { ...bad, Action: [unknown] }, "waits"],
    ["an unknown effect", { ...bad, Effect: unknown }, "waits"],
    ["an unknown condition", { ...bad, Condition: { StringEquals: { "aws:PrincipalOrgID": unknown } } }, "waits"],
    ["a Deny with an unknown", { Effect: "Deny", Action: unknown, Resource: unknown }, ""],
    ["an unknown name", { ...bad, Sid: unknown }, "wrong"],
  ];
  for (const [when, statement, expected] of rows)
    it(`says "${expected}" of ${when}`, () => {
      assert.equal(verdict(statement), expected);
    });

  it("does not let an unknown statement, or an unknown part, hide its neighbours", () => {
    assert.equal(verdict(unknown, bad, { ...bad, Resource: unknown }), "waits,wrong,waits");
  });

  it("waits for a document that is not known, and says nothing of what is none", () => {
    const of = (value: Plain): number => faultsIn({ property: "policy", value }, wide).length;
    assert.equal(of(unknown), 1);
    for (const value of ["{", "[]", 3, undefined]) assert.equal(of(value), 0);
    assert.equal(of(JSON.stringify({ Statement: bad })), 1);
  });
});
