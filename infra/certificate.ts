import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";

/** The names are plain: they decide how many records there are, before ACM has said what stands in them. */
export interface CertificateArgs {
  /** `api.example.com`, or `*.example.com`; at most 64 characters, the longest that a certificate's common name may be. */
  readonly domainName: string;
  /** Further names of the same zone, each at most 253 characters. Default: none. */
  readonly alternativeNames?: readonly string[];
  /** The Cloudflare zone that holds the names. */
  readonly zoneId: pulumi.Input<string>;
  /** Where the certificate lives, if not where the component's other AWS resources do: CloudFront takes us-east-1's alone. */
  readonly awsProvider?: aws.Provider;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const hostName = z
  .string()
  .max(253, "must have at most 253 characters")
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "must be a host name in lower case, with at most one * in front",
  );

/** Cloudflare chooses the time: 5 minutes. The record never changes. */
const automaticTtl = 1;

/**
 * A certificate of AWS Certificate Manager, proven by records in the Cloudflare zone. The records stay: ACM looks them up
 * again before each renewal, which it does by itself.
 *
 * `arn` is known only once the certificate is issued, so that no listener meets one that is not. It throws where a name
 * is no host name or is there twice. ACM issues nothing where the zone's CAA records forbid Amazon.
 */
export class Certificate extends pulumi.ComponentResource {
  /** Of the issued certificate. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:edge:Certificate", name, {}, options);
    checked(this, "domainName", args.domainName, hostName.max(64, "must have at most 64 characters"));
    const alternatives = args.alternativeNames ?? [];
    checked(
      this,
      "alternativeNames",
      [...alternatives],
      z
        .array(hostName)
        .refine((names) => new Set([args.domainName, ...names]).size === names.length + 1, "must name each host once"),
    );
    const inRegion = { parent: this, ...(args.awsProvider && { provider: args.awsProvider }) };

    const certificate = new aws.acm.Certificate(
      name,
      {
        domainName: args.domainName,
        ...(alternatives.length > 0 && { subjectAlternativeNames: [...alternatives] }),
        validationMethod: "DNS",
        // Half the work of RSA in each handshake; Cloudflare, CloudFront, and every client with TLS 1.2 take it.
        keyAlgorithm: "EC_prime256v1",
        ...(args.tags && { tags: args.tags }),
      },
      inRegion,
    );

    const records = provenDomains([args.domainName, ...alternatives]).map((domain) => {
      const proof = certificate.domainValidationOptions.apply((proofs) => proofOf(domain, proofs));
      return new cloudflare.DnsRecord(
        `${name}-${domain}`,
        {
          zoneId: args.zoneId,
          name: proof.apply(({ resourceRecordName }) => withoutDot(resourceRecordName)),
          type: proof.apply(({ resourceRecordType }) => resourceRecordType),
          content: proof.apply(({ resourceRecordValue }) => withoutDot(resourceRecordValue)),
          ttl: automaticTtl,
          proxied: false,
          comment: "Proves to AWS Certificate Manager whose domain this is, at each renewal again.",
        },
        { parent: this },
      );
    });

    const validation = new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.name) },
      inRegion,
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** ACM proves `example.com` and `*.example.com` by one record. */
function provenDomains(names: readonly string[]): string[] {
  return [...new Set(names.map(withoutWildcard))];
}

function proofOf(domain: string, proofs: readonly aws.types.output.acm.CertificateDomainValidationOption[]) {
  const proof = proofs.find(({ domainName }) => withoutWildcard(domainName) === domain);
  if (proof === undefined) throw new Error(`ACM gave no validation record for ${domain}; run the update again`);
  return proof;
}

const withoutWildcard = (name: string): string => name.replace(/^\*\./, "");
const withoutDot = (name: string): string => name.replace(/\.$/, "");
