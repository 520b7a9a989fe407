import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import { checked } from "./checked.ts";
import { clientCertificate } from "./origin-pull/client-certificate.ts";
import { physicalName } from "./naming.ts";
import { PrivateBucket } from "./private-bucket.ts";
import type { OriginPullGeneration, OriginPullGenerations } from "./settings/origin-pull.ts";

export interface OriginPullArgs {
  readonly zoneId: pulumi.Input<string>;
  /**
   * Plain: each has a seed of its own. The load balancer trusts all of them, and Cloudflare shows the first, so a new one
   * is added at the end, moved to the front in a second update, and the old one removed in a third.
   */
  readonly generations: OriginPullGenerations;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const seedBytes = 32;

const instant = z.iso.datetime("must be a time in UTC, such as 2026-01-01T00:00:00Z");
const generation = z
  .object({
    number: z.number().int().min(1, "must be 1 or more"),
    notBefore: instant,
    notAfter: instant,
  })
  .refine(({ notBefore, notAfter }) => notBefore < notAfter, "must end after it begins");

/**
 * Authenticated origin pulls: Cloudflare shows the load balancer a client certificate that no one else has. Cloudflare's
 * shared certificate would not do, since it goes out with the requests of every customer's zone.
 *
 * The keys follow from a random seed, a secret in Pulumi's state: whoever reads it can pass for Cloudflare.
 * The setting is the zone's: its other proxied hosts show the certificate too, and their origins ignore it.
 * `trustStoreArn` is known once Cloudflare shows the certificate, so that no listener asks for it before.
 * Throws where two generations have one number, or one has no times in UTC or ends before it begins.
 */
export class OriginPull extends pulumi.ComponentResource {
  readonly trustStoreArn: pulumi.Output<string>;

  constructor(name: string, args: OriginPullArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:edge:OriginPull", name, {}, options);
    checked(
      this,
      "generations",
      [...args.generations],
      z
        .array(generation)
        .refine(
          (generations) => new Set(generations.map(({ number }) => number)).size === generations.length,
          "must have numbers of their own",
        ),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const [first, ...others] = args.generations;
    const shown = this.#certificate(name, first);
    // By number, so that a change of what is shown changes nothing of what is trusted.
    const certificates = [shown, ...others.map((one) => this.#certificate(name, one))].sort(
      (one, other) => one.number - other.number,
    );

    const bucket = new PrivateBucket(
      name,
      // Public certificates, which the program can make again: nothing to protect.
      { purpose: "authorities", noncurrentVersionDays: 7, protect: false, ...tags },
      parent,
    );
    const bundle = new aws.s3.BucketObjectv2(
      `${name}-authorities`,
      {
        bucket: bucket.bucketName,
        key: "authorities.pem",
        contentType: "application/x-pem-file",
        content: pulumi.all(certificates.map(({ authority }) => authority)).apply((texts) => texts.join("")),
        ...tags,
      },
      { parent: this, dependsOn: [bucket] },
    );
    const trustStore = new aws.lb.TrustStore(
      physicalName("aws:lb/trustStore:TrustStore", name, "trust"),
      {
        caCertificatesBundleS3Bucket: bundle.bucket,
        caCertificatesBundleS3Key: bundle.key,
        // ELB reads the bundle once: without its version, a new one would never be read.
        caCertificatesBundleS3ObjectVersion: bundle.versionId,
        ...tags,
      },
      parent,
    );

    const certificate = new cloudflare.AuthenticatedOriginPullsCertificate(
      name,
      { zoneId: args.zoneId, certificate: shown.certificate, privateKey: shown.privateKey },
      // Trusted before it is shown.
      { parent: this, dependsOn: [trustStore] },
    );
    const enabled = new cloudflare.AuthenticatedOriginPullsSettings(
      name,
      { zoneId: args.zoneId, enabled: true },
      { parent: this, dependsOn: [certificate] },
    );

    this.trustStoreArn = pulumi.all([trustStore.arn, enabled.id]).apply(([arn]) => arn);
    this.registerOutputs({ trustStoreArn: this.trustStoreArn });
  }

  #certificate(name: string, { number, notBefore, notAfter }: OriginPullGeneration) {
    const seed = new random.RandomBytes(
      `${name}-${number}`,
      { length: seedBytes, keepers: { generation: String(number) } },
      { parent: this },
    );
    const made = seed.base64.apply((base64) =>
      clientCertificate({
        seed: Buffer.from(base64, "base64"),
        commonName: `${name.slice(0, 50)} ${number}`,
        notBefore: new Date(notBefore),
        notAfter: new Date(notAfter),
      }),
    );
    // What follows from a secret is a secret too, until it is said that certificates are for everybody to see.
    return {
      number,
      authority: pulumi.unsecret(made.authority),
      certificate: pulumi.unsecret(made.certificate),
      privateKey: pulumi.secret(made.privateKey),
    };
  }
}
