import { ask } from "../ask.ts";
import { CheckFailure, type Check, type CheckContext, type SmokeSite } from "../check.ts";

/** Where Cloudflare Access sends whoever has not said who they are: https://developers.cloudflare.com/cloudflare-one/. */
const ACCESS_HOSTS = ".cloudflareaccess.com";

/** Each site's page answers; one that is guarded asks who wants to know. */
export const sitesCheck: Check = {
  name: "sites",
  leftOut: ({ sites, local }) => {
    if (sites.length > 0) return undefined;
    return local ? "the API alone is on loopback" : "a preview has no sites of its own";
  },
  async run(context) {
    return (await Promise.all(context.sites.map((site) => answerOf(context, site)))).join(", ");
  },
};

async function answerOf(context: CheckContext, { name, url, guarded }: SmokeSite): Promise<string> {
  const response = await ask(context, url);
  await response.body?.cancel();
  const { status, headers } = response;
  const location = headers.get("location");
  const host = location !== null && URL.canParse(location) ? new URL(location).hostname : "";
  if (guarded) {
    if (status === 302 && host.endsWith(ACCESS_HOSTS)) return `${name} asks who you are`;
    throw new CheckFailure(`${name} (${url.host}) answers ${status}, and does not ask who you are`);
  }
  if (status === 200 && headers.get("content-type")?.startsWith("text/html") === true) return `${name} answers`;
  throw new CheckFailure(`${name} (${url.host}) answers ${status}, and no page`);
}
