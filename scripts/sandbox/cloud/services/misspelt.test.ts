import assert from "node:assert/strict";
import { meantBy } from "./misspelt.ts";

const KNOWN = ["ecs-tasks", "ecs", "lambda", "timeout"];

describe("a slip of the keyboard", () => {
  for (const [word, meant] of [
    ["ecs-task", "ecs-tasks"],
    ["ecstasks", "ecs-tasks"],
    ["Lambda", "lambda"],
    ["lamda", undefined],
    ["timeouts", "timeout"],
    ["ecs-tasks", undefined],
    ["ec2", undefined],
    ["something-new", undefined],
  ] as const)
    it(`${word} is ${meant === undefined ? "none" : `one for ${meant}`}`, () => {
      assert.equal(meantBy(word, KNOWN), meant);
    });
});
