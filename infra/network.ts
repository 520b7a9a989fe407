import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";
import type { NatGateways } from "./settings/environments.ts";

/** `cidr`, `availabilityZones`, and `natGateways` are plain: awsx decides by them which resources there are. */
export interface NetworkArgs {
  /** The VPC's range, /16 to /20: `10.0.0.0/16`. */
  readonly cidr: string;
  /** One subnet of each kind per zone, 2 or 3. Default: 2. */
  readonly availabilityZones?: number;
  /** Default: one per zone, so that the loss of a zone takes no other zone's way out. */
  readonly natGateways?: NatGateways;
  readonly region: pulumi.Input<string>;
  /** The account that holds the network: flow logs of no other may use the role that writes them. */
  readonly accountId: pulumi.Input<string>;
  /** The key that encrypts the flow logs; its policy must let CloudWatch Logs use it. */
  readonly logKeyArn: pulumi.Input<string>;
  /** One of the durations that CloudWatch Logs knows. Default: 90. */
  readonly flowLogRetentionDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The durations that CloudWatch Logs takes; 0, for ever, is left out on purpose. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const cidrPattern = /^(?:\d{1,3}\.){3}\d{1,3}\/(1[6-9]|20)$/;

/**
 * A VPC with public, private, and isolated subnets in each zone; an S3 gateway endpoint, which costs nothing and keeps
 * image traffic off the NAT gateways; flow logs of all traffic; and a default security group that lets nothing through,
 * for whatever forgets to name its own.
 *
 * Private subnets reach the internet through NAT where `natGateways` says so. Isolated ones never do.
 * Throws where `cidr`, `accountId`, `availabilityZones`, or `flowLogRetentionDays` cannot be built.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly isolatedSubnetIds: pulumi.Output<string[]>;
  /** S3's addresses in the region, for egress rules: traffic to them takes the gateway endpoint. */
  readonly s3PrefixListId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:network:Network", name, {}, options);
    const zones = args.availabilityZones ?? 2;
    checked(this, "cidr", args.cidr, z.string().regex(cidrPattern, "must be an IPv4 range from /16 to /20"));
    checked(this, "availabilityZones", zones, z.number().int().min(2, "must be 2 or 3").max(3, "must be 2 or 3"));
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const retentionInDays = checked(
      this,
      "flowLogRetentionDays",
      args.flowLogRetentionDays ?? 90,
      z.number().refine((days) => retentionDays.includes(days), `must be one of ${retentionDays.join(", ")}`),
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const provider = this.getProvider("aws:ec2/vpc:Vpc");

    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: args.cidr,
        numberOfAvailabilityZones: zones,
        natGateways: { strategy: args.natGateways ?? "OnePerAz" },
        subnetStrategy: "Auto",
        subnetSpecs: subnetsWithin(args.cidr),
        enableDnsHostnames: true,
        enableDnsSupport: true,
        ...tags,
      },
      // awsx makes the children in another process, which knows only the providers that it is given by name.
      { parent: this, ...(provider && { providers: [provider] }) },
    );

    const s3 = new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
        policy: ownBucketsAndImages(accountId, args.region),
        tags: named(args.tags, `${name}-s3`),
      },
      parent,
    );

    // No rules: adopting the group removes those that AWS gave it.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.vpcId, ingress: [], egress: [], tags: named(args.tags, `${name}-default-closed`) },
      parent,
    );

    const logGroup = new aws.cloudwatch.LogGroup(
      physicalName("aws:cloudwatch/logGroup:LogGroup", `/${name}`, "flow-logs", "/"),
      { retentionInDays, kmsKeyId: args.logKeyArn, ...tags },
      parent,
    );
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "flow-logs"),
      {
        description: "Lets VPC flow logs write to their log group.",
        assumeRolePolicy: assumedByFlowLogs(accountId, args.region),
        ...tags,
      },
      parent,
    );
    const mayWrite = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "flow-logs"),
      { role: role.name, policy: writesTo(logGroup.arn) },
      parent,
    );
    new aws.ec2.FlowLog(
      `${name}-flow-logs`,
      {
        vpcId: vpc.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        // 600 seconds, the longest window, is a tenth of the records that 60 would make.
        maxAggregationInterval: 600,
        tags: named(args.tags, `${name}-flow-logs`),
      },
      { parent: this, dependsOn: [mayWrite] },
    );

    this.vpcId = vpc.vpcId;
    // Public by grace of the gateway: what has an address there is made after it, and keeps it from going first.
    this.publicSubnetIds = pulumi
      .all([vpc.publicSubnetIds, vpc.internetGateway.apply(({ id }) => id)])
      .apply(([ids]) => ids);
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.isolatedSubnetIds = vpc.isolatedSubnetIds;
    this.s3PrefixListId = s3.prefixListId;
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      isolatedSubnetIds: this.isolatedSubnetIds,
      s3PrefixListId: this.s3PrefixListId,
    });
  }
}

/** What has no name of its own shows the tag `Name` in the console. */
function named(tags: NetworkArgs["tags"], name: string): pulumi.Output<Record<string, string>> {
  return pulumi.output(tags ?? {}).apply((others): Record<string, string> => ({ ...others, Name: name }));
}

/** In a /16: private /20 for tasks (4,091 addresses), public and isolated /22 (1,019 each); smaller in proportion. */
function subnetsWithin(cidr: string): awsx.types.input.ec2.SubnetSpecArgs[] {
  const prefix = Number(cidr.split("/")[1]);
  return [
    { type: "Public", name: "public", cidrMask: prefix + 6 },
    { type: "Private", name: "private", cidrMask: prefix + 4 },
    { type: "Isolated", name: "isolated", cidrMask: prefix + 6 },
  ];
}

/** The service may take the role on behalf of this account's flow logs alone (the "confused deputy" of IAM's guide). */
function assumedByFlowLogs(accountId: pulumi.Input<string>, region: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*` },
        },
      },
    ],
  });
}

function writesTo(logGroupArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: pulumi.interpolate`${logGroupArn}:*`,
      },
    ],
  });
}

/**
 * What may pass the endpoint: this account's callers to this account's buckets, so that nothing is carried out to
 * somebody else's; and image layers, which ECR keeps in a bucket of its own.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
const ownBucketsAndImages = (accountId: pulumi.Input<string>, region: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnBuckets",
        Effect: "Allow",
        Principal: "*",
        Action: "*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
      },
      {
        Sid: "ImageLayers",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
      },
    ],
  });
