import type { Properties } from "../../values/value.ts";
import { cidrProblem } from "../cidr.ts";
import { mapsAt, numberAt, textAt, textsUnder } from "../fields.ts";
import type { CheckFailure } from "../service.ts";

/** Names and numbers of the protocols that carry a name in EC2; others are numbers. */
const PROTOCOLS: Readonly<Record<string, string>> = { all: "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" };

export const protocolOf = (text: string): string => PROTOCOLS[text.toLowerCase()] ?? text.toLowerCase();
export const hasPorts = (protocol: string): boolean => protocol === "tcp" || protocol === "udp";

/** Inline rules have lists of blocks; what is wrong with the known ones. */
export function inlineFailures(inputs: Properties): CheckFailure[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    mapsAt(inputs, direction).flatMap((rule, index) => {
      const at = `${direction}[${index}]`;
      const sources = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups", "self"];
      const nobody = sources.every((property) => rule[property] === undefined || rule[property] === false);
      return [
        ...ruleFailures(rule, "protocol", at),
        ...listFailures(rule, `${at}.`),
        ...(nobody ? [{ property: at, reason: "MissingParameter: Source group missing." }] : []),
      ];
    }),
  );
}

export function listFailures(rule: Properties, prefix: string): CheckFailure[] {
  return [
    ...textsUnder(rule, "cidrBlocks[]").map((found) => ({ ...found, family: 4 as const })),
    ...textsUnder(rule, "ipv6CidrBlocks[]").map((found) => ({ ...found, family: 6 as const })),
  ].flatMap(({ path, text, family }) => {
    const reason = cidrProblem(text, family);
    return reason === undefined ? [] : [{ property: `${prefix}${path}`, reason }];
  });
}

/** Ports that the protocol cannot have. `at` is the rule's path, "" for a rule of its own. */
export function ruleFailures(rule: Properties, protocolProperty: string, at: string): CheckFailure[] {
  const text = textAt(rule, protocolProperty);
  const path = (property: string): string => (at === "" ? property : `${at}.${property}`);
  if (text === undefined) return [];
  const protocol = protocolOf(text);
  if (!/^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol) || Number(protocol) > 255)
    return [
      { property: path(protocolProperty), reason: `InvalidParameterValue: Invalid value '${text}' for IP protocol.` },
    ];
  const [from, to] = [numberAt(rule, "fromPort"), numberAt(rule, "toPort")];
  if (protocol === "-1" && at !== "" && ((from ?? 0) !== 0 || (to ?? 0) !== 0))
    return [
      {
        property: path("fromPort"),
        reason: `from_port (${from ?? 0}) and to_port (${to ?? 0}) must both be 0 to use the 'ALL' "-1" protocol!`,
      },
    ];
  // EC2 keeps no ports of it, and the provider finds the answer other than what it sent.
  if (protocol === "-1" && at === "" && protocolProperty === "ipProtocol" && (from ?? to) !== undefined)
    return [{ property: "fromPort", reason: 'must be left out, as toPort, with ipProtocol "-1": it is for all ports' }];
  if (!hasPorts(protocol)) return [];
  if (from !== undefined && to !== undefined && (from > to || from < 0 || to > 65535))
    return [
      {
        property: path("fromPort"),
        reason: `InvalidParameterValue: Invalid ${protocol.toUpperCase()} port range (${from}:${to})`,
      },
    ];
  return [];
}

/** EC2 takes descriptions of rules and groups in few characters: no apostrophe, no dash but the hyphen. */
export function descriptionFailures({ description }: Properties): CheckFailure[] {
  return typeof description !== "string" || /^[A-Za-z0-9. _:/()#,@[\]+=&;{}!$*-]{0,255}$/.test(description)
    ? []
    : [
        {
          property: "description",
          reason:
            "InvalidParameterValue: Invalid description. Valid descriptions are strings less than 256 characters from " +
            "the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        },
      ];
}
