import assert from "node:assert/strict";
import { choicesOf, environments, type Choice } from "./environments.ts";

const rows = Object.entries(environments).flatMap(([area, choices]) =>
  Object.entries(choices as Readonly<Record<string, Choice<unknown>>>).map(([key, choice]) => ({ area, key, choice })),
);

describe("the environments' choices", () => {
  it("are those of the table, for each environment", () => {
    for (const environment of ["production", "staging", "preview"] as const) {
      const choices = choicesOf(environment) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      for (const { area, key, choice } of rows) assert.deepEqual(choices[area]?.[key], choice[environment]);
    }
  });

  for (const { area, key, choice } of rows) {
    it(`${area}.${key} says why`, () => assert.ok(choice.why.length > 20));
  }
});
