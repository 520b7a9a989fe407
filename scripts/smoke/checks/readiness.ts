import { z } from "zod";
import { contract } from "../../../api/src/environment.ts";
import { ask, json } from "../ask.ts";
import { CheckFailure, type Check } from "../check.ts";

const readiness = z.object({ status: z.string(), lost: z.array(z.string()).default([]) });

/** `degraded` answers 200 too, for the load balancer's sake: a release that cannot reach a database has failed all the same. */
export const readinessCheck: Check = {
  name: "ready",
  async run(context) {
    const answered = readiness.safeParse(
      await json(await ask(context, new URL(contract.paths.ready, context.url)), 200),
    );
    if (!answered.success) throw new CheckFailure("answers something that is no readiness");
    const { status, lost } = answered.data;
    if (status !== "ready")
      throw new CheckFailure(`is ${status}${lost.length === 0 ? "" : `, without ${lost.join(", ")}`}`);
    return "every dependency answers";
  },
};
