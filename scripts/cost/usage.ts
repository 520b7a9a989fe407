import { environments } from "../../infra/settings/environments.ts";
import { type Amount, amount } from "./money.ts";
import { between, type Range } from "./range.ts";

export type EnvironmentName = "production" | "staging" | "preview";

type Levels = readonly [low: number | string, expected: number | string, high: number | string];

/** One assumption for every environment, in a month. */
interface Choice extends Readonly<Record<EnvironmentName, Levels>> {
  /** Begins with the unit, as a sentence goes on after a number: `requests reach the load balancer`. */
  readonly what: string;
  readonly why: string;
}

const assumed = (choice: Choice): Choice => choice;

/** Hours a month on weekdays between two times of the clock, to the tenth; all 730 where nothing stops the tasks. */
function hoursOn(environment: EnvironmentName): string {
  const hours = environments.service.hours[environment];
  if (hours === "always") return "730";
  const hourOf = (time: string): Amount => {
    const [hour = "0", minute = "0"] = time.split(":");
    return amount(hour).plus(amount(minute).dividedBy(60));
  };
  const aDay = hourOf(hours.to).minus(hourOf(hours.from));
  return aDay.times(5).times(730).dividedBy(168).toDecimalPlaces(1).toFixed();
}

/**
 * What cannot be read from a state, side by side: low, expected, high. `--usage FILE` replaces some of it.
 * Parts of a number are texts, such as "0.5": a fraction in binary is not the number that is written.
 */
export const choices = {
  requests: assumed({
    what: "requests reach the load balancer",
    production: [1_000_000, 5_000_000, 20_000_000],
    staging: [100_000, 300_000, 1_000_000],
    preview: [1_000, 10_000, 50_000],
    why: "About two requests a second on average in production; staging sees checks and testers, a preview one branch.",
  }),
  taskHours: assumed({
    what: "hours a month each task is on",
    production: [hoursOn("production"), hoursOn("production"), 730],
    staging: [hoursOn("staging"), hoursOn("staging"), 730],
    preview: [hoursOn("preview"), hoursOn("preview"), 730],
    why: "As service.hours of the settings says, after which a preview's task stops by itself; fewer hours in --usage FILE say what they would save.",
  }),
  loadBalancerGb: assumed({
    what: "GB pass the load balancer, both ways",
    production: [5, 25, 100],
    staging: ["0.5", "1.5", 5],
    preview: ["0.005", "0.05", "0.25"],
    why: "About 5 KB a request with its answer, in JSON.",
  }),
  dataOutGb: assumed({
    what: "GB leave the region for the internet",
    production: [5, 25, 100],
    staging: [1, 3, 10],
    preview: ["0.005", "0.05", "0.25"],
    why: "Answers of the load balancer, and telemetry that leaves through NAT.",
  }),
  natGb: assumed({
    what: "GB pass the NAT gateways, both ways",
    production: [10, 25, 100],
    staging: [4, 10, 30],
    preview: ["0.1", "0.5", 2],
    why: "Images, secrets, logs, and telemetry of tasks, as settings count them for the interface endpoints, and Datadog's.",
  }),
  zoneGb: assumed({
    what: "GB cross between availability zones, counted in each direction",
    production: [5, 50, 200],
    staging: ["0.5", 3, 10],
    preview: [0, "0.1", "0.5"],
    why: "In half of the cases a task and the primary of the cache or of the database are in different zones.",
  }),
  endpointGb: assumed({
    what: "GB pass the interface endpoints, both ways",
    production: [5, 20, 100],
    staging: ["0.5", 2, 10],
    preview: [0, 0, 0],
    why: "Queries and answers of the database: about 4 KB a request. A preview uses staging's endpoint.",
  }),
  tasksLogGb: assumed({
    what: "GB of logs come from the tasks",
    production: [5, 10, 30],
    staging: [1, 3, 10],
    preview: ["0.05", "0.2", 1],
    why: "As settings count what tasks send to CloudWatch: about 2 KB a request.",
  }),
  flowLogGb: assumed({
    what: "GB of flow logs come from the network",
    production: [1, 3, 15],
    staging: ["0.5", "1.5", 6],
    preview: [0, 0, 0],
    why: "About 100 bytes for each connection in ten minutes; a preview has no network of its own.",
  }),
  functionLogGb: assumed({
    what: "GB of logs come from functions",
    production: ["0.001", "0.01", "0.1"],
    staging: ["0.001", "0.005", "0.05"],
    preview: [0, 0, 0],
    why: "A few lines for each run.",
  }),
  cacheLogGb: assumed({
    what: "GB of logs come from the cache",
    production: ["0.01", "0.1", 1],
    staging: ["0.01", "0.05", "0.5"],
    preview: [0, 0, 0],
    why: "Slow commands and what the engine reports.",
  }),
  insightsLogGb: assumed({
    what: "GB of performance records come from Container Insights",
    production: ["0.3", "0.5", "1.5"],
    staging: ["0.2", "0.3", 1],
    preview: [0, "0.1", "0.2"],
    why: "About ten records of 1 KB a minute: the cluster, the service, its tasks, and their containers.",
  }),
  mediaOutGb: assumed({
    what: "GB of media go to visitors",
    production: [50, 200, 1500],
    staging: [1, 5, 20],
    preview: [0, 0, 0],
    why: "About 100 KB an image.",
  }),
  mediaRequests: assumed({
    what: "requests for media",
    production: [500_000, 2_000_000, 15_000_000],
    staging: [10_000, 50_000, 200_000],
    preview: [0, 0, 0],
    why: "Images of about 100 KB.",
  }),
  mediaStorageGb: assumed({
    what: "GB of media are stored, with their former versions",
    production: [10, 50, 200],
    staging: [1, 5, 20],
    preview: [0, 0, 0],
    why: "About 100,000 images with their originals in production.",
  }),
  accessLogStorageGb: assumed({
    what: "GB of the load balancer's logs are stored",
    production: [1, 5, 30],
    staging: ["0.2", "0.5", 3],
    preview: [0, 0, 0],
    why: "About 300 bytes a request, compressed, for as long as settings keep them.",
  }),
  auditStorageGb: assumed({
    what: "GB of audit records are stored",
    production: ["0.5", 2, 10],
    staging: ["0.2", 1, 5],
    preview: [0, 0, 0],
    why: "A few KB a management event, compressed.",
  }),
  databaseLogStorageGb: assumed({
    what: "GB of the database's logs are stored",
    production: ["0.1", 1, 5],
    staging: [0, 0, 0],
    preview: [0, 0, 0],
    why: "Only production keeps them.",
  }),
  otherStorageGb: assumed({
    what: "GB are stored in buckets of other purposes",
    production: ["0.01", "0.1", 1],
    staging: ["0.01", "0.1", 1],
    preview: [0, 0, 0],
    why: "Certificates, lists of releases, and cost exports.",
  }),
  storageWrites: assumed({
    what: "requests write to buckets or list them",
    production: [100_000, 200_000, 600_000],
    staging: [50_000, 100_000, 300_000],
    preview: [0, 0, 0],
    why: "Logs and audit records arrive every five minutes from each place that writes them.",
  }),
  storageReads: assumed({
    what: "requests read from buckets",
    production: [100_000, 500_000, 3_000_000],
    staging: [10_000, 50_000, 300_000],
    preview: [0, 0, 0],
    why: "What CloudFront does not have, backups, and people.",
  }),
  imageGb: assumed({
    what: "GB of container images are stored",
    production: [1, 4, 10],
    staging: [1, 4, 10],
    preview: [0, 0, 0],
    why: "The newest 30 with their signatures, which share most of their layers.",
  }),
  secretRequests: assumed({
    what: "requests for secrets",
    production: [1_000, 5_000, 50_000],
    staging: [1_000, 5_000, 50_000],
    preview: [100, 1_000, 5_000],
    why: "Tasks read each secret when they start.",
  }),
  keyRequests: assumed({
    what: "requests to keys",
    production: [10_000, 50_000, 500_000],
    staging: [5_000, 20_000, 100_000],
    preview: [100, 1_000, 5_000],
    why: "Log groups, buckets, and secrets ask a few times an hour; buckets use bucket keys.",
  }),
  backupGb: assumed({
    what: "GB of recovery points are kept in each vault",
    production: [10, 60, 250],
    staging: [1, 6, 25],
    preview: [0, 0, 0],
    why: "The media, and what changed of them in a month.",
  }),
  backupCopyGb: assumed({
    what: "GB of recovery points are copied to another region",
    production: [1, 5, 50],
    staging: [0, 1, 5],
    preview: [0, 0, 0],
    why: "What changed of the media in a month.",
  }),
  cacheBackupGb: assumed({
    what: "GB of the cache's snapshots are kept beyond the free one",
    production: ["0.1", "0.5", 1],
    staging: [0, "0.1", "0.5"],
    preview: [0, 0, 0],
    why: "A snapshot is at most as large as a node's memory.",
  }),
  functionRuns: assumed({
    what: "runs of functions, of one second each",
    production: [10, 200, 5_000],
    staging: [5, 50, 1_000],
    preview: [0, 0, 0],
    why: "Pages to whoever is on call, and a rotation of keys each month.",
  }),
  notifications: assumed({
    what: "notifications are published",
    production: [10, 100, 2_000],
    staging: [10, 100, 2_000],
    preview: [0, 10, 100],
    why: "Alarms that begin and end.",
  }),
  queueRequests: assumed({
    what: "requests to queues",
    production: [0, 100, 10_000],
    staging: [0, 100, 10_000],
    preview: [0, 0, 0],
    why: "Only what could not be delivered is put there.",
  }),
  configurationRequests: assumed({
    what: "requests for the runtime configuration",
    production: [350_000, 350_000, 1_050_000],
    staging: [175_000, 175_000, 350_000],
    preview: [40_000, 175_000, 175_000],
    why: "Each task asks every 15 seconds.",
  }),
  configurationsReceived: assumed({
    what: "configurations are received",
    production: [50, 200, 1_000],
    staging: [50, 200, 1_000],
    preview: [5, 50, 200],
    why: "One for each task that starts, and one for each task at a change.",
  }),
  managementEvents: assumed({
    what: "management events happen in the account",
    production: [50_000, 200_000, 1_000_000],
    staging: [50_000, 200_000, 1_000_000],
    preview: [0, 0, 0],
    why: "Calls of AWS's own services, of deployments, and of people.",
  }),
  dataEvents: assumed({
    what: "data events are recorded",
    production: [100_000, 1_000_000, 10_000_000],
    staging: [10_000, 100_000, 1_000_000],
    preview: [0, 0, 0],
    why: "One for each request to an object that a trail watches.",
  }),
  guardedLogGb: assumed({
    what: "GB of flow and DNS logs are analyzed by GuardDuty",
    production: [1, 4, 20],
    staging: ["0.5", 2, 8],
    preview: [0, 0, 0],
    why: "The same connections as in the flow logs, and their names.",
  }),
  dnsQueries: assumed({
    what: "DNS queries",
    production: [100_000, 1_000_000, 10_000_000],
    staging: [10_000, 50_000, 500_000],
    preview: [0, 0, 0],
    why: "A few for each visit.",
  }),
  databaseBackupGb: assumed({
    what: "GB of snapshots and oplogs of the database are kept",
    production: [3, 10, 50],
    staging: ["0.5", 1, 5],
    preview: [0, 0, 0],
    why: "About 5 GB of data, of which each snapshot adds what changed, with a week of oplogs in production.",
  }),
  databaseBackupCopyGb: assumed({
    what: "GB of the database's snapshots are kept in another region",
    production: [3, 8, 40],
    staging: [0, 0, 0],
    preview: [0, 0, 0],
    why: "Daily snapshots of a month and hourly ones of a week, each with what changed.",
  }),
  databaseTrafficGb: assumed({
    what: "GB leave a node of the database within the region",
    production: [10, 40, 200],
    staging: [1, 4, 20],
    preview: [0, 0, 0],
    why: "Answers to the API once, and every write twice more to the other two nodes. A preview is part of staging's.",
  }),
  databaseLogGb: assumed({
    what: "GB of the database's logs leave Atlas",
    production: ["0.2", 1, 5],
    staging: ["0.1", "0.3", 1],
    preview: [0, 0, 0],
    why: "Logs and audit events of three nodes, before they are compressed.",
  }),
  indexedMetrics: assumed({
    what: "custom metrics, each with every combination of its tags",
    production: [100, 200, 500],
    staging: [100, 200, 400],
    preview: [0, 0, 0],
    why: "Datadog counts what comes by OTLP as custom: about ten routes with their statuses, and the runtime of each task.",
  }),
  datadogLogGb: assumed({
    what: "GB of logs go to Datadog",
    production: [1, 5, 20],
    staging: ["0.2", "0.5", 2],
    preview: [0, "0.01", "0.1"],
    why: "About 1 KB for each request, where an agent collects logs at all.",
  }),
  datadogLogEvents: assumed({
    what: "million log events are indexed by Datadog",
    production: [1, 5, 20],
    staging: ["0.2", "0.5", 2],
    preview: [0, "0.01", "0.1"],
    why: "One for each request, where an agent collects logs at all.",
  }),
  adminUsers: assumed({
    what: "people log in to the admin",
    production: [2, 10, 50],
    staging: [2, 10, 50],
    preview: [0, 0, 0],
    why: "Those who run the shop. One account's free plan holds fifty, in all of its zones together.",
  }),
} satisfies Readonly<Record<string, Choice>>;

export type UsageName = keyof typeof choices;

/** How much, and where the number comes from. */
export interface Assumption extends Range {
  readonly what: string;
  readonly why: string;
}

/** What one environment is assumed to be used for, in a month. Every line that rests on one says so. */
export type Usage = Readonly<Record<UsageName, Assumption>>;

const usageOf = (environment: EnvironmentName): Usage => {
  const entries = Object.entries<Choice>(choices).map(([name, choice]) => {
    const { what, why } = choice;
    return [name, { ...between(...choice[environment]), what, why }] as const;
  });
  return Object.fromEntries(entries) as Record<UsageName, Assumption>;
};

export const usages: Readonly<Record<EnvironmentName, Usage>> = {
  production: usageOf("production"),
  staging: usageOf("staging"),
  preview: usageOf("preview"),
};

/** An assumption as a line states it: `Assumed: 5000000 requests reach the load balancer (1000000 to 20000000)…`. */
export function stated({ low, expected, high, what, why }: Assumption): string {
  const spread = low.equals(high) ? "" : ` (${low.toFixed()} to ${high.toFixed()})`;
  return `${expected.toFixed()} ${what}${spread}. ${why}`;
}
