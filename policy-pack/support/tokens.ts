export const AWS_PROVIDER = "pulumi:providers:aws";

/* Types that the SDK knows by several names: one list for each, so that no rule forgets a name. */

/** Application, network, and gateway load balancers; the classic one is another type. */
export const LOAD_BALANCERS: readonly string[] = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
];

export const BUCKETS: readonly string[] = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

export const CLOUDFLARE_RECORDS: readonly string[] = [
  "cloudflare:index/dnsRecord:DnsRecord",
  "cloudflare:index/record:Record",
];
