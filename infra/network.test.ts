import assert from "node:assert/strict";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Network, type NetworkArgs } from "./network.ts";

const args: NetworkArgs = {
  cidr: "10.0.0.0/16",
  region: "us-east-1",
  accountId: "123456789012",
  logKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
};

describe("the network", () => {
  let network: Network;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: network, resources } = await capture(
      () => new Network("net", { ...args, flowLogRetentionDays: 30, tags: { Service: "network" } }),
    ));
  });

  it("has three kinds of subnet in two zones, and a NAT gateway per zone unless told otherwise", () => {
    const { inputs } = only(resources, "awsx:ec2:Vpc");
    assert.equal(inputs["cidrBlock"], "10.0.0.0/16");
    assert.equal(inputs["numberOfAvailabilityZones"], 2);
    assert.deepEqual(inputs["natGateways"], { strategy: "OnePerAz" });
    assert.deepEqual(inputs["subnetSpecs"], [
      { type: "Public", name: "public", cidrMask: 22 },
      { type: "Private", name: "private", cidrMask: 20 },
      { type: "Isolated", name: "isolated", cidrMask: 22 },
    ]);
  });

  it("sends S3 traffic of every subnet through a gateway endpoint", async () => {
    const { inputs } = only(resources, "aws:ec2/vpcEndpoint:VpcEndpoint");
    assert.equal(inputs["serviceName"], "com.amazonaws.us-east-1.s3");
    assert.equal(inputs["vpcEndpointType"], "Gateway");
    assert.equal((inputs["routeTableIds"] as string[]).length, 6);
    assert.equal(inputs["vpcId"], await valueOf(network.vpcId));
    assert.equal(await valueOf(network.s3PrefixListId), "pl-net-s3");
  });

  it("closes the default security group", () => {
    const { inputs } = only(resources, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.deepEqual([inputs["ingress"], inputs["egress"]], [[], []]);
  });

  it("logs all traffic to an encrypted log group that forgets", () => {
    const group = only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.equal(group["kmsKeyId"], args.logKeyArn);
    assert.equal(group["retentionInDays"], 30);
    const log = only(resources, "aws:ec2/flowLog:FlowLog").inputs;
    assert.equal(log["trafficType"], "ALL");
    assert.equal(log["logDestination"], "arn:aws:cloudwatch:us-east-1:123456789012:/net/flow-logs");
  });

  it("lets the flow logs write to their group and nowhere else", () => {
    const { inputs } = only(resources, "aws:iam/rolePolicy:RolePolicy");
    const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: { Resource: string }[] };
    assert.deepEqual(
      Statement.map(({ Resource }) => Resource),
      ["arn:aws:cloudwatch:us-east-1:123456789012:/net/flow-logs:*"],
    );
  });

  it("lends the flow logs' role to flow logs of this account and region alone", () => {
    const { inputs } = only(resources, "aws:iam/role:Role");
    const { Statement } = JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: unknown[] };
    assert.deepEqual(Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*" },
        },
      },
    ]);
  });

  const refused: readonly [input: string, over: Partial<NetworkArgs>][] = [
    ["cidr", { cidr: "10.0.0.0/24" }],
    ["cidr", { cidr: "everything" }],
    ["accountId", { accountId: "1234" }],
    ["availabilityZones", { availabilityZones: 1 }],
    ["flowLogRetentionDays", { flowLogRetentionDays: 0 }],
    ["flowLogRetentionDays", { flowLogRetentionDays: 31 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Network("net", { ...args, ...over })),
        new RegExp(`${input}: must be`),
      );
    });
  }
});
