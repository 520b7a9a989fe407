import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { ec2 } from "./ec2.ts";
import { elasticache } from "./elasticache.ts";
import { kms } from "./kms.ts";
import { STAGING, assertRefused, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
const SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup";
const USER = "aws:elasticache/user:User";
const USERS = "aws:elasticache/userGroup:UserGroup";
const MEMBER = "aws:elasticache/userGroupAssociation:UserGroupAssociation";

/** A network in two zones, and all that a replication group may name. */
function surroundings() {
  const cloud = tinyWorld(elasticache, ec2, cloudwatch, kms);
  const vpc = (name: string, cidrBlock: string) => cloud.create("aws:ec2/vpc:Vpc", name, { cidrBlock });
  const subnet = (name: string, vpcId: string, cidrBlock: string, availabilityZone: string) =>
    cloud.create("aws:ec2/subnet:Subnet", name, { vpcId, cidrBlock, availabilityZone }).id;
  const own = vpc("own", "10.0.0.0/16").id;
  const other = vpc("other", "10.1.0.0/16").id;
  const ids = {
    a: subnet("a", own, "10.0.0.0/24", "us-east-1a"),
    b: subnet("b", own, "10.0.1.0/24", "us-east-1b"),
    foreign: subnet("f", other, "10.1.0.0/24", "us-east-1a"),
  };
  const securityGroup = (name: string, vpcId: string) =>
    cloud.create("aws:ec2/securityGroup:SecurityGroup", name, { vpcId, name, description: name }).id;
  const groups = { own: securityGroup("own", own), foreign: securityGroup("foreign", other) };
  cloud.create(SUBNETS, "two", { name: "two", subnetIds: [ids.a, ids.b] });
  cloud.create(SUBNETS, "one", { name: "one", subnetIds: [ids.a] });
  cloud.create(PARAMETERS, "p8", { name: "p8", family: "valkey8" });
  cloud.create(PARAMETERS, "p7", { name: "p7", family: "redis7" });
  cloud.create("aws:cloudwatch/logGroup:LogGroup", "slow", { name: "/slow" });
  const inputs: Properties = {
    replicationGroupId: "sessions",
    description: "sessions",
    engine: "valkey",
    engineVersion: "8.2",
    nodeType: "cache.t4g.micro",
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    parameterGroupName: "p8",
    subnetGroupName: "two",
    securityGroupIds: [groups.own],
    transitEncryptionEnabled: true,
  };
  return { cloud, ids, groups, inputs };
}

const iamUser = (userId: string, engine = "valkey"): Properties => ({
  userId,
  userName: userId,
  engine,
  accessString: "on ~app:* -@all +@read",
  authenticationMode: { type: "iam" },
});
const disabledDefault = (userId: string, engine = "valkey"): Properties => ({
  userId,
  userName: "default",
  engine,
  accessString: "off -@all",
  passwords: ["0123456789abcdef"],
});

const make = (cloud: TinyWorld, inputs: Properties): CloudResource => cloud.create(GROUP, "g", inputs);

describe("a replication group of ElastiCache", () => {
  it("has the names, endpoints, and nodes that the service gives", () => {
    const { cloud, inputs } = surroundings();
    const { id, outputs } = make(cloud, inputs);
    assert.equal(id, "sessions");
    assert.equal(outputs["arn"], "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions");
    assert.match(textIn(outputs, "primaryEndpointAddress"), /^master\.sessions\.\w{6}\.use1\.cache\.amazonaws\.com$/);
    assert.match(textIn(outputs, "readerEndpointAddress"), /^replica\.sessions\./);
    assert.deepEqual(outputs["memberClusters"], ["sessions-001", "sessions-002"]);
    assert.equal(outputs["engineVersionActual"], "8.2.0");
    assert.equal(outputs["atRestEncryptionEnabled"], true);
  });

  it("has plain host names without encryption, and one endpoint with shards", () => {
    const { cloud, inputs } = surroundings();
    const plain = cloud.create(GROUP, "p", { ...inputs, replicationGroupId: "plain", transitEncryptionEnabled: false });
    assert.match(textIn(plain.outputs, "primaryEndpointAddress"), /^plain\.\w{6}\.ng\.0001\.use1\./);
    const { numCacheClusters: _, ...rest } = inputs;
    const shards = cloud.create(GROUP, "s", {
      ...rest,
      replicationGroupId: "shards",
      numNodeGroups: 2,
      replicasPerNodeGroup: 1,
      parameterGroupName: "default.valkey8.cluster.on",
    });
    assert.match(textIn(shards.outputs, "configurationEndpointAddress"), /^clustercfg\.shards\./);
    assert.equal(shards.outputs["clusterEnabled"], true);
    assert.equal((shards.outputs["memberClusters"] as string[]).length, 4);
  });

  const planned: readonly [what: string, over: Properties, property: string][] = [
    ["failover with one node", { numCacheClusters: 1 }, "numCacheClusters"],
    ["two zones without failover", { automaticFailoverEnabled: false }, "multiAzEnabled"],
    ["a new token by a strategy, without a token", { authTokenUpdateStrategy: "ROTATE" }, "authTokenUpdateStrategy"],
    [
      "a token and its end",
      { authTokenUpdateStrategy: "DELETE", authToken: "0123456789abcdef" },
      "authTokenUpdateStrategy",
    ],
    ["an id with capitals", { replicationGroupId: "Sessions" }, "replicationGroupId"],
    ["an id of 41 characters", { replicationGroupId: "a".repeat(41) }, "replicationGroupId"],
    ["an id that ends with a hyphen", { replicationGroupId: "a-" }, "replicationGroupId"],
  ];
  for (const [what, over, property] of planned)
    it(`is refused in preview: ${what}`, () => {
      const { cloud, inputs } = surroundings();
      assert.deepEqual(
        cloud.check(GROUP, { ...inputs, ...over }).map((failure) => failure.property),
        [property],
      );
      assert.deepEqual(cloud.check(GROUP, inputs), []);
    });

  it("is refused in preview without a node type", () => {
    const { cloud, inputs } = surroundings();
    const { nodeType: _, ...rest } = inputs;
    assert.equal(cloud.check(GROUP, rest)[0]?.property, "nodeType");
  });

  const refused: readonly [what: string, over: Properties, code: string, message: RegExp][] = [
    ["parameters of another family", { parameterGroupName: "p7" }, "InvalidParameterCombination", /family valkey8/],
    ["parameters that do not exist", { parameterGroupName: "none" }, "CacheParameterGroupNotFound", /none/],
    ["a version of the other engine", { engine: "redis" }, "InvalidParameterValue", /version 8.2 for redis/],
    ["subnets that do not exist", { subnetGroupName: "none" }, "CacheSubnetGroupNotFoundFault", /none/],
    ["two zones in a subnet group of one", { subnetGroupName: "one" }, "InvalidParameterCombination", /two zones/],
    ["a node type that does not exist", { nodeType: "cache.t9.micro" }, "InvalidParameterValue", /node type/],
    ["a node type of EC2", { nodeType: "t4g.micro" }, "InvalidParameterValue", /node type/],
    ["seven nodes", { numCacheClusters: 7 }, "InvalidParameterValue", /between 1 and 6/],
    [
      "fewer zones than nodes",
      { preferredCacheClusterAzs: ["us-east-1a"] },
      "InvalidParameterValue",
      /must match the number/,
    ],
    [
      "a zone that its subnets lack",
      { preferredCacheClusterAzs: ["us-east-1a", "us-east-1c"] },
      "InvalidParameterValue",
      /us-east-1c is in no subnet/,
    ],
    [
      "two zones, and all nodes in one",
      { preferredCacheClusterAzs: ["us-east-1a", "us-east-1a"] },
      "InvalidParameterCombination",
      /two zones/,
    ],
    [
      "cluster mode without failover",
      { clusterMode: "enabled", automaticFailoverEnabled: false, multiAzEnabled: false },
      "InvalidParameterValue",
      /auto failover turned off/,
    ],
    ["tiers on a node without disks", { dataTieringEnabled: true }, "InvalidParameterCombination", /r6gd/],
    ["a topic that does not exist", { notificationTopicArn: "arn:aws:sns:x" }, "InvalidParameterValue", /topic/],
    ["a security group that does not exist", { securityGroupIds: ["sg-0"] }, "InvalidParameterValue", /sg-0/],
    [
      "users without encryption",
      { transitEncryptionEnabled: false, userGroupIds: ["u"] },
      "InvalidParameterCombination",
      /in-transit/,
    ],
    [
      "a token without encryption",
      { transitEncryptionEnabled: false, authToken: "0123456789abcdef" },
      "InvalidParameterCombination",
      /AUTH/,
    ],
    [
      "a mode of encryption without it",
      { transitEncryptionEnabled: false, transitEncryptionMode: "required" },
      "InvalidParameterCombination",
      /Mode/,
    ],
    ["users that do not exist", { userGroupIds: ["none"] }, "UserGroupNotFound", /none/],
    [
      "a key without encryption at rest",
      { kmsKeyId: "k", atRestEncryptionEnabled: false },
      "InvalidParameterCombination",
      /KMS/,
    ],
    ["a key that does not exist", { kmsKeyId: "k", atRestEncryptionEnabled: true }, "InvalidKMSKeyFault", /k/],
    ["a port that is taken by the service", { port: 8005 }, "InvalidParameterValue", /port/],
    [
      "a log group that does not exist",
      { logDeliveryConfigurations: [{ destination: "/none", logType: "slow-log" }] },
      "InvalidParameterValue",
      /none/,
    ],
    [
      "one log type twice",
      {
        logDeliveryConfigurations: [
          { destination: "/slow", logType: "slow-log" },
          { destination: "/slow", logType: "slow-log" },
        ],
      },
      "InvalidParameterValue",
      /one destination/,
    ],
    ["a snapshot window of another form", { snapshotWindow: "3-4" }, "InvalidParameterValue", /backup window/],
    [
      "a maintenance window of another form",
      { maintenanceWindow: "03:00-04:00" },
      "InvalidParameterValue",
      /maintenance window/,
    ],
    ["a window under an hour", { snapshotWindow: "03:00-03:30" }, "InvalidParameterValue", /60 minutes/],
    [
      "windows that overlap",
      { snapshotWindow: "23:30-00:30", maintenanceWindow: "mon:00:00-mon:01:00" },
      "InvalidParameterValue",
      /overlap/,
    ],
    ["shards without cluster parameters", { numNodeGroups: 2 }, "InvalidParameterCombination", /cluster-enabled/],
  ];
  for (const [what, over, code, message] of refused)
    it(`is refused: ${what}`, () => {
      const { cloud, inputs } = surroundings();
      assertRefused(() => make(cloud, { ...inputs, ...over }), code, message);
      make(cloud, inputs);
    });

  it("is refused with a security group of another network", () => {
    const { cloud, inputs, groups } = surroundings();
    assertRefused(
      () => make(cloud, { ...inputs, securityGroupIds: [groups.foreign] }),
      "InvalidParameterCombination",
      /different VPCs/,
    );
  });

  it("takes windows that follow each other, and logs that have a place", () => {
    const { cloud, inputs } = surroundings();
    make(cloud, {
      ...inputs,
      snapshotWindow: "03:00-04:00",
      maintenanceWindow: "sun:04:00-sun:05:00",
      logDeliveryConfigurations: [{ destination: "/slow", logType: "slow-log" }],
    });
  });

  it("moves to Valkey with a version of Valkey only", () => {
    const { cloud, inputs } = surroundings();
    const redis = make(cloud, { ...inputs, engine: "redis", engineVersion: "7.1", parameterGroupName: "p7" });
    const moved = { ...redis.inputs, engine: "valkey" };
    assertRefused(() => cloud.update(redis, moved), "InvalidParameterCombination", /redis to valkey|family/);
    cloud.update(redis, { ...moved, engineVersion: "8.2", parameterGroupName: "p8" });
  });

  it("is encrypted in transit by two steps once it runs", () => {
    const { cloud, inputs } = surroundings();
    const open = make(cloud, { ...inputs, transitEncryptionEnabled: false });
    const secured = { ...open.inputs, transitEncryptionEnabled: true };
    assertRefused(() => cloud.update(open, secured), "InvalidParameterCombination", /preferred first/);
    const either = cloud.update(open, { ...secured, transitEncryptionMode: "preferred" });
    const only = cloud.update(either, { ...secured, transitEncryptionMode: "required" });
    assertRefused(() => cloud.update(only, open.inputs), "InvalidParameterCombination", /disable/);
  });

  it("keeps the subnets that its nodes stand in", () => {
    const { cloud, inputs, ids } = surroundings();
    make(cloud, inputs);
    const two = cloud.world.all(SUBNETS).find(({ id }) => id === "two") ?? assert.fail();
    assertRefused(() => cloud.update(two, { ...two.inputs, subnetIds: [ids.a] }), "SubnetInUse", new RegExp(ids.b));
  });

  it("leaves a final snapshot, whose name is taken from then on", () => {
    const { cloud, inputs } = surroundings();
    const group = { ...inputs, finalSnapshotIdentifier: "sessions-final" };
    cloud.delete(make(cloud, group));
    const again = make(cloud, group);
    assertRefused(() => cloud.delete(again), "SnapshotAlreadyExistsFault", /sessions-final/);
    cloud.delete(cloud.update(again, { ...group, finalSnapshotIdentifier: "sessions-final-2" }));
  });

  it("holds its parameters and subnets", () => {
    const { cloud, inputs } = surroundings();
    const parameters = cloud.create(PARAMETERS, "p", { name: "mine", family: "valkey8" });
    const two = cloud.world.all(SUBNETS).find(({ id }) => id === "two") ?? assert.fail();
    const group = make(cloud, { ...inputs, parameterGroupName: "mine" });
    assertRefused(() => cloud.delete(parameters), "InvalidCacheParameterGroupState");
    assertRefused(() => cloud.delete(two), "CacheSubnetGroupInUse");
    cloud.delete(group);
    cloud.delete(parameters);
    cloud.delete(two);
  });
});

describe("ElastiCache's groups of parameters and subnets", () => {
  it("know families and values", () => {
    const { cloud } = surroundings();
    const parameters = (family: string, value: string): Properties => ({
      name: "x",
      family,
      parameters: [{ name: "maxmemory-policy", value }],
    });
    assertRefused(() => cloud.create(PARAMETERS, "x", parameters("valkey", "volatile-lru")), "InvalidParameterValue");
    assertRefused(
      () => cloud.create(PARAMETERS, "x", parameters("valkey8", "lru")),
      "InvalidParameterValue",
      /maxmemory/,
    );
    assert.equal(
      cloud.create(PARAMETERS, "x", parameters("valkey8", "volatile-lru")).outputs["arn"],
      "arn:aws:elasticache:us-east-1:111122223333:parametergroup:x",
    );
  });

  it("have names that are identifiers", () => {
    const { cloud } = surroundings();
    for (const type of [PARAMETERS, SUBNETS]) {
      for (const name of ["a--b", "a-", "1a", "a_b"]) assert.equal(cloud.check(type, { name })[0]?.property, "name");
      assert.deepEqual(cloud.check(type, { name: "a-b1" }), []);
    }
  });

  for (const [name, message] of [
    ["maxmemory", /cannot be modified/],
    ["maxmemory_policy", /maxmemory-policy/],
  ] as const)
    it(`know no parameter ${name} that a program sets`, () => {
      const inputs = { name: "x", family: "valkey8", parameters: [{ name, value: "1" }] };
      assertRefused(() => surroundings().cloud.create(PARAMETERS, "x", inputs), "InvalidParameterValue", message);
    });

  it("lie in one network, of subnets that exist", () => {
    const { cloud, ids } = surroundings();
    assertRefused(() => cloud.create(SUBNETS, "x", { name: "x", subnetIds: ["subnet-0"] }), "InvalidSubnet");
    assertRefused(() => cloud.create(SUBNETS, "x", { name: "x", subnetIds: [] }), "InvalidParameterValue");
    assertRefused(
      () => cloud.create(SUBNETS, "x", { name: "x", subnetIds: [ids.a, ids.foreign] }),
      "InvalidSubnet",
      /same VPC/,
    );
    assert.match(textIn(cloud.create(SUBNETS, "x", { name: "x", subnetIds: [ids.a] }).outputs, "vpcId"), /^vpc-/);
  });
});

describe("users of ElastiCache", () => {
  const refused: readonly [what: string, over: Properties, code: string, message: RegExp][] = [
    ["IAM under another name", { userName: "other" }, "InvalidParameterCombination", /must be same/],
    ["no way to prove who they are", { authenticationMode: {} }, "InvalidParameterValue", /null/],
    ["IAM and a password", { passwords: ["0123456789abcdef"] }, "InvalidParameterCombination", /iam/],
    [
      "a reset in the access string",
      { accessString: "on resetchannels +@read" },
      "InvalidParameterValue",
      /resetchannels/,
    ],
    ["a password in the access string", { accessString: "on >secret" }, "InvalidParameterValue", /Password rules/],
    ["an empty access string", { accessString: "" }, "InvalidParameterValue", /access-string/],
    [
      "a password that is missing",
      { authenticationMode: { type: "password" } },
      "InvalidParameterCombination",
      /is required/,
    ],
    ["a category that does not exist", { accessString: "on +@reads" }, "InvalidParameterValue", /category/],
    ["a word that is no rule", { accessString: "enabled" }, "InvalidParameterValue", /enabled/],
    ["the service's own id", { userId: "default" }, "UserAlreadyExists", /default/],
  ];
  for (const [what, over, code, message] of refused)
    it(`are refused with ${what}`, () => {
      const cloud = tinyWorld(elasticache);
      assertRefused(() => cloud.create(USER, "u", { ...iamUser("app"), ...over }), code, message);
      cloud.create(USER, "u", iamUser("app"));
    });

  it("have ids of one form, which are taken once per account and region", () => {
    const cloud = tinyWorld(elasticache);
    assert.equal(cloud.check(USER, iamUser("App"))[0]?.property, "userId");
    cloud.create(USER, "u", iamUser("app"));
    assertRefused(() => cloud.create(USER, "v", iamUser("app")), "UserAlreadyExists");
    cloud.create(USER, "w", iamUser("app"), STAGING);
  });
});

describe("user groups of ElastiCache", () => {
  const group = (userIds: string[], engine = "valkey"): Properties => ({ userGroupId: "g", engine, userIds });

  it("hold users that exist", () => {
    const cloud = tinyWorld(elasticache);
    assertRefused(() => cloud.create(USERS, "g", group(["app"])), "UserNotFound", /app/);
    cloud.create(USER, "u", iamUser("app"));
    assert.equal(
      cloud.create(USERS, "g", group(["app"])).outputs["arn"],
      "arn:aws:elasticache:us-east-1:111122223333:usergroup:g",
    );
  });

  it("of Redis need a default user, and users of Redis alone", () => {
    const cloud = tinyWorld(elasticache);
    cloud.create(USER, "u", iamUser("app", "redis"));
    cloud.create(USER, "v", iamUser("other"));
    cloud.create(USER, "d", disabledDefault("off", "redis"));
    assertRefused(() => cloud.create(USERS, "g", group(["app"], "redis")), "DefaultUserRequired");
    assertRefused(() => cloud.create(USERS, "g", group(["off", "other"], "redis")), "InvalidParameterCombination");
    cloud.create(USERS, "g", group(["app", "off"], "redis"));
  });

  it("of Valkey have no user without a password", () => {
    const cloud = tinyWorld(elasticache);
    const { passwords: _, ...open } = disabledDefault("off");
    cloud.create(USER, "d", { ...open, noPasswordRequired: true });
    assertRefused(
      () => cloud.create(USERS, "g", group(["off"])),
      "InvalidParameterCombination",
      /No password user off/,
    );
    assertRefused(() => cloud.create(USERS, "g", group(["default"])), "InvalidParameterCombination", /default/);
    cloud.create(USER, "e", disabledDefault("closed"));
    cloud.create(USERS, "g", group(["closed"]));
  });

  it("hold one user of a name", () => {
    const cloud = tinyWorld(elasticache);
    for (const id of ["one", "two"]) cloud.create(USER, id, disabledDefault(id));
    assertRefused(() => cloud.create(USERS, "g", group(["one", "two"])), "DuplicateUserName");
    const made = cloud.create(USERS, "g", group(["one"]));
    assertRefused(() => cloud.create(MEMBER, "m", { userGroupId: "g", userId: "two" }), "DuplicateUserName");
    assertRefused(() => cloud.update(made, group(["one", "two"])), "DuplicateUserName");
  });

  it("take users later, each once", () => {
    const cloud = tinyWorld(elasticache);
    const user = cloud.create(USER, "u", iamUser("app"));
    cloud.create(USER, "d", disabledDefault("off"));
    assertRefused(() => cloud.create(MEMBER, "m", { userGroupId: "g", userId: "app" }), "UserGroupNotFound");
    cloud.create(USERS, "g", group(["off"]));
    assertRefused(() => cloud.create(MEMBER, "m", { userGroupId: "g", userId: "none" }), "UserNotFound");
    const member = cloud.create(MEMBER, "m", { userGroupId: "g", userId: "app" });
    assert.equal(member.id, "g,app");
    assertRefused(() => cloud.create(MEMBER, "n", { userGroupId: "g", userId: "app" }), "InvalidParameterCombination");
    cloud.delete(member);
    cloud.delete(user);
  });

  it("keep their default user, and stay while a replication group has them", () => {
    const { cloud, inputs } = surroundings();
    const user = cloud.create(USER, "d", disabledDefault("off"));
    const users = cloud.create(USERS, "g", group(["off"]));
    assertRefused(() => cloud.delete(user), "DefaultUserAssociatedToUserGroup");
    const cache = make(cloud, { ...inputs, userGroupIds: ["g"] });
    assertRefused(() => cloud.delete(users), "InvalidUserGroupState");
    cloud.delete(cache);
    cloud.delete(users);
    cloud.delete(user);
  });

  it("of Valkey do not fit a replication group of Redis", () => {
    const { cloud, inputs } = surroundings();
    cloud.create(USER, "d", disabledDefault("off"));
    cloud.create(USERS, "g", group(["off"]));
    const redis = { ...inputs, engine: "redis", engineVersion: "7.1", parameterGroupName: "p7" };
    assertRefused(() => make(cloud, { ...redis, userGroupIds: ["g"] }), "InvalidParameterCombination", /valkey/);
    make(cloud, redis);
  });
});
