import { crc32 } from "node:zlib";
import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { cidrProblem } from "../cidr.ts";
import { listAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { subnetReference } from "./ec2-subnets.ts";
import { cidrFailures, ec2Id, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, reference } from "./lookup.ts";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const RULE = "aws:ec2/networkAclRule:NetworkAclRule";

const aclReference = (property: string) =>
  reference(property, [ACL], "id", "InvalidNetworkAclID.NotFound", (id) => `The networkAcl ID '${id}' does not exist`);

const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { all: "-1", tcp: "6", udp: "17", icmp: "1", icmpv6: "58" };
const protocolOf = (text: string): string => PROTOCOL_NUMBERS[text.toLowerCase()] ?? text;

function inlineFailures(inputs: Properties): CheckFailure[] {
  return ["ingress", "egress"].flatMap((direction) => {
    const numbers = new Set<number>();
    return mapsAt(inputs, direction).flatMap((rule, index) => {
      const at = `${direction}[${index}]`;
      const failures: CheckFailure[] = [];
      for (const [property, family] of [
        ["cidrBlock", 4],
        ["ipv6CidrBlock", 6],
      ] as const) {
        const text = textAt(rule, property);
        const reason = text === undefined ? undefined : cidrProblem(text, family);
        if (reason !== undefined) failures.push({ property: `${at}.${property}`, reason });
      }
      const ports = (numberAt(rule, "fromPort") ?? 0) !== 0 || (numberAt(rule, "toPort") ?? 0) !== 0;
      if (protocolOf(textAt(rule, "protocol") ?? "") === "-1" && ports)
        failures.push({
          property: `${at}.fromPort`,
          reason: `fromPort and toPort must both be 0 to use the "-1" protocol`,
        });
      const number = numberAt(rule, "ruleNo");
      if (number !== undefined && numbers.has(number))
        failures.push({
          property: `${at}.ruleNo`,
          reason: `NetworkAclEntryAlreadyExists: The network acl entry identified by ${number} already exists.`,
        });
      if (number !== undefined) numbers.add(number);
      return failures;
    });
  });
}

const aclOutputs = ({ inputs, location }: Operation, id: string): Properties => ({
  arn: regionalArn(location, "ec2", `network-acl/${id}`),
  ownerId: location.account,
  ingress: listAt(inputs, "ingress"),
  egress: listAt(inputs, "egress"),
  subnetIds: listAt(inputs, "subnetIds"),
});

const networkAcl: ResourceRules = {
  references: [vpcReference(), subnetReference("subnetIds[]")],
  check: inlineFailures,
  id: ec2Id("acl"),
  computed: aclOutputs,
};

/** Adopted, not made: the VPC's own list. */
const defaultNetworkAcl: ResourceRules = {
  references: [aclReference("defaultNetworkAclId"), subnetReference("subnetIds[]")],
  check: inlineFailures,
  id: ({ inputs }) => textAt(inputs, "defaultNetworkAclId") ?? "",
  computed: (operation, id) => ({
    ...aclOutputs(operation, id),
    vpcId: textAt(findBy(here(operation, ACL), id, "id")?.inputs ?? {}, "vpcId") ?? "",
  }),
};

const ruleKey = (inputs: Properties): string =>
  `${textAt(inputs, "networkAclId") ?? ""} ${inputs["egress"] === true ? "egress" : "ingress"} ${numberAt(inputs, "ruleNumber") ?? ""}`;

const rule: ResourceRules = {
  references: [aclReference("networkAclId")],
  check: (inputs) =>
    cidrFailures(inputs, [
      { property: "cidrBlock", family: 4 },
      { property: "ipv6CidrBlock", family: 6 },
    ]),
  refuseCreate(operation) {
    const key = ruleKey(operation.inputs);
    return here(operation, RULE).some(({ inputs }) => ruleKey(inputs) === key)
      ? new Refusal(
          "NetworkAclEntryAlreadyExists",
          `The network acl entry identified by ${numberAt(operation.inputs, "ruleNumber") ?? ""} already exists.`,
        )
      : undefined;
  },
  equivalent: (property, old, now) =>
    typeof old === "string" &&
    typeof now === "string" &&
    ((property === "protocol" && protocolOf(old) === protocolOf(now)) ||
      (property === "ruleAction" && old.toLowerCase() === now.toLowerCase())),
  id: ({ inputs }) => `nacl-${crc32(`${ruleKey(inputs)} ${protocolOf(textAt(inputs, "protocol") ?? "")}`)}`,
};

export const networkAclResources = {
  [ACL]: networkAcl,
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": defaultNetworkAcl,
  [RULE]: rule,
  "aws:ec2/networkAclAssociation:NetworkAclAssociation": {
    references: [aclReference("networkAclId"), subnetReference()],
    id: ec2Id("aclassoc"),
  },
} satisfies Record<string, ResourceRules>;
