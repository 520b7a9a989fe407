import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TaskSurroundings } from "../aws/one-off-task.ts";
import { runMigrationTask, withDigest } from "./migrate-task.ts";

const image = (digit: string): string => `sha256:${digit.repeat(64)}`;
const outputs = {
  clusterName: "groundwork-staging",
  serviceName: "groundwork-staging-api",
  migrationTaskDefinitionArn: "arn:aws:ecs:us-east-1:111122223333:task-definition/migration:4",
};
const known = {
  taskDefinitionArn: outputs.migrationTaskDefinitionArn,
  revision: 4,
  status: "ACTIVE",
  registeredAt: 1,
  family: "migration",
  cpu: "256",
  taskRoleArn: "arn:role",
  containerDefinitions: [{ name: "migration", image: `registry/api@${image("a")}`, command: ["node"] }],
};

describe("the migrations of a release in a task", () => {
  let server: Server;
  let around: TaskSurroundings;
  let exitCode = 0;
  const asked: [string, Record<string, unknown>][] = [];
  const answers: Readonly<Record<string, () => object>> = {
    DescribeTaskDefinition: () => ({ taskDefinition: known, tags: [{ key: "Project", value: "groundwork" }] }),
    RegisterTaskDefinition: () => ({ taskDefinition: { taskDefinitionArn: "arn:copy" } }),
    DescribeServices: () => ({ services: [{ networkConfiguration: { awsvpcConfiguration: { subnets: ["one"] } } }] }),
    RunTask: () => ({ tasks: [{ taskArn: "arn:task" }] }),
    DescribeTasks: () => ({ tasks: [{ lastStatus: "STOPPED", containers: [{ name: "migration", exitCode }] }] }),
    DeregisterTaskDefinition: () => ({}),
  };
  before(async () => {
    server = createServer((request, response) => {
      void (async () => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        asked.push([operation, JSON.parse(await text(request)) as Record<string, unknown>]);
        response.end(JSON.stringify(answers[operation]?.() ?? {}));
      })();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    around = {
      credentials: () => Promise.resolve({ accessKeyId: "practice", secretAccessKey: "practice" }),
      environment: { AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      deadlineMilliseconds: 10_000,
      pollMilliseconds: 1,
      patienceMilliseconds: 10_000,
    };
  });
  beforeEach(() => {
    asked.length = 0;
    exitCode = 0;
  });
  after(() => server.close());

  const run = (given: Readonly<Record<string, unknown>> = outputs): Promise<string> =>
    runMigrationTask({ region: "us-east-1", outputs: given, imageDigest: image("b") }, around);

  it("runs the stack's own definition with the new image, and gives the copy back", async () => {
    assert.match(await run(), /^migrations have run/);
    assert.deepEqual(
      asked.map(([operation]) => operation),
      [
        "DescribeTaskDefinition",
        "RegisterTaskDefinition",
        "DescribeServices",
        "RunTask",
        "DescribeTasks",
        "DeregisterTaskDefinition",
      ],
    );
    const [, registered] = asked[1]!;
    assert.deepEqual(registered, {
      family: "migration",
      cpu: "256",
      taskRoleArn: "arn:role",
      containerDefinitions: [{ name: "migration", image: `registry/api@${image("b")}`, command: ["node"] }],
      tags: [{ key: "Project", value: "groundwork" }],
    });
    assert.equal(asked[3]![1]["taskDefinition"], "arn:copy");
    assert.deepEqual(asked[5]![1], { taskDefinition: "arn:copy" });
  });

  it("fails where the task does, and gives the copy back all the same", async () => {
    exitCode = 1;
    await assert.rejects(run(), /arn:task ended with 1/);
    assert.equal(asked.at(-1)?.[0], "DeregisterTaskDefinition");
  });

  it("says what to do before a stack's first release", async () => {
    await assert.rejects(run({}), /no output clusterName: bring it up once/);
    assert.equal(asked.length, 0);
  });

  it("keeps the registry of an image, with its port, and nothing of its tag", () => {
    assert.equal(withDigest(`host:5000/api@${image("a")}`, image("b")), `host:5000/api@${image("b")}`);
    assert.equal(withDigest("host:5000/api:1.4.0", image("b")), `host:5000/api@${image("b")}`);
  });
});
