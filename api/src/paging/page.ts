import { createHash } from "node:crypto";
import { fieldsOf, type Notification } from "./notification.ts";
import { waits } from "./urgency.ts";

/**
 * What PagerDuty's Events API v2 takes, without the routing key.
 * Critical and error wake somebody, where the service's urgency follows the severity.
 */
export interface Page {
  readonly event_action: "trigger" | "resolve";
  /** What belongs to one incident: at most 255 characters. */
  readonly dedup_key: string;
  readonly payload: {
    /** At most 1,024 characters. */
    readonly summary: string;
    readonly severity: "critical" | "error" | "warning";
    readonly source: string;
    readonly timestamp: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

const longestKey = 255;
const longestSummary = 1024;
/** Of a text in the details: PagerDuty takes events of 512 KB, and nobody reads more than this at night. */
const longestDetail = 4000;

/**
 * A message of the topic as a page: an alarm of CloudWatch begins and ends its own incident; an event that leads to a
 * section of the runbook adds to the open incident of that section; anything else, such as a budget, is one by itself
 * and wakes nobody.
 */
export function pageOf(notification: Notification): Page {
  const { id, topicArn, subject, text, sent } = notification;
  const alarm = alarmIn(text);
  if (alarm !== undefined) return alarmPage(alarm, sent);
  const lines = linesOf(text);
  const runbook = linkIn(lines.find((line) => line.startsWith("Runbook: ")));
  return {
    event_action: "trigger",
    dedup_key: keyOf(runbook === undefined ? `${topicArn}:${id}` : `${topicArn}:${runbook.split("#").at(-1) ?? ""}`),
    payload: {
      summary: summaryOf(runbook === undefined ? (subject ?? lines[0]) : lines[0]),
      severity: runbook === undefined || text.includes(waits) ? "warning" : "error",
      source: nameOf(topicArn),
      timestamp: sent,
      custom_details: { message: lines.join("\n").slice(0, longestDetail) },
    },
    links: runbookLinks(runbook),
  };
}

interface Alarm {
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly state: string;
  readonly reason: string;
}

/** CloudWatch's alarms are JSON, and nothing else has an alarm's ARN. */
function alarmIn(text: string): Alarm | undefined {
  const fields = fieldsOf(parsed(text));
  const field = (name: string): string => (typeof fields[name] === "string" ? fields[name] : "");
  const arn = field("AlarmArn");
  return arn === ""
    ? undefined
    : {
        arn,
        name: field("AlarmName"),
        description: field("AlarmDescription"),
        state: field("NewStateValue"),
        reason: field("NewStateReason"),
      };
}

/** Whatever is not OK is told: an alarm that no longer sees its metric is not well either. */
function alarmPage({ arn, name, description, state, reason }: Alarm, sent: string): Page {
  const region = arn.split(":")[3] ?? "";
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
  return {
    event_action: state === "OK" ? "resolve" : "trigger",
    dedup_key: keyOf(arn),
    payload: {
      summary: summaryOf(`${state} ${name}: ${description.replace(/ What to do: \S+$/, "")}`),
      severity: description.includes(waits) ? "warning" : "critical",
      source: name,
      timestamp: sent,
      custom_details: {
        description: description.slice(0, longestDetail),
        reason: reason.slice(0, longestDetail),
        state,
      },
    },
    links: [...runbookLinks(linkIn(description)), { href: console, text: "CloudWatch" }],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** EventBridge writes each line of its template as a quoted text. */
const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim().replace(/^"(.*)"$/, "$1"))
    .filter((line) => line !== "");

/** The last link in a text. */
const linkIn = (text: string | undefined): string | undefined => text?.match(/https:\/\/[^\s"]+/g)?.at(-1);

const runbookLinks = (href: string | undefined): Page["links"] =>
  href === undefined ? [] : [{ href, text: "Runbook" }];

const nameOf = (arn: string): string => arn.split(":").at(-1) ?? arn;

/** PagerDuty refuses an event without a summary. */
const summaryOf = (text: string | undefined): string => (text ?? "").slice(0, longestSummary) || "An empty message";

const keyOf = (text: string): string =>
  text.length <= longestKey ? text : createHash("sha256").update(text).digest("hex");
