import { sets, unnamed } from "../../support/join.ts";
import {
  at,
  atLeast,
  expects,
  firstUnknown,
  isSet,
  isTrue,
  judged,
  locate,
  matching,
  numberOf,
  oneOf,
  where,
} from "../../support/property.ts";
import type { Find, Remedy, Resource, ResourceCheck, Rule, StackResource, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap } from "../../support/unknown.ts";
import { DISTRIBUTION, TENANTS, isServer } from "./cloudfront-origins.ts";

const HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
const LOG_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";

const BEHAVIOURS = ["defaultCacheBehavior", "orderedCacheBehaviors[]", "cacheBehaviors[]"];

const about = (types: readonly string[], unknown: ResourceCheck["unknown"], ...finds: readonly Find[]) =>
  finds.map((find) => ({ types, unknown, find }));

/** The default cache behaviour and every ordered one. */
const everyBehaviour = (path: string, expectation: Parameters<typeof expects>[1], fix: string): readonly Find[] =>
  BEHAVIOURS.map((behaviour) => expects(`${behaviour}.${path}`, expectation, fix));

const HTTPS_ALONE = oneOf("redirect-to-https", "https-only");

const redirected = ({ type, props }: Resource): readonly Remedy[] =>
  ([DISTRIBUTION, TENANTS].includes(type) ? BEHAVIOURS : [])
    .flatMap((path) => locate(props, path))
    .filter(({ value }) => isMap(value) && !HTTPS_ALONE.is(value["viewerProtocolPolicy"]))
    .map(({ property }) => ({
      path: [...property.replace(/\[(\d+)\]/, ".$1").split("."), "viewerProtocolPolicy"],
      value: "redirect-to-https",
    }));

/** The check for distributions whose origins are all buckets, or for those with a server among them. */
const whereOrigins = (kind: "buckets" | "servers", find: Find): Find =>
  where(({ props }) => {
    const servers = locate(props, "origins[]").some(({ value }) => value instanceof Unknown || isServer(value));
    return servers === (kind === "servers");
  }, find);

const behindWaf = expects("webAclId", isSet, "set webAclId to the ARN of an aws.wafv2.WebAcl with scope CLOUDFRONT");

const MODERN_TLS = matching(/^TLSv1\.(2_20(21|25)|3_20\d\d)$/, "TLSv1.2_2021 or later");

/** Names of managed response header policies that leave Strict-Transport-Security out. */
const WITHOUT_HSTS: ReadonlyMap<string, string> = new Map([
  ["60669652-455b-4ae9-85a4-c4c02393f86c", "SimpleCORS"],
  ["5cc3b908-e619-4b99-88e5-2cf7f45965bd", "CORS-With-Preflight"],
]);

const HEADERS_FIX =
  "set responseHeadersPolicyId to the id of an aws.cloudfront.ResponseHeadersPolicy with strictTransportSecurity";

const bareBehaviours: Find = ({ props }) =>
  BEHAVIOURS.flatMap((path) => locate(props, `${path}.responseHeadersPolicyId`)).flatMap((located) => {
    const managed = typeof located.value === "string" ? WITHOUT_HSTS.get(located.value) : undefined;
    if (managed === undefined) return judged(located, isSet, HEADERS_FIX);
    return [{ property: located.property, wrong: `it is AWS's ${managed}, which lacks HSTS`, fix: HEADERS_FIX }];
  });

const ownCertificate: Find = ({ props }) => {
  const values = ["acmCertificateArn", "iamCertificateId"].map((key) => at(props, `viewerCertificate.${key}`));
  const property = "viewerCertificate.acmCertificateArn";
  const unknown = values.find((value) => value instanceof Unknown) ?? firstUnknown([props["viewerCertificate"]]);
  if (values.some((value) => typeof value === "string" && value !== "")) return [];
  if (unknown instanceof Unknown) return [{ property, unknown }];
  return [
    {
      property,
      wrong: "it is not set, so that the distribution has CloudFront's own name and takes TLS 1.0",
      fix: "set viewerCertificate.acmCertificateArn, sslSupportMethod, and minimumProtocolVersion, and aliases",
    },
  ];
};

/** How a certificate of one's own is shown; CloudFront's own needs no answer. */
const byName: Find = (resource, config) =>
  isTrue.is(at(resource.props, "viewerCertificate.cloudfrontDefaultCertificate"))
    ? []
    : expects(
        "viewerCertificate.sslSupportMethod",
        oneOf("sni-only"),
        'set viewerCertificate.sslSupportMethod: "sni-only"',
      )(resource, config);

/** Distributions that neither log by themselves nor by a delivery of CloudWatch. */
function unlogged(stack: Stack): readonly Violation[] {
  return unnamed(stack.ofType([DISTRIBUTION]), stack.ofType([LOG_SOURCE]), "resourceArn")
    .filter((distribution) => !logsItself(distribution))
    .map((distribution) => ({
      urn: distribution.urn,
      property: "loggingConfig",
      wrong: `nothing records the requests to "${distribution.name}"`,
      fix: "set loggingConfig.bucket, or add an aws.cloudwatch.LogDeliverySource with its ARN",
    }));
}

const logsItself = (distribution: StackResource): boolean =>
  sets(distribution, "loggingConfig") && isSet.is(at(distribution.props, "loggingConfig.bucket"));

const days = (count: number): number => count * 86_400;

export const rules: readonly Rule[] = [
  {
    name: "cloudfront-viewers-use-https",
    description: "Every cache behaviour of a CloudFront distribution redirects plain HTTP to HTTPS, or refuses it.",
    why: "What travels without TLS can be read and changed on its way.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["FSBP CloudFront.3", "PCI DSS v4.0.1/4.2.1", "CKV_AWS_34", "AwsSolutions-CFR4", "AWS-0012"],
      ...[
        "Prowler cloudfront_distributions_https_enabled",
        "cfn-guard cloudfront_viewer_policy_https",
        "compliance-policies",
      ],
    ],
    resources: about(
      [DISTRIBUTION, TENANTS],
      "refuse",
      ...everyBehaviour("viewerProtocolPolicy", HTTPS_ALONE, 'set viewerProtocolPolicy: "redirect-to-https"'),
    ),
    remedy: redirected,
  },
  {
    name: "cloudfront-minimum-tls",
    description: "CloudFront distributions take TLS 1.2 with modern ciphers, or better.",
    why: "Older protocols and ciphers have known attacks, and every browser in use knows newer ones.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...[
        "CKV_AWS_174",
        "AwsSolutions-CFR4",
        "AWS-0013",
        "Prowler cloudfront_distributions_using_deprecated_ssl_protocols",
      ],
      ...["cfn-guard cloudfront_minimum_protocol_version_rule", "compliance-policies"],
    ],
    resources: about(
      [DISTRIBUTION, TENANTS],
      "refuse",
      expects(
        "viewerCertificate.minimumProtocolVersion",
        MODERN_TLS,
        'set viewerCertificate.minimumProtocolVersion: "TLSv1.2_2021", with a certificate of your own',
      ),
    ),
  },
  {
    name: "cloudfront-servers-behind-waf",
    description: "A CloudFront distribution before servers has a web ACL.",
    why: "The edge is where attacks on a server are stopped before they cost anything.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...[
        "FSBP CloudFront.6",
        "CKV_AWS_68",
        "AwsSolutions-CFR2",
        "AWS-0011",
        "Prowler cloudfront_distributions_using_waf",
      ],
      ...["compliance-policies"],
    ],
    resources: about([DISTRIBUTION, TENANTS], "defer", whereOrigins("servers", behindWaf)),
  },
  {
    name: "cloudfront-buckets-behind-waf",
    description: "A CloudFront distribution before private buckets alone has a web ACL.",
    why: "It bounds what a flood of requests costs, though there is no server to attack.",
    severity: "low",
    level: "advisory",
    standards: [
      ...[
        "FSBP CloudFront.6",
        "CKV_AWS_68",
        "AwsSolutions-CFR2",
        "AWS-0011",
        "Prowler cloudfront_distributions_using_waf",
      ],
      ...["compliance-policies"],
    ],
    resources: about([DISTRIBUTION], "defer", whereOrigins("buckets", behindWaf)),
  },
  {
    name: "cloudfront-logs-requests",
    description: "Requests to CloudFront distributions are recorded.",
    why: "Without such a record nobody can say afterwards who asked for what.",
    severity: "medium",
    level: "advisory",
    standards: [
      ...["FSBP CloudFront.5", "CIS 4.10", "CKV_AWS_86", "AwsSolutions-CFR3", "AWS-0010"],
      ...["Prowler cloudfront_distributions_logging_enabled", "compliance-policies"],
    ],
    stack: unlogged,
  },
  {
    name: "cloudfront-default-root-object",
    description: "A CloudFront distribution before buckets says what it answers for /.",
    why: "A bucket that may be listed would otherwise show all its keys there.",
    severity: "medium",
    level: "advisory",
    standards: [
      ...[
        "FSBP CloudFront.1",
        "PCI DSS v4.0.1/2.2.6",
        "CKV_AWS_305",
        "Prowler cloudfront_distributions_default_root_object",
      ],
    ],
    resources: about(
      [DISTRIBUTION],
      "defer",
      whereOrigins("buckets", expects("defaultRootObject", isSet, 'set defaultRootObject: "index.html"')),
    ),
  },
  {
    name: "cloudfront-sends-security-headers",
    description: "Every cache behaviour of a CloudFront distribution has a response headers policy with HSTS.",
    why: "Headers such as HSTS tell the browser what it must never do with what it gets.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_32"],
    resources: about([DISTRIBUTION, TENANTS], "defer", bareBehaviours),
  },
  {
    name: "cloudfront-hsts",
    description: "Response headers policies of CloudFront tell browsers to use HTTPS alone for a year or more.",
    why: "A browser that knows it never sends the first request in the clear.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_259"],
    settings: { days: { type: "number", description: "Days for which browsers remember it.", default: 365 } },
    resources: about([HEADERS_POLICY], "refuse", (resource, config) => {
      const path = "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec";
      const least = days(numberOf(config["days"]) ?? 365);
      return expects(path, atLeast(least), `set ${path}: ${String(least)}`)(resource, config);
    }),
  },
  {
    name: "cloudfront-custom-certificate",
    description: "CloudFront distributions answer under a name and a certificate of their own.",
    why: "With CloudFront's own certificate the oldest TLS is taken, and a link cannot be moved elsewhere.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP CloudFront.7", "CKV2_AWS_42", "Prowler cloudfront_distributions_custom_ssl_certificate"],
    resources: about([DISTRIBUTION], "defer", ownCertificate),
  },
  {
    name: "cloudfront-sni",
    description: "CloudFront distributions show their certificate by server name, without addresses of their own.",
    why: "Addresses of their own cost 600 dollars a month, and serve browsers that nobody uses.",
    severity: "low",
    level: "mandatory",
    standards: ["FSBP CloudFront.8", "Prowler cloudfront_distributions_https_sni_enabled"],
    resources: about([DISTRIBUTION], "refuse", byName),
  },
  {
    name: "cloudfront-geo-restriction",
    description: "CloudFront distributions serve chosen countries alone.",
    why: "Where customers are in few countries, requests from all others are mostly attacks.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_374", "AwsSolutions-CFR1"],
    resources: about(
      [DISTRIBUTION],
      "refuse",
      expects(
        "restrictions.geoRestriction.restrictionType",
        oneOf("whitelist", "blacklist"),
        'set restrictions.geoRestriction.restrictionType: "whitelist", with locations',
      ),
    ),
  },
];
