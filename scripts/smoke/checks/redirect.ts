import { contract } from "../../../api/src/environment.ts";
import { ask } from "../ask.ts";
import { CheckFailure, type Check } from "../check.ts";
import { noEdge } from "./edge.ts";

const permanent: readonly number[] = [301, 308];

/** Whoever asks in plain text is sent to the same page over TLS, for good. */
export const redirectCheck: Check = {
  name: "redirect",
  leftOut: noEdge,
  async run(context) {
    const secure = new URL(contract.paths.heartbeat, context.url);
    const plain = new URL(contract.paths.heartbeat, context.plainUrl ?? `http://${context.url.hostname}`);
    const response = await ask(context, plain);
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (!permanent.includes(response.status) || location !== secure.href)
      throw new CheckFailure(
        `plain http answers ${response.status}${location === null ? "" : ` to ${location}`}, not a permanent redirect to ${secure.href}`,
      );
    return `${response.status} to https`;
  },
};
