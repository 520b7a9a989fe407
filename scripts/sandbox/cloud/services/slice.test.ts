import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderClient } from "../../engine/provider-client.ts";
import type { Properties } from "../../values/value.ts";
import { type RunningCloud, startCloud } from "../server.ts";
import { services } from "../services.ts";
import { textIn } from "./tiny-world.ts";

const seed = Buffer.alloc(32, 7);
const ACCOUNT = "111122223333";

interface Made {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

describe("the services behind the cloud's server", () => {
  let directory: string;
  let cloud: RunningCloud;
  let client: ProviderClient;
  let made: Made[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "slice-"));
    cloud = await startCloud({
      directory,
      cacheDirectory: join(directory, "cache"),
      key: Buffer.alloc(32, 1),
      services,
    });
    client = new ProviderClient("aws", cloud.port);
    made = [];
    await client.start("", "/", "/");
    const settings = { region: "us-east-1", allowedAccountIds: JSON.stringify([ACCOUNT]) };
    await client.configure("urn:pulumi:test::app::pulumi:providers:aws::main", "provider", settings);
  });
  afterEach(async () => {
    client.close();
    await cloud.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function create(type: string, name: string, inputs: Properties): Promise<Made> {
    const urn = `urn:pulumi:test::app::aws:${type}::${name}`;
    const checked = await client.check(urn, undefined, inputs, seed);
    assert.deepEqual(checked.failures, [], urn);
    const { id, outputs } = await client.create(urn, checked.inputs, false, 0, "");
    const one = { urn, id, inputs: checked.inputs, outputs };
    made.push(one);
    return one;
  }

  /** A small stack of everything that these services are for. */
  async function slice(): Promise<void> {
    const vpc = await create("ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    const gateway = await create("ec2/internetGateway:InternetGateway", "net", { vpcId: vpc.id });
    await create("ec2/defaultSecurityGroup:DefaultSecurityGroup", "closed", { vpcId: vpc.id });
    const subnet = await create("ec2/subnet:Subnet", "public", { vpcId: vpc.id, cidrBlock: "10.0.0.0/20" });
    const table = await create("ec2/routeTable:RouteTable", "public", { vpcId: vpc.id });
    await create("ec2/route:Route", "out", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    await create("ec2/routeTableAssociation:RouteTableAssociation", "public", {
      routeTableId: table.id,
      subnetId: subnet.id,
    });
    const address = await create("ec2/eip:Eip", "nat", {});
    await create("ec2/natGateway:NatGateway", "nat", {
      subnetId: subnet.id,
      allocationId: textIn(address.outputs, "allocationId"),
    });
    await create("ec2/vpcEndpoint:VpcEndpoint", "s3", {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: [table.id],
    });
    const group = await create("ec2/securityGroup:SecurityGroup", "web", { vpcId: vpc.id });
    await create("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "https", {
      securityGroupId: group.id,
      cidrIpv4: "203.0.113.0/24",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });

    const key = await create("kms/key:Key", "main", {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
          {
            Effect: "Allow",
            Principal: { Service: "logs.us-east-1.amazonaws.com" },
            Action: ["kms:Encrypt*", "kms:Decrypt*"],
            Resource: "*",
          },
        ],
      }),
    });
    await create("kms/alias:Alias", "main", { targetKeyId: textIn(key.outputs, "keyId") });
    const logs = await create("cloudwatch/logGroup:LogGroup", "flow", {
      retentionInDays: 30,
      kmsKeyId: textIn(key.outputs, "arn"),
    });
    const { json } = await invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["vpc-flow-logs.amazonaws.com"] }],
        },
      ],
    });
    const role = await create("iam/role:Role", "flow", { assumeRolePolicy: json ?? "" });
    await create("iam/rolePolicyAttachment:RolePolicyAttachment", "flow", {
      role: textIn(role.outputs, "name"),
      policyArn: "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess",
    });
    await create("ec2/flowLog:FlowLog", "net", {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestination: textIn(logs.outputs, "arn"),
      iamRoleArn: textIn(role.outputs, "arn"),
    });

    const secret = await create("secretsmanager/secret:Secret", "db", {
      kmsKeyId: textIn(key.outputs, "arn"),
      recoveryWindowInDays: 0,
    });
    await create("secretsmanager/secretVersion:SecretVersion", "db", { secretId: secret.id, secretString: "s" });

    const bucket = await create("s3/bucket:Bucket", "media", {});
    const name = textIn(bucket.outputs, "bucket");
    await create("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "media", {
      bucket: name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const control = await create("cloudfront/originAccessControl:OriginAccessControl", "media", {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const distribution = await create("cloudfront/distribution:Distribution", "media", {
      enabled: true,
      origins: [
        {
          originId: "media",
          domainName: textIn(bucket.outputs, "bucketRegionalDomainName"),
          originAccessControlId: control.id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "media",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    await create("s3/bucketPolicy:BucketPolicy", "media", {
      bucket: name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: `${textIn(bucket.outputs, "arn")}/*`,
            Condition: { StringEquals: { "AWS:SourceArn": textIn(distribution.outputs, "arn") } },
          },
        ],
      }),
    });
  }

  async function invoke(token: string, args: Properties): Promise<Properties> {
    const { result, failures } = await client.invoke(token, args, false);
    assert.deepEqual(failures, []);
    return result;
  }

  it("make a stack, find nothing to change in it, and take it away again", async () => {
    await slice();
    for (const { urn, id, inputs, outputs } of made) {
      const again = await client.check(urn, inputs, inputs, seed);
      const { changes } = await client.diff(urn, id, inputs, outputs, again.inputs, []);
      assert.equal(changes, "none", urn);
      const updated = await client.update(urn, id, inputs, outputs, again.inputs, [], false, 0);
      assert.deepEqual(updated.outputs, outputs, urn);
    }
    for (const { urn, id, inputs, outputs } of made.reverse()) await client.delete(urn, id, inputs, outputs, 0);
    made = [];
    await slice();
  });
});
