import type { types } from "@pulumi/datadog";

type Assertion = types.input.SyntheticsTestAssertion;

export type CheckName = "api" | "storefront" | "admin";

export interface CheckRow {
  readonly title: string;
  readonly means: string;
  readonly action: string;
  readonly service: CheckName;
  readonly priority: 1 | 2;
  /** What a healthy answer looks like, beside its time. */
  readonly assertions: readonly Assertion[];
}

const status = (code: number): Assertion => ({ type: "statusCode", operator: "is", target: String(code) });
const header = (property: string, target: string): Assertion => ({
  type: "header",
  property,
  operator: "contains",
  target,
});

/** Slower than this from another continent is as good as down. */
const slowestMilliseconds = 5000;

export const answersInTime: Assertion = {
  type: "responseTime",
  operator: "lessThan",
  target: String(slowestMilliseconds),
};

/** Uptime from outside, through Cloudflare. The key of the runbook is `uptime-NAME`. */
export const checkRows: Readonly<Record<CheckName, CheckRow>> = {
  api: {
    title: "The API does not answer",
    means: "GET /heartbeat fails or takes more than 5 seconds, seen from outside.",
    action: "Find the broken part from the outside in: Cloudflare, the load balancer's healthy hosts, the tasks.",
    service: "api",
    priority: 1,
    assertions: [
      status(200),
      header("content-type", "application/json"),
      {
        type: "body",
        operator: "validatesJSONPath",
        targetjsonpath: { jsonpath: "$.status", operator: "is", targetvalue: "alive" },
      },
    ],
  },
  storefront: {
    title: "The storefront does not answer",
    means: "The storefront's first page fails or takes more than 5 seconds, seen from outside.",
    action: "Look at the last deployment in Cloudflare Pages and at Cloudflare's status page.",
    service: "storefront",
    priority: 1,
    assertions: [status(200), header("content-type", "text/html")],
  },
  admin: {
    title: "The admin is not behind its login",
    means: "The admin's first page does not redirect to Cloudflare Access.",
    action:
      "If it answers 200, the login is gone: take the site off its domain at once, then restore the Access application.",
    service: "admin",
    priority: 1,
    // Nobody is logged in here: the healthy answer is the way to the login, and a page would be the alarm.
    assertions: [status(302), header("location", ".cloudflareaccess.com/cdn-cgi/access/login")],
  },
};

/** The last days of a certificate: Cloudflare and ACM renew 30 days or more before the end, so 21 means that it failed. */
export const certificateDays = 21;

export const certificateRow = {
  title: "A certificate was not renewed",
  means: `A certificate ends in ${certificateDays} days or less, or TLS below 1.2 is let in.`,
  action:
    "Look at the certificate's status in Cloudflare (edge) and in ACM: its validation record is missing or wrong.",
  // Three weeks are left: whoever is on call looks at it today, but nothing is down.
  priority: 2,
} as const;

export const certificateAssertions: readonly Assertion[] = [
  { type: "certificate", operator: "isInMoreThan", target: String(certificateDays) },
  { type: "minTlsVersion", operator: "moreThanOrEqual", target: "1.2" },
];
