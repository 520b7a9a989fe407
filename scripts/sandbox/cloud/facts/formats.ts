import { isIPv4, isIPv6 } from "node:net";

/** Forms of a text that no single pattern says well. */
export type Format =
  | "account"
  | "arn"
  | "budget time"
  | "count or off"
  | "daily window"
  | "ip protocol"
  | "ipv4"
  | "ipv6"
  | "json"
  | "percentage or off"
  | "region"
  | "time"
  | "weekly window";

interface Rule {
  readonly wanted: string;
  readonly fits: (text: string) => boolean;
}

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** As the AWS provider takes one apart: partition, service, region, account, resource. */
const ARN =
  /^arn:aws(-[a-z]+)*:[^:]+:([a-z]{2,4}(-[a-z]+)+-\d{1,2})?:(aws|aws-managed|aws-marketplace|third-party|\d{12}|cw.{10})?:.+$/s;

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const CLOCK = "([01]\\d|2[0-3]):[0-5]\\d";
const DAY = "(mon|tue|wed|thu|fri|sat|sun)";

/** Names that EC2 knows beside IANA's numbers. */
const PROTOCOLS = ["all", "-1", "ah", "esp", "gre", "icmp", "icmpv6", "58", "tcp", "udp"];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isWholeUpTo = (text: string, from: number, to: number): boolean =>
  /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to;

const RULES: Readonly<Record<Format, Rule>> = {
  account: { wanted: "the 12 digits of an AWS account", fits: (text) => /^\d{12}$/.test(text) },
  // The provider lets an empty text through, and sends nothing.
  arn: { wanted: "an ARN", fits: (text) => text === "" || ARN.test(text) },
  "budget time": { wanted: "a time as YYYY-MM-DD_HH:MM", fits: (text) => /^\d{4}-\d{2}-\d{2}_\d{2}:\d{2}$/.test(text) },
  "count or off": {
    wanted: "a number from 1, or off",
    fits: (text) => text === "off" || isWholeUpTo(text, 1, Number.MAX_SAFE_INTEGER),
  },
  "daily window": {
    wanted: "a daily window as hh24:mi-hh24:mi",
    fits: (text) => new RegExp(`^${CLOCK}-${CLOCK}$`).test(text),
  },
  "ip protocol": {
    wanted: "a protocol's name or number",
    fits: (text) => PROTOCOLS.includes(text.toLowerCase()) || isWholeUpTo(text, 0, 255),
  },
  ipv4: { wanted: "an IPv4 address", fits: isIPv4 },
  ipv6: { wanted: "an IPv6 address", fits: isIPv6 },
  json: { wanted: "JSON", fits: (text) => text === "" || isJson(text) },
  "percentage or off": {
    wanted: "a percentage from 1 to 100, or off",
    fits: (text) => text === "off" || isWholeUpTo(text, 1, 100),
  },
  region: { wanted: "the name of a region", fits: (text) => REGION.test(text) },
  time: {
    wanted: "a time as YYYY-MM-DDThh:mm:ssZ",
    fits: (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
  },
  "weekly window": {
    wanted: "a weekly window as ddd:hh24:mi-ddd:hh24:mi",
    fits: (text) => new RegExp(`^${DAY}:${CLOCK}-${DAY}:${CLOCK}$`, "i").test(text),
  },
};

/** What the text should have been; undefined where it is that. */
export function formatProblem(format: Format, text: string): string | undefined {
  const { wanted, fits } = RULES[format];
  return fits(text) ? undefined : `must be ${wanted}, not ${JSON.stringify(text)}`;
}
