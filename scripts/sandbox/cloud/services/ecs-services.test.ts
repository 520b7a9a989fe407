import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { SERVICE } from "./ecs-lookup.ts";
import { allow, errorAlarm, type TaskWorld, taskWorld } from "./ecs-samples.ts";
import { LISTENER, LISTENER_RULE, TARGET_GROUP } from "./elbv2-lookup.ts";
import { assertRefused, textIn } from "./tiny-world.ts";

const groupArn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/api/0123456789abcdef";
const subnet = "aws:ec2/subnet:Subnet";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";

interface Ground extends TaskWorld {
  readonly create: (over?: Properties) => CloudResource;
}

/** Everything that a service needs; `over` changes one thing. */
function ground(executionPolicy?: string): Ground {
  const world = taskWorld(executionPolicy);
  const { cloud } = world;
  const listener = cloud.create(LISTENER, "https", { loadBalancerArn: "arn:balancer" });
  cloud.create(TARGET_GROUP, "api", { arn: groupArn, targetType: "ip" });
  cloud.create(LISTENER_RULE, "api", { listenerArn: listener.id, actions: [{ targetGroupArn: groupArn }] });
  cloud.create("aws:cloudwatch/metricAlarm:MetricAlarm", "errors", errorAlarm);
  const definition = world.register([world.container()]);
  const [here, there, far] = ["vpc-1", "vpc-1", "vpc-2"].map((vpcId, index) =>
    cloud.create(subnet, `subnet-${index}`, { vpcId }),
  ) as [CloudResource, CloudResource, CloudResource];
  const group = cloud.create(securityGroup, "tasks", { vpcId: "vpc-1" });
  let count = 0;
  const right: Properties = {
    cluster: world.cluster.id,
    taskDefinition: textIn(definition.outputs, "arn"),
    capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
    networkConfiguration: { subnets: [here.id, there.id], securityGroups: [group.id] },
    loadBalancers: [{ targetGroupArn: groupArn, containerName: "api", containerPort: 3000 }],
    alarms: { enable: true, rollback: true, alarmNames: ["errors"] },
  };
  const foreign = { networkConfiguration: { subnets: [here.id, far.id] } };
  return {
    ...world,
    create: (over = {}) =>
      cloud.create(SERVICE, `s${count}`, { name: `s${count++}`, ...right, ...(over["foreign"] ? foreign : over) }),
  };
}

describe("ECS: a service", () => {
  it("has an ARN with its cluster and name, and what ECS adds", () => {
    const service = ground().create({ name: "api" });
    assert.equal(service.id, "arn:aws:ecs:us-east-1:111122223333:service/main/api");
    assert.equal(service.outputs["arn"], service.id);
    assert.equal(service.outputs["platformVersion"], "LATEST");
  });

  const network = (over: Properties) => ({ networkConfiguration: { subnets: ["subnet-none"], ...over } });
  const balancer = (over: Properties) => ({
    loadBalancers: [{ targetGroupArn: groupArn, containerName: "api", containerPort: 3000, ...over }],
  });
  const wrong: readonly [what: string, over: Properties, code: string, message: RegExp][] = [
    ["a cluster that is not there", { cluster: "none" }, "ClusterNotFoundException", /Cluster not found/],
    ["a task definition that is not there", { taskDefinition: "api:9" }, "ClientException", /not found/],
    ["two ways to run", { launchType: "FARGATE" }, "InvalidParameterException", /both a launch type and/],
    [
      "a capacity provider that the cluster lacks",
      { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }] },
      "InvalidParameterException",
      /'FARGATE_SPOT' is not associated/,
    ],
    ["no task definition", { taskDefinition: "" }, "InvalidParameterException", /can not be blank/],
    [
      "a strategy without weight",
      { capacityProviderStrategies: [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE" }] },
      "InvalidParameterException",
      /weight greater than 0/,
    ],
    [
      "two bases",
      { capacityProviderStrategies: [1, 2].map((weight) => ({ capacityProvider: "FARGATE", base: 1, weight })) },
      "InvalidParameterException",
      /Only one capacity provider/,
    ],
    ["fewer tasks than none", { desiredCount: -1 }, "InvalidParameterException", /negative/],
    [
      "places on Fargate",
      { placementConstraints: [{ type: "distinctInstance" }] },
      "InvalidParameterException",
      /does not support placementConstraints/,
    ],
    ["a role for its load balancer", { iamRole: "ecs" }, "InvalidParameterException", /service linked role/],
    [
      "Service Connect without a namespace",
      { serviceConnectConfiguration: { enabled: true } },
      "InvalidParameterException",
      /namespace/,
    ],
    ["a daemon on Fargate", { schedulingStrategy: "DAEMON" }, "InvalidParameterException", /DAEMON/],
    ["no network", { networkConfiguration: {} }, "InvalidParameterException", /must be provided when networkMode/],
    ["a subnet that is not there", network({}), "InvalidParameterException", /InvalidSubnetID.NotFound/],
    ["two networks", { foreign: true }, "InvalidParameterException", /the same VPC/],
    [
      "a target group that is not there",
      balancer({ targetGroupArn: "arn:none" }),
      "InvalidParameterException",
      /does not exist/,
    ],
    [
      "a container that is not there",
      balancer({ containerName: "web" }),
      "InvalidParameterException",
      /container web does not exist/,
    ],
    [
      "a port that is not mapped",
      balancer({ containerPort: 80 }),
      "InvalidParameterException",
      /container port 80 defined/,
    ],
    [
      "a grace period without a load balancer",
      { loadBalancers: [], healthCheckGracePeriodSeconds: 60 },
      "InvalidParameterException",
      /grace period/,
    ],
    ["deployments without room", { deploymentMaximumPercent: 100 }, "InvalidParameterException", /block deployments/],
    [
      "rebalancing without room",
      { deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 50, availabilityZoneRebalancing: "ENABLED" },
      "InvalidParameterException",
      /rebalancing/,
    ],
    [
      "an alarm that is not there",
      { alarms: { enable: true, rollback: true, alarmNames: ["none"] } },
      "InvalidParameterException",
      /alarm names do not exist: \[none\]/,
    ],
    [
      "a circuit breaker of another controller",
      { deploymentController: { type: "CODE_DEPLOY" }, deploymentCircuitBreaker: { enable: true, rollback: true } },
      "InvalidParameterException",
      /circuit breaker/,
    ],
  ];
  for (const [what, over, code, message] of wrong) {
    it(`is refused with ${what}`, () => {
      const { create } = ground();
      create();
      assertRefused(() => create(over), code, message);
    });
  }

  it("needs security groups that are there", () => {
    const { cloud, create } = ground();
    const [first] = cloud.world.all(subnet);
    const networkConfiguration = { subnets: [first?.id ?? ""], securityGroups: ["sg-none"] };
    assertRefused(() => create({ networkConfiguration }), "InvalidParameterException", /InvalidGroup.NotFound/);
  });

  it("needs a target group that a listener or a rule uses, with targets by address", () => {
    const { cloud, create } = ground();
    const [rule] = cloud.world.all(LISTENER_RULE);
    cloud.delete(rule ?? assert.fail("no rule"));
    assertRefused(() => create(), "InvalidParameterException", /does not have an associated load balancer/);
    cloud.create(LISTENER, "direct", { loadBalancerArn: "arn:b", defaultActions: [{ targetGroupArn: groupArn }] });
    create();
    const [group] = cloud.world.all(TARGET_GROUP);
    cloud.update(group ?? assert.fail("no group"), { arn: groupArn, targetType: "instance" });
    assertRefused(() => create(), "InvalidParameterException", /incompatible with the awsvpc network mode/);
  });

  it("runs on Fargate only what is made for it", () => {
    const { create, register, container } = ground();
    const other = register([container()], { family: "hosts", requiresCompatibilities: ["EC2"] });
    assertRefused(
      () => create({ taskDefinition: textIn(other.outputs, "arn") }),
      "InvalidParameterException",
      /does not support launch_type FARGATE/,
    );
  });

  it("lets people in only where its tasks have a role", () => {
    const { create, register, container } = ground();
    create({ enableExecuteCommand: true });
    const plain = register([container()], { family: "plain", taskRoleArn: "" });
    const taskDefinition = textIn(plain.outputs, "arn");
    create({ taskDefinition });
    assertRefused(
      () => create({ taskDefinition, enableExecuteCommand: true }),
      "InvalidParameterException",
      /valid taskRoleArn/,
    );
  });

  it("reaches its registry from a public subnet only with a public address", () => {
    const { cloud, create } = ground();
    const [first] = cloud.world.all(subnet);
    const table = cloud.create("aws:ec2/routeTable:RouteTable", "public", {});
    cloud.create("aws:ec2/routeTableAssociation:RouteTableAssociation", "public", {
      subnetId: first?.id ?? "",
      routeTableId: table.id,
    });
    create();
    cloud.create("aws:ec2/route:Route", "public", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: "igw-1",
    });
    assertRefused(() => create(), "ResourceInitializationError", /no public address/);
    create({ networkConfiguration: { subnets: [first?.id ?? ""], assignPublicIp: true } });
    cloud.create("aws:ec2/vpcEndpoint:VpcEndpoint", "registry", {
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.us-east-1.ecr.dkr",
    });
    create();
  });

  it("has a name that is free in its cluster", () => {
    const { create } = ground();
    create({ name: "api" });
    assertRefused(() => create({ name: "api" }), "InvalidParameterException", /not idempotent/);
  });

  it("changes what it runs on only with a new deployment", () => {
    const { cloud, create } = ground();
    const service = create();
    const capacityProviderStrategies = [{ capacityProvider: "FARGATE", weight: 2 }];
    const change = (over: Properties) =>
      cloud.update(service, { ...service.inputs, capacityProviderStrategies, ...over });
    assertRefused(() => change({}), "InvalidConfiguration", /force_new_deployment/);
    change({ forceNewDeployment: true });
  });

  for (const [what, allowed, denied] of [
    ["secrets", ["ecr:*", "logs:*"], "secretsmanager:GetSecretValue"],
    ["logs", ["ecr:*", "secretsmanager:*"], "logs:CreateLogStream"],
    ["image", ["logs:*", "secretsmanager:*"], "ecr:GetAuthorizationToken"],
  ] as const) {
    it(`could never start a task whose execution role may not get its ${what}`, () => {
      const { create } = ground(allow(...allowed));
      assertRefused(() => create(), "ResourceInitializationError", new RegExp(`not authorized to perform: ${denied}`));
    });
  }

  it("takes permissions from AWS's own policy as well, but no secret", () => {
    const { cloud, create, register, container } = ground(allow("sts:GetCallerIdentity"));
    cloud.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
      role: "execution",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    });
    assertRefused(() => create(), "ResourceInitializationError", /GetSecretValue/);
    const plain = register([container({ secrets: [] })]);
    create({ taskDefinition: textIn(plain.outputs, "arn") });
  });
});
