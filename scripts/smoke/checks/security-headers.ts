import { contract } from "../../../api/src/environment.ts";
import { ask } from "../ask.ts";
import { CheckFailure, type Check } from "../check.ts";

/** What a header must say at least. Not the API's own values: an older release, which a rollback brings back, may have others. */
const rules: readonly { readonly header: string; readonly holds: (value: string) => boolean; readonly asks: string }[] =
  [
    {
      header: "Strict-Transport-Security",
      // What browsers ask of a host on their preload list (hstspreload.org): a year.
      holds: (value) => Number(/max-age=(\d+)/i.exec(value)?.[1] ?? 0) >= 31_536_000,
      asks: "max-age of a year or more",
    },
    {
      header: "Content-Security-Policy",
      holds: (value) => value.includes("default-src 'none'"),
      asks: "default-src 'none'",
    },
    { header: "X-Content-Type-Options", holds: (value) => value.toLowerCase() === "nosniff", asks: "nosniff" },
    { header: "X-Frame-Options", holds: (value) => value.toUpperCase() === "DENY", asks: "DENY" },
    { header: "Referrer-Policy", holds: (value) => value !== "" && value !== "unsafe-url", asks: "no whole URL" },
  ];

/** Headers that tell an attacker what runs. */
const telling = ["X-Powered-By"];

/** The headers of an answer, with their faults. */
export function faultsOf(headers: Headers): string[] {
  return [
    ...rules.flatMap(({ header, holds, asks }) => {
      const value = headers.get(header);
      if (value === null) return [`${header} is missing`];
      return holds(value) ? [] : [`${header} is ${JSON.stringify(value)}, not ${asks}`];
    }),
    ...telling.filter((header) => headers.has(header)).map((header) => `${header} tells what runs`),
  ];
}

export const securityHeadersCheck: Check = {
  name: "headers",
  async run(context) {
    const response = await ask(context, new URL(contract.paths.heartbeat, context.url));
    await response.body?.cancel();
    const faults = faultsOf(response.headers);
    if (faults.length > 0) throw new CheckFailure(faults.join("; "));
    return `${rules.length} security headers`;
  },
};
