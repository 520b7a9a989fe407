import assert from "node:assert/strict";
import { messageOf, type MessageParts, pages, renotifyMinutes } from "./message.ts";

const parts: MessageParts = {
  means: "It is full.",
  action: "Empty it.",
  runbookUrl: "https://example.com/runbook#full",
  handles: { page: ["@pagerduty-a"], notice: ["@slack-b", "@slack-c"] },
  priority: 1,
  hasWarning: false,
  hasNoData: false,
  measured: true,
};

describe("a monitor's message", () => {
  it("says what happened, what to do, where to read on, and whom to tell", () => {
    assert.deepEqual(messageOf(parts).split("\n"), [
      "{{#is_alert}}It is full.{{/is_alert}}",
      "{{#is_recovery}}This is over.{{/is_recovery}}",
      "Measured: {{value}}. Threshold: {{threshold}}.",
      "What to do: Empty it.",
      "Runbook: https://example.com/runbook#full",
      "@pagerduty-a",
    ]);
  });

  it("wakes nobody up for a warning, nor for what can wait", () => {
    const warning = messageOf({ ...parts, hasWarning: true });
    assert.match(warning, /\{\{\^is_warning\}\}@pagerduty-a\{\{\/is_warning\}\}/);
    assert.match(warning, /\{\{#is_warning\}\}@slack-b @slack-c\{\{\/is_warning\}\}/);
    assert.doesNotMatch(messageOf({ ...parts, priority: 3 }), /pagerduty/);
    assert.doesNotMatch(messageOf({ ...parts, priority: 3, hasWarning: true }), /pagerduty/);
  });

  it("tells silence from an alert", () => {
    assert.match(messageOf({ ...parts, hasNoData: true }), /\{\{#is_no_data\}\}Nothing is measured/);
    assert.doesNotMatch(messageOf({ ...parts, measured: false }), /\{\{value\}\}/);
  });

  it("is repeated sooner the graver it is, at intervals that Datadog has", () => {
    const known = [0, 10, 20, 30, 40, 50, 60, 90, 120, 180, 240, 300, 360, 720, 1440];
    const intervals = [1, 2, 3].map(renotifyMinutes);
    assert.ok(intervals.every((interval) => interval > 0 && known.includes(interval)));
    assert.deepEqual(
      [...intervals].sort((a, b) => a - b),
      intervals,
    );
    assert.deepEqual([1, 2, 3].map(pages), [true, true, false]);
  });
});
