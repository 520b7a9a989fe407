import assert from "node:assert/strict";
import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { between, exactly } from "../../range.ts";
import { type Given, itCosts, partsOf, sameUsage } from "../world.cases.ts";
import { tasksOn } from "./task-count.ts";

const onFargate = [{ capacityProvider: "FARGATE", weight: 1 }];
const taskType = "aws:ecs/taskDefinition:TaskDefinition";
const cluster: Given = { type: "aws:ecs/cluster:Cluster", name: "cluster" };

const arm: Given = {
  type: taskType,
  name: "task",
  inputs: { cpu: "512", memory: "1024", runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" } },
};
const scaled = (minCapacity: number, maxCapacity: number): Given => ({
  type: "aws:appautoscaling/target:Target",
  name: "scaling",
  inputs: { minCapacity, maxCapacity },
  refers: { resourceId: ["cluster", "api"] },
});

const service = (inputs: Given["inputs"] = {}): Given => ({
  type: "aws:ecs/service:Service",
  name: "api",
  inputs: { capacityProviderStrategies: onFargate, propagateTags: "SERVICE", ...inputs },
  refers: { taskDefinition: ["task"], cluster: ["cluster"] },
});
const zones = "data-between-zones 100..1000..10000 ~";

describe("Fargate", () => {
  itCosts([
    {
      what: "charges vCPUs and memory of every task, all month",
      given: service({ desiredCount: 2 }),
      among: [arm, cluster],
      lines: ["fargate-arm-vcpu 730", "fargate-arm-memory 1460", zones],
    },
    {
      what: "takes the bounds of scaling as the low and the high end",
      given: service({ desiredCount: 2 }),
      among: [arm, cluster, scaled(1, 6)],
      lines: ["fargate-arm-vcpu 365..730..2190 ~", "fargate-arm-memory 730..1460..4380 ~", zones],
      says: /between 1 and 6 tasks: the desired 2/,
    },
    {
      what: "never expects fewer tasks than scaling keeps",
      given: service({ desiredCount: 1 }),
      among: [arm, cluster, scaled(3, 3)],
      lines: ["fargate-arm-vcpu 1095", "fargate-arm-memory 2190", zones],
    },
    {
      what: "runs on x86 where nothing is said, and starts one task",
      given: service(),
      among: [{ type: taskType, name: "task", inputs: { cpu: ".25 vCPU", memory: "0.5 GB" } }, cluster],
      lines: ["fargate-x86-vcpu 182.5", "fargate-x86-memory 365", zones],
    },
    {
      what: "is a line of 0 for a service that is stopped",
      given: service({ desiredCount: 0 }),
      among: [arm, cluster],
      lines: ["fargate-arm-vcpu 0", "fargate-arm-memory 0", zones],
    },
    {
      what: "charges storage above 20 GB",
      given: service({ desiredCount: 1 }),
      among: [{ ...arm, inputs: { ...arm.inputs, ephemeralStorage: { sizeInGib: 50 } } }, cluster],
      lines: ["fargate-arm-vcpu 365", "fargate-arm-memory 730", "fargate-storage 21900", zones],
    },
    {
      what: "charges the public address of every task",
      given: service({ desiredCount: 2, networkConfiguration: { assignPublicIp: true } }),
      among: [arm, cluster],
      lines: ["fargate-arm-vcpu 730", "fargate-arm-memory 1460", "public-ipv4-in-use 1460", zones],
    },
    {
      what: "gives a span where the number of tasks, their size, or their addresses are not known yet",
      given: service({ desiredCount: UNKNOWN, networkConfiguration: UNKNOWN }),
      among: [
        { type: taskType, name: "task", inputs: { cpu: UNKNOWN, memory: UNKNOWN, runtimePlatform: UNKNOWN } },
        cluster,
      ],
      lines: [
        "fargate-x86-vcpu 0..365..1460 ~",
        "fargate-x86-memory 0..730..2920 ~",
        "public-ipv4-in-use 0..730..730 ~",
        zones,
      ],
      says: /not known yet: one\. The task's vCPUs, memory, architecture \(x86 is assumed\) cannot be read/,
    },
    {
      what: "gives a span where the task definition is another stack's",
      given: service({ desiredCount: 1 }),
      among: [cluster],
      lines: [
        "fargate-x86-vcpu 182.5..365..1460 ~",
        "fargate-x86-memory 365..730..2920 ~",
        zones,
        // Whether the Datadog Agent runs beside the API is not known either.
        "datadog-fargate-task 0..1..1 ~",
        "datadog-apm-fargate-task 0..1..1 ~",
        "datadog-custom-metrics 0..10..100 ~",
      ],
    },
    {
      what: "counts Spot at the discount that AWS names, and the metrics in a cluster of another stack",
      given: service({
        desiredCount: 1,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
      }),
      among: [arm],
      lines: ["fargate-spot-arm-vcpu 365 ~", "fargate-spot-arm-memory 730 ~", zones, "custom-metric 0..25..35 ~"],
      says: /70 % below/,
    },
    {
      what: "does not price tasks on EC2, where ECS starts them by default, nor Windows",
      given: { ...service(), inputs: {} },
      among: [arm],
      lines: ["not priced: Tasks on EC2"],
    },
    {
      what: "does not price Windows",
      given: service(),
      among: [
        { ...arm, inputs: { ...arm.inputs, runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } } },
      ],
      lines: ["not priced: Windows on Fargate"],
    },
  ]);

  it("counts tasks for the hours that they are on", () => {
    const taskHours = { ...sameUsage.taskHours, ...between(146, 365, 730) };
    const { count, assumption } = tasksOn({ count: exactly(2) }, { usage: { ...sameUsage, taskHours } });
    assert.deepEqual(
      [count.low, count.expected, count.high].map((tasks) => tasks.toFixed()),
      ["0.4", "1", "2"],
    );
    assert.match(assumption ?? "", /365 hours \(146 to 730\)/);
    const always = { count: exactly(2) };
    assert.equal(tasksOn(always, { usage: sameUsage }), always);
  });

  const taggedBy = (propagateTags?: string) => {
    const { inputs, ...rest } = service();
    const { propagateTags: _, ...others } = inputs ?? {};
    const parts = partsOf({ ...rest, inputs: propagateTags === undefined ? others : { ...others, propagateTags } }, [
      arm,
      cluster,
    ]);
    const [first] = parts;
    const tagsOf = first !== undefined && "tagsOf" in first ? first.tagsOf : undefined;
    return typeof tagsOf === "object" ? tagsOf.name : tagsOf;
  };

  it("bears no tag at all unless the service says whose", () => {
    assert.equal(taggedBy(), "none");
    assert.equal(taggedBy("NONE"), "none");
    assert.equal(taggedBy("SERVICE"), "api");
    assert.equal(taggedBy("TASK_DEFINITION"), "task");
  });
});

const cluster730 = (settings: Given["inputs"]): Given => ({ ...cluster, inputs: { ...settings } });

describe("Container Insights", () => {
  const insights = (value: string) => ({ settings: [{ name: "containerInsights", value }] });
  itCosts([
    {
      what: "is charged by the metric, for the cluster and for each of its services",
      given: cluster730(insights("enabled")),
      among: [service()],
      lines: ["custom-metric 31..37..48 ~", "log-ingestion 100..1000..10000 ~"],
      says: /One cluster and one service/,
    },
    {
      what: "costs nothing where it is off",
      given: cluster730(insights("disabled")),
      lines: ["free: A cluster is free"],
    },
    { what: "is off where nothing is said", given: cluster730({}), lines: ["free: A cluster is free"] },
    {
      what: "is taken to be on where it is not known yet",
      given: cluster730({ settings: UNKNOWN }),
      lines: ["custom-metric 10..12..13 ~", "log-ingestion 100..1000..10000 ~"],
    },
    {
      what: "has other prices where it is enhanced",
      given: cluster730(insights("enhanced")),
      lines: ["not priced: Container Insights with enhanced observability"],
    },
  ]);
});
