import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const DOWNTIME = "datadog:index/downtimeSchedule:DowntimeSchedule";

const once = (start: string, end: string): Properties => ({
  scope: "env:staging",
  monitorIdentifier: { monitorTags: ["*"] },
  oneTimeSchedule: { start, end },
});
const recurring = (recurrence: Properties): Properties => ({
  scope: "env:staging",
  monitorIdentifier: { monitorTags: ["team:platform"] },
  recurringSchedule: { recurrences: [{ rrule: "FREQ=WEEKLY;BYDAY=SU", duration: "2h", ...recurrence }] },
});

describe("Datadog: a downtime", () => {
  it("is once or again and again", () => {
    const cloud = tinyWorld(datadog);
    cloud.create(DOWNTIME, "a", once("2030-01-01T00:00:00Z", "2030-01-01T02:00:00Z"));
    assert.match(cloud.create(DOWNTIME, "b", recurring({})).id, /^[0-9a-f-]{36}$/);
    assertRefused(
      () => cloud.create(DOWNTIME, "c", { scope: "*", monitorIdentifier: { monitorTags: ["*"] } }),
      "400 Bad Request",
      /one-time or a recurring/,
    );
  });

  const refused: readonly [inputs: Properties, property: string][] = [
    [once("2030-01-01", "2030-01-01T02:00:00Z"), "oneTimeSchedule.start"],
    [once("2030-01-01T02:00:00Z", "2030-01-01T01:00:00Z"), "oneTimeSchedule.end"],
    [recurring({ rrule: "every Sunday" }), "recurringSchedule.recurrences[0].rrule"],
    [recurring({ rrule: "FREQ=DAILY;DTSTART=20300101" }), "recurringSchedule.recurrences[0].rrule"],
    [recurring({ duration: "2 hours" }), "recurringSchedule.recurrences[0].duration"],
    [recurring({ start: "2030-01-01T00:00:00Z" }), "recurringSchedule.recurrences[0].start"],
  ];
  for (const [inputs, property] of refused)
    it(`is refused at ${property}`, () => {
      assert.equal(tinyWorld(datadog).check(DOWNTIME, inputs)[0]?.property, property);
    });

  it("mutes a monitor that exists", () => {
    const inputs = { ...recurring({}), monitorIdentifier: { monitorId: 12 } };
    assertRefused(() => tinyWorld(datadog).create(DOWNTIME, "a", inputs), "400 Bad Request", /12 does not exist/);
  });
});
