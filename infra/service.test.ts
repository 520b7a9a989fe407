import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { contract } from "../api/src/environment.ts";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Service } from "./service.ts";
import type { ServiceArgs } from "./service/args.ts";

const role = (name: string) => ({ name, arn: `arn:aws:iam::123456789012:role/${name}` });
const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
const name = "groundwork-staging-api";

const args: ServiceArgs = {
  region: "us-east-1",
  clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/cluster",
  clusterName: "cluster",
  image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/api@sha256:${"0a".repeat(32)}`,
  repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/api",
  executionRole: role("execution"),
  taskRole: role("task"),
  migrationRole: role("migration"),
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroupId: "sg-1",
  host: "api.example.com",
  zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
  httpsListenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb/1/2",
  loadBalancerArnSuffix: "app/lb/1",
  loadBalancerDnsName: "lb-1.us-east-1.elb.amazonaws.com",
  environment: { ENVIRONMENT: "staging", MONGODB_DATABASE: "groundwork" },
  migrationEnvironment: { MONGODB_DATABASE: "groundwork" },
  secrets: { SENTRY_DSN: secretArn("sentry") },
  secretsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/secrets",
  access: { secretArns: [secretArn("jwt-keys")] },
  logKeyArn: "arn:aws:kms:us-east-1:123456789012:key/logs",
};
const datadog = {
  apiKeySecretArn: secretArn("datadog"),
  site: "datadoghq.com",
  environment: "staging",
  tags: { Environment: "staging", Owner: "platform", CostCenter: "Web Shop", Service: "api" },
};

const built = (over: Partial<ServiceArgs> = {}) => capture(() => new Service(name, { ...args, ...over }));
const ofType = (resources: readonly CapturedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);
/** As far as the tests look. */
interface Container {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly essential: boolean;
  readonly cpu: number;
  readonly memory: number;
  readonly privileged: boolean;
  readonly readonlyRootFilesystem: boolean;
  readonly linuxParameters: { readonly capabilities: unknown; readonly initProcessEnabled?: boolean };
  readonly logConfiguration: { readonly options: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly dependsOn?: unknown;
  readonly environment: unknown;
  readonly secrets: unknown;
  readonly healthCheck: { readonly command: readonly string[] };
  readonly mountPoints: readonly { readonly sourceVolume: string }[];
  readonly portMappings?: unknown;
  readonly stopTimeout?: number;
}

function taskOf(resources: readonly CapturedResource[], family: string) {
  const found = ofType(resources, "aws:ecs/taskDefinition:TaskDefinition").find(
    ({ inputs }) => inputs["family"] === family,
  );
  const { inputs } = found ?? assert.fail(`no task definition ${family}`);
  const containers = JSON.parse(inputs["containerDefinitions"] as string) as Container[];
  const container = (wanted: string) =>
    containers.find((one) => one.name === wanted) ?? assert.fail(`no container ${wanted}`);
  return { inputs, containers, container };
}
const policyOf = (resources: readonly CapturedResource[], roleName: string) =>
  ofType(resources, "aws:iam/rolePolicy:RolePolicy").find(({ inputs }) => inputs["role"] === roleName)?.inputs[
    "policy"
  ] as string;

describe("the service", () => {
  let service: Service;
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    ({ result: service, resources } = await built());
  });

  it("runs the image in two task definitions, the API's and the migrations', on ARM and Fargate", () => {
    for (const [family, taskRole] of [
      [name, "task"],
      [`${name}-migration`, "migration"],
    ] as const) {
      const { inputs } = taskOf(resources, family);
      assert.deepEqual([inputs["cpu"], inputs["memory"]], ["512", "1024"]);
      assert.deepEqual(
        [inputs["taskRoleArn"], inputs["executionRoleArn"]],
        [role(taskRole).arn, role("execution").arn],
      );
      assert.deepEqual(inputs["requiresCompatibilities"], ["FARGATE"]);
      assert.equal(inputs["networkMode"], "awsvpc");
      assert.deepEqual(inputs["runtimePlatform"], { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" });
      assert.equal(inputs["skipDestroy"], true, "a rollback needs the revision before");
      assert.ok(!("pidMode" in inputs) && !("ipcMode" in inputs));
    }
  });

  it("confines every container: no root, no privilege, no capability, no file system to write to", async () => {
    const { resources: withAgent } = await built({ datadog });
    const families = [name, `${name}-migration`];
    for (const container of families.flatMap((family) => taskOf(withAgent, family).containers)) {
      assert.equal(container.readonlyRootFilesystem, true, container.name);
      assert.equal(container.privileged, false);
      assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] });
      assert.ok(container.memory > 0);
      assert.equal(container.logConfiguration.options["mode"], "non-blocking");
      // The container that prepares the agent's volumes is root for the blink in which it runs.
      if (container.name !== "datadog-volumes") assert.match(container.user, /^[1-9]\d*:\d+$/);
    }
  });

  it("keeps the API's contract: port, checks, drain, and stop timeout", () => {
    const api = taskOf(resources, name).container("api");
    assert.deepEqual(api.portMappings, [{ containerPort: contract.port, hostPort: contract.port, protocol: "tcp" }]);
    assert.equal(api.stopTimeout, contract.stopTimeoutSeconds);
    assert.equal(api.linuxParameters.initProcessEnabled, true);
    const [how, node, , program = ""] = api.healthCheck.command;
    assert.deepEqual([how, node], ["CMD", "node"]);
    assert.ok(program.includes(`http://127.0.0.1:${contract.port}${contract.paths.live}`));
    const group = inputsOf("aws:lb/targetGroup:TargetGroup");
    assert.equal(group["port"], contract.port);
    assert.equal(group["targetType"], "ip");
    assert.equal(group["deregistrationDelay"], contract.drainSeconds);
    assert.equal((group["healthCheck"] as { path: string }).path, contract.paths.ready);
  });

  for (const [what, fetch, code] of [
    ["a success", () => Promise.resolve({ ok: true }), 0],
    ["an error", () => Promise.resolve({ ok: false }), 1],
    ["nobody", () => Promise.reject(new Error("refused")), 1],
  ] as const) {
    it(`takes ${what} at the check inside the container for ${code}`, async () => {
      const [, , , program = ""] = taskOf(resources, name).container("api").healthCheck.command;
      const codes: number[] = [];
      await runInNewContext(program, { fetch, process: { exit: (given: number) => codes.push(given) } });
      assert.deepEqual(codes, [code]);
    });
  }

  it("gives variables as values and secrets as ARNs, and the migration no secret", () => {
    const api = taskOf(resources, name).container("api");
    assert.deepEqual(api.environment, [
      { name: "ENVIRONMENT", value: "staging" },
      { name: "MONGODB_DATABASE", value: "groundwork" },
    ]);
    assert.deepEqual(api.secrets, [{ name: "SENTRY_DSN", valueFrom: secretArn("sentry") }]);
    const migration = taskOf(resources, `${name}-migration`).container("migration");
    assert.deepEqual(migration.environment, [{ name: "MONGODB_DATABASE", value: "groundwork" }]);
    assert.deepEqual(migration.secrets, []);
    assert.deepEqual(migration.command, contract.migrateCommand);
    assert.equal(migration.portMappings, undefined);
  });

  it("is deployed without a gap, watched by alarms, and taken back when it fails", () => {
    const inputs = inputsOf("aws:ecs/service:Service");
    const alarmNames = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(
      (alarm) => `${alarm.name}-0a1b2c3`,
    );
    assert.equal(alarmNames.length, 2);
    assert.deepEqual(
      {
        minimum: inputs["deploymentMinimumHealthyPercent"],
        maximum: inputs["deploymentMaximumPercent"],
        breaker: inputs["deploymentCircuitBreaker"],
        alarms: inputs["alarms"],
        steady: inputs["waitForSteadyState"],
      },
      {
        minimum: 100,
        maximum: 200,
        breaker: { enable: true, rollback: true },
        alarms: { enable: true, rollback: true, alarmNames },
        steady: true,
      },
    );
  });

  it("is in private subnets, out of reach for ECS Exec, tagged down to its tasks, and balanced across zones", () => {
    const inputs = inputsOf("aws:ecs/service:Service");
    assert.deepEqual(inputs["networkConfiguration"], {
      subnets: ["subnet-1", "subnet-2"],
      securityGroups: ["sg-1"],
      assignPublicIp: false,
    });
    assert.equal(inputs["enableExecuteCommand"], false);
    assert.equal(inputs["propagateTags"], "SERVICE");
    assert.equal(inputs["enableEcsManagedTags"], true);
    assert.equal(inputs["availabilityZoneRebalancing"], "ENABLED");
    assert.deepEqual(inputs["capacityProviderStrategies"], [{ capacityProvider: "FARGATE", weight: 1 }]);
  });

  it("is found by its host: a proxied record, and a rule whose priority AWS chooses", () => {
    const rule = inputsOf("aws:lb/listenerRule:ListenerRule");
    assert.deepEqual(rule["conditions"], [{ hostHeader: { values: ["api.example.com"] } }]);
    assert.ok(!("priority" in rule));
    const { name: host, type, content, proxied } = inputsOf("cloudflare:index/dnsRecord:DnsRecord");
    assert.deepEqual([host, type, content, proxied], ["api.example.com", "CNAME", args.loadBalancerDnsName, true]);
  });

  it("logs for 30 days under the key, and may do what it was given", () => {
    const group = inputsOf("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group["retentionInDays"], 30);
    assert.equal(group["kmsKeyId"], args.logKeyArn);
    const [execution, task] = [policyOf(resources, "execution"), policyOf(resources, "task")];
    assert.ok(execution.includes(secretArn("sentry")) && !execution.includes("jwt-keys"));
    assert.ok(task.includes(secretArn("jwt-keys")) && !task.includes("sentry"));
    assert.equal(policyOf(resources, "migration"), undefined);
  });

  it("starts with two tasks, or with none where it is to wait", async () => {
    assert.equal(inputsOf("aws:ecs/service:Service")["desiredCount"], 2);
    const { resources: stopped } = await built({ desiredCount: 0 });
    assert.equal(only(stopped, "aws:ecs/service:Service").inputs["desiredCount"], 0);
    const { minCapacity, maxCapacity } = only(stopped, "aws:appautoscaling/target:Target").inputs;
    assert.deepEqual([minCapacity, maxCapacity], [0, 0]);
  });

  it("is taken back by the circuit breaker alone where no alarm watches it", async () => {
    const { resources: unwatched, result } = await built({ rollbackAlarms: false });
    const { inputs } = only(unwatched, "aws:ecs/service:Service");
    assert.deepEqual(
      [inputs["alarms"], inputs["deploymentCircuitBreaker"]],
      [undefined, { enable: true, rollback: true }],
    );
    assert.deepEqual(ofType(unwatched, "aws:cloudwatch/metricAlarm:MetricAlarm"), []);
    assert.equal(result.errorAlarmArn, undefined);
  });

  it("tells others its names", async () => {
    assert.equal(await valueOf(service.name), `${name}-0a1b2c3`);
    assert.match(await valueOf(service.logGroupName), /^\/groundwork-staging-api\/containers/);
    assert.match(await valueOf(service.targetGroupArnSuffix), /^targetgroup\//);
    assert.match(await valueOf(service.migrationTaskDefinitionArn), /-migration$/);
  });
});

describe("the service with a Datadog Agent", () => {
  let resources: readonly CapturedResource[];
  let task: ReturnType<typeof taskOf>;
  before(async () => {
    ({ resources } = await built({ datadog }));
    task = taskOf(resources, name);
  });

  it("serves without it: the agent is not essential, and the API does not wait for it", () => {
    const [api, agent] = [task.container("api"), task.container("datadog-agent")];
    assert.equal(api.essential, true);
    assert.equal(api.dependsOn, undefined);
    assert.equal(agent.essential, false);
    assert.deepEqual(agent.dependsOn, [{ containerName: "datadog-volumes", condition: "SUCCESS" }]);
  });

  it("shares its size with it, and no more than there is", () => {
    const sum = (key: "cpu" | "memory") => task.containers.reduce((total, one) => total + one[key], 0);
    assert.equal(sum("cpu"), 512);
    assert.equal(sum("memory"), 1024);
  });

  it("gives it volumes of its own, a health check, a pinned version, and its key as a secret", () => {
    const agent = task.container("datadog-agent");
    const volumes = (task.inputs["volumes"] as { name: string }[]).map((volume) => volume.name);
    assert.deepEqual(
      agent.mountPoints.map(({ sourceVolume }) => sourceVolume),
      volumes,
    );
    assert.deepEqual(agent.healthCheck.command, ["CMD", "agent", "health"]);
    assert.match(agent.image, /^public\.ecr\.aws\/datadog\/agent:\d+\.\d+\.\d+$/);
    assert.deepEqual(agent.secrets, [{ name: "DD_API_KEY", valueFrom: datadog.apiKeySecretArn }]);
    assert.ok(policyOf(resources, "execution").includes(datadog.apiKeySecretArn));
  });

  it("sends the tags by which Datadog attributes what it bills", () => {
    const environment = task.container("datadog-agent").environment as { name: string; value: string }[];
    const tags = environment.find(({ name: own }) => own === "DD_TAGS")?.value;
    assert.equal(tags, "costcenter:web_shop env:staging environment:staging owner:platform service:api team:platform");
  });

  it("has no volume without it, nor in a migration", async () => {
    const { resources: without } = await built();
    assert.ok(!("volumes" in taskOf(without, name).inputs));
    assert.ok(!("volumes" in taskOf(resources, `${name}-migration`).inputs));
  });
});

describe("a service that could not run", () => {
  const refused: readonly [says: RegExp, over: Partial<ServiceArgs>][] = [
    [/image: must end with the digest/, { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:latest" }],
    [/cpuUnits, memoryMegabytes: .*Fargate pairs 256/, { cpuUnits: 256, memoryMegabytes: 4096 }],
    [/desiredCount, maximumCount: .*above the largest/, { desiredCount: 5 }],
    [/desiredCount, maximumCount: .*0 or more/, { desiredCount: -1 }],
    [/user: must be uid:gid/, { user: "0:0" }],
    [/user: must be uid:gid/, { user: "node" }],
    [/environment: .*must be a variable/, { environment: { "log-level": "info" } }],
    [/secrets: .*no variable that `environment` gives too/, { secrets: { ENVIRONMENT: secretArn("a") } }],
  ];
  for (const [says, over] of refused) {
    it(`is refused: ${JSON.stringify(over)}`, async () => {
      await assert.rejects(built(over), says);
    });
  }
});
