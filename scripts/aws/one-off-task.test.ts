import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { UserError } from "../sandbox/user-error.ts";
import { type OneOffTask, runOneOff, stopService, type TaskSurroundings } from "./one-off-task.ts";

const task: OneOffTask = {
  region: "us-east-1",
  clusterName: "groundwork-staging",
  serviceName: "preview-login-api",
  taskDefinitionArn: "arn:aws:ecs:us-east-1:111122223333:task-definition/migration:3",
  containerName: "migration",
  command: ["node", "src/migrate.ts", "--drop"],
  startedBy: "npm run down",
};
const network = {
  awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
};
const TASK = "arn:aws:ecs:us-east-1:111122223333:task/groundwork-staging/1";

type Answers = Readonly<Record<string, readonly object[]>>;

describe("a task that runs once", () => {
  let server: Server;
  let asked: { operation: string; body: Readonly<Record<string, unknown>>; signed: boolean }[];

  /** ECS on loopback: each operation's answers in turn, the last one from then on. */
  async function ecs(answers: Answers): Promise<TaskSurroundings> {
    asked = [];
    const respond = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const before = asked.filter((one) => one.operation === operation).length;
      const body = JSON.parse(await text(request)) as Readonly<Record<string, unknown>>;
      asked.push({ operation, body, signed: request.headers.authorization?.includes("/ecs/aws4_request") === true });
      const answer = answers[operation]?.[before] ?? answers[operation]?.at(-1);
      return answer === undefined
        ? { status: 400, body: { __type: "com.amazonaws.ecs#ClusterNotFoundException" } }
        : { status: 200, body: answer };
    };
    server = createServer((request, response) => {
      void respond(request).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      credentials: () => Promise.resolve({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI" }),
      environment: { AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
      deadlineMilliseconds: 5_000,
      pollMilliseconds: 1,
      patienceMilliseconds: 30_000,
    };
  }
  afterEach(() => server.close());

  const stopped = (container: object): object => ({
    tasks: [{ lastStatus: "STOPPED", stoppedReason: "Essential container in task exited", containers: [container] }],
  });
  const running = { tasks: [{ lastStatus: "RUNNING", containers: [{ name: "migration" }] }] };
  const DescribeServices = [{ services: [{ networkConfiguration: network }] }];
  const RunTask = [{ tasks: [{ taskArn: TASK }], failures: [] }];

  it("runs in the service's network with a command of its own, and waits for its end", async () => {
    const around = await ecs({
      DescribeServices,
      RunTask,
      DescribeTasks: [running, running, stopped({ name: "migration", exitCode: 0 })],
    });
    await runOneOff(task, around);
    assert.deepEqual(
      asked.map(({ operation, signed }) => [operation, signed]),
      ["DescribeServices", "RunTask", "DescribeTasks", "DescribeTasks", "DescribeTasks"].map((name) => [name, true]),
    );
    assert.deepEqual(asked[1]?.body, {
      cluster: task.clusterName,
      taskDefinition: task.taskDefinitionArn,
      launchType: "FARGATE",
      count: 1,
      startedBy: "npm run down",
      networkConfiguration: network,
      overrides: { containerOverrides: [{ name: "migration", command: task.command }] },
    });
  });

  for (const [what, answers, expected] of [
    ["ends with 1", { DescribeTasks: [stopped({ name: "migration", exitCode: 1 })] }, /ended with 1: its lines are in/],
    [
      "never ran",
      { DescribeTasks: [stopped({ name: "migration", reason: "CannotPullContainerError" })] },
      /never ran: CannotPull/,
    ],
    [
      "was not started",
      { RunTask: [{ tasks: [], failures: [{ reason: "RESOURCE:ENI" }] }] },
      /no task was started in .*: RESOURCE:ENI/,
    ],
    ["has no service", { DescribeServices: [{ services: [] }] }, /has no service preview-login-api/],
  ] satisfies [string, Answers, RegExp][])
    it(`says in one line that it ${what}`, async () => {
      const around = await ecs({ DescribeServices, RunTask, ...answers });
      await assert.rejects(runOneOff(task, around), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, expected);
        return true;
      });
    });

  it("passes on what AWS refuses, and gives up on what never ends", async () => {
    const around = await ecs({ DescribeServices, RunTask, DescribeTasks: [running] });
    await assert.rejects(runOneOff(task, { ...around, patienceMilliseconds: 0 }), /still runs after 0 seconds/);
    server.close();
    await assert.rejects(runOneOff(task, await ecs({})), /ECS DescribeServices: AWS says ClusterNotFound/);
  });

  it("stops a service before, and waits until nothing of it runs", async () => {
    const counts = [2, 1, 0].map((runningCount) => ({
      services: [{ status: "ACTIVE", runningCount, pendingCount: 0 }],
    }));
    assert.equal(await stopService(task, await ecs({ UpdateService: [{}], DescribeServices: counts })), true);
    assert.deepEqual(asked[1]?.body, { cluster: task.clusterName, service: task.serviceName, desiredCount: 0 });
    assert.equal(asked.length, 4);
    for (const gone of [{ services: [] }, { services: [{ status: "INACTIVE", runningCount: 0 }] }]) {
      server.close();
      assert.equal(await stopService(task, await ecs({ DescribeServices: [gone] })), false);
      assert.equal(asked.length, 1);
    }
  });
});
