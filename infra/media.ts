import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Certificate } from "./certificate.ts";
import { checked } from "./checked.ts";
import { lifecycle, readableBy } from "./media/bucket.ts";
import { physicalName } from "./naming.ts";

/** The host under which images are served. */
export interface MediaDomain {
  /** `media.example.com`; plain, as its certificate wants it. */
  readonly host: string;
  /** The Cloudflare zone that holds the host. */
  readonly zoneId: pulumi.Input<string>;
  /** Works in us-east-1: CloudFront takes certificates from there alone. */
  readonly awsProvider: aws.Provider;
}

export interface MediaArgs {
  /** Plain. Default: CloudFront's own host, which still speaks TLS 1.0; for copies that nobody but a test looks at. */
  readonly domain?: MediaDomain;
  /** Pages that may upload, as `https://www.example.com`; `http://` for localhost alone. */
  readonly allowedOrigins: pulumi.Input<string[]>;
  /** Days in which an overwritten or deleted object can be restored, 1 or more. Default: 30. */
  readonly noncurrentVersionDays?: pulumi.Input<number>;
  /** How long the edge keeps an object, in seconds, at most a year. Default: one week. */
  readonly cacheSeconds?: pulumi.Input<number>;
  /** Deletes the objects with the bucket. Default: false, so that a bucket which holds any is not deleted. */
  readonly deleteObjectsWithBucket?: pulumi.Input<boolean>;
  /** Whether Pulumi refuses to delete the bucket. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const week = 604_800;
const year = 31_536_000;
const twoYears = 63_072_000;

/** The oldest policy of CloudFront that knows TLS 1.2 and 1.3 alone. */
const tlsPolicy = "TLSv1.2_2021";
/** Cloudflare chooses the time: 5 minutes. */
const automaticTtl = 1;

const origin = z
  .string()
  .regex(
    /^(https:\/\/[a-z0-9.-]+|http:\/\/localhost(:\d+)?)$/,
    "must be https://HOST, or http://localhost with a port: no path, no wildcard",
  );

/**
 * A private S3 bucket for images, behind CloudFront.
 *
 * Nobody reads the bucket but this distribution (origin access control), and nothing without TLS 1.2. The browser
 * uploads by presigned POST, from `allowedOrigins` alone. With `domain`, images are served under its host, by TLS 1.2
 * or later, from a certificate that ACM renews.
 *
 * What lies under `temp/` expires one day after it was written, and its old version one day after that. S3 counts
 * whole days and rounds up to the next midnight UTC, twice: an object stops being served after 24 to 48 hours, and its
 * bytes are gone two to four days after the upload. Parts of uploads that were never finished go after one day.
 *
 * Throws where an origin is not one, a number of days or seconds is not positive, or the edge is to keep an object for more than a year.
 */
export class Media extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly distributionArn: pulumi.Output<string>;
  /** The host of images: the domain's, or the distribution's own, `d111111abcdef8.cloudfront.net`. */
  readonly domainName: pulumi.Output<string>;

  constructor(name: string, args: MediaArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:media:Media", name, {}, options);
    const positive = z.number().int().min(1, "must be 1 or more");
    const origins = checked(
      this,
      "allowedOrigins",
      args.allowedOrigins,
      z.array(origin).min(1, "must name at least one"),
    );
    const noncurrentDays = checked(this, "noncurrentVersionDays", args.noncurrentVersionDays ?? 30, positive);
    const cacheSeconds = checked(
      this,
      "cacheSeconds",
      args.cacheSeconds ?? week,
      positive.max(year, "must be a year or less"),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };
    // A bucket that stays keeps what closes it.
    const guarded = { parent: this, protect: args.protect ?? true };

    const bucketResource = new aws.s3.Bucket(
      physicalName("aws:s3/bucket:Bucket", name, "objects"),
      { forceDestroy: args.deleteObjectsWithBucket ?? false, ...tags },
      { parent: this, protect: args.protect ?? true },
    );
    const bucket = bucketResource.bucket;
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      guarded,
    );
    new aws.s3.BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, guarded);
    const versioned = new aws.s3.BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      guarded,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      // S3's own keys: whoever may ask the distribution sees the images anyway, and a KMS key is billed per miss.
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      guarded,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket, rules: lifecycle(noncurrentDays) },
      // Rules for old versions count only in a bucket that already keeps them.
      { ...guarded, dependsOn: [versioned] },
    );
    new aws.s3.BucketCorsConfiguration(
      name,
      {
        bucket,
        corsRules: [
          {
            id: "uploads",
            allowedOrigins: origins,
            allowedMethods: ["POST"],
            allowedHeaders: ["content-type", "x-amz-*"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3600,
          },
        ],
      },
      parent,
    );

    const distribution = new aws.cloudfront.Distribution(
      name,
      {
        comment: name,
        enabled: true,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        // Edges of North America and Europe alone: the cheapest class. Others are served too, from farther away.
        priceClass: "PriceClass_100",
        origins: [
          {
            originId: "bucket",
            domainName: bucketResource.bucketRegionalDomainName,
            originAccessControlId: this.#accessControl(name).id,
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "bucket",
          viewerProtocolPolicy: "redirect-to-https",
          allowedMethods: ["GET", "HEAD"],
          cachedMethods: ["GET", "HEAD"],
          compress: true,
          cachePolicyId: this.#cachePolicy(name, cacheSeconds).id,
          responseHeadersPolicyId: this.#headersPolicy(name).id,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        ...this.#identity(name, args),
        ...tags,
      },
      parent,
    );

    new aws.s3.BucketPolicy(
      name,
      { bucket, policy: readableBy(bucketResource.arn, distribution.arn) },
      { ...guarded, dependsOn: [closed] },
    );

    this.bucketName = bucket;
    this.bucketArn = bucketResource.arn;
    this.distributionArn = distribution.arn;
    this.domainName = this.#host(name, args.domain, distribution);
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      distributionArn: this.distributionArn,
      domainName: this.domainName,
    });
  }

  /** Under which names the distribution answers, and how it proves them. */
  #identity(
    name: string,
    { domain, tags }: MediaArgs,
  ): Pick<aws.cloudfront.DistributionArgs, "aliases" | "viewerCertificate"> {
    if (domain === undefined) return { viewerCertificate: { cloudfrontDefaultCertificate: true } };
    const { host, zoneId, awsProvider } = domain;
    const certificate = new Certificate(
      name,
      { domainName: host, zoneId, awsProvider, ...(tags && { tags }) },
      { parent: this },
    );
    return {
      aliases: [host],
      viewerCertificate: {
        acmCertificateArn: certificate.arn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: tlsPolicy,
      },
    };
  }

  /** Not proxied: one cache before the bucket is enough, and CloudFront's is near it. */
  #host(
    name: string,
    domain: MediaDomain | undefined,
    { domainName: content }: aws.cloudfront.Distribution,
  ): pulumi.Output<string> {
    if (domain === undefined) return content;
    const { host, zoneId } = domain;
    const comment = "Images, from CloudFront";
    return new cloudflare.DnsRecord(
      name,
      { zoneId, name: host, type: "CNAME", content, proxied: false, ttl: automaticTtl, comment },
      { parent: this },
    ).name;
  }

  #accessControl(name: string): aws.cloudfront.OriginAccessControl {
    return new aws.cloudfront.OriginAccessControl(
      physicalName("aws:cloudfront/originAccessControl:OriginAccessControl", name, "bucket"),
      {
        description: "Signs every request to the media bucket.",
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );
  }

  #cachePolicy(name: string, cacheSeconds: pulumi.Input<number>): aws.cloudfront.CachePolicy {
    return new aws.cloudfront.CachePolicy(
      physicalName("aws:cloudfront/cachePolicy:CachePolicy", name, "images"),
      {
        comment: "Images by path alone; the object's own Cache-Control may say less.",
        minTtl: 1,
        defaultTtl: cacheSeconds,
        maxTtl: year,
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          headersConfig: { headerBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "none" },
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
        },
      },
      { parent: this },
    );
  }

  #headersPolicy(name: string): aws.cloudfront.ResponseHeadersPolicy {
    return new aws.cloudfront.ResponseHeadersPolicy(
      physicalName("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", name, "images"),
      {
        comment: "An upload is shown as the image that it claims to be, never run.",
        securityHeadersConfig: {
          contentTypeOptions: { override: true },
          contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; sandbox", override: true },
          strictTransportSecurity: { accessControlMaxAgeSec: twoYears, includeSubdomains: true, override: true },
        },
      },
      { parent: this },
    );
  }
}
