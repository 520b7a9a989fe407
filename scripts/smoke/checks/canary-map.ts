import { randomUUID } from "node:crypto";
import { readMapContract, updateMapContract } from "../../../api/src/maps/contract.ts";
import { ask, json } from "../ask.ts";
import { canaryOf } from "../canary.ts";
import { CheckFailure, type Check } from "../check.ts";

/** One entry, which each run replaces: the canary's map does not grow. */
const ENTRY = "canary";

interface MapAnswer {
  readonly data?: { readonly practiceData?: Readonly<Record<string, unknown>>; readonly version?: unknown };
}

/** What was written through the API is what is read: the way through edge, API, cache, and database, and back. */
export const canaryMapCheck: Check = {
  name: "canary map",
  async run(context) {
    const { userId, headers } = canaryOf(context.token);
    const mark = randomUUID();
    const written = await ask(context, new URL(updateMapContract.path, context.url), {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": mark },
      body: JSON.stringify({ userId, practiceData: { [ENTRY]: { mark } } }),
    });
    await json(written, 200);
    const path = readMapContract.path.replace("{userId}", encodeURIComponent(userId));
    const { data } = (await json(await ask(context, new URL(path, context.url), { headers }), 200)) as MapAnswer;
    const entry = data?.practiceData?.[ENTRY] as { readonly mark?: unknown } | undefined;
    if (entry?.mark !== mark) throw new CheckFailure("the map that is read is not the one that was written");
    return `written and read, version ${String(data?.version)}`;
  },
};
