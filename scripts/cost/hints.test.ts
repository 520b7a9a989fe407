import assert from "node:assert/strict";
import { estimate } from "./estimate.ts";
import { hintsOf } from "./hints.ts";
import { rules } from "./hints-rules.ts";
import { type CaseOptions, type ResourceCase, rangeText, realPrices, sourceOfCases } from "./resources/stack.cases.ts";

function hints(cases: readonly ResourceCase[], options: CaseOptions = {}): readonly string[] {
  const source = sourceOfCases(cases, options);
  const cost = estimate({ ...source, prices: realPrices });
  return hintsOf({ cost, world: source.world, prices: realPrices }).map(
    ({ rule, urn, range }) => `${rule} ${urn.split("::").at(-1) ?? ""} ${rangeText(range)}`,
  );
}

const task = (cpuArchitecture: string): ResourceCase => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  inputs: { cpu: "1024", memory: "2048", runtimePlatform: { cpuArchitecture }, containerDefinitions: "[]" },
});
const service = (definition: ResourceCase): readonly ResourceCase[] => [
  definition,
  {
    type: "aws:ecs/service:Service",
    name: "api",
    inputs: { launchType: "FARGATE", desiredCount: 1 },
    refers: { taskDefinition: [definition], cluster: [definition] },
  },
];
const cache = (engine: string, nodeType = "cache.t4g.micro"): ResourceCase => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "cache",
  inputs: { engine, nodeType, numCacheClusters: 2 },
});
const address = (name: string): ResourceCase => ({ type: "aws:ec2/eip:Eip", name });
const gateway = (name: string): readonly ResourceCase[] => [
  address(name),
  { type: "aws:ec2/natGateway:NatGateway", name, refers: { allocationId: [address(name)] } },
];
const endpoint = (serviceName: string, vpcEndpointType = "Interface"): ResourceCase => ({
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  name: "endpoint",
  inputs: { serviceName, vpcEndpointType, subnetIds: ["a", "b"] },
});
const s3 = { ...endpoint("com.amazonaws.us-east-1.s3", "Gateway"), name: "s3" };
const check = (tickEvery: number): ResourceCase => ({
  type: "datadog:index/syntheticsTest:SyntheticsTest",
  name: "check",
  inputs: { type: "api", status: "live", locations: ["a", "b"], optionsList: { tickEvery } },
});
const zone: ResourceCase = {
  type: "cloudflare:index/zone:Zone",
  name: "zone",
  outputs: { id: "z", plan: { legacyId: "pro", frequency: "monthly" } },
};
const cluster: ResourceCase = {
  type: "aws:ecs/cluster:Cluster",
  name: "cluster",
  inputs: { settings: [{ name: "containerInsights", value: "enabled" }] },
};

describe("right-sizing hints", () => {
  const cases: readonly (readonly [
    what: string,
    given: readonly ResourceCase[],
    stack: string,
    expected: readonly string[],
  ])[] = [
    // 730 x (0.04048 - 0.03238 + 2 x (0.004445 - 0.00356)): https://aws.amazon.com/fargate/pricing/
    ["x86 where ARM would do", service(task("X86_64")), "production", ["fargate-arm api 7.2051"]],
    ["not where it is ARM", service(task("ARM64")), "production", []],
    // Two nodes, 730 hours, 0.016 against 0.0128 USD.
    ["Redis where Valkey is cheaper", [cache("redis")], "production", ["cache-valkey cache 4.672"]],
    ["not where it is Valkey", [cache("valkey")], "production", []],
    ["a former generation of nodes", [cache("valkey", "cache.t3.micro")], "production", ["cache-arm cache 1.168"]],
    [
      "an endpoint that carries less than 417 GB",
      [...gateway("nat"), endpoint("com.amazonaws.us-east-1.logs"), s3],
      "production",
      // 14.60 and 0.01 a GB for 5, 20, or 100 GB, against 0.045 a GB.
      ["endpoint-against-nat endpoint 14.425..13.9..11.1"],
    ],
    ["not without NAT", [endpoint("com.amazonaws.us-east-1.logs"), s3], "production", []],
    [
      "not Atlas', which has no other way",
      [...gateway("nat"), endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-1"), s3],
      "production",
      [],
    ],
    [
      "a NAT gateway for each zone outside production, with its address",
      [...gateway("one"), ...gateway("two"), s3],
      "staging",
      ["nat-per-zone one 36.5"],
    ],
    ["not in production", [...gateway("one"), ...gateway("two"), s3], "production", []],
    ["an address that nothing uses", [address("lost")], "production", ["unused-address lost 3.65"]],
    ["S3 through NAT", gateway("nat"), "production", ["gateway-endpoint nat 0..0.5625..2.25"]],
    [
      "an endpoint in two zones outside production",
      [endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-1")],
      "staging",
      ["endpoint-per-zone endpoint 7.3"],
    ],
    ["impatient checks outside production", [check(300)], "staging", ["checks-outside-production check 5.84"]],
    ["not patient ones, and not in production", [check(900)], "staging", []],
    ["a plan that is billed monthly", [zone], "production", ["cloudflare-annual zone 5"]],
  ];
  for (const [what, given, stack, expected] of cases)
    it(what, () => {
      assert.deepEqual(hints(given, { stack }), expected);
    });

  it("Container Insights outside production", () => {
    assert.match(hints([cluster], { stack: "staging" }).join(), /^insights-outside-production cluster /);
    assert.deepEqual(hints([cluster], { stack: "production" }), []);
  });

  it("stand in the order of what they save, and each says what to change and what is lost", () => {
    const source = sourceOfCases([zone, address("lost"), cache("redis")]);
    const found = hintsOf({
      cost: estimate({ ...source, prices: realPrices }),
      world: source.world,
      prices: realPrices,
    });
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ["cloudflare-annual", "cache-valkey", "unused-address"],
    );
    for (const { setting, loses, what, stack, saving, range } of found) {
      assert.ok(setting !== "" && loses.endsWith(".") && what.endsWith(".") && stack === "production");
      assert.equal(saving, range.expected);
    }
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });

  it("nothing of an empty stack's", () => {
    assert.deepEqual(hints([{ type: "random:index/randomPassword:RandomPassword" }]), []);
  });
});
