import { at, elements, expects, isSet, judged, locate, oneOf, textsOf, type Located } from "../../support/property.ts";
import type { Config, Find, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { BUCKETS } from "../../support/tokens.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

export const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
/** One distribution for many customers; only the names of its blocks differ. */
export const TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution";
const VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin";
const ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";

const ORIGIN_PROTOCOL = 'set originProtocolPolicy: "https-only"';
const ORIGIN_TLS = 'set originSslProtocols: ["TLSv1.2"]';

/** Origins that are servers, as opposed to buckets: each must be asked over HTTPS, with TLS 1.2. */
function plainOrigins({ props }: Resource): readonly Finding[] {
  const configs = ["origins[].customOriginConfig[]", "origins[].customOriginConfigs[]"];
  return configs
    .flatMap((path) => locate(props, path))
    .flatMap(({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      return isMap(value) ? transport({ property, value }, "originSslProtocols") : [];
    });
}

const plainVpcOrigin: Find = ({ props }) =>
  locate(props, "vpcOriginEndpointConfig").flatMap((config) =>
    config.value instanceof Unknown
      ? [{ property: config.property, unknown: config.value }]
      : transport(config, "originSslProtocols.items"),
  );

function transport({ property, value }: Located, protocols: string): readonly Finding[] {
  const listed = { property: `${property}.${protocols}`, value: at(value, protocols) };
  return [
    ...judged(
      { property: `${property}.originProtocolPolicy`, value: at(value, "originProtocolPolicy") },
      oneOf("https-only"),
      ORIGIN_PROTOCOL,
    ),
    ...(isSet.is(listed.value)
      ? elements(listed).flatMap((protocol) => judged(protocol, oneOf("TLSv1.2", "TLSv1.3"), ORIGIN_TLS))
      : judged(listed, isSet, ORIGIN_TLS)),
  ];
}

const WEBSITE = /\.s3-website[.-][a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** Buckets that the distribution does not sign its requests for. */
function openBuckets({ props }: Resource): readonly Finding[] {
  return locate(props, "origins[]").flatMap(({ property, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property, unknown: value }];
    const host = at(value, "domainName");
    if (typeof host === "string" && WEBSITE.test(host))
      return [
        {
          property: `${property}.domainName`,
          wrong: "it is a bucket's website, which must be public and knows no HTTPS",
          fix: "set domainName to the bucket's bucketRegionalDomainName, and originAccessControlId",
        },
      ];
    if (isServer(value)) return host instanceof Unknown ? [{ property: `${property}.domainName`, unknown: host }] : [];
    const control = { property: `${property}.originAccessControlId`, value: at(value, "originAccessControlId") };
    const wrong = isSet.is(at(value, "s3OriginConfig.originAccessIdentity"))
      ? "it is not set, and a legacy origin access identity signs without SigV4 and without KMS"
      : "it is not set";
    if (control.value instanceof Unknown) return [{ property: control.property, unknown: control.value }];
    if (isSet.is(control.value)) return [];
    return [
      {
        property: control.property,
        wrong,
        fix: "set originAccessControlId to the id of an aws.cloudfront.OriginAccessControl",
      },
    ];
  });
}

/** An origin without these is a bucket, by the service's own meaning. */
export const isServer = (origin: Plain): boolean =>
  ["customOriginConfig", "customOriginConfigs", "vpcOriginConfig", "vpcOriginConfigs"].some((block) =>
    isSet.is(at(origin, block)),
  );

const BUCKET_HOST = /^(.+?)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/;

/** Origins that are buckets which neither the stack nor the settings know: whoever makes one by that name serves it. */
function danglingOrigins(stack: Stack, config: Config): readonly Finding[] {
  const buckets = stack.ofType(BUCKETS);
  const known = new Set([...buckets.flatMap(({ props }) => textsOf(props["bucket"])), ...textsOf(config["buckets"])]);
  const urns = new Set(buckets.map(({ urn }) => urn));
  return stack.ofType([DISTRIBUTION]).flatMap(({ urn, props, references }) => {
    const isFromStack = [...(references.get("origins") ?? [])].some((source) => urns.has(source));
    return locate(props, "origins[]").flatMap((origin): readonly Finding[] => {
      const host = at(origin.value, "domainName") ?? (origin.value instanceof Unknown ? origin.value : undefined);
      const property = `${origin.property}.domainName`;
      if (host instanceof Unknown)
        return isFromStack || isServer(origin.value) ? [] : [{ urn, property, unknown: host }];
      const name = typeof host === "string" ? BUCKET_HOST.exec(host)?.[1] : undefined;
      if (name === undefined || known.has(name)) return [];
      return [
        {
          urn,
          property,
          wrong: `no bucket of the stack is called ${name}`,
          fix: "set domainName to the bucketRegionalDomainName of an aws.s3.Bucket, or list it in this rule's setting buckets",
        },
      ];
    });
  });
}

export const rules: readonly Rule[] = [
  {
    name: "cloudfront-origin-over-https",
    description: "CloudFront asks its servers over HTTPS, with TLS 1.2.",
    why: "What a viewer sent over TLS would otherwise go on without it, through the internet.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["FSBP CloudFront.9", "FSBP CloudFront.10", "CKV2_AWS_54", "CKV2_AWS_72", "AwsSolutions-CFR5"],
      ...["Prowler cloudfront_distributions_origin_traffic_encrypted", "compliance-policies"],
    ],
    resources: [
      { types: [DISTRIBUTION, TENANTS], unknown: "refuse", find: plainOrigins },
      { types: [VPC_ORIGIN], unknown: "refuse", find: plainVpcOrigin },
    ],
  },
  {
    name: "cloudfront-s3-origin-access-control",
    description: "A bucket behind CloudFront is read by signed requests of an origin access control.",
    why: "Any other way needs a public bucket, or a legacy identity that knows neither KMS keys nor newer regions.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...[
        "FSBP CloudFront.13",
        "CKV2_AWS_46",
        "AwsSolutions-CFR7",
        "Prowler cloudfront_distributions_s3_origin_access_control",
      ],
    ],
    resources: [
      { types: [DISTRIBUTION, TENANTS], unknown: "defer", find: openBuckets },
      {
        types: [ACCESS_CONTROL],
        unknown: "refuse",
        find: expects("signingBehavior", oneOf("always"), 'set signingBehavior: "always"'),
      },
      {
        types: [ACCESS_CONTROL],
        unknown: "refuse",
        find: expects("signingProtocol", oneOf("sigv4"), 'set signingProtocol: "sigv4"'),
      },
    ],
  },
  {
    name: "cloudfront-origin-bucket-exists",
    description: "Every bucket that CloudFront serves is one of the stack.",
    why: "Whoever makes a bucket by the name of one that is gone serves what they like under our name.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP CloudFront.12", "Prowler cloudfront_distributions_s3_origin_non_existent_bucket"],
    settings: {
      buckets: { type: "array", description: "Names of buckets that other stacks own.", default: [] },
    },
    stack: danglingOrigins,
  },
  {
    name: "cloudfront-origin-failover",
    description: "CloudFront distributions have a second origin for when the first one fails.",
    why: "With an origin group, readers do not notice that an origin is down.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP CloudFront.4", "CKV_AWS_310", "cfn-guard cloudfront_origin_failover_enabled"],
    resources: [
      {
        types: [DISTRIBUTION],
        unknown: "defer",
        find: expects("originGroups", isSet, "set originGroups[0] with two members"),
      },
    ],
  },
];
