import assert from "node:assert/strict";
import { cloudwatch } from "./cloudwatch.ts";
import { kms } from "./kms.ts";
import { assertRefused, STAGING, tinyWorld } from "./tiny-world.ts";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

const keyPolicy = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { Service: service }, Action: ["kms:Encrypt*", "kms:Decrypt*"], Resource: "*" },
    ],
  });

describe("CloudWatch Logs: a log group", () => {
  it("has its name as id and an ARN without a star", () => {
    const group = tinyWorld(cloudwatch).create(GROUP, "app", { name: "/app" });
    assert.equal(group.id, "/app");
    assert.equal(group.outputs["arn"], "arn:aws:logs:us-east-1:111122223333:log-group:/app");
  });

  it("has a name that is free in its account and region", () => {
    const cloud = tinyWorld(cloudwatch);
    cloud.create(GROUP, "app", { name: "/app" });
    assertRefused(() => cloud.create(GROUP, "b", { name: "/app" }), "ResourceAlreadyExistsException");
    cloud.create(GROUP, "b", { name: "/app" }, STAGING);
  });

  it("keeps logs for as long as the service has words for", () => {
    const cloud = tinyWorld(cloudwatch);
    assert.deepEqual(cloud.check(GROUP, { retentionInDays: 30 }), []);
    assert.match(cloud.check(GROUP, { retentionInDays: 31 })[0]?.reason ?? "", /expected one of 0, 1, 3/);
  });

  it("is encrypted only under a key whose policy lets the service use it", () => {
    const cloud = tinyWorld(cloudwatch, kms);
    const group = (name: string, key: { outputs: object }): unknown =>
      cloud.create(GROUP, name, {
        name,
        kmsKeyId: String(Object.entries(key.outputs).find(([k]) => k === "arn")?.[1]),
      });
    const good = cloud.create("aws:kms/key:Key", "good", { policy: keyPolicy("logs.us-east-1.amazonaws.com") });
    group("/good", good);
    const plain = cloud.create("aws:kms/key:Key", "plain", {});
    assertRefused(() => group("/plain", plain), "AccessDeniedException", /logs\.us-east-1\.amazonaws\.com/);
    const far = cloud.create("aws:kms/key:Key", "far", { policy: keyPolicy("logs.eu-west-1.amazonaws.com") });
    assertRefused(() => group("/far", far), "AccessDeniedException");
    cloud.create("aws:kms/keyPolicy:KeyPolicy", "plain", {
      keyId: plain.id,
      policy: keyPolicy("logs.us-east-1.amazonaws.com"),
    });
    group("/plain", plain);
    assertRefused(() => cloud.create(GROUP, "id", { name: "/id", kmsKeyId: good.id }), "InvalidParameterException");
    assertRefused(
      () => cloud.create(GROUP, "none", { name: "/none", kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/none" }),
      "AccessDeniedException",
    );
  });

  it("stays while it is protected", () => {
    const cloud = tinyWorld(cloudwatch);
    const group = cloud.create(GROUP, "app", { name: "/app", deletionProtectionEnabled: true });
    assertRefused(() => cloud.delete(group), "ValidationException");
    cloud.delete(cloud.update(group, { name: "/app", deletionProtectionEnabled: false }));
  });

  it("is found by its name", () => {
    const cloud = tinyWorld(cloudwatch);
    cloud.create(GROUP, "app", { name: "/app" });
    const get = (name: string): unknown => cloud.invoke("aws:cloudwatch/getLogGroup:getLogGroup", { name })["arn"];
    assert.equal(get("/app"), "arn:aws:logs:us-east-1:111122223333:log-group:/app");
    assertRefused(() => get("/none"), "ResourceNotFoundException");
  });
});

describe("CloudWatch Logs: what belongs to a log group", () => {
  for (const [type, property] of [
    ["aws:cloudwatch/logStream:LogStream", "logGroupName"],
    ["aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName"],
    ["aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "logGroup"],
  ] as const)
    it(`needs one: ${type}`, () => {
      const cloud = tinyWorld(cloudwatch);
      cloud.create(GROUP, "app", { name: "/app" });
      cloud.create(type, "a", { name: "a", [property]: "/app" });
      assertRefused(() => cloud.create(type, "b", { name: "b", [property]: "/none" }), "ResourceNotFoundException");
    });

  it("is a resource policy that is well formed", () => {
    const cloud = tinyWorld(cloudwatch);
    const type = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
    const policyDocument = JSON.stringify({
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "logs:PutLogEvents", Resource: "*" },
      ],
    });
    assert.equal(cloud.create(type, "a", { policyName: "a", policyDocument }).id, "a");
    assertRefused(
      () => cloud.create(type, "b", { policyName: "b", policyDocument: "{}" }),
      "InvalidParameterException",
    );
  });
});
