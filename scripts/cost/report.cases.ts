import { makeUrn } from "../sandbox/protocol/urn.ts";
import type { CostLine, StackCost } from "./model.ts";
import { amount } from "./money.ts";
import { between, exactly, type Range, sumRanges, times } from "./range.ts";
import type { CostReport, ReportParts } from "./report.ts";
import { reportOf } from "./report.ts";

/** What a line of a hand-made stack says; the rest follows from it. */
export interface LineCase extends Partial<Omit<CostLine, "monthly" | "quantity">> {
  readonly name: string;
  readonly quantity?: Range | number | string;
  /** Default: quantity times unit price. */
  readonly monthly?: Range | number | string;
}

const rangeOf = (value: Range | number | string): Range => (typeof value === "object" ? value : exactly(value));

export const tagsIn = (stack: string, service: string): Readonly<Record<string, string>> => ({
  CostCenter: "platform",
  Environment: stack,
  Service: service,
  Owner: "team-platform",
  Stack: stack,
});

export function lineIn(stack: string, { name, quantity = 730, ...given }: LineCase): CostLine {
  const type = given.type ?? "aws:ecs/service:Service";
  const component = given.component ?? "Service";
  const unitPrice = given.unitPrice ?? "0.03238";
  const taggable = given.taggable ?? true;
  return {
    urn: makeUrn(
      stack,
      "groundwork",
      `urn:pulumi:${stack}::groundwork::groundwork:app:${component}::${name}`,
      type,
      name,
    ),
    type,
    component,
    tags: taggable ? tagsIn(stack, "api") : {},
    taggable,
    provider: "AWS",
    service: "Fargate",
    item: "Linux ARM vCPU",
    unit: "vCPU-hour",
    usageBased: given.assumption !== undefined,
    price: "fargate-arm-vcpu",
    region: "us-east-1",
    ...given,
    unitPrice,
    quantity: rangeOf(quantity),
    monthly: rangeOf(given.monthly ?? times(rangeOf(quantity), unitPrice)),
  };
}

export function stackOf(stack: string, lines: readonly LineCase[], more: Partial<StackCost> = {}): StackCost {
  const made = lines.map((line) => lineIn(stack, line));
  return {
    stack,
    environment: stack,
    lines: made,
    free: [],
    notPriced: [],
    monthly: sumRanges(made.map(({ monthly }) => monthly)),
    ...more,
  };
}

const usualLines = (tasks: number): readonly LineCase[] => [
  { name: "api", quantity: tasks * 730, property: "cpu" },
  {
    name: "api",
    quantity: tasks * 1460,
    item: "Linux ARM memory",
    unit: "GB-hour",
    price: "fargate-arm-memory",
    unitPrice: "0.00356",
    property: "memory",
  },
  {
    name: "balancer",
    type: "aws:lb/loadBalancer:LoadBalancer",
    component: "LoadBalancer",
    service: "Elastic Load Balancing",
    item: "Application Load Balancer capacity unit",
    unit: "LCU-hour",
    price: "alb-lcu",
    unitPrice: "0.008",
    quantity: between("73", "219.333333333333333333", "1460"),
    taggable: false,
    assumption: "5000000 requests reach the load balancer (1000000 to 20000000).",
  },
  {
    name: "media",
    type: "aws:s3/bucket:Bucket",
    component: "Media",
    service: "S3",
    item: "Standard storage",
    unit: "GB-month",
    price: "s3-standard",
    unitPrice: "0.023",
    quantity: between(1, 10, 100),
    tags: {},
    assumption: "10 GB of media are kept (1 to 100). <b>Counted</b> as GiB & rounded.",
  },
  {
    name: "zone",
    type: "cloudflare:index/zone:Zone",
    component: "",
    provider: "Cloudflare",
    service: "Plan",
    item: "Pro, monthly",
    unit: "zone-month",
    price: "cloudflare-pro",
    unitPrice: "25",
    quantity: 1,
    taggable: false,
    region: "global",
  },
  {
    name: "main",
    type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
    component: "Database",
    provider: "MongoDB Atlas",
    service: "Cluster",
    item: "M10 node, AWS us-east-1",
    unit: "hour",
    price: "atlas-m10",
    unitPrice: "0.08",
    quantity: tasks * 730,
  },
  {
    name: "out",
    type: "aws:ec2/vpc:Vpc",
    component: "Network",
    service: "Data transfer",
    item: "Out to the internet",
    unit: "GB",
    price: "data-out",
    unitPrice: "0.09",
    quantity: between(10, 150, 300),
    monthly: between(0, "4.5", 18),
    taggable: false,
    assumption: "150 GB leave the region for the internet.",
  },
];

/** Two environments with every kind of line: tagged, without a tag, not taggable, tiered, without an end as a decimal. */
export const shippedLike: readonly StackCost[] = [
  stackOf("staging", usualLines(1), {
    free: [{ urn: lineIn("staging", { name: "role" }).urn, type: "aws:iam/role:Role", reason: "IAM is free." }],
    notPriced: [
      {
        urn: lineIn("staging", { name: "flags", type: "thing:index:Flags" }).urn,
        type: "thing:index:Flags",
        reason: "No public price.",
      },
    ],
  }),
  stackOf("production", usualLines(3)),
];

/** So many resources with a line each, spread over components and services. */
export const manyResources = (count: number): StackCost =>
  stackOf(
    "production",
    Array.from({ length: count }, (_, index) => ({
      name: `thing-${index}`,
      component: `Component${index % 12}`,
      service: `Service ${index % 7}`,
      quantity: between(index % 40, (index % 40) + 1, (index % 40) + 2),
      unitPrice: "0.0333333333333333333333",
      ...(index % 3 === 0 && { assumption: `${index % 40} things happen.` }),
    })),
  );

export const now = new Date("2026-10-04T12:00:00Z");

export const reportCase = (more: Partial<ReportParts> = {}): CostReport =>
  reportOf({
    stacks: shippedLike,
    now,
    prices: { oldest: "2026-08-17", newest: "2026-10-04" },
    hints: [
      {
        stack: "production",
        urn: shippedLike[1]?.lines[0]?.urn ?? "",
        what: "three tasks where two would do",
        saving: amount("23.64"),
        setting: "infra/settings/environments.ts: tasks",
        loses: "A zone without a task.",
      },
    ],
    budgets: [
      {
        stack: "staging",
        period: "month",
        limit: amount(200),
        expected: amount("120.5"),
        high: amount(240),
        broken: false,
      },
      {
        stack: "production",
        period: "month",
        limit: amount(300),
        expected: amount("340.25"),
        high: amount(500),
        broken: true,
      },
    ],
    ...more,
  });
