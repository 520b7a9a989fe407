import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Media, type MediaArgs } from "./media.ts";

const args: MediaArgs = { allowedOrigins: ["https://www.example.com", "http://localhost:3000"] };

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string | readonly string[];
  readonly Condition: unknown;
}

describe("the media bucket", () => {
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    ({ resources } = await capture(() => new Media("groundwork-staging-media", args)));
  });

  it("shuts out the public in all four ways", () => {
    const { bucket, ...blocks } = inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    assert.equal(bucket, "groundwork-staging-media-objects-0a1b2c3");
    assert.deepEqual(blocks, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("is read by its distribution alone, and by nobody without TLS 1.2", () => {
    const { policy } = inputsOf("aws:s3/bucketPolicy:BucketPolicy");
    const { Statement } = JSON.parse(policy as string) as { Statement: readonly Statement[] };
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(allowed, [
      {
        Sid: "OnlyThisDistribution",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::groundwork-staging-media-objects/*",
        Condition: {
          StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront:us-east-1:123456789012:groundwork-staging-media" },
        },
      },
    ]);
    const denied = Statement.filter(({ Effect }) => Effect === "Deny");
    assert.deepEqual(
      denied.map(({ Condition }) => Condition),
      [{ Bool: { "aws:SecureTransport": "false" } }, { NumericLessThan: { "s3:TlsVersion": "1.2" } }],
    );
    assert.ok(
      denied.every(
        ({ Principal, Action, Resource }) => Principal === "*" && Action === "s3:*" && Resource.length === 2,
      ),
    );
  });

  it("is protected with what closes it, and nothing else is, unless it is told otherwise", async () => {
    const guarded = (all: readonly CapturedResource[]) =>
      all
        .filter(({ protect }) => protect)
        .map(({ type }) => type.split(":").at(-1))
        .sort();
    assert.deepEqual(guarded(resources), [
      "Bucket",
      "BucketLifecycleConfiguration",
      "BucketOwnershipControls",
      "BucketPolicy",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "BucketVersioning",
    ]);
    const free = await capture(() => new Media("m", { ...args, protect: false }));
    assert.deepEqual(guarded(free.resources), []);
  });

  it("keeps versions, encrypts, and has no ACLs", () => {
    assert.deepEqual(inputsOf("aws:s3/bucketVersioning:BucketVersioning")["versioningConfiguration"], {
      status: "Enabled",
    });
    assert.deepEqual(
      inputsOf("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")["rules"],
      [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    );
    assert.deepEqual(inputsOf("aws:s3/bucketOwnershipControls:BucketOwnershipControls")["rule"], {
      objectOwnership: "BucketOwnerEnforced",
    });
    assert.equal(inputsOf("aws:s3/bucket:Bucket")["forceDestroy"], false);
  });

  it("forgets temporary uploads, old versions, and unfinished uploads", () => {
    assert.deepEqual(inputsOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"], [
      {
        id: "temporary-uploads",
        status: "Enabled",
        filter: { prefix: "temp/" },
        expiration: { days: 1 },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      },
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { expiredObjectDeleteMarker: true },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
      },
      {
        id: "unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
  });

  it("takes uploads from the pages of the settings alone", () => {
    const [rule, ...others] = inputsOf("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration")["corsRules"] as {
      allowedOrigins: string[];
      allowedMethods: string[];
    }[];
    assert.equal(others.length, 0);
    assert.deepEqual(rule?.allowedOrigins, args.allowedOrigins);
    assert.deepEqual(rule.allowedMethods, ["POST"]);
  });

  it("is served over HTTPS, signed, from the edge, for a week", () => {
    const distribution = inputsOf("aws:cloudfront/distribution:Distribution");
    assert.deepEqual(distribution["origins"], [
      {
        originId: "bucket",
        domainName: "groundwork-staging-media-objects-0a1b2c3.s3.us-east-1.amazonaws.com",
        originAccessControlId: "groundwork-staging-media-bucket-id",
      },
    ]);
    const behaviour = distribution["defaultCacheBehavior"] as Readonly<Record<string, unknown>>;
    assert.equal(behaviour["viewerProtocolPolicy"], "redirect-to-https");
    assert.deepEqual(behaviour["allowedMethods"], ["GET", "HEAD"]);
    assert.equal(inputsOf("aws:cloudfront/originAccessControl:OriginAccessControl")["signingBehavior"], "always");
    assert.equal(inputsOf("aws:cloudfront/cachePolicy:CachePolicy")["defaultTtl"], 604_800);
  });

  const refused: readonly [input: string, over: Partial<MediaArgs>][] = [
    ["noncurrentVersionDays", { noncurrentVersionDays: 0 }],
    ["cacheSeconds", { cacheSeconds: -1 }],
    ["cacheSeconds", { cacheSeconds: 1.5 }],
    ["cacheSeconds", { cacheSeconds: 31_536_001 }],
    ["allowedOrigins", { allowedOrigins: ["*"] }],
    ["allowedOrigins", { allowedOrigins: ["http://example.com"] }],
    ["allowedOrigins", { allowedOrigins: ["https://example.com/path"] }],
    ["allowedOrigins", { allowedOrigins: [] }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Media("m", { ...args, ...over })),
        new RegExp(`^ResourceError: ${input}|^Error: ${input}`),
      );
    });
  }
});

describe("the media host", () => {
  const under = (host: string) => () => {
    const awsProvider = new aws.Provider("aws-us-east-1", { region: "us-east-1" });
    return new Media("m", { ...args, domain: { host, zoneId: "zone", awsProvider } });
  };

  it("is an unproxied name of the distribution, with a certificate from us-east-1 and TLS 1.2 or later", async () => {
    const { result, resources } = await capture(under("media.example.com"));
    const { aliases, viewerCertificate } = only(resources, "aws:cloudfront/distribution:Distribution").inputs;
    assert.deepEqual(aliases, ["media.example.com"]);
    const validated = only(resources, "aws:acm/certificateValidation:CertificateValidation");
    assert.deepEqual(viewerCertificate, {
      acmCertificateArn: validated.inputs["certificateArn"],
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    });
    const certificate = only(resources, "aws:acm/certificate:Certificate");
    assert.equal(certificate.inputs["domainName"], "media.example.com");
    assert.match(certificate.provider, /aws-us-east-1/);
    const record = resources.find(({ type, name }) => type.endsWith(":DnsRecord") && name === "m");
    assert.deepEqual(record?.inputs, {
      zoneId: "zone",
      name: "media.example.com",
      type: "CNAME",
      content: "d111111abcdef8.cloudfront.net",
      proxied: false,
      ttl: 1,
      comment: "Images, from CloudFront",
    });
    assert.equal(await valueOf(result.domainName), "media.example.com");
  });

  it("is CloudFront's own where no domain is given", async () => {
    const { result, resources } = await capture(() => new Media("m", args));
    assert.equal(await valueOf(result.domainName), "d111111abcdef8.cloudfront.net");
    assert.ok(resources.every(({ type }) => !type.startsWith("cloudflare:")));
  });

  it("is refused where it is no host", async () => {
    await assert.rejects(capture(under("https://media.example.com")), /domainName: /);
  });
});
