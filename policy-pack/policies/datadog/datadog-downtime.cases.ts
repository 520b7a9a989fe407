import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const schedule = (props: Sent["props"]): Sent => ({
  type: "datadog:index/downtimeSchedule:DowntimeSchedule",
  props: { scope: "env:staging", monitorIdentifier: { monitorTags: ["service:api"] }, ...props },
});
const downtime = (props: Sent["props"]): Sent => ({
  type: "datadog:index/downtime:Downtime",
  props: { scopes: ["env:staging"], ...props },
});
const weekly = (duration: Json): Json => ({ recurrences: [{ rrule: "FREQ=WEEKLY;BYDAY=SU", duration }] });

const ends = "datadog-downtime-ends";
const scoped = "datadog-downtime-scoped";

export const cases: readonly Case[] = [
  {
    rule: ends,
    when: "it ends",
    given: schedule({ oneTimeSchedule: { start: "2026-01-01T00:00:00Z", end: "2026-01-01T04:00:00Z" } }),
    result: "passes",
  },
  {
    rule: ends,
    when: "it only begins",
    given: schedule({ oneTimeSchedule: { start: "2026-01-01T00:00:00Z" } }),
    result: [/oneTimeSchedule\.end: the downtime never ends/],
  },
  {
    rule: ends,
    when: "it says nothing",
    given: schedule({}),
    result: [/oneTimeSchedule\.end: the downtime never ends/],
  },
  {
    rule: ends,
    when: "its end is unknown",
    given: schedule({ oneTimeSchedule: { end: UNKNOWN } }),
    result: [/oneTimeSchedule\.end: its value is not known/],
  },
  {
    rule: ends,
    when: "it is each week for an hour",
    given: schedule({ recurringSchedule: weekly("1h") }),
    result: "passes",
  },
  {
    rule: ends,
    when: "it is each week for the week",
    given: schedule({ recurringSchedule: weekly("1w") }),
    result: [/recurringSchedule\.recurrences\[0\]\.duration: it lasts 1w each time/],
  },
  {
    rule: ends,
    when: "it is each week for an unknown time",
    given: schedule({ recurringSchedule: weekly(UNKNOWN) }),
    result: [/duration: its value is not known/],
  },
  { rule: ends, when: "the older one ends", given: downtime({ endDate: "2026-01-01T04:00:00Z" }), result: "passes" },
  { rule: ends, when: "it ends at a number", given: downtime({ end: 1_767_240_000 }), result: "passes" },
  { rule: ends, when: "the older one does not", given: downtime({}), result: [/end: the downtime never ends/] },
  {
    rule: ends,
    when: "its end is not known",
    given: downtime({ end: UNKNOWN }),
    result: [/end: its value is not known/],
  },

  { rule: scoped, when: "it is about an environment", given: schedule({}), result: "passes" },
  { rule: scoped, when: "it is about all", given: schedule({ scope: "*" }), result: [/scope: it mutes every monitor/] },
  {
    rule: scoped,
    when: "it does not say",
    given: { ...schedule({}), props: {} },
    result: [/scope: it mutes every monitor/],
  },
  { rule: scoped, when: "it is unknown", given: schedule({ scope: UNKNOWN }), result: "waits" },
  {
    rule: scoped,
    when: "the older one is about all",
    given: downtime({ scopes: ["*"] }),
    result: [/scopes: it mutes/],
  },
  {
    rule: scoped,
    when: "the older one is about one host",
    given: downtime({ scopes: ["*", "host:a"] }),
    result: "passes",
  },

  {
    rule: ends,
    when: "it ends years after it begins",
    given: schedule({ oneTimeSchedule: { start: "2026-01-01T00:00:00Z", end: "2031-01-01T00:00:00Z" } }),
    result: [/oneTimeSchedule\.end: it lasts \d+ days/],
  },
  {
    rule: ends,
    when: "it begins at once and ends in another century",
    given: schedule({ oneTimeSchedule: { end: "2199-01-01T00:00:00Z" } }),
    result: [/oneTimeSchedule\.end: it lasts \d+ days/],
  },
  {
    rule: scoped,
    when: "it is about any environment",
    given: schedule({ scope: "env:*" }),
    result: [/scope: it mutes every monitor/],
  },
];
