import type { PullRequestReport, StackReport } from "./schema.ts";

const urn = (name: string, type = "aws:s3/bucket:Bucket", stack = "staging"): string =>
  `urn:pulumi:${stack}::groundwork::${type}::${name}`;

/** One stack with something of everything. */
export const stackReport = (more: Partial<StackReport> = {}): StackReport => ({
  stack: "staging",
  result: "succeeded",
  errors: [],
  steps: [
    { op: "create", urn: urn("media"), type: "aws:s3/bucket:Bucket", changed: [], replaces: [] },
    { op: "update", urn: urn("api"), type: "aws:ecs/service:Service", changed: ["desiredCount"], replaces: [] },
  ],
  findings: [
    {
      rule: "bucket-private",
      level: "advisory",
      severity: "low",
      urn: urn("media"),
      property: "acl",
      wrong: 'it is "public"',
      why: "Public buckets leak.",
      fix: 'set acl: "private"',
    },
  ],
  undecided: 0,
  checked: { resources: 3, rules: 5 },
  losses: [],
  cost: {
    before: "100",
    after: "112.5",
    delta: "12.5",
    lines: [{ change: "added", urn: urn("media"), item: "storage", cause: "resource added", delta: "12.5" }],
    overBudget: false,
  },
  left: { errors: 0, steps: 0, findings: 0, losses: 0, costLines: 0 },
  ...more,
});

export const reportOf = (...stacks: readonly StackReport[]): PullRequestReport => ({
  version: 1,
  baseFailed: null,
  stacks: [...stacks],
});

export const loss = (allowed: boolean): StackReport["losses"][number] => ({
  urn: urn("database", "mongodbatlas:index/advancedCluster:AdvancedCluster"),
  op: "replace",
  lost: "every map of every customer",
  backup: "the cluster's snapshots, 7 days",
  allowed,
});

export const mandatoryFinding = (): StackReport["findings"][number] => ({
  rule: "bucket-encrypted",
  level: "mandatory",
  severity: "high",
  urn: urn("media"),
  property: "encryption",
  wrong: "it is not set",
  why: "Whoever takes the disk reads it.",
  fix: "set encryption",
});
