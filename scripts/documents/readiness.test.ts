import assert from "node:assert/strict";
import { read } from "./repository.ts";
import { type Table, tablesOf } from "./tables.ts";

const text = read("docs/readiness.md");
const gates: readonly Table[] = tablesOf(text).filter(({ head }) => head[0] === "what must hold");

describe("docs/readiness.md", () => {
  it("has a gate for every team, and one for each", () => {
    const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, section]) => section);
    assert.deepEqual(sections, [
      "For every team",
      "Backend",
      "Storefront",
      "Admin",
      "The canary's token",
      "The record",
    ]);
    assert.equal(gates.length, 4);
  });

  it("says for each environment how a dependency is seen, and what is seen then", () => {
    for (const { head, rows } of gates) {
      assert.deepEqual(head, ["what must hold", "laptop", "staging", "production", "what it prints"]);
      for (const row of rows) {
        assert.equal(row.length, head.length, row[0]);
        assert.ok(
          row.every((cell) => cell !== ""),
          row[0],
        );
      }
    }
  });

  it("asks no command of staging about production, and the other way round", () => {
    const mixed = gates.flatMap(({ rows }) =>
      rows.flatMap(([what = "", , staging = "", production = ""]) => [
        ...(/(--stack|--env) production/.test(staging) ? [`${what}: ${staging}`] : []),
        ...(/(--stack|--env) staging/.test(production) ? [`${what}: ${production}`] : []),
      ]),
    );
    assert.deepEqual(mixed, []);
  });
});
