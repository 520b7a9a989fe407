import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../values/value.ts";
import type { CloudResource, Service } from "../service.ts";
import { cloudfront } from "./cloudfront.ts";
import { s3 } from "./s3.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";
const CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy";
const HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
const FUNCTION = "aws:cloudfront/function:Function";
const CERTIFICATE = "aws:acm/certificate:Certificate";

const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const certificates: Service = {
  resources: {
    [CERTIFICATE]: {
      computed: ({ name, location: { account, region } }) => ({
        arn: `arn:aws:acm:${region}:${account}:certificate/${name}`,
      }),
    },
  },
};

const behaviour = {
  targetOriginId: "bucket",
  cachePolicyId: CACHING_OPTIMIZED,
  viewerProtocolPolicy: "redirect-to-https",
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
};
const BASE: Properties = {
  enabled: true,
  origins: [{ originId: "bucket", domainName: "media.s3.us-east-1.amazonaws.com" }],
  defaultCacheBehavior: behaviour,
  viewerCertificate: { cloudfrontDefaultCertificate: true },
  restrictions: { geoRestriction: { restrictionType: "none" } },
};

const geo = (restrictionType: string, ...locations: string[]): Properties => ({
  restrictions: { geoRestriction: { restrictionType, ...(locations.length > 0 && { locations }) } },
});

const world = (): TinyWorld => tinyWorld(cloudfront, s3, certificates);
const control = (cloud: TinyWorld, name = "media"): CloudResource =>
  cloud.create(CONTROL, name, {
    name,
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });

describe("CloudFront: a distribution", () => {
  it("has the values of the real service", () => {
    const { id, outputs } = world().create(DISTRIBUTION, "cdn", BASE);
    assert.match(id, /^E[A-Z2-7]{13}$/);
    assert.equal(outputs["arn"], `arn:aws:cloudfront::111122223333:distribution/${id}`);
    assert.match(textIn(outputs, "domainName"), /^d[a-z2-7]{13}\.cloudfront\.net$/);
    assert.equal(outputs["hostedZoneId"], "Z2FDTNDATAQYW2");
    assert.equal(outputs["status"], "Deployed");
  });

  const failures: [string, Properties, string, RegExp][] = [
    [
      "a behaviour without origin",
      { defaultCacheBehavior: { ...behaviour, targetOriginId: "x" } },
      "defaultCacheBehavior.targetOriginId",
      /NoSuchOrigin.*bucket/,
    ],
    [
      "an ordered behaviour without origin",
      { orderedCacheBehaviors: [{ ...behaviour, targetOriginId: "x" }] },
      "orderedCacheBehaviors[0].targetOriginId",
      /NoSuchOrigin/,
    ],
    [
      "no cache policy and no forwarded values",
      { defaultCacheBehavior: { ...behaviour, cachePolicyId: null } },
      "defaultCacheBehavior.cachePolicyId",
      /ForwardedValues is required/,
    ],
    [
      "both of them",
      { defaultCacheBehavior: { ...behaviour, forwardedValues: {} } },
      "defaultCacheBehavior.forwardedValues",
      /cannot be used/,
    ],
    [
      "an odd set of methods",
      { defaultCacheBehavior: { ...behaviour, allowedMethods: ["GET", "POST"] } },
      "defaultCacheBehavior.allowedMethods",
      /GET,HEAD,OPTIONS/,
    ],
    [
      "two origins of one id",
      {
        origins: [
          { originId: "bucket", domainName: "a.example" },
          { originId: "bucket", domainName: "b.example" },
        ],
      },
      "origins[1].originId",
      /Duplicate/,
    ],
    [
      "an address with a scheme as origin",
      { origins: [{ originId: "bucket", domainName: "https://a.example" }] },
      "origins[0].domainName",
      /domain name/,
    ],
    [
      "a path that ends with a slash",
      { origins: [{ originId: "bucket", domainName: "a.example", originPath: "/a/" }] },
      "origins[0].originPath",
      /slash/,
    ],
    [
      "an origin that is no bucket and says no more",
      { origins: [{ originId: "bucket", domainName: "a.example" }] },
      "origins[0].domainName",
      /customOriginConfig/,
    ],
    ["a country that is none", geo("whitelist", "UK"), "restrictions.geoRestriction.locations", /UK/],
    ["a list of countries without any", geo("blacklist"), "restrictions.geoRestriction.locations", /needs locations/],
    ["countries of no list", geo("none", "DE"), "restrictions.geoRestriction.locations", /no locations/],
    ["a root with a slash", { defaultRootObject: "/index.html" }, "defaultRootObject", /InvalidDefaultRootObject/],
    ["a page for no error", { customErrorResponses: [{ errorCode: 402 }] }, "customErrorResponses[0].errorCode", /402/],
    [
      "a page without a code",
      { customErrorResponses: [{ errorCode: 404, responsePagePath: "/404.html" }] },
      "customErrorResponses[0]",
      /together/,
    ],
    [
      "two behaviours of one path",
      { orderedCacheBehaviors: [1, 2].map(() => ({ ...behaviour, pathPattern: "/a" })) },
      "orderedCacheBehaviors[1].pathPattern",
      /duplicates/,
    ],
    ["names without a certificate", { aliases: ["media.example.com"] }, "aliases", /InvalidViewerCertificate/],
    [
      "a certificate without a method",
      { viewerCertificate: { acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/x" } },
      "viewerCertificate.sslSupportMethod",
      /sni-only/,
    ],
  ];
  for (const [name, changes, property, reason] of failures)
    it(`does not take ${name}, and says so in preview`, () => {
      const [failure] = world().check(DISTRIBUTION, withoutNull({ ...BASE, ...changes }));
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  it("has nothing to say in preview of what is not known yet", () => {
    const cloud = world();
    assert.deepEqual(cloud.check(DISTRIBUTION, { ...BASE, origins: UNKNOWN, aliases: UNKNOWN }), []);
    const origins = [{ originId: UNKNOWN, domainName: UNKNOWN }];
    assert.deepEqual(cloud.check(DISTRIBUTION, { ...BASE, origins }), []);
  });

  const missing: [string, Properties, string][] = [
    ["a cache policy", { cachePolicyId: "none" }, "NoSuchCachePolicy"],
    ["an origin request policy", { originRequestPolicyId: "none" }, "NoSuchOriginRequestPolicy"],
    ["a response headers policy", { responseHeadersPolicyId: "none" }, "NoSuchResponseHeadersPolicy"],
    ["a key group", { trustedKeyGroups: ["none"] }, "TrustedKeyGroupDoesNotExist"],
    [
      "a function",
      { functionAssociations: [{ eventType: "viewer-request", functionArn: "none" }] },
      "InvalidFunctionAssociation",
    ],
    [
      "a function's version",
      {
        lambdaFunctionAssociations: [
          { eventType: "origin-request", lambdaArn: "arn:aws:lambda:us-east-1:111122223333:function:x" },
        ],
      },
      "InvalidLambdaFunctionAssociation",
    ],
  ];
  for (const [name, changes, code] of missing)
    it(`does not name ${name} that does not exist`, () => {
      const cloud = world();
      const inputs = { ...BASE, defaultCacheBehavior: { ...behaviour, ...changes } };
      assertRefused(() => cloud.create(DISTRIBUTION, "cdn", inputs), code, /defaultCacheBehavior/);
      const made = cloud.create(DISTRIBUTION, "cdn", BASE);
      assertRefused(() => cloud.update(made, inputs), code);
    });

  it("reaches a bucket through an access control of its account", () => {
    const cloud = world();
    const { id } = control(cloud);
    const through = (domainName: string, originAccessControlId = id): Properties => ({
      ...BASE,
      origins: [{ originId: "bucket", domainName, originAccessControlId }],
    });
    cloud.create(DISTRIBUTION, "a", through("media.s3.us-east-1.amazonaws.com"));
    for (const domain of ["media.s3-website-us-east-1.amazonaws.com", "origin.example.com"])
      assertRefused(() => cloud.create(DISTRIBUTION, "b", through(domain)), "InvalidOriginAccessControl");
    const bucket = "media.s3.us-east-1.amazonaws.com";
    assertRefused(() => cloud.create(DISTRIBUTION, "b", through(bucket, "none")), "InvalidOriginAccessControl");
    assertRefused(() => cloud.create(DISTRIBUTION, "b", through(bucket), STAGING), "InvalidOriginAccessControl");
  });

  describe("with names of its own", () => {
    const named = (acmCertificateArn: string, ...aliases: string[]): Properties => ({
      ...BASE,
      aliases,
      viewerCertificate: { acmCertificateArn, sslSupportMethod: "sni-only" },
    });
    const certificate = (cloud: TinyWorld, location = PRODUCTION): string => {
      const inputs = { domainName: "example.com", subjectAlternativeNames: ["*.example.com"] };
      return textIn(cloud.create(CERTIFICATE, "c", inputs, location).outputs, "arn");
    };

    it("has a certificate of its account in us-east-1 that covers them", () => {
      const cloud = world();
      cloud.create(DISTRIBUTION, "a", named(certificate(cloud), "media.example.com", "example.com"));
    });

    it("has no other certificate", () => {
      const cloud = world();
      const good = certificate(cloud);
      const far = certificate(cloud, { ...PRODUCTION, region: "eu-west-1" });
      const foreign = certificate(cloud, STAGING);
      for (const arn of [far, foreign, `${good}x`])
        assertRefused(
          () => cloud.create(DISTRIBUTION, "a", named(arn, "media.example.com")),
          "InvalidViewerCertificate",
        );
      const pending = cloud.create(CERTIFICATE, "p", {
        domainName: "media.example.com",
        domainValidationOptions: [{ resourceRecordName: "_p.media.example.com.", resourceRecordType: "CNAME" }],
      });
      assertRefused(
        () => cloud.create(DISTRIBUTION, "a", named(textIn(pending.outputs, "arn"), "media.example.com")),
        "InvalidViewerCertificate",
        /isn't valid/,
      );
      for (const alias of ["a.media.example.com", "media.example.org"])
        assertRefused(() => cloud.create(DISTRIBUTION, "a", named(good, alias)), "InvalidViewerCertificate", /cover/);
    });

    it("is the only one in the world with them", () => {
      const cloud = world();
      const made = cloud.create(DISTRIBUTION, "a", named(certificate(cloud), "media.example.com"));
      const theirs = named(certificate(cloud, STAGING), "Media.example.com");
      assertRefused(() => cloud.create(DISTRIBUTION, "b", theirs, STAGING), "CNAMEAlreadyExists");
      cloud.update(made, made.inputs);
    });
  });

  it("logs into a bucket that takes access lists", () => {
    const cloud = world();
    const inputs = { ...BASE, loggingConfig: { bucket: "logs.s3.amazonaws.com" } };
    assertRefused(() => cloud.create(DISTRIBUTION, "a", inputs), "InvalidArgument", /valid S3 bucket/);
    cloud.create("aws:s3/bucket:Bucket", "logs", { bucket: "logs" });
    assertRefused(() => cloud.create(DISTRIBUTION, "a", inputs), "InvalidArgument", /ACL/);
    cloud.create("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "o", {
      bucket: "logs",
      rule: { objectOwnership: "BucketOwnerPreferred" },
    });
    cloud.create(DISTRIBUTION, "a", inputs);
  });
});

describe("CloudFront: a distribution's firewall", () => {
  it("is WAF's for CloudFront", () => {
    const cloud = world();
    const acl = (name: string, scope: string): string =>
      textIn(
        cloud.create("aws:wafv2/webAcl:WebAcl", name, { scope, arn: `arn:aws:wafv2:us-east-1:111122223333:${name}` })
          .inputs,
        "arn",
      );
    const behind = (webAclId: string) => cloud.create(DISTRIBUTION, webAclId, { ...BASE, webAclId });
    assertRefused(() => behind("arn:aws:wafv2:us-east-1:111122223333:none"), "InvalidWebACLId");
    const regional = acl("regional", "REGIONAL");
    assertRefused(() => behind(regional), "InvalidWebACLId");
    behind(acl("global", "CLOUDFRONT"));
  });
});

describe("CloudFront: what distributions share", () => {
  const key = (parts: Properties, more: Properties = {}): Properties => ({
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "none" },
      ...parts,
    },
    ...more,
  });
  const off = { minTtl: 0, defaultTtl: 0, maxTtl: 0 };
  for (const [what, inputs, property] of [
    ["nothing", key({}), undefined],
    [
      "names where it takes names",
      key({ headersConfig: { headerBehavior: "whitelist", headers: { items: ["A"] } } }),
      undefined,
    ],
    ["no names where it takes names", key({ headersConfig: { headerBehavior: "whitelist" } }), "headersConfig.headers"],
    [
      "names where it takes all",
      key({ cookiesConfig: { cookieBehavior: "all", cookies: { items: ["a"] } } }),
      "cookiesConfig.cookies",
    ],
    ["compression and no caching", key({ enableAcceptEncodingGzip: true }, off), "enableAcceptEncodingGzip"],
    ["cookies and no caching", key({ cookiesConfig: { cookieBehavior: "all" } }, off), "cookiesConfig.cookieBehavior"],
  ] as const)
    it(`${property === undefined ? "may" : "may not"} be a cache policy with ${what}`, () => {
      const at = property === undefined ? undefined : `parametersInCacheKeyAndForwardedToOrigin.${property}`;
      assert.equal(world().check(CACHE_POLICY, inputs)[0]?.property, at);
    });

  it("may not be a header of one's own where there is a setting for it", () => {
    const items = [{ header: "Strict-Transport-Security", value: "max-age=1", override: true }];
    assert.match(world().check(HEADERS_POLICY, { customHeadersConfig: { items } })[0]?.reason ?? "", /security header/);
    const others = [{ header: "X-Robots-Tag", value: "none", override: true }];
    assert.deepEqual(world().check(HEADERS_POLICY, { customHeadersConfig: { items: others } }), []);
  });

  it("has names that are free in their account", () => {
    const cloud = world();
    control(cloud);
    assertRefused(() => control(cloud), "OriginAccessControlAlreadyExists");
    const headers = { name: "headers", securityHeadersConfig: {} };
    cloud.create(HEADERS_POLICY, "a", headers);
    assertRefused(() => cloud.create(HEADERS_POLICY, "b", headers), "ResponseHeadersPolicyAlreadyExists");
    cloud.create(HEADERS_POLICY, "c", headers, STAGING);
    assertRefused(
      () => cloud.create(CACHE_POLICY, "d", { name: "Managed-CachingOptimized" }),
      "CachePolicyAlreadyExists",
    );
  });

  it("stays while a distribution uses it", () => {
    const cloud = world();
    const access = control(cloud);
    const cache = cloud.create(CACHE_POLICY, "c", { name: "c" });
    const edge = cloud.create(FUNCTION, "f", { name: "f", runtime: "cloudfront-js-2.0", code: "x" });
    const distribution = cloud.create(DISTRIBUTION, "a", {
      ...BASE,
      origins: [{ originId: "bucket", domainName: "m.s3.us-east-1.amazonaws.com", originAccessControlId: access.id }],
      orderedCacheBehaviors: [
        {
          ...behaviour,
          pathPattern: "/x",
          cachePolicyId: cache.id,
          functionAssociations: [{ eventType: "viewer-request", functionArn: textIn(edge.outputs, "arn") }],
        },
      ],
    });
    assertRefused(() => cloud.delete(access), "OriginAccessControlInUse", new RegExp(distribution.id));
    assertRefused(() => cloud.delete(cache), "CachePolicyInUse");
    assertRefused(() => cloud.delete(edge), "FunctionInUse");
    cloud.delete(distribution);
    for (const resource of [access, cache, edge]) cloud.delete(resource);
  });

  it("is checked in preview", () => {
    const cloud = world();
    assert.equal(cloud.check(FUNCTION, { name: "a.b" })[0]?.property, "name");
    assert.match(cloud.check(FUNCTION, { code: "x".repeat(40_961) })[0]?.reason ?? "", /FunctionSizeLimitExceeded/);
    assert.equal(cloud.check(CACHE_POLICY, { minTtl: 10, defaultTtl: 5 })[0]?.property, "defaultTtl");
    assert.match(cloud.check(HEADERS_POLICY, {})[0]?.reason ?? "", /one of corsConfig/);
    const corsConfig = { accessControlAllowCredentials: true, accessControlAllowOrigins: { items: ["*"] } };
    assert.equal(cloud.check(HEADERS_POLICY, { corsConfig })[0]?.property, "corsConfig.accessControlAllowOrigins");
  });

  it("is found by name or id, AWS's own and the account's", () => {
    const cloud = world();
    const token = "aws:cloudfront/getCachePolicy:getCachePolicy";
    const managed = cloud.invoke(token, { name: "Managed-CachingOptimized" });
    assert.deepEqual([managed["id"], managed["defaultTtl"]], [CACHING_OPTIMIZED, 86_400]);
    assert.equal(cloud.invoke(token, { id: CACHING_OPTIMIZED })["name"], "Managed-CachingOptimized");
    const own = cloud.create(CACHE_POLICY, "c", { name: "c", defaultTtl: 60 });
    assert.deepEqual(
      [cloud.invoke(token, { name: "c" })["id"], cloud.invoke(token, { name: "c" })["defaultTtl"]],
      [own.id, 60],
    );
    assertRefused(() => cloud.invoke(token, { name: "none" }), "NoSuchCachePolicy", /Managed-CachingDisabled/);
    for (const [kind, name, id] of [
      ["OriginRequestPolicy", "Managed-AllViewerExceptHostHeader", "b689b0a8-53d0-40ab-baf2-68738e2966ac"],
      ["ResponseHeadersPolicy", "Managed-SecurityHeadersPolicy", "67f7725c-6f97-4210-82d7-5512b31e9d03"],
    ] as const)
      assert.equal(cloud.invoke(`aws:cloudfront/get${kind}:get${kind}`, { name })["id"], id);
  });
});

/** In a table of changes null stands for an absent key. */
function withoutNull(inputs: Properties): Properties {
  return JSON.parse(JSON.stringify(inputs), (_key, value: unknown) => value ?? undefined) as Properties;
}
