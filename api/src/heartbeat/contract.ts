import { z } from "zod";
import { contract, variables } from "../environment.ts";
import type { RouteContract } from "../http/route.ts";

const heartbeat = z.strictObject({
  status: z.literal("alive"),
  version: z.string().meta({ description: "The release that runs.", examples: ["1.4.0"] }),
  commit: z.string().meta({ description: "The commit that it was built from.", examples: ["4f9c2d7"] }),
  environment: variables.shape.ENVIRONMENT.unwrap().meta({ description: "Where it runs.", examples: ["staging"] }),
  uptimeSeconds: z
    .int()
    .min(0)
    .meta({ description: "Since the process began.", examples: [86_400] }),
});

/** What `GET /heartbeat` answers. */
export type Heartbeat = z.output<typeof heartbeat>;

export const heartbeatContract = {
  id: "getHeartbeat",
  method: "get",
  path: contract.paths.heartbeat,
  summary: "Is the API alive, and which release is it?",
  description: "For uptime monitors. Asks no database.",
  tag: "health",
  class: "probe",
  access: "anyone",
  answers: { 200: { description: "The process answers.", body: heartbeat } },
} as const satisfies RouteContract;
