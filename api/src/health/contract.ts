import { z } from "zod";
import { contract } from "../environment.ts";
import type { RouteContract } from "../http/route.ts";

const list = (description: string, example: string) =>
  z
    .array(z.string())
    .readonly()
    .meta({ description, examples: [[example]] });

const readiness = z.strictObject({
  status: z
    .enum(["starting", "ready", "degraded", "draining"])
    .meta({ description: "`degraded`: a dependency does not answer, and requests are still served." }),
  works: list("What callers can rely on at the moment.", "map writes"),
  lost: list("What an outage has taken.", "the cache of maps"),
});

const dependency = z.strictObject({
  state: z.enum(["up", "down"]),
  latencyMs: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: "Of the last probe that was answered; null where there was none." }),
});

const details = readiness.extend({ dependencies: z.strictObject({ mongodb: dependency, redis: dependency }) });

export type Readiness = z.input<typeof readiness>;

const probe = { method: "get", tag: "health", class: "probe", access: "anyone" } as const;

const serves = "Send requests: `ready`, or `degraded` while a dependency does not answer.";
const refuses = "Send no requests: `starting` or `draining`.";

export const livenessContract = {
  ...probe,
  id: "getLiveness",
  path: contract.paths.live,
  summary: "Does the process answer?",
  description:
    "For the container's own check: whoever does not answer is replaced. An outage of a database is no reason.",
  answers: {
    200: { description: "It does.", body: z.strictObject({ status: z.literal("live") }) },
  },
} as const satisfies RouteContract;

export const readinessContract = {
  ...probe,
  id: "getReadiness",
  path: contract.paths.ready,
  summary: "Should requests be sent here?",
  description: "For the load balancer. Says what the last probes in the background found, and asks nobody.",
  answers: { 200: { description: serves, body: readiness }, 503: { description: refuses, body: readiness } },
} as const satisfies RouteContract;

export const healthContract = {
  ...probe,
  id: "getHealth",
  path: "/health",
  summary: "Should requests be sent here, and what answers?",
  description: "As readiness, with each dependency: its state and its latency in milliseconds.",
  answers: { 200: { description: serves, body: details }, 503: { description: refuses, body: details } },
} as const satisfies RouteContract;
