import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "mocha";
import { OutputValue, type Properties, Secret, UNKNOWN, type Value } from "../../values/value.ts";
import { Refusal } from "../service.ts";
import { VPC_ARGS, readVpcArgs } from "./args.ts";
import cases from "./vpc.cases.json" with { type: "json" };
import { COMPONENT, type Plan, type Planned, PlannedOutput, PlannedReference, type PlannedResource } from "./plan.ts";
import { chooseZones, planVpc } from "./vpc.ts";

interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly dependencies: readonly string[];
  readonly inputs: unknown;
}

interface RecordedCase {
  readonly args: Properties;
  readonly exit: number;
  readonly error?: string;
  readonly resources: readonly RecordedResource[];
}

const recorded = Object.entries(cases.cases as Record<string, RecordedCase>);

/** What the recording says of a refusal, and the code that stands for it here. */
const REFUSALS: Record<string, string> = {
  "refused: the subnets overlap (in the Exact strategy the masks must fill the range without overlap)":
    "SubnetsOverlap",
  "refused: gaps between subnets and at the end of the VPC": "SubnetGaps",
  "refused: a NAT strategy without public subnets": "NatGatewayWithoutSubnets",
  "refused: the subnets need more addresses than the VPC has": "SubnetsTooLarge",
};

function plan(args: Properties, available: readonly string[] = cases.zones): Plan {
  const read = readVpcArgs(args);
  return planVpc("net", read, chooseZones(read, available));
}

/** The plan as the recording shows it: its provider gave every resource an id, `<name>-id`, and no further outputs. */
function asRecorded({ resources }: Plan): RecordedResource[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  const find = (key: string): PlannedResource => {
    const resource = byKey.get(key);
    assert.ok(resource, `${key} is not planned`);
    return resource;
  };
  const typePath = ({ parent, type }: PlannedResource): string =>
    parent === COMPONENT ? `awsx:ec2:Vpc$${type}` : `${typePath(find(parent))}$${type}`;
  const urn = (key: string): string =>
    key === COMPONENT ? "awsx:ec2:Vpc::net" : `${typePath(find(key))}::${find(key).name}`;
  return resources.map((resource) => {
    const dependencies = new Set(resource.dependsOn.map(urn));
    const inputs: Record<string, unknown> = {};
    for (const [property, value] of Object.entries(resource.inputs)) {
      if (!(value instanceof PlannedOutput)) inputs[property] = value;
      else if (value.output === "id") {
        inputs[property] = `${find(value.key).name}-id`;
        dependencies.add(urn(value.key));
      }
    }
    return {
      type: resource.type,
      name: resource.name,
      parent: urn(resource.parent),
      dependencies: [...dependencies].sort(),
      inputs,
    };
  });
}

const sorted = (resources: readonly RecordedResource[]): RecordedResource[] =>
  [...resources]
    .map((resource) => ({ ...resource, dependencies: [...resource.dependencies].sort() }))
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));

const refusal =
  (code: string, message = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };

const children = (result: Plan, type: string): PlannedResource[] =>
  result.resources.filter((resource) => resource.type.endsWith(`:${type}`));

const child = (result: Plan, type: string, name: string): PlannedResource => {
  const found = children(result, type).find((resource) => resource.name === name);
  assert.ok(found, `no ${type} ${name}`);
  return found;
};

const subnetBlocks = (result: Plan): Record<string, Planned | undefined> =>
  Object.fromEntries(children(result, "Subnet").map(({ name, inputs }) => [name, inputs["cidrBlock"]]));

describe("a planned awsx:ec2:Vpc", () => {
  assert.equal(recorded.length, 14);

  for (const [name, { args, exit, error, resources }] of recorded) {
    if (exit === 0)
      it(`has the children that the real component makes: ${name}`, () => {
        const [component, ...expected] = resources;
        assert.deepEqual([component?.type, component?.inputs], ["awsx:ec2:Vpc", {}]);
        assert.deepEqual(sorted(asRecorded(plan(args))), sorted(expected));
      });
    else
      it(`is refused where the real component fails: ${name}`, () => {
        assert.throws(() => plan(args), refusal(REFUSALS[error ?? ""] ?? "no code for this error"));
      });
  }

  it("lists every resource after what it refers to", () => {
    for (const [, { args, exit }] of recorded) {
      if (exit !== 0) continue;
      const before = new Set([COMPONENT]);
      for (const { key, parent, dependsOn, inputs } of plan(args).resources) {
        const used = Object.values(inputs).flatMap((value) => (value instanceof PlannedOutput ? [value.key] : []));
        for (const needed of [parent, ...dependsOn, ...used]) assert.ok(before.has(needed), `${key} before ${needed}`);
        before.add(key);
      }
    }
  });

  it("reads every argument that the installed SDK passes, and no other", () => {
    const source = readFileSync(createRequire(import.meta.url).resolve("@pulumi/awsx/ec2/vpc.js"), "utf8");
    const passed = [...source.matchAll(/resourceInputs\["(\w+)"\] = args\?/g)].map((match) => match[1]);
    assert.deepEqual([...VPC_ARGS].sort(), [...new Set(passed)].sort());
  });

  it("has every output that the installed SDK reads", () => {
    const source = readFileSync(createRequire(import.meta.url).resolve("@pulumi/awsx/ec2/vpc.js"), "utf8");
    const read = [...source.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map((match) => match[1]);
    assert.deepEqual(Object.keys(plan({}).outputs).sort(), [...new Set(read)].sort());
  });
});

describe("outputs of awsx:ec2:Vpc", () => {
  const three = (extra: Properties = {}): Plan =>
    plan({
      numberOfAvailabilityZones: 2,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrMask: 24 },
        { type: "Private", size: 1024 },
        { type: "Isolated", name: "data" },
      ],
      ...extra,
    });

  it("names the subnets of each kind in the order of the zones", () => {
    const keys = (output: string): unknown => {
      const value = three().outputs[output];
      assert.ok(Array.isArray(value));
      return value.map((item) => (item instanceof PlannedOutput || item instanceof PlannedReference ? item.key : item));
    };
    assert.deepEqual(keys("publicSubnetIds"), ["subnet net-public-1", "subnet net-public-2"]);
    assert.deepEqual(keys("privateSubnets"), ["subnet net-private-1", "subnet net-private-2"]);
    assert.deepEqual(keys("isolatedSubnetIds"), ["subnet net-data-1", "subnet net-data-2"]);
    assert.deepEqual(keys("eips"), ["eip net-1", "eip net-2"]);
    assert.deepEqual(
      keys("routes"),
      ["public-1", "private-1", "public-2", "private-2"].map((name) => `route net-${name}`),
    );
  });

  it("gives back the layout as the program chose it, completed", () => {
    assert.deepEqual(three().outputs["subnetLayout"], [
      { type: "Public", cidrMask: 24, size: 256 },
      { type: "Private", cidrMask: 22, size: 1024 },
      { type: "Isolated", name: "data" },
    ]);
  });

  it("derives the layout of the Legacy strategy, gaps included", () => {
    const specs = [
      { type: "Public", cidrMask: 20 },
      { type: "Private", cidrMask: 24 },
    ];
    assert.deepEqual(plan({ subnetSpecs: specs }).outputs["subnetLayout"], [
      { type: "Private", cidrMask: 24 },
      ...[24, 23, 22, 21].map((cidrMask) => ({ type: "Unused", cidrMask })),
      { type: "Public", cidrMask: 20 },
    ]);
  });
});

describe("addresses of a planned awsx:ec2:Vpc", () => {
  const layouts: readonly { title: string; args: Properties; blocks: Record<string, string> }[] = [
    {
      title: "follow sizes as well as masks",
      args: {
        availabilityZoneNames: ["us-east-1a"],
        subnetStrategy: "Auto",
        natGateways: { strategy: "None" },
        subnetSpecs: [
          { type: "Public", size: 256 },
          { type: "Isolated", size: 4096 },
        ],
      },
      blocks: { "net-public-1": "10.0.0.0/24", "net-isolated-1": "10.0.16.0/20" },
    },
    {
      title: "leave out what is Unused",
      args: {
        availabilityZoneNames: ["us-east-1a"],
        subnetStrategy: "Exact",
        natGateways: { strategy: "None" },
        subnetSpecs: [
          { type: "Public", cidrMask: 17 },
          { type: "Unused", cidrMask: 18 },
          { type: "Isolated", cidrMask: 18 },
        ],
      },
      blocks: { "net-public-1": "10.0.0.0/17", "net-isolated-1": "10.0.192.0/18" },
    },
    {
      title: "keep to the zone's mask",
      args: {
        numberOfAvailabilityZones: 2,
        availabilityZoneCidrMask: 20,
        subnetStrategy: "Auto",
        natGateways: { strategy: "None" },
        subnetSpecs: [{ type: "Public" }],
      },
      blocks: { "net-public-1": "10.0.0.0/20", "net-public-2": "10.0.16.0/20" },
    },
    {
      title: "put private, public, isolated in this order in the Legacy strategy",
      args: {
        cidrBlock: "10.0.0.0/16",
        numberOfAvailabilityZones: 2,
        subnetSpecs: [
          { type: "Isolated" },
          { type: "Public" },
          { type: "Private" },
          { type: "Private", name: "jobs", cidrMask: 24 },
        ],
      },
      blocks: {
        "net-private-1": "10.0.0.0/19",
        "net-jobs-1": "10.0.32.0/24",
        "net-public-1": "10.0.48.0/20",
        "net-isolated-1": "10.0.64.0/24",
        "net-private-2": "10.0.128.0/19",
        "net-jobs-2": "10.0.160.0/24",
        "net-public-2": "10.0.176.0/20",
        "net-isolated-2": "10.0.192.0/24",
      },
    },
    {
      title: "merge a spec into the default layout in the AutoMerge strategy",
      args: {
        availabilityZoneNames: ["us-east-1a"],
        subnetStrategy: "AutoMerge",
        subnetSpecs: [
          { type: "Public", cidrMask: 24 },
          { type: "Isolated", name: "data", cidrMask: 24 },
        ],
      },
      blocks: { "net-private-1": "10.0.0.0/17", "net-public-1": "10.0.128.0/24", "net-data-1": "10.0.129.0/24" },
    },
  ];
  for (const { title, args, blocks } of layouts)
    it(title, () => {
      assert.deepEqual(subnetBlocks(plan(args)), blocks);
    });

  it("come from the VPC where an address pool gives its range", () => {
    const result = plan({
      ipv4IpamPoolId: UNKNOWN,
      ipv4NetmaskLength: 20,
      numberOfAvailabilityZones: 2,
      subnetStrategy: "Auto",
    });
    assert.equal(child(result, "Vpc", "net").inputs["cidrBlock"], undefined);
    const block = child(result, "Subnet", "net-public-2").inputs["cidrBlock"];
    assert.ok(block instanceof PlannedOutput);
    assert.equal(block.derive?.("10.9.0.0/20"), "10.9.12.0/23");
    assert.throws(() => block.derive?.("10.9.0.0/28"), refusal("SubnetsTooLarge"));
  });
});

describe("choices of a planned awsx:ec2:Vpc", () => {
  it("uses the given addresses for the NAT gateways and makes none", () => {
    const result = plan({
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "OnePerAz", elasticIpAllocationIds: ["eipalloc-1", UNKNOWN] },
    });
    assert.deepEqual(children(result, "Eip"), []);
    assert.deepEqual(
      children(result, "NatGateway").map(({ inputs }) => inputs["allocationId"]),
      ["eipalloc-1", UNKNOWN],
    );
  });

  it("connects a new address to its NAT gateway", () => {
    const allocation = child(plan({}), "NatGateway", "net-2").inputs["allocationId"];
    assert.deepEqual(allocation, new PlannedOutput("eip net-2", "allocationId"));
  });

  it("numbers the IPv6 ranges of the subnets zone by zone", () => {
    const result = plan({ assignGeneratedIpv6CidrBlock: true, numberOfAvailabilityZones: 2 });
    const ranges = children(result, "Subnet").map(({ name, inputs }) => {
      const block = inputs["ipv6CidrBlock"];
      assert.ok(block instanceof PlannedOutput);
      assert.equal(inputs["assignIpv6AddressOnCreation"], true);
      assert.throws(() => block.derive?.(""), refusal("MissingIpv6CidrBlock"));
      return [name, block.derive?.("2600:1f18:1:ab00::/56")];
    });
    assert.deepEqual(Object.fromEntries(ranges), {
      "net-public-1": "2600:1f18:1:ab00::/64",
      "net-private-1": "2600:1f18:1:ab02::/64",
      "net-public-2": "2600:1f18:1:ab01::/64",
      "net-private-2": "2600:1f18:1:ab03::/64",
    });
  });

  it("lets a subnet differ from the VPC in IPv6, and waits where the choice is unknown", () => {
    const specs = [
      { type: "Public", assignIpv6AddressOnCreation: false },
      { type: "Private", assignIpv6AddressOnCreation: UNKNOWN },
    ];
    const result = plan({ assignGeneratedIpv6CidrBlock: true, subnetStrategy: "Auto", subnetSpecs: specs });
    assert.equal(child(result, "Subnet", "net-public-1").inputs["ipv6CidrBlock"], undefined);
    assert.equal(child(result, "Subnet", "net-private-1").inputs["ipv6CidrBlock"], UNKNOWN);
  });

  it("shows the zone in the Name tag alone where that is asked for", () => {
    const subnet = child(plan({ subnetNameTagStrategy: "AvailabilityZone" }), "Subnet", "net-public-2");
    assert.deepEqual(subnet.inputs["tags"], { Name: "net-public-1b", SubnetType: "Public" });
  });

  it("passes unknown, secret, and computed tags on", () => {
    const tagsOf = (tags: Value): Planned | undefined => child(plan({ tags }), "Subnet", "net-public-1").inputs["tags"];
    assert.deepEqual(tagsOf({ Team: UNKNOWN }), { Name: "net-public-1", SubnetType: "Public", Team: UNKNOWN });
    assert.equal(tagsOf(UNKNOWN), UNKNOWN);
    assert.deepEqual(
      tagsOf(new OutputValue(undefined, false, ["urn:a"])),
      new OutputValue(undefined, false, ["urn:a"]),
    );
    const computed = new OutputValue({ Team: "web" }, false, ["urn:a"]);
    const merged = { Name: "net-public-1", Team: "web", SubnetType: "Public" };
    assert.deepEqual(tagsOf(computed), new OutputValue(merged, false, ["urn:a"]));
    assert.deepEqual(tagsOf(new Secret({ Team: "web" })), new Secret(merged));
  });

  it("sets the region on every child where it is given", () => {
    for (const { inputs, name } of plan({ region: "eu-west-1" }).resources)
      assert.equal(inputs["region"], "eu-west-1", name);
  });

  it("completes endpoints in the Auto endpoint strategy", () => {
    const result = plan({
      vpcEndpointStrategy: "Auto",
      numberOfAvailabilityZones: 2,
      vpcEndpointSpecs: [
        { serviceName: "com.amazonaws.us-east-1.s3" },
        { serviceName: "com.amazonaws.us-east-1.sqs", vpcEndpointType: "Interface", ipAddressType: "dualstack" },
      ],
    });
    const vpc = child(result, "Vpc", "net");
    assert.deepEqual([vpc.inputs["enableDnsHostnames"], vpc.inputs["enableDnsSupport"]], [true, true]);
    const s3 = child(result, "VpcEndpoint", "com.amazonaws.us-east-1.s3");
    assert.equal((s3.inputs["routeTableIds"] as Planned[]).length, 4);
    const sqs = child(result, "VpcEndpoint", "com.amazonaws.us-east-1.sqs");
    assert.equal(sqs.inputs["privateDnsEnabled"], true);
    assert.deepEqual(
      sqs.inputs["subnetIds"],
      ["net-private-1", "net-private-2"].map((name) => new PlannedOutput(`subnet ${name}`, "id")),
    );
    const rule = child(result, "SecurityGroupRule", "com.amazonaws.us-east-1.sqs-ingress");
    assert.deepEqual(rule.dependsOn, ["securityGroup com.amazonaws.us-east-1.sqs-sg"]);
    assert.deepEqual(rule.inputs["ipv6CidrBlocks"], [new PlannedOutput("vpc net", "ipv6CidrBlock")]);
  });
});

describe("arguments of awsx:ec2:Vpc that are refused", () => {
  const specs = [{ type: "Public" }, { type: "Private" }];
  const refused: readonly { title: string; args: Properties; code?: string; message: RegExp }[] = [
    {
      title: "an unknown name",
      args: { cidrBlok: "10.0.0.0/16" },
      message: /cidrBlok is not an argument: did you mean "cidrBlock"/,
    },
    {
      title: "an unknown name in a spec",
      args: { subnetSpecs: [{ type: "Public", cidrmask: 24 }] },
      message: /subnetSpecs\[0\]\.cidrmask is not an argument: did you mean "cidrMask"/,
    },
    { title: "a range that is not known yet", args: { cidrBlock: UNKNOWN }, message: /cidrBlock is not known yet/ },
    {
      title: "an output that is not known yet",
      args: { cidrBlock: new OutputValue(undefined, false, ["urn:a"]) },
      message: /cidrBlock is not known yet/,
    },
    { title: "a secret range", args: { cidrBlock: new Secret("10.0.0.0/16") }, message: /cidrBlock is a secret/ },
    { title: "what is no range", args: { cidrBlock: "10.0.0.0" }, message: /cidrBlock is "10\.0\.0\.0"/ },
    {
      title: "zones by name and by number",
      args: { availabilityZoneNames: ["us-east-1a"], numberOfAvailabilityZones: 1 },
      message: /exclude each other/,
    },
    {
      title: "more zones than the region has",
      args: { numberOfAvailabilityZones: 4 },
      message: /asks for 4 availability zones, but the region has 3/,
    },
    { title: "a zone twice", args: { availabilityZoneNames: ["us-east-1a", "us-east-1a"] }, message: /us-east-1a/ },
    {
      title: "a strategy that does not exist",
      args: { natGateways: { strategy: "Two" } },
      message: /none of None, Single, OnePerAz/,
    },
    {
      title: "addresses without NAT gateways",
      args: { natGateways: { strategy: "None", elasticIpAllocationIds: ["a"] } },
      message: /has 1 ids, but strategy None uses 0/,
    },
    {
      title: "two addresses for one NAT gateway",
      args: { natGateways: { strategy: "Single", elasticIpAllocationIds: ["a", "b"] } },
      message: /uses 1/,
    },
    {
      title: "fewer addresses than zones",
      args: { natGateways: { strategy: "OnePerAz", elasticIpAllocationIds: ["a"] } },
      message: /uses 3/,
    },
    {
      title: "a spec without a type",
      args: { subnetSpecs: [{ name: "app" }] },
      message: /subnetSpecs\[0\]\.type is required/,
    },
    {
      title: "two unnamed specs of a type",
      args: { subnetSpecs: [...specs, { type: "Public" }] },
      code: "InvalidSubnetSpecs",
      message: /type public/,
    },
    {
      title: "a size that is no power of two",
      args: { subnetSpecs: [{ type: "Public", size: 100 }] },
      code: "InvalidSubnetSpecs",
      message: /size is 100/,
    },
    {
      title: "a size that contradicts the mask",
      args: { subnetSpecs: [{ type: "Public", size: 256, cidrMask: 25 }] },
      code: "InvalidSubnetSpecs",
      message: /a \/25 has 128/,
    },
    {
      title: "ranges for some specs alone",
      args: {
        subnetSpecs: [
          { type: "Public", cidrBlocks: ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"] },
          { type: "Private" },
        ],
      },
      code: "InvalidSubnetSpecs",
      message: /subnetSpecs\[1\] has no cidrBlocks/,
    },
    {
      title: "fewer ranges than zones",
      args: { subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/24"] }] },
      code: "InvalidSubnetSpecs",
      message: /1 ranges for 3 availability zones/,
    },
    {
      title: "ranges that overlap",
      args: {
        availabilityZoneNames: ["us-east-1a"],
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Public", cidrBlocks: ["10.0.0.0/23"] },
          { type: "Private", cidrBlocks: ["10.0.1.0/24"] },
        ],
      },
      code: "SubnetsOverlap",
      message: /net-public-1 \(10\.0\.0\.0\/23\), net-private-1/,
    },
    {
      title: "ranges in the AutoMerge strategy",
      args: {
        availabilityZoneNames: ["us-east-1a"],
        subnetStrategy: "AutoMerge",
        subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/23"] }],
      },
      message: /AutoMerge/,
    },
    {
      title: "one name for two subnets",
      args: { subnetStrategy: "Auto", subnetSpecs: [{ type: "Public" }, { type: "Private", name: "public" }] },
      code: "DuplicateName",
      message: /net-public-1/,
    },
    {
      title: "an address pool without a size",
      args: { ipv4IpamPoolId: "ipam-pool-1" },
      message: /ipv4NetmaskLength or cidrBlock/,
    },
    {
      title: "an address pool with a size and a range",
      args: { ipv4IpamPoolId: "ipam-pool-1", cidrBlock: "10.0.0.0/16", ipv4NetmaskLength: 16 },
      message: /exclude each other/,
    },
    {
      title: "an address pool in the Legacy strategy",
      args: { ipv4IpamPoolId: "ipam-pool-1", ipv4NetmaskLength: 16 },
      message: /Legacy needs a known cidrBlock/,
    },
    {
      title: "a VPC too small for the default subnets",
      args: { cidrBlock: "10.0.0.0/26", subnetStrategy: "Auto" },
      code: "SubnetsTooLarge",
      message: /at least a \/26/,
    },
    {
      title: "private DNS in a VPC that resolves no names",
      args: {
        enableDnsSupport: false,
        vpcEndpointStrategy: "Auto",
        vpcEndpointSpecs: [{ serviceName: "x", vpcEndpointType: "Interface" }],
      },
      message: /enableDnsSupport is false/,
    },
  ];
  for (const { title, args, code = "InvalidArgument", message } of refused)
    it(title, () => {
      assert.throws(() => plan(args), refusal(code, message));
    });
});
