import assert from "node:assert/strict";
import { Cache, type CacheArgs } from "./cache.ts";
import { capture, only, type CapturedResource, valueOf } from "./capture.ts";

const args: CacheArgs = {
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-cache",
  logKeyArn: "arn:aws:kms:us-east-1:123456789012:key/logs",
};
const name = "groundwork-production-cache";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";

const built = (over: Partial<CacheArgs> = {}) => capture(() => new Cache(name, { ...args, ...over }));
const groupWith = async (over: Partial<CacheArgs>) => only((await built(over)).resources, GROUP).inputs;

describe("the cache, left to its defaults", () => {
  let resources: readonly CapturedResource[];
  let cache: Cache;
  let group: Readonly<Record<string, unknown>>;
  before(async () => {
    ({ resources, result: cache } = await built());
    group = only(resources, GROUP).inputs;
  });

  it("is Valkey, with the parameters of its own major version", () => {
    assert.equal(group["engine"], "valkey");
    assert.match(String(group["engineVersion"]), /^8\./);
    const parameters = only(resources, PARAMETERS);
    assert.equal(parameters.inputs["family"], "valkey8");
    assert.deepEqual(parameters.inputs["parameters"], [
      { name: "maxmemory-policy", value: "volatile-lru" },
      { name: "slowlog-log-slower-than", value: "10000" },
    ]);
    assert.equal(group["parameterGroupName"], `${parameters.name}-0a1b2c3`);
  });

  it("survives the loss of a node and of a zone", () => {
    assert.equal(group["numCacheClusters"], 2);
    assert.equal(group["automaticFailoverEnabled"], true);
    assert.equal(group["multiAzEnabled"], true);
    assert.deepEqual(only(resources, "aws:elasticache/subnetGroup:SubnetGroup").inputs["subnetIds"], [
      "subnet-a",
      "subnet-b",
    ]);
  });

  it("is encrypted on the way and on disk", () => {
    assert.equal(group["transitEncryptionEnabled"], true);
    assert.equal(group["transitEncryptionMode"], "required");
    assert.equal(group["atRestEncryptionEnabled"], true);
    assert.equal("kmsKeyId" in group, false);
  });

  it("lets nobody in as the engine's default user", () => {
    const { inputs } = only(resources, "aws:elasticache/user:User");
    assert.equal(inputs["userName"], "default");
    assert.equal(inputs["accessString"], "off -@all");
    assert.notEqual(inputs["userId"], "default");
    const users = only(resources, "aws:elasticache/userGroup:UserGroup").inputs;
    assert.deepEqual(users["userIds"], [inputs["userId"]]);
    assert.deepEqual(group["userGroupIds"], [users["userGroupId"]]);
    assert.equal("authToken" in group, false);
  });

  it("keeps seven daily snapshots and a last one, and waits with changes", () => {
    assert.equal(group["snapshotRetentionLimit"], 7);
    assert.equal(group["snapshotWindow"], "03:00-04:00");
    assert.equal(group["maintenanceWindow"], "sun:04:30-sun:05:30");
    assert.equal(group["finalSnapshotIdentifier"], "groundwork-production-cache-final");
    assert.equal(group["applyImmediately"], false);
    assert.equal(group["autoMinorVersionUpgrade"], true);
  });

  it("protects what holds the data, and nothing else", () => {
    assert.deepEqual(
      resources.filter(({ protect }) => protect).map(({ type }) => type),
      [GROUP],
    );
  });

  it("sends both logs to encrypted groups under its own name", () => {
    const groups = resources.filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(
      groups.map((one) => one.name),
      [`/${name}/slow-log`, `/${name}/engine-log`],
    );
    for (const { inputs } of groups) {
      assert.equal(inputs["kmsKeyId"], args.logKeyArn);
      assert.equal(inputs["retentionInDays"], 30);
    }
    const delivered = group["logDeliveryConfigurations"] as readonly Record<string, unknown>[];
    assert.deepEqual(
      delivered.map((one) => [one["logType"], one["destination"]]),
      groups.map((one) => [one.name.split("/").at(-1), `${one.name}-0a1b2c3`]),
    );
  });

  it("says where it is reached and under which names it is measured", async () => {
    assert.match(await valueOf(cache.host), /^master\./);
    assert.equal(await valueOf(cache.port), 6379);
    assert.equal((await valueOf(cache.nodeIds)).length, 2);
    assert.deepEqual(group["userGroupIds"], [await valueOf(cache.userGroupId)]);
  });
});

describe("the cache, as settings ask for it", () => {
  it("is one node without failover where there is no replica", async () => {
    const group = await groupWith({ replicas: 0 });
    assert.equal(group["numCacheClusters"], 1);
    assert.equal(group["automaticFailoverEnabled"], false);
    assert.equal(group["multiAzEnabled"], false);
  });

  it("is Redis 7 with users and parameters of Redis", async () => {
    const { resources } = await built({ engine: "redis" });
    const engineOf = (type: string) => only(resources, type).inputs["engine"];
    assert.equal(only(resources, GROUP).inputs["engineVersion"], "7.1");
    assert.equal(only(resources, PARAMETERS).inputs["family"], "redis7");
    assert.equal(engineOf("aws:elasticache/user:User"), "redis");
    assert.equal(engineOf("aws:elasticache/userGroup:UserGroup"), "redis");
  });

  it("uses a customer's key, and leaves the last snapshot out", async () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/data";
    const group = await groupWith({ encryptionKeyArn: key, finalSnapshot: false });
    assert.equal(group["kmsKeyId"], key);
    assert.equal("finalSnapshotIdentifier" in group, false);
  });

  const refused: readonly [input: string, over: Partial<CacheArgs>][] = [
    ["replicas", { replicas: 6 }],
    ["replicas", { replicas: -1 }],
    ["snapshotRetentionDays", { snapshotRetentionDays: 0 }],
    ["snapshotRetentionDays", { snapshotRetentionDays: 36 }],
    ["slowLogMicroseconds", { slowLogMicroseconds: -1 }],
    ["snapshotWindow", { snapshotWindow: "3-4" }],
    ["maintenanceWindow", { maintenanceWindow: "Sun:04:30-Sun:05:30" }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(built(over), new RegExp(`^ResourceError: ${input}|^Error: ${input}`));
    });
  }
});
