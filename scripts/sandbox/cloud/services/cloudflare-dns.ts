import { isIPv4, isIPv6 } from "node:net";
import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { cloudflareType, ofZone } from "./cloudflare-lookup.ts";

export const RECORD = cloudflareType("DnsRecord");

const TYPES = [
  ...["A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT", "CAA", "CERT", "DNSKEY", "DS", "HTTPS"],
  ...["LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI"],
];
const PROXIABLE = ["A", "AAAA", "CNAME"];
const ADDRESSES = ["A", "AAAA"];
/** What is given in parts, not as one text. */
const STRUCTURED = [
  ...["CAA", "CERT", "DNSKEY", "DS", "HTTPS", "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI"],
];
const WITH_PRIORITY = ["MX", "URI"];
const CAA_TAGS = ["issue", "issuewild", "iodef", "issuemail", "issuevmc"];

const AUTOMATIC = 1;
const MIN_TTL = 60;
const MAX_TTL = 86_400;

const HOST =
  /^(?=.{1,253}\.?$)(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?$/i;

const typeOf = (inputs: Properties): string => (textAt(inputs, "type") ?? "").toUpperCase();

/** Content of a type, and what the API says where it is another. */
const CONTENTS: Readonly<Record<string, { readonly good: (text: string) => boolean; readonly reason: string }>> = {
  A: { good: isIPv4, reason: "9005: Content for A record must be a valid IPv4 address." },
  AAAA: { good: isIPv6, reason: "9006: Content for AAAA record must be a valid IPv6 address." },
  CNAME: { good: (text) => HOST.test(text), reason: "9007: Content for CNAME record must be a valid hostname." },
  MX: { good: (text) => HOST.test(text), reason: "9009: Content for MX record must be a hostname." },
};

function contentFailures(inputs: Properties, type: string): CheckFailure[] {
  const content = textAt(inputs, "content");
  const rule = CONTENTS[type];
  if (content !== undefined && rule !== undefined && !rule.good(content))
    return [{ property: "content", reason: rule.reason }];
  const part = STRUCTURED.includes(type) ? "data" : "content";
  return type === "" || inputs["data"] !== undefined || inputs["content"] !== undefined
    ? []
    : [{ property: part, reason: `1004: DNS Validation Error: a ${type} record needs ${part}` }];
}

function caaFailures(inputs: Properties, type: string): CheckFailure[] {
  const tag = textAt(mapAt(inputs, "data"), "tag");
  return type !== "CAA" || tag === undefined || CAA_TAGS.includes(tag)
    ? []
    : [
        {
          property: "data.tag",
          reason: `1004: DNS Validation Error: a CAA record's tag is one of ${CAA_TAGS.join(", ")}`,
        },
      ];
}

function ttlFailures(inputs: Properties): CheckFailure[] {
  const ttl = numberAt(inputs, "ttl");
  if (ttl === undefined) return [];
  if (flagAt(inputs, "proxied") === true && ttl !== AUTOMATIC)
    return [{ property: "ttl", reason: "ttl must be set to 1 when `proxied` is true" }];
  return ttl === AUTOMATIC || (ttl >= MIN_TTL && ttl <= MAX_TTL)
    ? []
    : [
        {
          property: "ttl",
          reason: `9021: Invalid TTL. Must be between ${MIN_TTL} and ${MAX_TTL} seconds, or 1 for Automatic.`,
        },
      ];
}

function recordFailures(inputs: Properties): CheckFailure[] {
  const type = typeOf(inputs);
  const failures = [...contentFailures(inputs, type), ...caaFailures(inputs, type), ...ttlFailures(inputs)];
  if (type !== "" && !TYPES.includes(type))
    failures.push({ property: "type", reason: `must be one of ${TYPES.join(", ")}` });
  const name = textAt(inputs, "name");
  if (name !== undefined && name !== "@" && !HOST.test(name))
    failures.push({ property: "name", reason: "9000: DNS name is invalid." });
  if (type !== "" && flagAt(inputs, "proxied") === true && !PROXIABLE.includes(type))
    failures.push({ property: "proxied", reason: "9041: This DNS record cannot be proxied." });
  if (WITH_PRIORITY.includes(type) && inputs["priority"] === undefined)
    failures.push({ property: "priority", reason: `9100: priority is a required field for a ${type} record.` });
  return failures;
}

/** The zone's own name is not known here, so a short name and the whole one count as two. */
const nameOf = (inputs: Properties): string => (textAt(inputs, "name") ?? "").toLowerCase().replace(/\.$/, "");

const answerOf = (inputs: Properties): string =>
  JSON.stringify([textAt(inputs, "content") ?? "", Object.entries(mapAt(inputs, "data")).sort()]).toLowerCase();

/** DNS knows one CNAME for a name, and no address beside it; and nothing twice. */
function conflict(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const type = typeOf(inputs);
  const name = nameOf(inputs);
  const others = ofZone(operation, RECORD).filter((other) => nameOf(other.inputs) === name);
  const has = (...types: readonly string[]): CloudResource | undefined =>
    others.find((other) => types.includes(typeOf(other.inputs)));
  const identical = others.find(
    (other) => typeOf(other.inputs) === type && answerOf(other.inputs) === answerOf(inputs),
  );
  if (identical !== undefined)
    return new Refusal("81058", `An identical record already exists: ${type} ${name}, made by ${identical.urn}.`);
  const rival = type === "CNAME" ? has("CNAME", ...ADDRESSES) : undefined;
  if (rival !== undefined)
    return new Refusal(
      "81053",
      `An A, AAAA, or CNAME record with that host already exists: ${name}, made by ${rival.urn}.`,
    );
  const alias = ADDRESSES.includes(type) ? has("CNAME") : undefined;
  return alias === undefined
    ? undefined
    : new Refusal("81054", `A CNAME record with that host already exists: ${name}, made by ${alias.urn}.`);
}

/** `0 issue "amazon.com"` */
function contentOf(inputs: Properties): string {
  const given = textAt(inputs, "content");
  if (given !== undefined) return given;
  return Object.entries(mapAt(inputs, "data"))
    .map(([key, value]) => (typeof value === "string" && key !== "value" ? value : JSON.stringify(value)))
    .join(" ");
}

export const dnsRecord: ResourceRules = {
  check: recordFailures,
  refuseCreate: conflict,
  refuseUpdate: conflict,
  computed({ inputs }) {
    const proxied = flagAt(inputs, "proxied") ?? false;
    return {
      content: contentOf(inputs),
      includeShadowMetadata: false,
      meta: "{}",
      proxiable: PROXIABLE.includes(typeOf(inputs)),
      proxied,
      tags: inputs["tags"] ?? [],
    };
  },
};
