import type { Properties } from "../../values/value.ts";
import { flagAt, textAt } from "../fields.ts";
import type { CheckFailure, Operation, Refusal, ResourceRules } from "../service.ts";
import { cloudflareType, ofZone, ownedAlready, zoneOf } from "./cloudflare-lookup.ts";

const DNSSEC = cloudflareType("ZoneDnssec");
const BOT_MANAGEMENT = cloudflareType("BotManagement");
const TOTAL_TLS = cloudflareType("TotalTls");

/** One of its type per zone. */
const once =
  (type: string, what: string) =>
  (operation: Operation): Refusal | undefined =>
    ownedAlready(`${what} of zone ${zoneOf(operation)}`, ofZone(operation, type)[0]);

/** Elliptic curve P-256 with SHA-256, as Cloudflare signs every zone. */
const ALGORITHM = "13";
const SHA_256 = "2";
const KEY_SIGNING_KEY = 257;

export const zoneDnssec: ResourceRules = {
  refuseCreate: once(DNSSEC, "DNSSEC"),
  id: zoneOf,
  computed(operation) {
    const keyTag = Number.parseInt(operation.hex("key tag", 4), 16);
    const digest = operation.hex("digest", 64).toUpperCase();
    return {
      algorithm: ALGORITHM,
      digest,
      digestAlgorithm: "SHA256",
      digestType: SHA_256,
      // The zone's name is known to Cloudflare alone; its id stands for it.
      ds: `${zoneOf(operation)}. 3600 IN DS ${keyTag} ${ALGORITHM} ${SHA_256} ${digest}`,
      flags: KEY_SIGNING_KEY,
      keyTag,
      keyType: "ECDSAP256SHA256",
      publicKey: Buffer.from(operation.hex("public key", 128), "hex").toString("base64"),
      status: textAt(operation.inputs, "status") ?? "active",
    };
  },
};

/** What a zone on the Pro plan has not bought: property to whether the value asks for it. */
const BEYOND_PRO: Readonly<Record<string, (inputs: Properties) => string | undefined>> = {
  sbfmLikelyAutomated: (inputs) =>
    ["block", "managed_challenge"].includes(textAt(inputs, "sbfmLikelyAutomated") ?? "")
      ? "zone not entitled to enable likely automated bots ruleset"
      : undefined,
  suppressSessionScore: (inputs) =>
    flagAt(inputs, "suppressSessionScore") === true ? "zone not entitled to suppress session scores" : undefined,
  autoUpdateModel: (inputs) =>
    flagAt(inputs, "autoUpdateModel") === true ? "zone not entitled to update its bot detection model" : undefined,
  bmCookieEnabled: (inputs) =>
    flagAt(inputs, "bmCookieEnabled") === true ? "zone not entitled to bot management cookies" : undefined,
  fightMode: (inputs) =>
    flagAt(inputs, "fightMode") === true ? "Bot Fight Mode gives way to Super Bot Fight Mode on paid plans" : undefined,
};

export const botManagement: ResourceRules = {
  check: (inputs): CheckFailure[] =>
    Object.entries(BEYOND_PRO).flatMap(([property, problem]) => {
      const reason = problem(inputs);
      return reason === undefined ? [] : [{ property, reason }];
    }),
  refuseCreate: once(BOT_MANAGEMENT, "bot management"),
  id: zoneOf,
  computed: () => ({ usingLatestModel: true }),
};

export const totalTls: ResourceRules = {
  refuseCreate: once(TOTAL_TLS, "Total TLS"),
  id: zoneOf,
  computed: () => ({ validityPeriod: 90 }),
};
