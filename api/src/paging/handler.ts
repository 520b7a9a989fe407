import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { parseEvent } from "./notification.ts";
import { pageOf } from "./page.ts";
import { send } from "./pagerduty.ts";
import { cached, keyInSecret } from "./routing-key.ts";

/** A new key counts after this long at the latest; a failure makes it count at once. */
const keyMilliseconds = 5 * 60_000;
/** PagerDuty answers within a second; Lambda tries again after a minute. */
const deadlineMilliseconds = 10_000;

const client = new SecretsManagerClient();
const key = cached(() => keyInSecret(client, process.env["ROUTING_KEY_SECRET_ARN"] ?? "")(), keyMilliseconds);

/**
 * What Lambda calls with each message of the alarms' topic. `ROUTING_KEY_SECRET_ARN` names the secret, and
 * `PAGERDUTY_EVENTS_URL` where pages go. Throws where PagerDuty does not take a page, so that Lambda tries again; not
 * where there is no key, since trying again would find none. Logs what it did, and no value.
 */
export async function handler(event: unknown): Promise<void> {
  for (const notification of parseEvent(event)) {
    const page = pageOf(notification);
    const done = { action: page.event_action, incident: page.dedup_key, severity: page.payload.severity };
    const routingKey = await key.get();
    if (routingKey === undefined) {
      const outcome = "nobody is paged: there is no routing key; npm run secrets -- set pagerduty-routing-key";
      console.error({ ...done, outcome });
      continue;
    }
    try {
      await send(page, routingKey, { url: process.env["PAGERDUTY_EVENTS_URL"] ?? "", deadlineMilliseconds });
    } catch (error) {
      key.forget();
      throw error;
    }
    console.info({ ...done, outcome: "taken" });
  }
}
