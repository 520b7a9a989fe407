import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { balancedWorld, type BalancedWorld } from "./elbv2-world.ts";
import { assertRefused, STAGING, textIn } from "./tiny-world.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

const forwardTo = (targetGroupArn: string): Properties => ({ defaultActions: [{ type: "forward", targetGroupArn }] });

describe("ELBv2: a load balancer", () => {
  it("has an ARN, a suffix for metrics, a name in DNS, and its subnets' VPC", () => {
    const { balancer, vpc } = balancedWorld();
    const { id, outputs } = balancer("edge");
    const [, suffix] =
      /^arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer\/(app\/edge\/[0-9a-f]{16})$/.exec(id) ?? [];
    assert.equal(outputs["arnSuffix"], suffix);
    assert.match(textIn(outputs, "dnsName"), /^edge-\d+\.us-east-1\.elb\.amazonaws\.com$/);
    assert.equal(outputs["zoneId"], "Z35SXDOTRQ7X7K");
    assert.equal(outputs["vpcId"], vpc.id);
    assert.match(textIn(balancer("inside", { internal: true }).outputs, "dnsName"), /^internal-inside-\d+\./);
  });

  it("has a name that is free in its account and region, and not one that ELB keeps", () => {
    const { balancer, cloud } = balancedWorld();
    balancer("edge");
    assertRefused(() => balancer("edge"), "DuplicateLoadBalancerName");
    assert.equal(cloud.check(BALANCER, { name: "internal-edge" })[0]?.property, "name");
  });

  it("stands in two zones, one subnet each, of one VPC", () => {
    const { balancer, cloud, vpc, subnets } = balancedWorld();
    const more = (zone: string, block: string, vpcId = vpc.id): string =>
      cloud.create("aws:ec2/subnet:Subnet", block, { vpcId, cidrBlock: block, availabilityZone: `us-east-1${zone}` })
        .id;
    const other = cloud.create("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" });
    const [a] = subnets;
    assertRefused(() => balancer("x", { subnets: [a] }), "ValidationError", /two different Availability Zones/);
    assertRefused(() => balancer("x", { subnets: [a, "subnet-none"] }), "SubnetNotFound");
    assertRefused(() => balancer("x", { subnets: [a, more("a", "10.0.2.0/24")] }), "InvalidConfigurationRequest");
    assertRefused(
      () => balancer("x", { subnets: [a, more("b", "10.1.0.0/24", other.id)] }),
      "InvalidConfigurationRequest",
      /same VPC/,
    );
  });

  it("faces the internet only where there is a way to it", () => {
    const { balancer, cloud } = balancedWorld();
    const vpc = cloud.create("aws:ec2/vpc:Vpc", "closed", { cidrBlock: "10.2.0.0/16" });
    const subnets = ["a", "b"].map(
      (zone, at) =>
        cloud.create("aws:ec2/subnet:Subnet", `closed-${zone}`, {
          vpcId: vpc.id,
          cidrBlock: `10.2.${at}.0/24`,
          availabilityZone: `us-east-1${zone}`,
        }).id,
    );
    const inputs = { subnets, securityGroups: [] };
    assertRefused(() => balancer("x", inputs), "InvalidSubnet", /no internet gateway/);
    const inside = balancer("inside", { ...inputs, internal: true });
    assert.deepEqual(inside.outputs["securityGroups"], [vpc.outputs["defaultSecurityGroupId"]]);
  });

  it("answers over IPv6 only where its subnets do", () => {
    const { balancer } = balancedWorld();
    const dual = { ipAddressType: "dualstack" };
    assertRefused(() => balancer("x", dual), "ValidationError", /associated IPv6 CIDR block/);
  });

  it("answers over IPv6 in subnets that have it", () => {
    const { balancer, cloud, subnets } = balancedWorld();
    for (const [at, id] of subnets.entries()) {
      const subnet = cloud.world.byId("aws:ec2/subnet:Subnet", id)!;
      cloud.update(subnet, { ...subnet.inputs, ipv6CidrBlock: `2001:db8:0:${at}::/64` });
    }
    balancer("edge", { ipAddressType: "dualstack" });
  });

  it("waits between 1 and 4000 seconds", () => {
    const { balancer } = balancedWorld();
    assertRefused(() => balancer("x", { idleTimeout: 5000 }), "ValidationError", /idle_timeout.timeout_seconds/);
    balancer("edge", { idleTimeout: 4000 });
  });

  it("has security groups that exist, of its VPC, which it keeps from deletion", () => {
    const { balancer, cloud, group } = balancedWorld();
    assertRefused(() => balancer("x", { securityGroups: ["sg-0"] }), "InvalidSecurityGroup");
    const other = cloud.create("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" });
    const foreign = cloud.create(GROUP, "foreign", { name: "foreign", vpcId: other.id });
    assertRefused(() => balancer("x", { securityGroups: [foreign.id] }), "InvalidConfigurationRequest");
    balancer("edge");
    assertRefused(() => cloud.delete(group), "DependencyViolation");
  });

  it("keeps the gateway to the internet, unless it stands inside", () => {
    const { balancer, cloud } = balancedWorld();
    const [gateway] = cloud.world.all("aws:ec2/internetGateway:InternetGateway");
    balancer("inside", { internal: true });
    const edge = balancer("edge");
    assertRefused(() => cloud.delete(gateway!), "DependencyViolation", /mapped public address/);
    cloud.delete(edge);
    cloud.delete(gateway!);
  });

  it("is not deleted while it is protected", () => {
    const { balancer, cloud } = balancedWorld();
    const edge = balancer("edge", { enableDeletionProtection: true });
    assertRefused(() => cloud.delete(edge), "OperationNotPermitted", /deletion protection/);
    cloud.delete(cloud.update(edge, { ...edge.inputs, enableDeletionProtection: false }));
  });
});

describe("ELBv2: logs of a load balancer", () => {
  const folder = "arn:aws:s3:::logs/requests/AWSLogs/111122223333/*";
  const allow = (Principal: object, Resource: string): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal, Action: "s3:PutObject", Resource }],
    });
  const service = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };
  const logged = ({ balancer }: BalancedWorld, more: Properties = {}) =>
    balancer("edge", { accessLogs: { enabled: true, bucket: "logs", prefix: "requests", ...more } });

  for (const [what, principal] of [
    ["ELB's service principal", service],
    ["ELB's account of the region, as it was before", { AWS: "arn:aws:iam::127311923021:root" }],
  ] as const)
    it(`go to a bucket whose policy lets in ${what}`, () => {
      const world = balancedWorld();
      world.cloud.create(BUCKET, "logs", { bucket: "logs" });
      world.cloud.create(POLICY, "logs", { bucket: "logs", policy: allow(principal, folder) });
      logged(world);
    });

  it("go to a bucket that exists, in the load balancer's region", () => {
    const world = balancedWorld();
    assertRefused(() => logged(world), "InvalidConfigurationRequest", /does not exist/);
    world.cloud.create(BUCKET, "logs", { bucket: "logs" }, { ...STAGING, region: "eu-west-1" });
    assertRefused(() => logged(world), "InvalidConfigurationRequest", /not in us-east-1/);
  });

  for (const [what, policy] of [
    ["has no policy", undefined],
    ["lets in another service", allow({ Service: "delivery.logs.amazonaws.com" }, folder)],
    ["lets in another prefix", allow(service, "arn:aws:s3:::logs/AWSLogs/111122223333/*")],
    ["lets in another account's logs", allow(service, "arn:aws:s3:::logs/requests/AWSLogs/444455556666/*")],
  ] as const)
    it(`do not go to a bucket that ${what}`, () => {
      const world = balancedWorld();
      world.cloud.create(BUCKET, "logs", { bucket: "logs" });
      if (policy !== undefined) world.cloud.create(POLICY, "logs", { bucket: "logs", policy });
      assertRefused(() => logged(world), "InvalidConfigurationRequest", /Access Denied for bucket: logs/);
    });

  it("do not go to a bucket that encrypts with KMS, nor under a prefix that ELB adds", () => {
    const world = balancedWorld();
    world.cloud.create(BUCKET, "logs", { bucket: "logs" });
    world.cloud.create(POLICY, "logs", { bucket: "logs", policy: allow(service, folder) });
    assertRefused(() => logged(world, { prefix: "AWSLogs" }), "InvalidConfigurationRequest", /prefix/);
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }];
    world.cloud.create(ENCRYPTION, "logs", { bucket: "logs", rules });
    assertRefused(() => logged(world), "InvalidConfigurationRequest", /SSE-S3/);
  });

  it("are nobody's concern while they are off", () => {
    logged(balancedWorld(), { enabled: false });
  });
});

describe("ELBv2: a target group", () => {
  it("has an ARN, a suffix for metrics, and a health check", () => {
    const { id, outputs } = balancedWorld().targetGroup("api", { healthCheck: { path: "/health/ready" } });
    assert.match(id, /:targetgroup\/api\/[0-9a-f]{16}$/);
    assert.equal(outputs["arnSuffix"], id.slice(id.indexOf("targetgroup/")));
    const check = outputs["healthCheck"] as Properties;
    assert.deepEqual([check["path"], check["matcher"], check["interval"]], ["/health/ready", "200", 30]);
  });

  it("has a free name and a VPC that exists", () => {
    const { targetGroup } = balancedWorld();
    targetGroup("api");
    assertRefused(() => targetGroup("api"), "DuplicateTargetGroupName");
    assertRefused(() => targetGroup("other", { vpcId: "vpc-0" }), "ValidationError", /vpc-0/);
  });

  for (const [inputs, property] of [
    [{ targetType: "ip", protocol: "HTTP", vpcId: "vpc-1" }, "port"],
    [{ targetType: "ip", protocol: "HTTP", port: 80 }, "vpcId"],
    [{ port: 80, protocol: "HTTP", vpcId: "vpc-1", healthCheck: { protocol: "TCP" } }, "healthCheck.protocol"],
    [{ port: 80, protocol: "TCP", vpcId: "vpc-1", healthCheck: { protocol: "TCP", path: "/" } }, "healthCheck.path"],
    [{ port: 80, protocol: "HTTP", vpcId: "vpc-1", healthCheck: { port: "web" } }, "healthCheck.port"],
    [{ targetType: "lambda" }, undefined],
  ] as const)
    it(`${property === undefined ? "may" : "may not"} be ${JSON.stringify(inputs)}`, () => {
      assert.equal(balancedWorld().cloud.check(TARGET_GROUP, inputs as Properties)[0]?.property, property);
    });

  it("gives up on a check before it makes the next", () => {
    const { targetGroup } = balancedWorld();
    assertRefused(
      () => targetGroup("slow", { healthCheck: { timeout: 10, interval: 10 } }),
      "ValidationError",
      /smaller/,
    );
    targetGroup("quick", { healthCheck: { timeout: 9, interval: 10 } });
  });

  const wrong: readonly [what: string, code: string, more: Properties][] = [
    ["a code that is no number", "ValidationError", { healthCheck: { matcher: "ok" } }],
    ["a code outside 200 to 499", "ValidationError", { healthCheck: { matcher: "200,600" } }],
    ["a range that falls", "ValidationError", { healthCheck: { matcher: "299-200" } }],
    ["stickiness of network load balancers", "InvalidConfigurationRequest", { stickiness: { type: "source_ip" } }],
    [
      "a cookie of the application without a name",
      "InvalidConfigurationRequest",
      { stickiness: { type: "app_cookie" } },
    ],
    [
      "a slow start for the least busy",
      "InvalidConfigurationRequest",
      { slowStart: 60, loadBalancingAlgorithmType: "least_outstanding_requests" },
    ],
  ];
  for (const [what, code, more] of wrong)
    it(`may not have ${what}`, () => {
      assertRefused(() => balancedWorld().targetGroup("x", more), code);
    });

  for (const more of [
    { healthCheck: { matcher: "200-299,301" } },
    { protocolVersion: "GRPC", healthCheck: { matcher: "12" } },
    { stickiness: { type: "app_cookie", cookieName: "session" } },
    { protocol: "TCP", stickiness: { type: "source_ip" } },
    { slowStart: 60, loadBalancingAlgorithmType: "round_robin" },
  ])
    it(`may have ${JSON.stringify(more)}`, () => {
      balancedWorld().targetGroup("x", more);
    });

  it("is not deleted while a listener or a rule forwards to it", () => {
    const world = balancedWorld();
    const [byListener, byRule] = [world.targetGroup("a"), world.targetGroup("b")];
    const listener = world.listener(world.balancer("edge"), forwardTo(byListener.id));
    const rule = world.cloud.create("aws:lb/listenerRule:ListenerRule", "r", {
      listenerArn: listener.id,
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: byRule.id }] } }],
      conditions: [{ pathPattern: { values: ["/*"] } }],
    });
    for (const group of [byListener, byRule]) assertRefused(() => world.cloud.delete(group), "ResourceInUse");
    world.cloud.delete(rule);
    world.cloud.delete(byRule);
    world.cloud.delete(listener);
    world.cloud.delete(byListener);
  });

  it("has targets by attachment, and an attachment a target group", () => {
    const { cloud, targetGroup } = balancedWorld();
    const targetGroupArn = targetGroup("api").id;
    cloud.create(ATTACHMENT, "a", { targetGroupArn, targetId: "10.0.0.9" });
    assertRefused(
      () => cloud.create(ATTACHMENT, "b", { targetGroupArn: `${targetGroupArn}0`, targetId: "10.0.0.9" }),
      "TargetGroupNotFound",
    );
  });
});
