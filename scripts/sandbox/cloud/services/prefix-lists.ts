import { placeHex } from "./lookup.ts";

/** Prefix lists that AWS keeps in every region. */
export interface AwsPrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: "IPv4" | "IPv6";
  /** How many rules of a security group's quota the list counts for. */
  readonly weight: number;
  readonly cidrs: readonly string[];
}

/** Ids of the S3 lists by region, as AWS publishes them; any other region gets one of the same form. */
const S3_IDS: Readonly<Record<string, string>> = {
  "ap-northeast-1": "pl-61a54008",
  "ap-southeast-1": "pl-6fa54006",
  "ap-southeast-2": "pl-6ca54005",
  "ca-central-1": "pl-7da54014",
  "eu-central-1": "pl-6ea54007",
  "eu-north-1": "pl-c3aa4faa",
  "eu-west-1": "pl-6da54004",
  "eu-west-2": "pl-7ca54015",
  "eu-west-3": "pl-23ad484a",
  "sa-east-1": "pl-6aa54003",
  "us-east-1": "pl-63a5400a",
  "us-east-2": "pl-7ba54012",
  "us-west-1": "pl-6ba54002",
  "us-west-2": "pl-68a54001",
};

/** The same for what CloudFront reaches origins from. */
const CLOUDFRONT_IDS: Readonly<Record<string, string>> = {
  "eu-central-1": "pl-a3a144ca",
  "eu-west-1": "pl-4fa04526",
  "us-east-1": "pl-3b927c52",
  "us-west-2": "pl-82a045eb",
};

/** A few of the ranges each list really holds: enough to be of the right form. */
export function awsPrefixLists(partition: string, region: string): AwsPrefixList[] {
  const fallback = (name: string): string => `pl-${placeHex({ partition, account: "aws", region }, name, 8)}`;
  const regional = `com.amazonaws.${region}`;
  return [
    {
      id: S3_IDS[region] ?? fallback("s3"),
      name: `${regional}.s3`,
      family: "IPv4",
      weight: 12,
      cidrs: ["3.5.0.0/19", "16.182.0.0/16", "18.34.0.0/19", "52.216.0.0/15", "54.231.0.0/16"],
    },
    {
      id: fallback("dynamodb"),
      name: `${regional}.dynamodb`,
      family: "IPv4",
      weight: 10,
      cidrs: ["3.218.180.0/22", "35.71.64.0/22", "52.94.0.0/22"],
    },
    {
      id: CLOUDFRONT_IDS[region] ?? fallback("cloudfront"),
      name: "com.amazonaws.global.cloudfront.origin-facing",
      family: "IPv4",
      weight: 55,
      cidrs: ["13.32.0.0/15", "18.64.0.0/14", "52.84.0.0/15", "54.230.0.0/16", "130.176.0.0/16"],
    },
    {
      id: fallback("cloudfront-ipv6"),
      name: "com.amazonaws.global.ipv6.cloudfront.origin-facing",
      family: "IPv6",
      weight: 20,
      cidrs: ["2600:9000:3000::/36", "2600:9000:5200::/40"],
    },
  ];
}
