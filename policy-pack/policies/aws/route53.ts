import { unnamed } from "../../support/join.ts";
import { elements, expects, locate, oneOf, orAbsent, type Located } from "../../support/property.ts";
import type { Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const ZONE = "aws:route53/zone:Zone";
const DNSSEC = "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec";
const QUERY_LOG = "aws:route53/queryLog:QueryLog";
const RECORD = "aws:route53/record:Record";

/** Zones of the internet: a private one belongs to networks. */
const publicZones = (stack: Stack): readonly StackResource[] =>
  stack.ofType([ZONE]).filter(({ props }) => elements({ property: "vpcs", value: props["vpcs"] }).length === 0);

const without =
  (type: string, path: string, wrong: string, fix: string) =>
  (stack: Stack): readonly Finding[] =>
    unnamed(publicZones(stack), stack.ofType([type]), path).map(({ urn }) => ({ urn, property: "zoneId", wrong, fix }));

/** Names that AWS gives to what others can take over once it is gone. */
const AWS_NAMES =
  /\.(elb\.amazonaws\.com|elb\.[a-z0-9-]+\.amazonaws\.com|cloudfront\.net|awsglobalaccelerator\.com|elasticbeanstalk\.com|s3-website[.-][a-z0-9-]+\.amazonaws\.com|execute-api\.[a-z0-9-]+\.amazonaws\.com)$/;

const PRIVATE_ADDRESS = /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe80:)/i;

/** Outputs by which a record names what it leads to. */
const NAMES = [
  ...["dnsName", "domainName", "publicIp", "publicDns", "cname", "websiteDomain", "websiteEndpoint"],
  ...["cloudfrontDomainName", "regionalDomainName", "ipv6Addresses"],
];

/** Records that lead to something of AWS which the stack does not hold. */
function danglingRecords(stack: Stack): readonly Finding[] {
  const records = stack.ofType([RECORD]);
  if (records.length === 0) return [];
  const names = namesIn(stack);
  return records.flatMap((record) =>
    [...targets(record, "aliases[].name", "aliases"), ...targets(record, "records[]", "records")].flatMap(
      ({ property, value }): readonly Finding[] => {
        const { urn } = record;
        if (value instanceof Unknown) return [{ urn, property, unknown: value }];
        const target = typeof value === "string" ? plainName(value) : "";
        if (!canDangle(record, target) || names.has(target)) return [];
        return [
          {
            urn,
            property,
            wrong: `${target} is nothing of this stack`,
            fix: "use the output of the resource that it leads to, or remove the record",
          },
        ];
      },
    ),
  );
}

/** What a record leads to by a text of its own: what came from a resource exists. */
const targets = ({ props, references }: StackResource, path: string, input: string): readonly Located[] =>
  (references.get(input)?.size ?? 0) > 0 ? [] : locate(props, path);

function canDangle({ props: { type } }: StackResource, target: string): boolean {
  if (AWS_NAMES.test(target)) return true;
  return (type === "A" || type === "AAAA") && /^[\d.]+$|:/.test(target) && !PRIVATE_ADDRESS.test(target);
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^dualstack\./, "");

const namesIn = (stack: Stack): ReadonlySet<string> =>
  new Set(
    stack.resources.flatMap(({ type, props }) =>
      type === RECORD
        ? []
        : NAMES.flatMap((key) => elements({ property: key, value: props[key] })).flatMap(({ value }) =>
            typeof value === "string" ? [plainName(value)] : [],
          ),
    ),
  );

export const rules: readonly Rule[] = [
  {
    name: "route53-zone-signed",
    description: "Public zones are signed with DNSSEC.",
    why: "Without signatures a resolver believes whoever answers first.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_38"],
    resources: [
      {
        types: [DNSSEC],
        unknown: "refuse",
        // Absent is SIGNING.
        find: expects("signingStatus", orAbsent(oneOf("SIGNING")), 'set signingStatus: "SIGNING"'),
      },
    ],
    stack: without(
      DNSSEC,
      "hostedZoneId",
      "nothing signs this zone",
      "add an aws.route53.KeySigningKey and an aws.route53.HostedZoneDnsSec for it",
    ),
  },
  {
    name: "route53-zone-query-logging-enabled",
    description: "Public zones log the queries that they answer.",
    why: "The log shows which names are asked for, those of forgotten hosts among them.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV2_AWS_39", "FSBP Route53.2"],
    stack: without(
      QUERY_LOG,
      "zoneId",
      "nothing logs the queries of this zone",
      "add an aws.route53.QueryLog for it, with a log group of us-east-1",
    ),
  },
  {
    name: "route53-record-target-exists",
    description: "Records lead to addresses and AWS names that the stack itself holds.",
    why: "A stranger who gets the freed address or name answers under our domain.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV2_AWS_23"],
    stack: danglingRecords,
  },
];
