import assert from "node:assert/strict";
import { atProblem, cronProblem, rateProblem } from "./schedule-expression.ts";

describe("schedule expressions", () => {
  for (const right of [
    "cron(0 3 * * ? *)",
    "cron(0/15 8-17 ? * MON-FRI *)",
    "cron(0 0 L * ? 2030)",
    "cron(30 10 ? JAN,JUL 2#1 *)",
    "cron(0 9 3W * ? 2026-2030)",
  ])
    it(`take ${right}`, () => {
      assert.equal(cronProblem(right), undefined);
    });

  for (const [wrong, says] of [
    ["0 3 * * ? *", /no cron/],
    ["cron(0 3 * * ?)", /5 fields/],
    ["cron(60 3 * * ? *)", /wrong minutes/],
    ["cron(0 24 * * ? *)", /wrong hours/],
    ["cron(0 3 0 * ? *)", /wrong day-of-month/],
    ["cron(0 3 * 13 ? *)", /wrong month/],
    ["cron(0 3 ? * 8 *)", /wrong day-of-week/],
    ["cron(0 3 * * ? 1969)", /wrong year/],
    ["cron(0/0 3 * * ? *)", /wrong minutes/],
    ["cron(0 3 * * * *)", /either its day-of-month/],
    ["cron(0 3 ? * ? *)", /not as both/],
  ] as const)
    it(`refuse ${wrong}`, () => {
      assert.match(cronProblem(wrong) ?? "", says);
    });

  it("take rates with the right unit", () => {
    assert.equal(rateProblem("rate(1 hour)"), undefined);
    assert.equal(rateProblem("rate(5 minutes)"), undefined);
    assert.match(rateProblem("rate(1 hours)") ?? "", /singular/);
    assert.match(rateProblem("rate(5 minute)") ?? "", /singular/);
    assert.match(rateProblem("rate(0 minutes)") ?? "", /no rate/);
    assert.match(rateProblem("rate(1.5 hours)") ?? "", /no rate/);
  });

  it("take a moment that exists", () => {
    assert.equal(atProblem("at(2030-01-31T00:00:00)"), undefined);
    assert.match(atProblem("at(2030-13-31T00:00:00)") ?? "", /no at/);
    assert.match(atProblem("at(2030-01-31)") ?? "", /no at/);
  });
});
