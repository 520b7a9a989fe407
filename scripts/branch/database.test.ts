import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TaskSurroundings } from "../aws/one-off-task.ts";
import { UserError } from "../sandbox/user-error.ts";
import { targetOf } from "../target.ts";
import { dropDatabase } from "./database.ts";
import { toldEngine } from "./told-engine.ts";

describe("the database of a preview", () => {
  const target = targetOf("preview-login");
  const outputs = {
    "preview-login": {
      databaseName: "preview-login",
      clusterName: "groundwork-staging",
      serviceName: "groundwork-preview-login-api",
      migrationTaskDefinitionArn: "arn:aws:ecs:us-east-1:111122223333:task-definition/migration:3",
    },
  };
  let server: Server;
  let asked: { readonly operation: string; readonly body: unknown }[];
  let exitCode: number;
  let status: string;
  let around: TaskSurroundings;
  before(async () => {
    const answers: Readonly<Record<string, () => object>> = {
      UpdateService: () => ({}),
      DescribeServices: () => ({
        services: [
          { networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } }, status, runningCount: 0 },
        ],
      }),
      RunTask: () => ({ tasks: [{ taskArn: "arn:aws:ecs:us-east-1:111122223333:task/1" }] }),
      DescribeTasks: () => ({ tasks: [{ lastStatus: "STOPPED", containers: [{ name: "migration", exitCode }] }] }),
    };
    server = createServer((request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      void text(request).then((body) => {
        asked.push({ operation, body: JSON.parse(body) });
        response.end(JSON.stringify(answers[operation]?.() ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    around = {
      credentials: () => Promise.resolve({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI" }),
      environment: { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
      deadlineMilliseconds: 5_000,
      pollMilliseconds: 1,
      patienceMilliseconds: 30_000,
    };
  });
  after(() => server.close());
  beforeEach(() => {
    asked = [];
    exitCode = 0;
    status = "ACTIVE";
  });
  const drop = async (given: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<string[]> => {
    const said: string[] = [];
    await dropDatabase(target, toldEngine({ outputs: given }).engine, (line) => said.push(line), around);
    return said;
  };

  it("is dropped by a task of its own, once nothing writes to it any more", async () => {
    assert.deepEqual(await drop(outputs), [
      "stopping groundwork-preview-login-api, and dropping database preview-login",
    ]);
    assert.deepEqual(
      asked.map(({ operation }) => operation),
      ["DescribeServices", "UpdateService", "DescribeServices", "DescribeServices", "RunTask", "DescribeTasks"],
    );
    const run = asked[4]?.body as Readonly<Record<string, unknown>>;
    assert.equal(run["cluster"], "groundwork-staging");
    assert.equal(run["taskDefinition"], outputs["preview-login"].migrationTaskDefinitionArn);
    assert.deepEqual(run["overrides"], {
      containerOverrides: [{ name: "migration", command: ["node", "src/migrate.ts", "--drop"] }],
    });
  });

  it("went before a service that an earlier run has destroyed already", async () => {
    status = "INACTIVE";
    assert.deepEqual((await drop(outputs)).slice(1), [
      "groundwork-preview-login-api is gone already, and its database before it",
    ]);
    assert.equal(asked.length, 1);
  });

  it("stops everything where it cannot be dropped, and says how to go on without", async () => {
    exitCode = 1;
    await assert.rejects(drop(outputs), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /^database preview-login cannot be dropped, and nothing was destroyed \(task .* ended with 1/,
      );
      assert.match(error.message, /--keep-database leaves it$/);
      return true;
    });
  });

  it("is not looked for where the stack was never completed, and never another than a preview's", async () => {
    assert.match((await drop({})).join(), /was never completed/);
    await drop({ ...outputs, "preview-login": { ...outputs["preview-login"], databaseName: "staging" } });
    assert.deepEqual(asked, []);
  });
});
