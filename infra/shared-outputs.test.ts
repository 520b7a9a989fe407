import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { valueOf } from "./capture.ts";
import { readShared, sharedOutputNames, type OutputSource, type SharedOutputs } from "./shared-outputs.ts";

const outputs: SharedOutputs = {
  vpcId: "vpc-0a1b2c3d",
  privateSubnetIds: ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
  serviceSecurityGroupId: "sg-0a1b2c3d",
  httpsListenerArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/edge/0a1b2c3d/1a2b3c4d",
  loadBalancerDnsName: "edge-1234567890.us-east-1.elb.amazonaws.com",
  loadBalancerArnSuffix: "app/edge/0a1b2c3d",
  clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/groundwork-staging",
  clusterName: "groundwork-staging",
  databaseProjectId: "5b93ff2f96e82120a0a7d1f5",
  databaseClusterName: "groundwork-staging",
  databaseConnectionString: "mongodb+srv://groundwork-staging-pl-0.abcde.mongodb.net",
  cacheHost: "master.groundwork-staging.abcdef.use1.cache.amazonaws.com",
  cachePort: 6379,
  cacheReplicationGroupId: "groundwork-staging",
  cacheReplicationGroupArn: "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:groundwork-staging",
  cacheUserGroupId: "groundwork-staging",
  zoneId: "5f1c2e8a7d3b4960b2f4c81e90ad6737",
  logKeyArn: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
  certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d",
  previewImageRepositoryArn: "arn:aws:ecr:us-east-1:111122223333:repository/groundwork-staging-preview-images-api",
  mediaBucket: "groundwork-staging-media",
  mediaBucketArn: "arn:aws:s3:::groundwork-staging-media",
  secretsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d",
  runtimeConfigApplicationId: "0a1b2c3",
  runtimeConfigEnvironmentId: "1a2b3c4",
  runtimeConfigProfileId: "2a3b4c5",
  runtimeConfigArn:
    "arn:aws:appconfig:us-east-1:111122223333:application/0a1b2c3/environment/1a2b3c4/configuration/2a3b4c5",
  boundaryArn: "arn:aws:iam::111122223333:policy/groundwork-staging-boundary",
  previewImageRepositoryUrl: "111122223333.dkr.ecr.us-east-1.amazonaws.com/groundwork-staging-preview-images-api",
};

const source = (values: Readonly<Record<string, unknown>>): OutputSource => ({
  getOutput: (name) => pulumi.output(values[name]),
});

/** What a program that reads these outputs is stopped with. An output that fails fails whoever waits for it. */
function problemsOf(values: Readonly<Record<string, unknown>>): Promise<string> {
  const { vpcId } = readShared(source(values));
  const waiting = (vpcId as unknown as { promise(): Promise<unknown> }).promise();
  return waiting.then(
    () => assert.fail("nothing was refused"),
    (error: unknown) => {
      assert.ok(pulumi.RunError.isInstance(error));
      return error.message;
    },
  );
}

describe("the outputs that previews borrow", () => {
  it("are read as they were given", async () => {
    const borrowed = readShared(source(outputs));
    for (const name of sharedOutputNames) assert.deepEqual(await valueOf<unknown>(borrowed[name]), outputs[name]);
  });

  it("are all asked for, and nothing else", () => {
    const asked: string[] = [];
    readShared({
      getOutput(name) {
        asked.push(name);
        return pulumi.output(outputs[name as keyof SharedOutputs]);
      },
    });
    assert.deepEqual(asked.sort(), Object.keys(outputs).sort());
  });

  it("are secrets only where the other stack says so", async () => {
    const borrowed = readShared(source(outputs));
    assert.equal(await pulumi.isSecret(borrowed.databaseConnectionString), false);
  });
});

describe("outputs that previews cannot use", () => {
  const { cacheHost: _, clusterArn: __, ...some } = outputs;

  it("are named, each with what to do", async () => {
    assert.deepEqual((await problemsOf(some)).split("\n").sort(), [
      "staging has no output cacheHost: run up on staging first",
      "staging has no output clusterArn: run up on staging first",
    ]);
  });

  const wrong: readonly (readonly [name: keyof SharedOutputs, value: unknown])[] = [
    ["vpcId", "0a1b2c3d"],
    ["privateSubnetIds", []],
    ["cachePort", "6379"],
    ["httpsListenerArn", outputs.clusterArn],
    ["databaseConnectionString", "mongodb+srv://user:password@host"],
  ];
  for (const [name, value] of wrong)
    it(`are refused where ${name} is ${JSON.stringify(value)}, without the value`, async () => {
      const problem = await problemsOf({ ...outputs, [name]: value });
      assert.match(problem, new RegExp(`^staging's output ${name} .*run up on staging`));
      assert.ok(!problem.includes("password@"));
    });
});
