import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { listen, newServer, serviceMessage } from "../protocol/grpc.ts";
import { ProviderClient } from "../engine/provider-client.ts";
import { hasUnknown, type Properties, Secret, UNKNOWN } from "../values/value.ts";
import { typesWithFacts } from "./facts/facts.ts";
import { textAt } from "./fields.ts";
import { testService } from "./fixtures/test-service.ts";
import { random } from "./random.ts";
import { openSchemas } from "./schema/schemas.ts";
import { checkSchema } from "./schema/validate.ts";
import { type CloudOptions, type RunningCloud, startCloud } from "./server.ts";

const STAGING = { region: "eu-west-1", allowedAccountIds: '["111122223333"]' };
const PRODUCTION = { region: "us-east-1", allowedAccountIds: '["444455556666"]' };
const seed = Buffer.alloc(32, 5);
const urn = (type: string, name: string): string => `urn:pulumi:staging::app::${type}::${name}`;
const queue = urn("aws:sqs/queue:Queue", "jobs");
const role = urn("aws:iam/role:Role", "task");

describe("the cloud's server", () => {
  let directory: string;
  let cloud: RunningCloud;
  let clients: ProviderClient[];

  const start = async (options: Partial<CloudOptions> = {}): Promise<void> => {
    cloud = await startCloud({
      directory,
      cacheDirectory: join(directory, "cache"),
      key: Buffer.alloc(32, 1),
      services: [testService, random],
      ...options,
    });
  };
  const stop = async (): Promise<void> => {
    for (const client of clients.splice(0)) client.close();
    await cloud.stop();
  };
  const connect = async (settings: Properties = STAGING, packageName = "aws", engine = ""): Promise<ProviderClient> => {
    const client = new ProviderClient(packageName, cloud.port);
    clients.push(client);
    await client.start(engine, "/", "/");
    const provider = urn(`pulumi:providers:${packageName}`, "main");
    const { failures } = await client.checkConfig(provider, {}, settings);
    assert.deepEqual(failures, []);
    await client.configure(provider, "provider-id", settings);
    return client;
  };
  const make = async (
    client: ProviderClient,
    of: string,
    inputs: Properties,
    operation = "",
  ): Promise<{ id: string; inputs: Properties; outputs: Properties }> => {
    const checked = await client.check(of, undefined, inputs, seed);
    assert.deepEqual(checked.failures, []);
    const { id, outputs } = await client.create(of, checked.inputs, false, 0, operation);
    return { id, inputs: checked.inputs, outputs };
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "cloud-"));
    clients = [];
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("takes a resource through its whole life", async () => {
    const client = await connect();
    const checked = await client.check(queue, undefined, { delaySeconds: 1 }, seed);
    assert.match(textAt(checked.inputs, "name") ?? "", /^jobs-[0-9a-f]{7}$/);
    const planned = await client.create(queue, checked.inputs, true, 0, "");
    assert.equal(planned.id, "");
    assert.equal(planned.outputs["arn"], UNKNOWN);
    assert.equal(planned.outputs["maxMessageSize"], 262144, "a default is known");
    const made = await client.create(queue, checked.inputs, false, 0, "");
    assert.equal(made.outputs["arn"], `arn:aws:sqs:eu-west-1:111122223333:${textAt(checked.inputs, "name") ?? ""}`);
    assert.equal(hasUnknown(made.outputs), false);
    const news = { ...checked.inputs, delaySeconds: 2 };
    const difference = await client.diff(queue, made.id, checked.inputs, made.outputs, news, []);
    assert.deepEqual(difference.diffs, ["delaySeconds"]);
    assert.deepEqual(difference.replaces, []);
    const predicted = await client.update(queue, made.id, checked.inputs, made.outputs, news, [], true, 0);
    const updated = await client.update(queue, made.id, checked.inputs, made.outputs, news, [], false, 0);
    assert.deepEqual(predicted.outputs, updated.outputs);
    assert.deepEqual(updated.outputs, { ...made.outputs, delaySeconds: 2 });
    const read = await client.read(queue, made.id, {}, {});
    assert.deepEqual(read?.inputs, news);
    assert.deepEqual(read.outputs, updated.outputs);
    await client.delete(queue, made.id, news, updated.outputs, 0);
    await client.delete(queue, made.id, news, updated.outputs, 0);
    assert.equal(await client.read(queue, made.id, {}, {}), undefined);
    assert.deepEqual(cloud.store.everything(), []);
  });

  it("puts the region and all tags into AWS inputs, and a secret stays one", async () => {
    const client = await connect({ ...STAGING, defaultTags: '{"tags":{"Environment":"staging","Owner":"a"}}' });
    const { inputs } = await client.check(queue, undefined, { name: "q", tags: { Owner: new Secret("b") } }, seed);
    assert.deepEqual(inputs, {
      name: "q",
      region: "eu-west-1",
      tags: { Owner: new Secret("b") },
      tagsAll: { Environment: "staging", Owner: new Secret("b") },
    });
    const { outputs } = await client.create(queue, inputs, false, 0, "");
    assert.deepEqual(outputs["tagsAll"], inputs["tagsAll"]);
    assert.deepEqual(
      (await client.check(role, undefined, { assumeRolePolicy: "{}" }, seed)).inputs["region"],
      undefined,
    );
  });

  it("refuses what the schema does not know", async () => {
    const client = await connect();
    const { failures } = await client.check(queue, undefined, { delaySecond: 1, tags: { a: 1 } }, seed);
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["delaySecond", "tags.a"],
    );
    assert.match(failures[0]?.reason ?? "", /nearest that it has is "delaySeconds"/);
    await assert.rejects(client.check(urn("aws:sqs/queu:Queue", "q"), undefined, {}, seed), (error) =>
      serviceMessage(error).includes('did you mean "aws:sqs/queue:Queue"'),
    );
  });

  it("makes one resource of a repeated operation, and lets a lost answer be read", async () => {
    const client = await connect();
    const first = await make(client, queue, { name: "q" }, "operation-1");
    const again = await client.create(queue, first.inputs, false, 0, "operation-1");
    assert.equal(again.id, first.id);
    assert.equal(cloud.store.everything().length, 1);
    assert.equal((await client.read(queue, "", {}, {}, "operation-1"))?.id, first.id);
    assert.equal(await client.read(queue, "", {}, {}, "operation-2"), undefined);
    assert.equal(client.idempotent, true);
  });

  it("keeps everything for the next start", async () => {
    const { id } = await make(await connect(), queue, { name: "q" });
    await stop();
    await start();
    assert.equal((await (await connect()).read(queue, id, {}, {}))?.id, id);
  });

  it("refuses what the service refuses, in its words", async () => {
    const client = await connect();
    const policy = urn("aws:sqs/queuePolicy:QueuePolicy", "p");
    await assert.rejects(make(client, policy, { queueUrl: "nowhere", policy: "{}" }), /NonExistentQueue: nowhere/);
    const { id, inputs, outputs } = await make(client, queue, { name: "q" });
    await assert.rejects(make(client, urn("aws:sqs/queue:Queue", "other"), { name: "q" }), /QueueAlreadyExists: q/);
    await make(client, policy, { queueUrl: id, policy: "{}" });
    await assert.rejects(client.delete(queue, id, inputs, outputs, 0), /DependencyViolation/);
  });

  it("tells provider instances apart by their connection", async () => {
    const [staging, production] = [await connect(STAGING), await connect(PRODUCTION)];
    const one = await make(staging, queue, { name: "q" });
    const other = await make(production, queue.replace("staging", "production"), { name: "q" });
    assert.match(textAt(one.outputs, "arn") ?? "", /eu-west-1:111122223333/);
    assert.match(textAt(other.outputs, "arn") ?? "", /us-east-1:444455556666/);
    assert.equal(await production.read(queue, one.id, {}, {}), undefined);
    const policy = urn("aws:sqs/queuePolicy:QueuePolicy", "p");
    await assert.rejects(make(production, policy, { queueUrl: one.id, policy: "{}" }), /NonExistentQueue/);
    const invoked = await production.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}, false);
    assert.deepEqual(invoked.result, { accountId: "444455556666" });
  });

  it("puts a resource with a region of its own there", async () => {
    const { outputs } = await make(await connect(), queue, { name: "q", region: "ap-south-1" });
    assert.match(textAt(outputs, "arn") ?? "", /:ap-south-1:/);
  });

  it("gives a replacement that is made first another id, and both are there until the old one goes", async () => {
    const client = await connect();
    const vpc = urn("aws:ec2/vpc:Vpc", "net");
    const old = await make(client, vpc, { cidrBlock: "10.0.0.0/16" });
    const now = await make(client, vpc, { cidrBlock: "10.1.0.0/16" });
    assert.notEqual(now.id, old.id);
    await client.delete(vpc, old.id, old.inputs, old.outputs, 0);
    assert.equal((await client.read(vpc, now.id, {}, {}))?.outputs["cidrBlock"], "10.1.0.0/16");
    const updated = await client.update(
      vpc,
      now.id,
      now.inputs,
      now.outputs,
      { ...now.inputs, tags: { a: "b" } },
      [],
      false,
      0,
    );
    assert.equal(updated.outputs["defaultSecurityGroupId"], now.outputs["defaultSecurityGroupId"]);
    assert.equal(cloud.store.all("aws:ec2/securityGroup:SecurityGroup").length, 1);
  });

  it("knows texts that mean the same", async () => {
    const client = await connect();
    const { id } = await make(client, queue, { name: "q" });
    const policy = urn("aws:sqs/queuePolicy:QueuePolicy", "p");
    const { inputs, outputs } = await make(client, policy, { queueUrl: id, policy: '{"a":1}' });
    const difference = await client.diff(policy, id, inputs, outputs, { ...inputs, policy: '{ "a": 1 }' }, []);
    assert.equal(difference.changes, "none");
  });

  it("answers known invokes, and names the known ones for an unknown one", async () => {
    const client = await connect();
    await assert.rejects(client.invoke("aws:index/getArn:getArn", {}, false), /InvalidArn: no such thing/);
    await assert.rejects(
      client.invoke("aws:index/getEverything:getEverything", {}, false),
      /does not answer aws:index\/getEverything.*it answers aws:index\/getArn:getArn, aws:index\/getCallerIdentity/,
    );
  });

  it("checks provider settings, and says which replace what the provider made", async () => {
    const client = await connect();
    const provider = urn("pulumi:providers:aws", "main");
    const check = async (settings: Properties) => (await client.checkConfig(provider, {}, settings)).failures;
    assert.match((await check({ regin: "x", region: "eu-west-1" }))[0]?.reason ?? "", /no setting "regin".*"region"/);
    assert.match((await check({}))[0]?.reason ?? "", /missing required configuration key "aws:region"/);
    assert.match((await check({ region: "mars" }))[0]?.reason ?? "", /invalid AWS Region: mars/);
    assert.deepEqual((await client.diffConfig(provider, STAGING, {}, { ...STAGING, maxRetries: "3" })).replaces, []);
    assert.deepEqual((await client.diffConfig(provider, STAGING, {}, { ...STAGING, region: "eu-north-1" })).replaces, [
      "region",
    ]);
    assert.deepEqual((await client.diffConfig(provider, STAGING, {}, PRODUCTION)).replaces, [
      "allowedAccountIds",
      "region",
    ]);
    await assert.rejects(connect({ ...STAGING, forbiddenAccountIds: '["111122223333"]' }), /account ID not allowed/);
  });

  it("fails the operations that it was told to fail", async () => {
    await stop();
    await start({ faults: ["aws:sqs/*@2:SlowDown"] });
    const client = await connect();
    await make(client, queue, { name: "one" });
    await assert.rejects(make(client, urn("aws:sqs/queue:Queue", "two"), { name: "two" }), /SlowDown/);
    await make(client, urn("aws:sqs/queue:Queue", "two"), { name: "two" });
  });

  it("warns where it does not know what replaces a type", async () => {
    const heard: string[] = [];
    const server = newServer();
    server.addService(engineService.EngineService, {
      log(
        call: grpc.ServerUnaryCall<engineMessages.LogRequest, empty.Empty>,
        callback: grpc.sendUnaryData<empty.Empty>,
      ) {
        heard.push(`${call.request.getUrn()} ${call.request.getMessage()}`);
        callback(null, new empty.Empty());
      },
    });
    const port = await listen(server);
    try {
      const client = await connect(STAGING, "aws", `127.0.0.1:${port}`);
      const index = urn("aws:sns/smsPreferences:SmsPreferences", "i");
      const { id, inputs, outputs } = await make(client, index, { defaultSenderId: "a" });
      for (let run = 0; run < 2; run++)
        assert.equal(
          (await client.diff(index, id, inputs, outputs, { ...inputs, defaultSenderId: "b" }, [])).changes,
          "some",
        );
      while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(heard.length, 1);
      assert.match(heard[0] ?? "", /does not know which changes replace aws:sns\/smsPreferences/);
    } finally {
      server.forceShutdown();
    }
  });

  it("says which port is taken", async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, "127.0.0.1", () => {
        const address = holder.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    try {
      await assert.rejects(
        startCloud({
          directory: join(directory, "two"),
          cacheDirectory: directory,
          key: Buffer.alloc(32),
          services: [],
          port,
        }),
        new RegExp(`port ${port} is taken`),
      );
    } finally {
      holder.close();
    }
  });

  it("gives outputs of the right type for every type with recorded facts, unknown or not", async () => {
    const schemas = openSchemas({ directories: [import.meta.dirname] });
    const connections = new Map<string, ProviderClient>();
    const wrong: string[] = [];
    for (const type of typesWithFacts()) {
      const packageName = type.slice(0, type.indexOf(":"));
      const client = connections.get(packageName) ?? (await connect(packageName === "aws" ? STAGING : {}, packageName));
      connections.set(packageName, client);
      const { outputs: types } = schemas.type(type);
      const planned = await client.create(urn(type, "thing"), { value: "on" }, true, 0, "");
      const made = await client.create(urn(type, "thing"), { length: 8, byteLength: 8, value: "on" }, false, 0, "");
      assert.notEqual(made.id, "", type);
      for (const outputs of [planned.outputs, made.outputs])
        for (const { reason } of checkSchema(schemas, types, outputs, type)) wrong.push(`${type}: ${reason}`);
      assert.equal(hasUnknown(made.outputs), false, type);
    }
    assert.deepEqual(wrong, []);
  });
});
