import { agentThrough } from "./agent.ts";
import type { Plan } from "./plan.ts";
import { startProxy } from "./proxy.ts";
import { reach } from "./reach.ts";
import { type Report, reportOf } from "./report.ts";
import { makeRequests } from "./requests.ts";

export interface MeasureOptions {
  /** Called when the requests begin; its signal ends them. */
  readonly stopped: () => AbortSignal;
  /** See `AgentOptions`. */
  readonly ca?: string;
}

/** Makes the requests through the profile and reports on them. Throws a UserError where the server is not there at all. */
export async function measure(plan: Plan, { stopped, ca }: MeasureOptions): Promise<Report> {
  const { milliseconds: directConnectMilliseconds, ...target } = await reach(plan.url, plan.timeoutMilliseconds);
  const proxy = await startProxy({ target, profile: plan.profile, seed: plan.seed });
  const agent = agentThrough(plan.url, {
    port: proxy.port,
    connections: plan.concurrency,
    ...(ca !== undefined && { ca }),
  });
  try {
    const started = performance.now();
    const { url, timeoutMilliseconds } = plan;
    const { endingOf } = proxy;
    const outcomes = await makeRequests({ url, agent, timeoutMilliseconds, endingOf, signal: stopped() }, plan);
    const milliseconds = performance.now() - started;
    return reportOf(plan, { outcomes, traffic: { ...proxy.traffic }, directConnectMilliseconds, milliseconds });
  } finally {
    agent.close();
    await proxy.close();
  }
}
