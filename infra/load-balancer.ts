import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface LoadBalancerArgs {
  /** Public subnets, one per zone, in two zones or more. */
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroupId: pulumi.Input<string>;
  /** Issued, of this region. */
  readonly certificateArn: pulumi.Input<string>;
  /** Whose client certificates are let in. */
  readonly trustStoreArn: pulumi.Input<string>;
  /** The account that holds the load balancer: its logs lie under this number. */
  readonly accountId: pulumi.Input<string>;
  /** AWS refuses to delete it until this is false. Default: true. */
  readonly deletionProtection?: pulumi.Input<boolean>;
  /** Plain. Days that logs are kept, 1 or more. Default: 90. */
  readonly accessLogDays?: number;
  /** Deletes the logs with their bucket. Default: false, so that a bucket which holds any is not deleted. */
  readonly deleteLogsWithBucket?: pulumi.Input<boolean>;
  /** Plain. Protects the load balancer and the bucket of its logs from deletion by Pulumi. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * TLS 1.3 and 1.2 with forward secrecy and authenticated ciphers alone, and a key exchange that a quantum computer does
 * not undo. It is the one that AWS recommends and its console chooses; the API's own default still takes TLS 1.0.
 * Source: "Security policies for your Application Load Balancer" in ELB's user guide, as of 2026-10.
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

const requests = "requests";
const connections = "connections";

/**
 * An internet-facing Application Load Balancer that talks to Cloudflare alone: its group lets in Cloudflare's addresses,
 * and its HTTPS listener asks for a client certificate of the trust store before it reads a request.
 *
 * What no rule claims is answered with 404; services bring their own listener rules. HTTP only redirects. Requests and
 * connections (which client certificate was refused, and why) are logged to a bucket. Response headers for browsers, such
 * as HSTS, are Cloudflare's to set.
 * Throws where there are fewer than two subnets, an ARN is none, or `accessLogDays` is not positive.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** `app/NAME/ID`, as CloudWatch's metrics name it. */
  readonly arnSuffix: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly httpsListenerArn: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:edge:LoadBalancer", name, {}, options);
    const subnets = checked(this, "subnetIds", args.subnetIds, z.array(z.string()).min(2, "must be two or more"));
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const certificateArn = checked(this, "certificateArn", args.certificateArn, arnOf("acm"));
    const trustStoreArn = checked(this, "trustStoreArn", args.trustStoreArn, arnOf("elasticloadbalancing"));
    const accessLogDays = args.accessLogDays ?? 90;
    checked(this, "accessLogDays", accessLogDays, z.number().int().min(1, "must be 1 or more"));
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const logs = new PrivateBucket(
      name,
      {
        purpose: "logs",
        statements: (arn) => writtenByLoadBalancersOf(accountId, arn),
        expirationDays: accessLogDays,
        // A log is written once; an old version of one is a deletion that somebody may regret.
        noncurrentVersionDays: 7,
        deleteObjectsWithBucket: args.deleteLogsWithBucket ?? false,
        protect: args.protect ?? true,
        ...tags,
      },
      parent,
    );

    const balancer = new aws.lb.LoadBalancer(
      physicalName("aws:lb/loadBalancer:LoadBalancer", name, "alb"),
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets,
        securityGroups: [args.securityGroupId],
        enableDeletionProtection: args.deletionProtection ?? true,
        dropInvalidHeaderFields: true,
        // Our own clients, through Cloudflare, have no reason to send what RFC 9112 does not allow.
        desyncMitigationMode: "strictest",
        // Seconds. The service keeps idle connections for longer, so that it closes none that a request is on its way to.
        idleTimeout: 60,
        accessLogs: { enabled: true, bucket: logs.bucketName, prefix: requests },
        connectionLogs: { enabled: true, bucket: logs.bucketName, prefix: connections },
        ...tags,
      },
      // ELB writes a test object when logging is turned on, so its permission comes first.
      { parent: this, dependsOn: [logs], protect: args.protect ?? true },
    );

    const https = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn,
        mutualAuthentication: { mode: "verify", trustStoreArn, ignoreClientCertificateExpiry: false },
        routingHttpResponseServerEnabled: false,
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: { statusCode: "404", contentType: "text/plain", messageBody: "Not found" },
          },
        ],
        ...tags,
      },
      parent,
    );
    new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        routingHttpResponseServerEnabled: false,
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
        ...tags,
      },
      parent,
    );

    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.httpsListenerArn = https.arn;
    this.registerOutputs({
      arn: this.arn,
      arnSuffix: this.arnSuffix,
      dnsName: this.dnsName,
      httpsListenerArn: this.httpsListenerArn,
    });
  }
}

function arnOf(service: string) {
  return z.string().regex(new RegExp(`^arn:aws:${service}:[a-z0-9-]+:\\d{12}:.+`), `must be an ARN of ${service}`);
}

/**
 * ELB writes what a load balancer logs under its owner's account number, whatever its configuration says: so the number
 * in the path keeps other accounts' logs out. A condition on `aws:SourceArn` or `aws:SourceAccount` would too, but ELB's
 * guide names neither for this principal, and where the key is not sent the permission would never apply.
 */
function writtenByLoadBalancersOf(
  accountId: pulumi.Output<string>,
  bucketArn: pulumi.Output<string>,
): pulumi.Input<aws.iam.PolicyStatement>[] {
  return [
    {
      Sid: "LogsOfThisAccountsLoadBalancers",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: [requests, connections].map(
        (prefix) => pulumi.interpolate`${bucketArn}/${prefix}/AWSLogs/${accountId}/*`,
      ),
    },
  ];
}
