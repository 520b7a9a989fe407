import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { tinyWorld } from "./tiny-world.ts";

const NOTIFICATION = cloudflareType("NotificationPolicy");
const notification = (over: Properties = {}): Properties => ({
  accountId: "01a7362d577a6c3019a474fd6f485823",
  name: "certificates",
  alertType: "universal_ssl_event_type",
  mechanisms: { emails: [{ id: "platform@example.net" }] },
  ...over,
});

describe("Cloudflare: a notification", () => {
  it("says something to somebody", () => {
    const cloud = tinyWorld(cloudflare);
    assert.deepEqual(cloud.check(NOTIFICATION, notification()), []);
    const pages = { alertType: "pages_event_alert", filters: { environments: ["ENVIRONMENT_PRODUCTION"] } };
    assert.deepEqual(cloud.check(NOTIFICATION, notification(pages)), []);
    assert.deepEqual(cloud.check(NOTIFICATION, notification({ mechanisms: { webhooks: UNKNOWN } })), []);
    assert.match(cloud.create(NOTIFICATION, "a", notification()).id, /^[0-9a-f]{8}-/);
  });

  for (const [name, over, property] of [
    ["an alert that there is not", { alertType: "ssl" }, "alertType"],
    ["nobody to tell", { mechanisms: {} }, "mechanisms"],
    ["nobody in a list", { mechanisms: { emails: [] } }, "mechanisms"],
    ["a name for an address", { mechanisms: { emails: [{ id: "platform" }] } }, "mechanisms.emails[0].id"],
    ["another alert's filter", { filters: { projectIds: ["x"] } }, "filters.projectIds"],
  ] as const)
    it(`does not have ${name}`, () => {
      assert.equal(
        tinyWorld(cloudflare).check(NOTIFICATION, notification(over as unknown as Properties))[0]?.property,
        property,
      );
    });
});
