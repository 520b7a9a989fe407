import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { difference } from "../diff.ts";
import { CAPACITY_PROVIDERS, CLUSTER, SERVICE, TASK_DEFINITION } from "./ecs-lookup.ts";
import { type TaskWorld, taskWorld, trust } from "./ecs-samples.ts";
import { ecs } from "./ecs.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

/** A service that needs no task definition. */
const external: Properties = { deploymentController: { type: "EXTERNAL" } };

describe("ECS: a cluster", () => {
  it("has its ARN as id", () => {
    const cluster = tinyWorld(ecs).create(CLUSTER, "c", { name: "main" });
    assert.equal(cluster.id, "arn:aws:ecs:us-east-1:111122223333:cluster/main");
    assert.equal(cluster.outputs["arn"], cluster.id);
  });

  it("measures as much as ECS has words for", () => {
    const cloud = tinyWorld(ecs);
    const settings = (value: string) => cloud.check(CLUSTER, { settings: [{ name: "containerInsights", value }] });
    assert.deepEqual(settings("enhanced"), []);
    assert.equal(settings("on")[0]?.property, "settings[0].value");
  });

  it("says where commands are logged when it overrides the default", () => {
    const command = (executeCommandConfiguration: Properties) =>
      tinyWorld(ecs).check(CLUSTER, { configuration: { executeCommandConfiguration } });
    assert.deepEqual(command({ logging: "OVERRIDE", logConfiguration: {} }), []);
    assert.match(command({ logging: "OVERRIDE" })[0]?.property ?? "", /logConfiguration$/);
  });

  it("stays while it has a service", () => {
    const cloud = tinyWorld(ecs);
    const cluster = cloud.create(CLUSTER, "c", { name: "main" });
    const service = cloud.create(SERVICE, "s", { name: "s", cluster: cluster.id, ...external });
    assertRefused(() => cloud.delete(cluster), "ClusterContainsServicesException");
    cloud.delete(service);
    cloud.delete(cluster);
  });
});

describe("ECS: the capacity providers of a cluster", () => {
  const on = (over: Properties): void => {
    const cloud = tinyWorld(ecs);
    cloud.create(CLUSTER, "c", { name: "main" });
    cloud.create(CAPACITY_PROVIDERS, "c", { clusterName: "main", capacityProviders: ["FARGATE"], ...over });
  };

  it("are of a cluster that exists, and exist themselves", () => {
    on({});
    assertRefused(() => on({ clusterName: "other" }), "ClusterNotFoundException");
    assertRefused(() => on({ capacityProviders: ["FARGATE_SPOTS"] }), "InvalidParameterException", /not found/);
  });

  it("are those that the default strategy names, with one base at most", () => {
    const strategy = (...names: string[]) => ({
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: names.map((capacityProvider) => ({ capacityProvider, base: 1 })),
    });
    on(strategy("FARGATE"));
    assertRefused(() => on(strategy("EC2")), "InvalidParameterException", /default strategy/);
    assertRefused(() => on(strategy("FARGATE", "FARGATE_SPOT")), "InvalidParameterException", /Only one/);
  });

  it("stay while a service runs on them", () => {
    const cloud = tinyWorld(ecs);
    const cluster = cloud.create(CLUSTER, "c", { name: "main" });
    const capacityProviders = ["FARGATE", "FARGATE_SPOT"];
    const providers = cloud.create(CAPACITY_PROVIDERS, "c", { clusterName: "main", capacityProviders });
    cloud.create(SERVICE, "s", {
      name: "s",
      cluster: cluster.id,
      ...external,
      capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }],
    });
    const only = (name: string) => cloud.update(providers, { clusterName: "main", capacityProviders: [name] });
    assertRefused(() => only("FARGATE"), "ResourceInUseException");
    assertRefused(() => cloud.delete(providers), "ResourceInUseException");
    only("FARGATE_SPOT");
  });
});

describe("ECS: a task definition", () => {
  let world: TaskWorld;
  beforeEach(() => {
    world = taskWorld();
  });
  const refused = (over: Properties, message: RegExp, code = "ClientException"): void =>
    assertRefused(() => world.register([world.container()], over), code, message);
  const refusedContainer = (over: Properties, message: RegExp, code = "ClientException"): void =>
    assertRefused(() => world.register([world.container(over)]), code, message);

  it("is a revision of its family: numbers go up, and are never given again", () => {
    const first = world.register([world.container()]);
    const second = world.register([world.container()]);
    assert.equal(first.outputs["arn"], "arn:aws:ecs:us-east-1:111122223333:task-definition/api:1");
    assert.equal(second.outputs["arn"], "arn:aws:ecs:us-east-1:111122223333:task-definition/api:2");
    assert.equal(second.outputs["arnWithoutRevision"], "arn:aws:ecs:us-east-1:111122223333:task-definition/api");
    world.cloud.delete(second);
    assert.equal(world.register([world.container()]).outputs["revision"], 3);
    assert.equal(world.register([world.container()], { family: "other" }).outputs["revision"], 1);
  });

  it("has containers in JSON, and no field that the provider would drop", () => {
    const failures = (containerDefinitions: string) => world.cloud.check(TASK_DEFINITION, { containerDefinitions });
    assert.deepEqual(failures(JSON.stringify([world.container()])), []);
    assert.match(failures("[{")[0]?.reason ?? "", /container_definitions is invalid/);
    assert.match(failures("{}")[0]?.reason ?? "", /must be a JSON list/);
    for (const [container, path] of [
      [{ environment: [{ name: "A", value: 1 }] }, "[0].environment[0].value must be text"],
      [{ environment: { A: "1" } }, "[0].environment must be a list"],
      [{ cpu: "256" }, "[0].cpu must be a number"],
      [{ essential: "true" }, "[0].essential must be true or false"],
      [
        { logConfiguration: { options: { "max-buffer-size": 25 } } },
        "[0].logConfiguration.options.max-buffer-size must",
      ],
    ] as const)
      assert.ok(failures(JSON.stringify([container]))[0]?.reason.includes(path), path);
    assert.match(failures('[{"name":"a","readonlyRoot":true}]')[0]?.reason ?? "", /\[0\]\.readonlyRoot is no field/);
  });

  it("is on Fargate only with a size that Fargate has, in awsvpc mode", () => {
    refused({ memory: "512" }, /No Fargate configuration exists for given values: 512 CPU, 512 memory/);
    refused({ cpu: "300" }, /No Fargate configuration/);
    refused({ cpu: "" }, /'cpu' be defined at the task level/);
    refused({ memory: "" }, /'memory' be defined at the task level/);
    refused({ networkMode: "bridge" }, /only supports network mode 'awsvpc'/);
    refused({ pidMode: "host" }, /pidMode/);
    refused({ volumes: [{ name: "v", hostPath: "/" }] }, /host path/);
    world.register([world.container()], { cpu: ".5 vCPU", memory: "1 GB" });
  });

  it("has roles that exist and that ECS tasks of this account and region may take", () => {
    refused({ taskRoleArn: "arn:aws:iam::111122223333:role/none" }, /Role is not valid/);
    for (const [name, document] of [
      ["lambda", trust("lambda.amazonaws.com")],
      ["foreign", trust("ecs-tasks.amazonaws.com", "444455556666")],
      ["source", trust("ecs-tasks.amazonaws.com", "111122223333", "lambda")],
    ] as const) {
      const role = world.cloud.create("aws:iam/role:Role", name, { name, assumeRolePolicy: document });
      refused({ executionRoleArn: textIn(role.outputs, "arn") }, /unable to assume the role/);
    }
  });

  it("has an execution role where it needs one", () => {
    refused({ executionRoleArn: "" }, /container secrets, you must also specify a value for 'executionRoleArn'/);
    const without = (over: Properties) => () =>
      world.register([world.container({ secrets: [], ...over })], { executionRoleArn: "" });
    assertRefused(without({}), "ClientException", /to support log driver awslogs/);
    assertRefused(without({ logConfiguration: {} }), "ClientException", /to support ECR images/);
    without({ logConfiguration: {}, image: "public.ecr.aws/docker/library/node:24" })();
  });

  it("names a log group, secrets, and an image that are there", () => {
    const options = { "awslogs-group": "/none", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "a" };
    const logs = (over: Properties) => ({
      logConfiguration: { logDriver: "awslogs", options: { ...options, ...over } },
    });
    refusedContainer(logs({}), /log group does not exist: \/none/, "ResourceInitializationError");
    refusedContainer(
      logs({ "awslogs-group": "/api", "awslogs-region": "eu-west-1" }),
      /does not exist/,
      "ResourceInitializationError",
    );
    world.register([world.container(logs({ "awslogs-create-group": "true" }))]);
    const secret = (valueFrom: string) => ({ secrets: [{ name: "K", valueFrom }] });
    refusedContainer(secret(`${world.secretArn}x`), /can't find the specified secret/, "ResourceInitializationError");
    world.register([world.container(secret(`${world.secretArn}:field::`))]);
    refusedContainer(
      { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/none:1" },
      /not found/,
      "CannotPullContainerError",
    );
    world.register([world.container({ image: "444455556666.dkr.ecr.us-east-1.amazonaws.com/shared:1" })]);
  });

  it("may differ in how its containers are written, and means the same", () => {
    const [a, b] = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    const changes = (old: readonly Properties[], now: readonly Properties[]) =>
      difference({
        type: TASK_DEFINITION,
        olds: { containerDefinitions: JSON.stringify(old) },
        news: { containerDefinitions: JSON.stringify(now) },
        outputs: {},
        ignored: [],
        rules: ecs.resources[TASK_DEFINITION],
        naming: undefined,
      }).replaces;
    const plain = { name: "x", image: "i" };
    assert.deepEqual(changes([{ ...plain, environment: [a, b] }], [{ ...plain, environment: [b, a] }]), []);
    assert.deepEqual(changes([{ ...plain, essential: true, command: [], cpu: 0 }], [plain]), []);
    assert.deepEqual(changes([plain, { name: "y" }], [{ name: "y" }, plain]), []);
    assert.deepEqual(changes([{ ...plain, command: ["a", "b"] }], [{ ...plain, command: ["b", "a"] }]), [
      "containerDefinitions",
    ]);
  });
});

describe("ECS: the containers of a task", () => {
  let world: TaskWorld;
  beforeEach(() => {
    world = taskWorld();
  });

  const single: readonly [what: string, over: Properties, message: RegExp][] = [
    ["a name", { name: "" }, /name should not be null/],
    ["a name without spaces", { name: "a b" }, /invalid characters/],
    ["an image", { image: "" }, /image should not be null/],
    ["an image without spaces", { image: "my image" }, /image contains invalid characters/],
    ["secrets that come from somewhere", { secrets: [{ name: "KEY", valueFrom: "" }] }, /'KEY' has no 'valueFrom'/],
    ["an essential one among them", { essential: false }, /must be marked as essential/],
    ["the same port inside and outside", { portMappings: [{ containerPort: 3000, hostPort: 80 }] }, /must match/],
    ["each port once", { portMappings: [{ containerPort: 80 }, { containerPort: 80 }] }, /map port 80\/tcp/],
    ["a secret that is no variable too", { environment: [{ name: "KEY", value: "1" }] }, /such as 'KEY'/],
    ["volumes of the task", { mountPoints: [{ sourceVolume: "v", containerPath: "/v" }] }, /Unknown volume 'v'/],
    ["a health check by command", { healthCheck: { command: ["curl"] } }, /must begin with CMD/],
    ["a health check in its limits", { healthCheck: { command: ["CMD", "a"], interval: 1 } }, /interval must be/],
    ["less memory than the task", { memory: 2048 }, /Total memory of containers \(2048\)/],
    ["less CPU than the task", { cpu: 1024 }, /Total cpu of containers \(1024\)/],
    ["six MiB", { memory: 4 }, /at least 6 MiB/],
    ["a soft limit below the hard one", { memory: 128, memoryReservation: 256 }, /must not be above/],
    ["no privilege", { privileged: true }, /does not support privileged/],
    ["no capability", { linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } }, /not NET_ADMIN/],
    ["no shared memory", { linuxParameters: { sharedMemorySize: 64 } }, /sharedMemorySize/],
    ["no other limit than files", { ulimits: [{ name: "nproc", softLimit: 1, hardLimit: 1 }] }, /not nproc/],
    ["no security options", { dockerSecurityOptions: ["no-new-privileges"] }, /dockerSecurityOptions/],
    ["two minutes to stop", { stopTimeout: 121 }, /120 seconds or less/],
    ["a log driver of Fargate", { logConfiguration: { logDriver: "syslog" } }, /log driver syslog/],
    [
      "all options of its log driver",
      {
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/api", "awslogs-region": "us-east-1" } },
      },
      /requires options: awslogs-stream-prefix/,
    ],
    ["dependencies that are there", { dependsOn: [{ containerName: "b", condition: "START" }] }, /not in the task/],
    ["no dependency on itself", { dependsOn: [{ containerName: "api", condition: "START" }] }, /cycle/],
  ];
  for (const [what, over, message] of single) {
    it(`have ${what}`, () => {
      world.register([world.container()]);
      assertRefused(() => world.register([world.container(over)]), "ClientException", message);
    });
  }

  it("wait for each other only in ways that can come true", () => {
    const sidecar: Properties = { name: "b", image: "public.ecr.aws/x/y:1", essential: false };
    const wait =
      (condition: string, over: Properties = {}) =>
      () =>
        world.register([world.container({ dependsOn: [{ containerName: "b", condition }] }), { ...sidecar, ...over }]);
    wait("START")();
    wait("SUCCESS")();
    assertRefused(wait("HEALTHY"), "ClientException", /has no health check/);
    wait("HEALTHY", { healthCheck: { command: ["CMD", "true"] } })();
    assertRefused(wait("SUCCESS", { essential: true }), "ClientException", /which is essential/);
    assertRefused(wait("DONE"), "ClientException", /none of START/);
    const circle = wait("START", { dependsOn: [{ containerName: "api", condition: "START" }] });
    assertRefused(circle, "ClientException", /cycle/);
  });

  it("are at least one, each with a name of its own", () => {
    assertRefused(() => world.register([]), "ClientException", /cannot be empty/);
    assertRefused(() => world.register([world.container(), world.container()]), "ClientException", /must be unique/);
  });

  it("need memory of their own where the task has none", () => {
    const onHosts = { requiresCompatibilities: ["EC2"], memory: "", cpu: "" };
    assertRefused(() => world.register([world.container()], onHosts), "ClientException", /'memory' or 'memoryRes/);
    world.register([world.container({ memoryReservation: 64 })], onHosts);
  });
});
