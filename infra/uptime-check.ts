import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { titleOf } from "./monitoring/announcement.ts";
import { datadogTags } from "./monitoring/datadog-tags.ts";
import { messageOf, renotifyMinutes } from "./monitoring/message.ts";
import {
  answersInTime,
  certificateAssertions,
  certificateRow,
  checkRows,
  type CheckName,
  type CheckRow,
} from "./monitoring/synthetics.ts";
import { type Hours, minutesAfter } from "./settings/hours.ts";

export interface UptimeCheckArgs {
  /** What is asked, which decides what a healthy answer is. Plain. */
  readonly check: CheckName;
  /** `api.example.com` */
  readonly host: pulumi.Input<string>;
  /** `/heartbeat` */
  readonly path: pulumi.Input<string>;
  /** Seconds between two checks, 30 to 604,800. Default: 300. 10,000 runs cost 5 USD; each location is a run. */
  readonly intervalSeconds?: pulumi.Input<number>;
  /** Asks on weekdays within these hours alone, the first half hour left out. Plain. Default: always. */
  readonly hours?: Hours;
  /** Where Datadog asks from; two or more, so that one broken place is told from a broken host. */
  readonly locations: pulumi.Input<string[]>;
  /** Also watches the certificate, twice a day. Plain. Default: true. */
  readonly certificate?: boolean;
  /** The page that explains every monitor: `https://...`. */
  readonly runbookUrl: pulumi.Input<string>;
  /** Handles of Datadog that page: `@pagerduty-NAME`. */
  readonly pageHandles: pulumi.Input<string[]>;
  /** The whole tag set: Datadog has no default tags of ours. */
  readonly tags: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Twice more within 4 seconds: a lost packet is no outage. */
const retry = { count: 2, interval: 2000 };
const twiceADay = 43_200;

/** Datadog's API tests run from every 30 seconds to once a week. */
const shortestSeconds = 30;
const longestSeconds = 604_800;

type Told = Pick<CheckRow, "means" | "action" | "priority">;

/** What can be told somebody: `@pagerduty-NAME`, `@slack-CHANNEL`, `@name@example.com`. */
export const handle = z.string().regex(/^@[\w.-]+(@[\w.-]+)?$/, "must be a handle such as @pagerduty-platform");

/**
 * Asks one host from outside whether it is well, and whether its certificate will last: Datadog synthetic tests.
 *
 * A test fails when a single location fails three times in a row. Redirects are not followed: where a login is the
 * healthy answer, what lies behind it is not asked for.
 * Throws where there are fewer than two locations, the interval is outside Datadog's limits, or a handle is none.
 */
export class UptimeCheck extends pulumi.ComponentResource {
  /** The public id of the test: `abc-def-ghi`. */
  readonly testId: pulumi.Output<string>;
  /** The monitor that Datadog keeps for the test. */
  readonly monitorId: pulumi.Output<number>;

  constructor(name: string, args: UptimeCheckArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:monitoring:UptimeCheck", name, {}, options);
    const { testId, monitorId } = uptimeTests(name, args, this);
    this.testId = testId;
    this.monitorId = monitorId;
    this.registerOutputs({ testId, monitorId });
  }
}

/** The same tests in a component that holds other things too. */
export function uptimeTests(
  name: string,
  args: UptimeCheckArgs,
  parent: pulumi.Resource,
): Pick<UptimeCheck, "testId" | "monitorId"> {
  const row = checkRows[args.check];
  const locations = checked(parent, "locations", args.locations, z.array(z.string()).min(2, "must be two or more"));
  const tickEvery = checked(
    parent,
    "intervalSeconds",
    args.intervalSeconds ?? 300,
    z.int().min(shortestSeconds, "must be 30 to 604,800 seconds").max(longestSeconds, "must be 30 to 604,800 seconds"),
  );
  const runbookUrl = checked(parent, "runbookUrl", args.runbookUrl, z.url({ protocol: /^https$/ }));
  const page = checked(parent, "pageHandles", args.pageHandles, z.array(handle).min(1, "must name somebody"));
  const tags = pulumi.output(args.tags);

  const message = (section: string, { means, action, priority }: Told) =>
    pulumi.all([runbookUrl, page]).apply(([url, handles]) =>
      messageOf({
        means,
        action,
        runbookUrl: `${url}#${section}`,
        handles: { page: handles, notice: handles },
        priority,
        hasWarning: false,
        hasNoData: false,
        measured: false,
      }),
    );
  const common = {
    type: "api",
    status: "live",
    locations,
    tags: tags.apply((all) => datadogTags(all, row.service)),
  };
  const watched = ({ priority }: Told) => ({
    retry,
    monitorPriority: priority,
    // One place that fails is a broken way; two are a broken host.
    minLocationFailed: 2,
    monitorOptions: { renotifyInterval: renotifyMinutes(priority) },
  });
  const title = (what: string) => titleOf(tags, what);

  const test = new datadog.SyntheticsTest(
    name,
    {
      ...common,
      name: title(row.title),
      subtype: "http",
      message: message(`uptime-${args.check}`, row),
      requestDefinition: { method: "GET", url: pulumi.interpolate`https://${args.host}${args.path}` },
      assertions: [...row.assertions, answersInTime],
      optionsList: {
        ...watched(row),
        tickEvery,
        ...(args.hours && { scheduling: during(args.hours) }),
        followRedirects: false,
        monitorName: title(row.title),
      },
    },
    { parent },
  );
  if (args.certificate ?? true)
    new datadog.SyntheticsTest(
      `${name}-certificate`,
      {
        ...common,
        name: title(`${certificateRow.title} (${args.check})`),
        subtype: "ssl",
        message: message("certificate-expiry", certificateRow),
        requestDefinition: { host: args.host, port: "443" },
        assertions: [...certificateAssertions],
        optionsList: {
          ...watched(certificateRow),
          tickEvery: twiceADay,
          acceptSelfSigned: false,
          checkCertificateRevocation: true,
        },
      },
      { parent },
    );

  return { testId: test.id, monitorId: test.monitorId };
}

/** Half an hour after the first task is started: it is judged once it had time to come up. */
const headStartMinutes = 30;

/** From Monday to Friday, as Datadog counts days. */
const during = ({ from, to, timeZone }: Hours): datadog.types.input.SyntheticsTestOptionsListScheduling => ({
  timeframes: [1, 2, 3, 4, 5].map((day) => ({ day, from: minutesAfter(from, headStartMinutes), to })),
  timezone: timeZone,
});
