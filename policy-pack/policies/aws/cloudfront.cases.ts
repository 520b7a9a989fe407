import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const BUCKET_ORIGIN = {
  originId: "bucket",
  domainName: "media.s3.us-east-1.amazonaws.com",
  originAccessControlId: "E1",
};
const SERVER_ORIGIN = { originId: "api", domainName: "api.example.com", customOriginConfig: { httpsPort: 443 } };

const distribution = (props: Sent["props"]): Sent => ({
  type: "aws:cloudfront/distribution:Distribution",
  name: "media",
  props: { enabled: true, origins: [BUCKET_ORIGIN], ...props },
});
const tenants = (props: Sent["props"]): Sent => ({
  ...distribution(props),
  type: "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
});
const viewers = (first: Json, ...ordered: Json[]): Sent =>
  distribution({
    defaultCacheBehavior: { viewerProtocolPolicy: first },
    orderedCacheBehaviors: ordered.map((viewerProtocolPolicy) => ({ pathPattern: "/x", viewerProtocolPolicy })),
  });
const certificate = (viewerCertificate: Json): Sent => distribution({ viewerCertificate });
const headers = (responseHeadersPolicyId: Json, ...ordered: Record<string, Json>[]): Sent =>
  distribution({ defaultCacheBehavior: { responseHeadersPolicyId }, orderedCacheBehaviors: ordered });
const hsts = (securityHeadersConfig: Json): Sent => ({
  type: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  props: { name: "images", securityHeadersConfig },
});
const maxAge = (seconds: Json): Json => ({
  strictTransportSecurity: { accessControlMaxAgeSec: seconds, override: true },
});
const geo = (restrictionType: Json): Sent => distribution({ restrictions: { geoRestriction: { restrictionType } } });

const ARN = "arn:aws:cloudfront::111122223333:distribution/E1";
const source = (resourceArn: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  name: "media-logs",
  props: { logType: "ACCESS_LOGS", resourceArn },
  references,
});

export const cases: readonly Case[] = [
  ...casesOf("cloudfront-viewers-use-https", [
    [
      "it is served on a path of many customers",
      tenants({
        defaultCacheBehavior: { viewerProtocolPolicy: "https-only" },
        cacheBehaviors: [{ viewerProtocolPolicy: "allow-all" }],
      }),
      [/cacheBehaviors\[0\]\.viewerProtocolPolicy: it is "allow-all"/],
    ],
    ["all are redirected", viewers("redirect-to-https", "https-only"), "passes"],
    ["plain HTTP is served", viewers("allow-all"), [/defaultCacheBehavior\.viewerProtocolPolicy: it is "allow-all"/]],
    [
      "it is served on one path",
      viewers("https-only", "https-only", "allow-all"),
      [/orderedCacheBehaviors\[1\]\.viewerProtocolPolicy: it is "allow-all"/],
    ],
    ["nothing is said", distribution({ defaultCacheBehavior: {} }), [/viewerProtocolPolicy: it is not set/]],
    ["it is unknown", viewers(UNKNOWN), [/viewerProtocolPolicy: its value is not known/]],
    ["one is unknown and another is wrong", viewers(UNKNOWN, "allow-all"), [/not known/, /"allow-all"/]],
  ]),
  ...casesOf("cloudfront-minimum-tls", [
    ["it is 1.2", certificate({ minimumProtocolVersion: "TLSv1.2_2021" }), "passes"],
    ["it is 1.3", certificate({ minimumProtocolVersion: "TLSv1.3_2025" }), "passes"],
    ["it is 1.2 with old ciphers", certificate({ minimumProtocolVersion: "TLSv1.2_2019" }), [/"TLSv1\.2_2019"/]],
    ["it is 1.1", certificate({ minimumProtocolVersion: "TLSv1.1_2016" }), [/minimumProtocolVersion: it is/]],
    ["CloudFront's own certificate has none", certificate({ cloudfrontDefaultCertificate: true }), [/it is not set/]],
    ["it is unknown", certificate({ minimumProtocolVersion: UNKNOWN }), [/its value is not known/]],
  ]),
  ...casesOf("cloudfront-custom-certificate", [
    ["ACM has it", certificate({ acmCertificateArn: "arn:aws:acm:us-east-1:1:certificate/2" }), "passes"],
    ["ACM's is unknown yet", certificate({ acmCertificateArn: UNKNOWN }), "waits"],
    ["it is CloudFront's", certificate({ cloudfrontDefaultCertificate: true }), [/acmCertificateArn: it is not set/]],
    ["it is empty", certificate({ acmCertificateArn: "" }), [/acmCertificateArn: it is not set/]],
    ["nothing is said", distribution({}), [/acmCertificateArn: it is not set/]],
  ]),
  ...casesOf("cloudfront-sni", [
    ["it is by name", certificate({ acmCertificateArn: "a", sslSupportMethod: "sni-only" }), "passes"],
    [
      "it has addresses",
      certificate({ acmCertificateArn: "a", sslSupportMethod: "vip" }),
      [/sslSupportMethod: it is "vip"/],
    ],
    ["nothing is said", certificate({ acmCertificateArn: "a" }), [/sslSupportMethod: it is not set/]],
    ["it is unknown", certificate({ sslSupportMethod: UNKNOWN }), [/sslSupportMethod: its value is not known/]],
    ["the certificate is CloudFront's", certificate({ cloudfrontDefaultCertificate: true }), "passes"],
  ]),
  ...casesOf("cloudfront-sends-security-headers", [
    ["all have a policy", headers("policy", { responseHeadersPolicyId: "policy" }), "passes"],
    ["it is unknown yet", headers(UNKNOWN), "waits"],
    ["it is empty", headers(""), [/defaultCacheBehavior\.responseHeadersPolicyId: it is not set/]],
    [
      "one path has none",
      headers("policy", {}),
      [/orderedCacheBehaviors\[0\]\.responseHeadersPolicyId: it is not set/],
    ],
    [
      "it is one without HSTS",
      headers("60669652-455b-4ae9-85a4-c4c02393f86c"),
      [/it is AWS's SimpleCORS, which lacks/],
    ],
  ]),
  ...casesOf("cloudfront-hsts", [
    ["it is two years", hsts(maxAge(63_072_000)), "passes"],
    ["it is a day", hsts(maxAge(86_400)), [/accessControlMaxAgeSec: it is 86400, and must be at least 31536000/]],
    ["a day is enough", hsts(maxAge(86_400)), "passes", { days: 1 }],
    ["there are other headers alone", hsts({ contentTypeOptions: { override: true } }), [/it is not set/]],
    ["there are no headers", hsts({}), [/strictTransportSecurity\.accessControlMaxAgeSec: it is not set/]],
    ["it is unknown", hsts(maxAge(UNKNOWN)), [/its value is not known/]],
  ]),
  ...casesOf("cloudfront-servers-behind-waf", [
    ["one stands before it", distribution({ origins: [SERVER_ORIGIN], webAclId: "arn:aws:wafv2:::a" }), "passes"],
    ["none does", distribution({ origins: [BUCKET_ORIGIN, SERVER_ORIGIN] }), [/webAclId: it is not set/]],
    ["it is empty", distribution({ origins: [SERVER_ORIGIN], webAclId: "" }), [/webAclId: it is not set/]],
    ["it is unknown yet", distribution({ origins: [SERVER_ORIGIN], webAclId: UNKNOWN }), "waits"],
    ["an origin is unknown", distribution({ origins: [UNKNOWN] }), [/webAclId: it is not set/]],
    ["there are buckets alone", distribution({}), "passes"],
  ]),
  ...casesOf("cloudfront-buckets-behind-waf", [
    ["one stands before them", distribution({ webAclId: "arn:aws:wafv2:::a" }), "passes"],
    ["none does", distribution({}), [/webAclId: it is not set/]],
    ["it is unknown yet", distribution({ webAclId: UNKNOWN }), "waits"],
    ["there is a server", distribution({ origins: [SERVER_ORIGIN] }), "passes"],
  ]),
  ...casesOf("cloudfront-default-root-object", [
    ["it is named", distribution({ defaultRootObject: "index.html" }), "passes"],
    ["it is not", distribution({}), [/defaultRootObject: it is not set/]],
    ["it is empty", distribution({ defaultRootObject: "" }), [/defaultRootObject: it is not set/]],
    ["a server answers", distribution({ origins: [SERVER_ORIGIN] }), "passes"],
  ]),
  ...casesOf("cloudfront-logs-requests", [
    [
      "the distribution does",
      [
        {
          ...distribution({ loggingConfig: { bucket: "logs.s3.amazonaws.com" } }),
          references: { loggingConfig: [] },
        },
      ],
      "passes",
    ],
    ["CloudWatch delivers", [distribution({ arn: ARN }), source(ARN)], "passes"],
    ["what it delivers is unknown yet", [distribution({}), source(UNKNOWN, { resourceArn: ["media"] })], "passes"],
    ["nothing does", [distribution({ arn: ARN })], [/loggingConfig: nothing records the requests to "media"/]],
    ["another's are delivered", [distribution({ id: "E1", arn: ARN }), source(`${ARN}2`)], [/nothing records/]],
    [
      "it names no bucket",
      [{ ...distribution({ loggingConfig: { includeCookies: true } }), references: { loggingConfig: [] } }],
      [/nothing records/],
    ],
  ]),
  ...casesOf("cloudfront-geo-restriction", [
    ["some are chosen", geo("whitelist"), "passes"],
    ["all are served", geo("none"), [/restrictionType: it is "none"/]],
    ["nothing is said", distribution({}), [/restrictionType: it is not set/]],
    ["it is unknown", geo(UNKNOWN), [/its value is not known/]],
  ]),
];
