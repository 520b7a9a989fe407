import { at, expects, isNotTrue, isSet, oneOf, textOf } from "../../support/property.ts";
import type { Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { looksSecret, secretReason } from "../../support/secrets/text.ts";
import { Unknown } from "../../support/unknown.ts";

const INSTANCES = ["aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"];
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Where an instance is made of a template, the template says what the instance does not. */
const leftToTemplate = ({ props }: Resource, property: string): boolean =>
  isSet.is(props["launchTemplate"]) && !isSet.is(props[property]);

const TOKENS = 'set metadataOptions: { httpTokens: "required" }';

/** Instances that give the credentials of their role to any request. Without an endpoint there is none to ask. */
const withoutTokens: Find = (resource, config) =>
  leftToTemplate(resource, "metadataOptions") || at(resource.props, "metadataOptions.httpEndpoint") === "disabled"
    ? []
    : expects("metadataOptions.httpTokens", oneOf("required"), TOKENS)(resource, config);

const NETWORKS = ["networkInterfaces", "primaryNetworkInterface"];

/** Where nothing is said, the subnet decides, and those of the default network say yes. */
const publicAddress: Find = (resource, config) => {
  const property = "associatePublicIpAddress";
  const elsewhere = NETWORKS.some((key) => isSet.is(resource.props[key])) || leftToTemplate(resource, property);
  return expects(property, elsewhere ? isNotTrue : oneOf(false), `set ${property}: false`)(resource, config);
};

/** Text that is base64, as templates take it. */
const decoded = (text: string): string =>
  /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : text;

/** `NAME=value` of a shell, `name: value` of YAML. */
const ASSIGNMENT = /^[\s-]*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[=:]\s*["']?([^"']+?)["']?\s*$/;

/** Whether a line holds a secret; what is read when the machine starts is none. */
function holdsSecret(line: string): boolean {
  if (looksSecret(line)) return true;
  const [, name, value] = ASSIGNMENT.exec(line) ?? [];
  return name !== undefined && value !== undefined && !/[$`]/.test(value) && secretReason(name, value) !== undefined;
}

/** Secrets in what a machine runs when it starts, by the number of the line. The value is never shown. */
function secretsInUserData({ props }: Resource): readonly Finding[] {
  return ["userData", "userDataBase64"].flatMap((property): readonly Finding[] => {
    const value = props[property];
    if (value instanceof Unknown) return [{ property, unknown: value }];
    const lines = decoded(textOf(value) ?? "").split("\n");
    const line = lines.findIndex(holdsSecret);
    if (line < 0) return [];
    return [
      {
        property,
        wrong: `line ${String(line + 1)} holds a secret in plain text`,
        fix: "keep it in Secrets Manager, and let the machine's role read it when it starts",
      },
    ];
  });
}

export const rules: readonly Rule[] = [
  {
    name: "ec2-imds-tokens-required",
    description: "Machines give the credentials of their role only to requests with a token.",
    why: "Without tokens a server that can be made to fetch a URL gives away its role.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP EC2.8", "FSBP EC2.170", "CKV_AWS_79", "AWS-0028", "AWS-0130"],
    resources: [{ types: [...INSTANCES, CONFIGURATION, TEMPLATE], unknown: "refuse", find: withoutTokens }],
  },
  {
    name: "ec2-instance-no-public-ip",
    description: "No machine has a public address of its own.",
    why: "With one the internet reaches it past the load balancer and its firewall.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP EC2.9", "FSBP EC2.25", "CKV_AWS_88"],
    resources: [
      { types: [...INSTANCES, CONFIGURATION], unknown: "refuse", find: publicAddress },
      {
        types: [TEMPLATE],
        unknown: "refuse",
        find: expects(
          "networkInterfaces[].associatePublicIpAddress",
          oneOf(false),
          'set associatePublicIpAddress: "false" in each of networkInterfaces',
        ),
      },
    ],
  },
  {
    name: "ec2-no-plain-secrets",
    description: "What a machine runs when it starts holds no secret.",
    why: "Every process on the machine, and everyone who may describe it, reads its user data.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_46"],
    resources: [{ types: [...INSTANCES, CONFIGURATION, TEMPLATE], unknown: "defer", find: secretsInUserData }],
  },
];
