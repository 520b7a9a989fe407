import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const HOST = "media-1a2b3c4.s3.us-east-1.amazonaws.com";

const distribution = (...origins: Json[]): Sent => ({
  type: "aws:cloudfront/distribution:Distribution",
  name: "cdn",
  props: { enabled: true, origins },
});
const server = (originProtocolPolicy: Json, originSslProtocols: Json, more: Record<string, Json> = {}): Json => ({
  originId: "api",
  domainName: "api.example.com",
  customOriginConfig: { httpsPort: 443, originProtocolPolicy, originSslProtocols, ...more },
});
const store = (more: Record<string, Json> = {}): Json => ({ originId: "bucket", domainName: HOST, ...more });
const vpcOrigin = (originProtocolPolicy: Json, items: Json): Sent => ({
  type: "aws:cloudfront/vpcOrigin:VpcOrigin",
  props: { vpcOriginEndpointConfig: { originProtocolPolicy, originSslProtocols: { items, quantity: 1 } } },
});
const control = (signingBehavior: Json, signingProtocol: Json = "sigv4"): Sent => ({
  type: "aws:cloudfront/originAccessControl:OriginAccessControl",
  props: { originAccessControlOriginType: "s3", signingBehavior, signingProtocol },
});
const bucket = (name: Json): Sent => ({ type: "aws:s3/bucket:Bucket", name: "media", props: { bucket: name } });
const groups = (originGroups: Json): Sent => ({
  ...distribution(store()),
  props: { origins: [store()], originGroups },
});

export const cases: readonly Case[] = [
  ...casesOf("cloudfront-origin-over-https", [
    [
      "the configuration is a list",
      distribution({ domainName: "api.example.com", customOriginConfig: [{ originProtocolPolicy: "http-only" }] }),
      [/customOriginConfig\[0\]\.originProtocolPolicy: it is "http-only"/, /originSslProtocols: it is not set/],
    ],
    [
      "it is for many customers",
      {
        type: "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
        props: {
          origins: [
            {
              id: "api",
              customOriginConfigs: [{ originProtocolPolicy: "match-viewer", originSslProtocols: ["TLSv1.2"] }],
            },
          ],
        },
      },
      [/origins\[0\]\.customOriginConfigs\[0\]\.originProtocolPolicy: it is "match-viewer"/],
    ],
    ["it is, with TLS 1.2", distribution(server("https-only", ["TLSv1.2"])), "passes"],
    ["it is not", distribution(server("http-only", ["TLSv1.2"])), [/originProtocolPolicy: it is "http-only"/]],
    ["the viewer decides", distribution(server("match-viewer", ["TLSv1.2"])), [/originProtocolPolicy: it is "match-v/]],
    [
      "an old TLS is taken as well",
      distribution(store(), server("https-only", ["TLSv1.1", "TLSv1.2"])),
      [/origins\[1\]\.customOriginConfig\.originSslProtocols\[0\]: it is "TLSv1\.1"/],
    ],
    ["no protocol is named", distribution(server("https-only", [])), [/originSslProtocols: it is .*must be set/]],
    [
      "nothing is said",
      distribution({ domainName: "api.example.com", customOriginConfig: { httpPort: 80 } }),
      [/originProtocolPolicy: it is not set/, /originSslProtocols: it is not set/],
    ],
    ["it is unknown", distribution(server(UNKNOWN, ["TLSv1.2"])), [/originProtocolPolicy: its value is not known/]],
    ["the origin is a bucket", distribution(store()), "passes"],
    ["the origin is in a VPC", vpcOrigin("https-only", ["TLSv1.2"]), "passes"],
    ["the origin in a VPC is asked in the clear", vpcOrigin("http-only", ["TLSv1.2"]), [/it is "http-only"/]],
    ["the origin in a VPC takes an old TLS", vpcOrigin("https-only", ["SSLv3"]), [/items\[0\]: it is "SSLv3"/]],
  ]),
  ...casesOf("cloudfront-s3-origin-access-control", [
    ["a bucket has one", distribution(store({ originAccessControlId: "E1" })), "passes"],
    ["it is unknown yet", distribution(store({ originAccessControlId: UNKNOWN })), "waits"],
    ["a bucket has none", distribution(store()), [/origins\[0\]\.originAccessControlId: it is not set\./]],
    ["it is empty", distribution(store({ originAccessControlId: "" })), [/originAccessControlId: it is not set/]],
    [
      "a bucket has a legacy identity",
      distribution(store({ s3OriginConfig: { originAccessIdentity: "origin-access-identity/cloudfront/E1" } })),
      [/originAccessControlId: it is not set, and a legacy origin access identity/],
    ],
    [
      "the identity is empty",
      distribution(store({ originAccessControlId: "E1", s3OriginConfig: { originAccessIdentity: "" } })),
      "passes",
    ],
    ["the host is unknown and there is none", distribution(store({ domainName: UNKNOWN })), [/it is not set/]],
    [
      "the origin is a bucket's website",
      distribution({ domainName: "media.s3-website-us-east-1.amazonaws.com", customOriginConfig: { httpPort: 80 } }),
      [/origins\[0\]\.domainName: it is a bucket's website/],
    ],
    ["the origin is a server", distribution(server("https-only", ["TLSv1.2"])), "passes"],
    [
      "the server's name is unknown yet",
      distribution({ domainName: UNKNOWN, customOriginConfig: { httpPort: 80 } }),
      "waits",
    ],
    [
      "there is no host at all, which the provider refuses itself",
      distribution({ customOriginConfig: { httpPort: 80 } }),
      "passes",
    ],
    ["an origin is unknown", distribution(UNKNOWN), "waits"],
    ["the control always signs", control("always"), "passes"],
    ["the control lets the viewer sign", control("no-override"), [/signingBehavior: it is "no-override"/]],
    ["the control never signs", control("never"), [/signingBehavior: it is "never"/]],
    ["the control signs in another way", control("always", "sigv2"), [/signingProtocol: it is "sigv2"/]],
    ["the control is unknown", control(UNKNOWN), [/signingBehavior: its value is not known/]],
  ]),
  ...casesOf("cloudfront-origin-bucket-exists", [
    ["the stack has it", [bucket("media-1a2b3c4"), distribution(store())], "passes"],
    [
      "the stack has another",
      [bucket("other-1a2b3c4"), distribution(store())],
      [/domainName: no bucket of the stack is/],
    ],
    ["there is none", [distribution(store({ domainName: "gone.s3.amazonaws.com" }))], [/is called gone\./]],
    [
      "its name has dots",
      [distribution(store({ domainName: "a.b.s3-eu-west-1.amazonaws.com" }))],
      [/is called a\.b\./],
    ],
    ["another stack has it", [distribution(store())], "passes", { buckets: ["media-1a2b3c4"] }],
    ["the origin is a server", [distribution(server("https-only", ["TLSv1.2"]))], "passes"],
    [
      "both are unknown yet",
      [bucket(UNKNOWN), { ...distribution(store({ domainName: UNKNOWN })), references: { origins: ["media"] } }],
      "passes",
    ],
    ["the host is unknown, and of no bucket", [distribution(store({ domainName: UNKNOWN }))], "waits"],
  ]),
  ...casesOf("cloudfront-origin-failover", [
    ["there is a group", groups([{ originId: "both", members: [] }]), "passes"],
    ["there is none", distribution(store()), [/originGroups: it is not set/]],
    ["the list is empty", groups([]), [/originGroups: it is .*and must be set/]],
    ["it is unknown", groups(UNKNOWN), "waits"],
  ]),
];
