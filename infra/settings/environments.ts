import type { InstanceSize } from "../database/atlas.ts";
import type { EndpointTraffic } from "./endpoint-costs.ts";
import type { Hours } from "./hours.ts";
import type { OriginPullGenerations } from "./origin-pull.ts";
import type { Plan } from "./cloudflare-plans.ts";
import type { CacheEngine, EvictionPolicy } from "./cache.ts";
import type { EnvironmentName } from "./stacks.ts";

/** How many NAT gateways a network has; the words are awsx's. */
export type NatGateways = "None" | "Single" | "OnePerAz";

/** In how many zones an interface endpoint has an address; the words are those of the gateways. */
export type EndpointZones = "Single" | "OnePerAz";

/** How Cloudflare is paid for a plan. */
export type PlanBilling = "annual" | "monthly";

/** What a task runs on, and what CloudWatch collects of tasks; the words are ECS's. */
export type CapacityProvider = "FARGATE" | "FARGATE_SPOT";
export type ContainerInsights = "disabled" | "enabled" | "enhanced";

/** One choice, side by side. Where the environments differ, `why` says what the difference buys. */
export interface Choice<T> {
  readonly production: T;
  readonly staging: T;
  readonly preview: T;
  readonly why: string;
}

const perEnvironment = <T>(choice: Choice<T>): Choice<T> => choice;
const everywhere = <T>(value: T, why: string): Choice<T> => ({
  production: value,
  staging: value,
  preview: value,
  why,
});

/** Of what a preview does not build: it borrows staging's. */
const borrowed = <T>({ production, staging, why }: Omit<Choice<T>, "preview">): Choice<T> => ({
  production,
  staging,
  preview: staging,
  why,
});

/**
 * Every choice of the program that is not an account's own fact (those stand in the stack files).
 * Durations carry their unit in the name.
 */
export const environments = {
  protection: {
    protectStateful: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "What holds customers' data is never deleted by a change to the program; staging can be built anew.",
    }),
    keyDeletionWindowDays: perEnvironment({
      production: 30,
      staging: 7,
      preview: 7,
      why: "Days in which a deleted key can be restored; 7 is the shortest that KMS allows.",
    }),
  },
  network: {
    availabilityZones: everywhere(2, "Two zones survive the loss of one, and staging must show the same routing."),
    natGateways: borrowed<NatGateways>({
      production: "OnePerAz",
      staging: "Single",
      why: "A gateway costs about 33 USD a month. Production keeps its way out when a zone fails; staging may lose it.",
    }),
    flowLogRetentionDays: borrowed({
      production: 90,
      staging: 30,
      why: "An intrusion is often found weeks later, in production.",
    }),
  },
  endpoints: {
    trafficGbPerMonth: borrowed<EndpointTraffic>({
      // Secrets and tokens are fetched when a task starts; image layers come from S3, whose endpoint costs nothing.
      production: { "ecr.api": 0.1, "ecr.dkr": 1, logs: 10, secretsmanager: 0.1, kms: 0.1, appconfigdata: 1 },
      staging: { "ecr.api": 0.5, "ecr.dkr": 2, logs: 3, secretsmanager: 0.5, kms: 0.1, appconfigdata: 1 },
      why: "Through NAT each costs less than 0.50 USD a month; an interface endpoint in two zones is 14.60 and pays from 417 GB on. Staging starts tasks more often (previews), and logs less.",
    }),
  },
  loadBalancer: {
    accessLogDays: borrowed({
      production: 90,
      staging: 30,
      why: "As long as the flow logs, which say who connected; these say what was asked. S3 keeps a GB for 0.023 USD.",
    }),
  },
  originPull: {
    // To rotate: add a generation at the end and deploy; move it to the front and deploy; remove the old one and deploy.
    generations: borrowed<OriginPullGenerations>({
      production: [{ number: 1, notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" }],
      staging: [{ number: 1, notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" }],
      why: "Each environment has keys of its own and rotates them by itself. Ten years: a stolen key is answered by a new generation at once, while an expired one would cut off every request.",
    }),
  },
  secrets: {
    recoveryWindowDays: perEnvironment({
      production: 30,
      staging: 7,
      preview: 0,
      why: "Days in which a deleted secret can be restored. A preview holds generated values alone, so it goes at once.",
    }),
    replicated: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "Copies in the recovery region: built anew there, the API starts without anybody typing keys in. 0.40 USD per secret and month, and 1 USD for the key.",
    }),
    keyRotationDays: perEnvironment<number | "never">({
      production: 30,
      staging: 30,
      preview: "never",
      why: "Signing keys are changed every month, as in production so in staging. A preview is gone before its keys are old.",
    }),
    rotationLogRetentionDays: borrowed({
      production: 90,
      staging: 30,
      why: "Three rotations in production, and the one that went wrong in staging.",
    }),
  },
  media: {
    localOrigins: perEnvironment<readonly string[]>({
      production: [],
      staging: ["http://localhost:3000", "http://localhost:5173"],
      preview: ["http://localhost:3000", "http://localhost:5173"],
      why: "Developers upload from storefront (3000) and admin (5173) on their own machines, never to production.",
    }),
    noncurrentVersionDays: borrowed({
      production: 30,
      staging: 7,
      why: "Days in which an overwritten or deleted image can be restored: the brief's 30 in production.",
    }),
    deleteObjectsWithBucket: everywhere(
      false,
      "A bucket that still holds images must not go: emptying it is a decision of its own, in staging too.",
    ),
    cacheSeconds: everywhere(
      604_800,
      "One week at the edge, from the brief: an image's key never changes its content.",
    ),
  },
  backups: {
    enabled: perEnvironment({
      production: true,
      staging: true,
      preview: false,
      why: "Whether AWS Backup keeps the images. A preview's are copies, and go with it.",
    }),
    continuous: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "Restores to any second: the brief's recovery point of 1 hour, for an event and a request per change. Staging can lose a day.",
    }),
    retentionDays: borrowed({
      production: 30,
      staging: 7,
      why: "The brief's 30 days in production. In staging a week is enough to notice, and backup storage costs twice S3's 0.023 USD per GB and month.",
    }),
    copyToRecoveryRegion: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "Images outlive the loss of the region, for the storage of a second copy and 1 USD a month for its key; staging is built anew instead.",
    }),
  },
  costs: {
    monthlyLimitUsd: perEnvironment({
      production: 330,
      staging: 200,
      preview: 15,
      why: "The cost targets in USD a month, every provider counted: `npm run cost -- --budget` fails where more is expected. A preview borrows all that is expensive, and may cost 0.50 a day.",
    }),
    awsMonthlyLimitUsd: borrowed({
      production: 220,
      staging: 115,
      why: "AWS's part of the target, in USD a month, which AWS's own budget watches: a tenth above what the cost report expects. Atlas, Datadog, and Cloudflare send bills of their own. In staging's account its previews are paid as well, about five.",
    }),
    anomalyThresholdUsd: borrowed({
      production: 20,
      staging: 10,
      why: "The excess in USD that is worth a mail: about 5 per cent of the month's target.",
    }),
    accountWide: perEnvironment({
      production: true,
      staging: true,
      preview: false,
      why: "Anomaly monitor, cost export, and tag activation exist once per account; previews live in staging's.",
    }),
    exportRetentionDays: everywhere(
      400,
      "Thirteen months: every month can be compared with the same one a year before.",
    ),
  },
  edge: {
    plan: everywhere<Plan>(
      "pro",
      "20 USD a month per zone, billed annually: managed rules, two rate limits, and bot mitigation that leaves the API alone. Staging pays it too, so that a rule which breaks a client breaks it there first.",
    ),
    planBilling: everywhere<PlanBilling>(
      "annual",
      "A zone outlives a year, and monthly billing costs 5 USD a month more for leaving earlier. The zone's billing page in Cloudflare decides it; this says which price the cost report counts.",
    ),
    sensitivePaths: everywhere<readonly string[]>(
      ["*/auth/*", "*/login", "*/checkout/*", "*/payments/*"],
      "Where passwords are guessed and stolen cards are tested, with or without a version before it.",
    ),
    sensitiveLimit: everywhere(
      { requests: 20, periodSeconds: 60, blockSeconds: 600 },
      "Twenty a minute per address is more than a person types, and ten minutes' rest makes guessing hopeless.",
    ),
    generalLimit: everywhere(
      { requests: 600, periodSeconds: 60, blockSeconds: 60 },
      "Ten a second per address, sustained: several people behind one address with pages of many parts stay below it.",
    ),
    spf: everywhere(
      "v=spf1 -all",
      "Nobody sends mail as the domain itself: a provider of mail signs with its own subdomain, or is added here before its key is put in.",
    ),
    hstsMaxAgeSeconds: everywhere(
      31_536_000,
      "A year of HTTPS alone, the least that scanners and preload lists ask for; staging must show what breaks.",
    ),
  },
  sites: {
    productionBranch: borrowed({
      production: "main",
      staging: "develop",
      why: "The branch decides where a change goes; every other branch's deployment is a preview.",
    }),
    previewsReachApi: borrowed({
      production: false,
      staging: true,
      why: "A branch's pages are shown beside staging and use its API. Production gives previews no variable, so that no branch talks to it.",
    }),
    adminSession: everywhere("8h", "A working day: whoever leaves is out the next morning, and nobody logs in twice."),
  },
  cache: {
    engine: everywhere<CacheEngine>(
      "valkey",
      "Version 8: 0.0128 USD an hour for the smallest node, where Redis costs 0.016. Redis 7 is the other word.",
    ),
    nodeType: everywhere("cache.t4g.micro", "The brief's 0.5 GB, on ARM: 9.34 USD a month for each node."),
    replicas: borrowed({
      production: 1,
      staging: 0,
      why: "A second node in another zone takes over by itself within about a minute, for another 9.34 USD a month. Staging may lose its sessions.",
    }),
    evictionPolicy: everywhere<EvictionPolicy>(
      "volatile-lru",
      "Sessions and cached values have a time to live: the one unused for longest goes first. Counters and locks without one stay.",
    ),
    snapshotRetentionDays: borrowed({
      production: 7,
      staging: 1,
      why: "A week of sessions in production. The last snapshot costs nothing, the others 0.085 USD per GB and month.",
    }),
    finalSnapshot: borrowed({
      production: true,
      staging: false,
      why: "A cache deleted by mistake can be restored; staging's is built anew, and a snapshot's name is taken for good.",
    }),
    applyImmediately: borrowed({
      production: false,
      staging: true,
      why: "A change of size or version interrupts connections: production waits for Sunday morning, staging shows it at once.",
    }),
    logRetentionDays: everywhere(30, "The brief's 30 days of logs."),
  },
  images: {
    keep: everywhere(
      60,
      "Newest tags that stay, at 0.10 USD per GB and month. A signature is a tag beside its build's, so these are about 30 builds: a rollback reaches as far back.",
    ),
    deleteImagesWithRepository: borrowed({
      production: false,
      staging: true,
      why: "What staging and its previews run is built from the repository again; production's image was built once.",
    }),
  },
  baseline: {
    perAccount: perEnvironment({
      production: true,
      staging: true,
      preview: false,
      why: "These settings exist once per account; previews live in staging's.",
    }),
    auditTrailRetentionDays: borrowed({
      production: 365,
      staging: 90,
      why: "Days of CloudTrail's record of who changed what; 0 for no trail. The first copy of management events is free; storage is 0.023 USD per GB and month, and the key 1 USD a month. The console shows 90 days anyway.",
    }),
    deleteAuditTrail: borrowed({
      production: false,
      staging: true,
      why: "Production's record outlives a mistake with the program; staging's goes with staging.",
    }),
    guardDuty: borrowed({
      production: true,
      staging: false,
      why: "Finds stolen credentials and odd traffic for about 4 USD per million management events and 1 USD per GB of flow and DNS logs. Staging holds no customers' data.",
    }),
  },
  service: {
    cpuUnits: perEnvironment({
      production: 512,
      staging: 512,
      preview: 256,
      why: "Half a virtual CPU, from the brief, and the same in staging, where load is tried: 11.82 USD a month, on Spot 3.55. A preview serves one person.",
    }),
    memoryMegabytes: perEnvironment({
      production: 1024,
      staging: 1024,
      preview: 512,
      why: "1 GB, from the brief, and the same in staging: 2.60 USD a month, on Spot 0.78. A preview has no Datadog Agent beside the API.",
    }),
    desiredCount: perEnvironment({
      production: 2,
      staging: 1,
      preview: 1,
      why: "The brief's 2 tasks, in two zones: one serves while the other is replaced. Elsewhere a gap costs nobody, and a task 4 USD a month on Spot, and 4 more with Datadog's agent.",
    }),
    maximumCount: perEnvironment({
      production: 6,
      staging: 2,
      preview: 1,
      why: "Auto-scaling's ceiling, so that a flood of requests costs at most 87 USD a month in tasks. Staging shows that it scales; a preview does not.",
    }),
    hours: perEnvironment<Hours | "always">({
      production: "always",
      staging: "always",
      preview: { from: "06:00", to: "23:00", timeZone: "Etc/UTC" },
      why: "On weekdays, in the hours of Europe and America: half of the week, so half of a preview's price. In the evening its task stops, and in the morning it starts again until the preview expires.",
    }),
    capacityProvider: perEnvironment<CapacityProvider>({
      production: "FARGATE",
      staging: "FARGATE_SPOT",
      preview: "FARGATE_SPOT",
      why: "Staging and previews may be stopped at two minutes' notice, for up to 70 % less: 10 USD a month in staging, where a gap costs nobody.",
    }),
    containerInsights: borrowed<ContainerInsights>({
      production: "enabled",
      staging: "disabled",
      why: "Counts tasks in CloudWatch, where an alarm must see a missing one when Datadog is down: 37 metrics, 8 USD a month, and 7.50 more for each preview in staging's cluster. There Datadog alone counts them, and nobody is woken. Enhanced adds every container, for more.",
    }),
    logRetentionDays: perEnvironment({
      production: 30,
      staging: 30,
      preview: 7,
      why: "Days in which the API's lines can be read, at 0.03 USD a month and GB: the brief's 30, and longer than a preview lives. Metrics need no setting: CloudWatch and Datadog keep them for 15 months, beyond the brief's 90 days.",
    }),
  },
  runtimeConfig: {
    bakeMinutes: perEnvironment({
      production: 10,
      staging: 0,
      preview: 0,
      why: "Minutes in which an alarm takes a configuration back. It blocks the next one meanwhile, which slows down trying things.",
    }),
  },
  database: {
    instanceSize: everywhere<InstanceSize>(
      "M10",
      "The smallest dedicated size, 58 USD a month: private endpoints, auditing, and backups begin here.",
    ),
    maxInstanceSize: borrowed<InstanceSize>({
      production: "M30",
      staging: "M20",
      why: "How far a rush may scale up: 394 USD a month in production if it never ended, 146 in staging.",
    }),
    privateEndpoint: borrowed<EndpointZones>({
      production: "OnePerAz",
      staging: "Single",
      why: "Each zone costs 7.30 USD a month. Production reaches its database when a zone fails; staging's only way out ends with its zone anyway, and what crosses zones costs 0.01 USD per GB.",
    }),
    snapshotRetentionDays: borrowed({
      production: 30,
      staging: 7,
      why: "The brief's 30 days in production; a week finds what a release broke in staging. A GB costs 0.14 USD a month.",
    }),
    restoreWindowDays: borrowed({
      production: 7,
      staging: 0,
      why: "Days back to which any moment can be restored: the brief's recovery point of 1 hour, in practice a minute. Free up to 5 GB, then 1 USD per GB and month. Staging can lose a day.",
    }),
    copySnapshots: borrowed({
      production: true,
      staging: false,
      why: "Snapshots outlive the loss of the region, for the storage of a second copy and its transfer; staging is built anew.",
    }),
    maintenanceDay: borrowed({
      production: 5,
      staging: 3,
      why: "Atlas patches staging on Tuesday, production on Thursday: what breaks is seen in staging first.",
    }),
    deferMaintenance: borrowed({
      production: true,
      staging: false,
      why: "Production takes each patch a week later than staging, unless it is urgent.",
    }),
    exportLogs: borrowed({
      production: true,
      staging: false,
      why: "The audit log where nobody with a key to Atlas can change it, for S3's 0.023 USD per GB and month. Atlas itself keeps logs for 30 days.",
    }),
    logRetentionDays: borrowed({
      production: 90,
      staging: 30,
      why: "As long as the flow logs: an intrusion is often found weeks later.",
    }),
  },
  monitoring: {
    checkIntervalSeconds: perEnvironment({
      production: 300,
      staging: 900,
      preview: 900,
      why: "Three hosts from two places every 5 minutes are 52,000 runs, 26 USD a month; a third of it where nobody waits for the answer.",
    }),
    checkLocations: everywhere<readonly string[]>(
      ["aws:us-east-1", "aws:eu-central-1"],
      "Two continents tell a broken host from a broken way to it; each further place costs as much again.",
    ),
    pageHandles: perEnvironment<readonly string[]>({
      production: ["@pagerduty-groundwork-production"],
      staging: ["@slack-groundwork-staging"],
      preview: ["@slack-groundwork-staging"],
      why: "Production wakes whoever is on call; staging writes into a channel, so that nobody learns to ignore a page.",
    }),
    noticeHandles: perEnvironment<readonly string[]>({
      production: ["@slack-groundwork-production"],
      staging: ["@slack-groundwork-staging"],
      preview: ["@slack-groundwork-staging"],
      why: "What can wait for the morning goes into each environment's own channel.",
    }),
    paging: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "What CloudWatch tells wakes whoever is on call, also when Datadog is down: by a function that costs nothing until it is called. Nobody gets up for staging, whose alarms come by e-mail alone.",
    }),
    p95Seconds: borrowed({
      production: 0.5,
      staging: 1,
      why: "The brief asks for a median of 200 ms; one request in twenty may take half a second. Staging has one task, which also builds its caches anew.",
    }),
  },
  delivery: {
    image: borrowed<"pull" | "push">({
      production: "push",
      staging: "pull",
      why: "An image is built once, in staging; a job copies it out there, and another puts it into production's registry.",
    }),
    previews: borrowed({
      production: false,
      staging: true,
      why: "Previews run beside staging, under its certificate's wildcard. Jobs of pull requests have a role there that changes previews, and nothing of staging. What nobody has reviewed yet sees nothing of production.",
    }),
    recordVersionDays: borrowed({
      production: 365,
      staging: 30,
      why: "Days in which an overwritten release record can be restored: an audit asks for a year of production's.",
    }),
  },
} as const satisfies Record<string, Record<string, Choice<unknown>>>;

type Table = typeof environments;

/** The choices of one environment, in the shape of the table. */
export type Choices = {
  readonly [Area in keyof Table]: {
    readonly [Key in keyof Table[Area]]: Table[Area][Key] extends Choice<infer T> ? T : never;
  };
};

export function choicesOf(environment: EnvironmentName): Choices {
  const pick = (area: Readonly<Record<string, Choice<unknown>>>) =>
    Object.fromEntries(Object.entries(area).map(([key, choice]) => [key, choice[environment]]));
  return Object.fromEntries(Object.entries(environments).map(([area, choices]) => [area, pick(choices)])) as Choices;
}
