import { mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules } from "../service.ts";
import { badRequest } from "./datadog-answers.ts";
import { missingMonitors } from "./datadog-monitors.ts";
import type { Properties } from "../../values/value.ts";
import { uuid } from "./lookup.ts";

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|\+00:00)$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

function checkOnce(schedule: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const [start, end] = [textAt(schedule, "start"), textAt(schedule, "end")];
  for (const [key, value] of [
    ["start", start],
    ["end", end],
  ] as const)
    if (value !== undefined && !UTC.test(value))
      failures.push({ property: `oneTimeSchedule.${key}`, reason: "must be YYYY-MM-DDThh:mm:ssZ, in UTC" });
  if (failures.length === 0 && start !== undefined && end !== undefined && Date.parse(end) <= Date.parse(start))
    failures.push({ property: "oneTimeSchedule.end", reason: "must be after the start" });
  return failures;
}

function checkRecurrence(recurrence: Properties, index: number): CheckFailure[] {
  const path = `recurringSchedule.recurrences[${index}]`;
  const [rule, duration, start] = ["rrule", "duration", "start"].map((key) => textAt(recurrence, key));
  const failures: CheckFailure[] = [];
  if (rule !== undefined && (!rule.includes("FREQ=") || /DTSTART|DTEND|DURATION/.test(rule)))
    failures.push({ property: `${path}.rrule`, reason: "must name a FREQ and no DTSTART, DTEND, or DURATION" });
  if (duration !== undefined && !/^[1-9]\d*[mhdw]$/.test(duration))
    failures.push({ property: `${path}.duration`, reason: "must be a number followed by m, h, d, or w" });
  if (start !== undefined && !LOCAL.test(start))
    failures.push({ property: `${path}.start`, reason: "must be YYYY-MM-DDThh:mm:ss without an offset" });
  return failures;
}

function refusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const recurrences = mapsAt(mapAt(inputs, "recurringSchedule"), "recurrences");
  if (inputs["oneTimeSchedule"] === undefined && recurrences.length === 0)
    return badRequest("a downtime needs a one-time or a recurring schedule");
  const monitor = numberAt(mapAt(inputs, "monitorIdentifier"), "monitorId");
  return monitor !== undefined && missingMonitors(operation, [String(monitor)]).length > 0
    ? badRequest(`monitor ${monitor} does not exist`)
    : undefined;
}

export const downtimeSchedule: ResourceRules = {
  check(inputs) {
    const recurrences = mapsAt(mapAt(inputs, "recurringSchedule"), "recurrences");
    return [...checkOnce(mapAt(inputs, "oneTimeSchedule")), ...recurrences.flatMap(checkRecurrence)];
  },
  refuseCreate: refusal,
  refuseUpdate: refusal,
  id: (operation) => uuid(operation.hex("downtime", 32)),
};
