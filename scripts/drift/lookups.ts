import type { PlannedStep } from "../engines/engine.ts";
import type { Lookup } from "./report.ts";

/** Where CloudTrail keeps the events of a resource, and under which name. */
export interface TrailQuery {
  readonly region: string;
  readonly resourceName: string;
}

/** Services without regions: their events are in us-east-1. Source: CloudTrail, "Global service events". */
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(["iam", "cloudfront", "route53", "budgets", "costexplorer"]);
const GLOBAL_REGION = "us-east-1";

/** Undefined for what is none of AWS's, or has no id that CloudTrail could know. */
export function trailQuery({ type, id }: PlannedStep, region: string): TrailQuery | undefined {
  const [, service] = /^aws:([^:/]+)\//.exec(type) ?? [];
  if (service === undefined || id === undefined || id === "") return undefined;
  return { region: GLOBAL_SERVICES.has(service) ? GLOBAL_REGION : (regionOf(id) ?? region), resourceName: bare(id) };
}

const regionOf = (id: string): string | undefined => /^arn:[^:]+:[^:]+:([a-z]+(?:-[a-z]+)+-\d)/.exec(id)?.[1];

/** Ids that the provider puts together begin with the resource's own: `ROLE:POLICY`, `SECRET-ARN|VERSION`. */
const bare = (id: string): string => (id.startsWith("arn:") ? (id.split("|")[0] ?? id) : (id.split(/[:|,]/)[0] ?? id));

/** A word for a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

export const trailCommand = ({ region, resourceName }: TrailQuery): string =>
  `aws cloudtrail lookup-events --region ${region}` +
  ` --lookup-attributes ${quoted(`AttributeKey=ResourceName,AttributeValue=${resourceName}`)}` +
  ` --query "Events[?ReadOnly=='false'].[EventTime,Username,EventName]" --output table`;

/** Provider to the log that it keeps. */
const PAGES: Readonly<Record<string, string>> = {
  mongodbatlas: "https://cloud.mongodb.com: the project's Activity Feed",
  cloudflare: "https://dash.cloudflare.com/?to=/:account/audit-log",
  datadog: "https://app.datadoghq.com/audit-trail (or your site's)",
};

/** Who changed it: the exact command for AWS, the page of whoever else keeps a log; none where nobody does. */
export function lookupsOf(step: PlannedStep, region: string): readonly Lookup[] {
  const query = trailQuery(step, region);
  if (query !== undefined) return [{ kind: "command", text: trailCommand(query) }];
  const page = PAGES[step.type.split(":")[0] ?? ""];
  return page === undefined ? [] : [{ kind: "page", text: page }];
}
