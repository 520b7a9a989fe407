import { uploadContract } from "../../../api/src/media/contract.ts";
import { ask } from "../ask.ts";
import { canaryOf } from "../canary.ts";
import { CheckFailure, type Check, type CheckContext } from "../check.ts";

/** A limit that is higher is not tried: the burst would be load, not a check. */
const MOST_REQUESTS = 200;
const AT_ONCE = 10;

/**
 * More uploads than a minute allows, from the canary, each refused for its body before anything is signed. Uploads are
 * counted for themselves and per user: neither an address nor the canary's maps are locked out, and the canary uploads
 * nothing else.
 */
export const rateLimitCheck: Check = {
  name: "rate limit",
  async run(context) {
    const first = await knock(context);
    if (first.status === 429) return refusalText(first);
    const limit = Number(first.headers.get("ratelimit-limit") ?? Number.NaN);
    if (!Number.isInteger(limit))
      throw new CheckFailure(`${uploadContract.path} answers ${first.status} and names no limit`);
    if (limit > MOST_REQUESTS)
      throw new CheckFailure(`allows ${limit} uploads a minute: set uploadsPerMinute to ${MOST_REQUESTS} or less`, {
        again: false,
      });
    for (let asked = 1; asked <= limit; asked += AT_ONCE) {
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => knock(context)));
      const refused = answers.find(({ status }) => status === 429);
      if (refused !== undefined) return refusalText(refused);
    }
    throw new CheckFailure(`${limit + AT_ONCE} uploads in a minute, and none was refused; the limit is ${limit}`);
  },
};

async function knock(context: CheckContext): Promise<Response> {
  const { headers } = canaryOf(context.token);
  const response = await ask(context, new URL(uploadContract.path, context.url), {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: "{}",
  });
  await response.body?.cancel();
  if (response.status === 401) throw new CheckFailure("the API does not accept the canary's token", { again: false });
  return response;
}

function refusalText({ headers }: Response): string {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  if (!Number.isInteger(seconds) || seconds < 1) throw new CheckFailure("429 comes without a Retry-After in seconds");
  return `429, to be asked again after ${seconds} s`;
}
