import type { MonitorArgs } from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { datadogTags } from "./datadog-tags.ts";
import { type Handles, messageOf, pages, renotifyMinutes } from "./message.ts";
import type { MonitorRow } from "./monitors.ts";

/** What is the same for every monitor of an environment. */
export interface Announcer {
  readonly handles: pulumi.Output<Handles>;
  readonly runbookUrl: pulumi.Output<string>;
  readonly tags: pulumi.Output<Record<string, string>>;
}

/** What a monitor has to say, and which of Datadog's states it can be in. */
export interface Announcement extends Pick<MonitorRow, "title" | "means" | "action" | "priority"> {
  /** The section of the runbook. */
  readonly key: string;
  readonly service: string;
  readonly hasWarning: boolean;
  readonly hasNoData: boolean;
  readonly measured: boolean;
}

type Announced = Pick<
  MonitorArgs,
  "name" | "message" | "priority" | "tags" | "assets" | "includeTags" | "renotifyInterval" | "renotifyStatuses"
>;

/** The stack in front: one organisation holds the monitors of all environments. */
export const titleOf = (tags: pulumi.Output<Record<string, string>>, title: string): pulumi.Output<string> =>
  tags.apply((all) => `${all["Stack"] ?? "unknown"}: ${title}`);

/** How a monitor tells, whatever it measures: name, message, runbook, priority, reminders, and tags. */
export function announced({ handles, runbookUrl, tags }: Announcer, announcement: Announcement): Announced {
  const { key, title, priority, service } = announcement;
  const url = runbookUrl.apply((page) => `${page}#${key}`);
  return {
    name: titleOf(tags, title),
    message: pulumi
      .all([handles, url])
      .apply(([who, section]) => messageOf({ ...announcement, runbookUrl: section, handles: who })),
    priority: String(priority),
    tags: tags.apply((all) => datadogTags(all, service)),
    assets: [{ name: "Runbook", category: "runbook", url }],
    includeTags: true,
    renotifyInterval: renotifyMinutes(priority),
    // Nobody is woken up again by a warning.
    ...(pages(priority) && { renotifyStatuses: ["alert", "no data"] }),
  };
}
