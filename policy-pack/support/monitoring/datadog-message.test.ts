import assert from "node:assert/strict";
import { namesRunbook, notifies } from "./datadog-message.ts";

describe("a message of a Datadog monitor", () => {
  for (const message of [
    "It fails. @pagerduty-shop",
    "@person@example.com",
    "It fails.\n@slack-shop",
    "{{^is_warning}}@pagerduty-shop{{/is_warning}}{{#is_warning}}@slack-shop{{/is_warning}}",
    "{{#is_alert}}@pagerduty-shop{{/is_alert}}",
    "@team-{{service.name}}",
    "@{{owner}}",
  ])
    it(`tells somebody: ${message}`, () => {
      assert.equal(notifies(message), true);
    });

  for (const message of [
    "",
    "It fails.",
    "Write to person@example.com",
    "{{#is_warning}}@slack-shop{{/is_warning}}",
    "{{#is_recovery}}\n@slack-shop\n{{/is_recovery}} over",
    "{{^is_alert}}@slack-shop{{/is_alert}}",
    "@ home",
    "It fails. {{!-- @pagerduty-shop --}}",
    "It fails. {{! @pagerduty-shop }}",
  ])
    it(`tells nobody: ${message}`, () => {
      assert.equal(notifies(message), false);
    });

  for (const message of ["Runbook: https://example.org/r#a", "see the playbook at\nhttps://example.org/r"])
    it(`leads to a runbook: ${message}`, () => {
      assert.equal(namesRunbook(message), true);
    });

  for (const message of ["Runbook: ask Ada", "https://example.org/dashboard", "runbook"])
    it(`leads to none: ${message}`, () => {
      assert.equal(namesRunbook(message), false);
    });
});
