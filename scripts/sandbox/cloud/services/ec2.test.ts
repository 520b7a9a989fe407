import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { ec2 } from "./ec2.ts";
import { iam } from "./iam.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const EIP = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

const MISSING = "0123456789abcdef0";
const TCP_443 = { protocol: "tcp", fromPort: 443, toPort: 443 };

interface Network {
  readonly cloud: TinyWorld;
  readonly vpc: CloudResource;
  readonly subnet: CloudResource;
}

function network(): Network {
  const cloud = tinyWorld(ec2, cloudwatch, iam);
  const vpc = cloud.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
  const subnet = cloud.create(SUBNET, "a", {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "us-east-1a",
  });
  return { cloud, vpc, subnet };
}

describe("EC2: a VPC", () => {
  it("comes with a main route table, a default network ACL, and a default security group", () => {
    const { cloud, vpc } = network();
    assert.match(vpc.id, /^vpc-0[0-9a-f]{16}$/);
    assert.equal(vpc.outputs["arn"], `arn:aws:ec2:us-east-1:111122223333:vpc/${vpc.id}`);
    assert.equal(vpc.outputs["mainRouteTableId"], vpc.outputs["defaultRouteTableId"]);
    for (const [output, type] of [
      ["mainRouteTableId", TABLE],
      ["defaultNetworkAclId", "aws:ec2/networkAcl:NetworkAcl"],
      ["defaultSecurityGroupId", GROUP],
    ] as const) {
      const own = cloud.world.byId(type, textIn(vpc.outputs, output));
      assert.equal(own?.inputs["vpcId"], vpc.id);
      assert.equal(own.urn, "");
    }
    cloud.delete(vpcAlone(cloud));
  });

  const vpcAlone = (cloud: TinyWorld): CloudResource => {
    const vpc = cloud.create(VPC, "alone", { cidrBlock: "10.9.0.0/16" });
    return vpc;
  };

  it("takes its default objects with it when it goes", () => {
    const cloud = tinyWorld(ec2);
    cloud.delete(vpcAlone(cloud));
    for (const type of [VPC, TABLE, GROUP]) assert.deepEqual(cloud.world.all(type), []);
  });

  for (const [block, reason] of [
    ["10.0.0.0/15", /InvalidVpc.Range/],
    ["10.0.0.0/29", /InvalidVpc.Range/],
    ["10.0.1.0/16", /did you mean "10.0.0.0\/16"/],
    ["ten", /not a valid IPv4 CIDR/],
  ] as const)
    it(`does not take ${block}, and says so in preview`, () => {
      const [failure] = tinyWorld(ec2).check(VPC, { cidrBlock: block });
      assert.equal(failure?.property, "cidrBlock");
      assert.match(failure.reason, reason);
    });

  it("needs a block", () => {
    assertRefused(() => tinyWorld(ec2).create(VPC, "main", {}), "MissingParameter");
  });

  it("gives names only where it answers for them", () => {
    const dns = { cidrBlock: "10.0.0.0/16", enableDnsSupport: false, enableDnsHostnames: true };
    const cloud = tinyWorld(ec2);
    assertRefused(() => cloud.create(VPC, "main", dns), "InvalidParameterCombination", /DNS support/);
    const vpc = cloud.create(VPC, "main", { ...dns, enableDnsSupport: true });
    assertRefused(() => cloud.update(vpc, dns), "InvalidParameterCombination");
  });

  it("stays while something is in it", () => {
    const { cloud, vpc, subnet } = network();
    assertRefused(() => cloud.delete(vpc), "DependencyViolation", new RegExp(subnet.id));
    cloud.delete(subnet);
    cloud.delete(vpc);
  });

  it("has one internet gateway at most", () => {
    const { cloud, vpc } = network();
    const gateway = cloud.create(GATEWAY, "one", { vpcId: vpc.id });
    assertRefused(() => cloud.create(GATEWAY, "two", { vpcId: vpc.id }), "Resource.AlreadyAssociated");
    const free = cloud.create(GATEWAY, "free", {});
    assertRefused(() => cloud.update(free, { vpcId: vpc.id }), "Resource.AlreadyAssociated");
    assert.equal(cloud.update(gateway, { vpcId: vpc.id, tags: { a: "b" } }).outputs["vpcId"], vpc.id);
  });
});

describe("EC2: a subnet", () => {
  it("has a zone, also where none was asked for", () => {
    const { cloud, vpc, subnet } = network();
    assert.equal(subnet.outputs["availabilityZoneId"], "use1-az1");
    const any = cloud.create(SUBNET, "any", { vpcId: vpc.id, cidrBlock: "10.0.9.0/24" });
    assert.match(textIn(any.outputs, "availabilityZone"), /^us-east-1[abc]$/);
  });

  const refused: [string, Properties, string][] = [
    ["beyond its VPC's block", { cidrBlock: "10.1.0.0/24" }, "InvalidSubnet.Range"],
    ["too small a block", { cidrBlock: "10.0.1.0/29" }, "InvalidSubnet.Range"],
    ["a block that overlaps another's", { cidrBlock: "10.0.0.128/25" }, "InvalidSubnet.Conflict"],
    [
      "a zone that the region lacks",
      { cidrBlock: "10.0.1.0/24", availabilityZone: "eu-west-1a" },
      "InvalidParameterValue",
    ],
    ["no block", {}, "MissingParameter"],
    [
      "IPv6 addresses without a block of them",
      { cidrBlock: "10.0.1.0/24", assignIpv6AddressOnCreation: true },
      "InvalidParameterValue",
    ],
    ["a VPC that does not exist", { cidrBlock: "10.0.1.0/24", vpcId: `vpc-${MISSING}` }, "InvalidVpcID.NotFound"],
  ];
  for (const [name, inputs, code] of refused)
    it(`is not made with ${name}`, () => {
      const { cloud, vpc } = network();
      assertRefused(() => cloud.create(SUBNET, "b", { vpcId: vpc.id, ...inputs }), code);
    });

  it("is not made in a VPC of another account or region", () => {
    const { cloud, vpc } = network();
    for (const location of [STAGING, { ...PRODUCTION, region: "eu-west-1" }])
      assertRefused(
        () => cloud.create(SUBNET, "b", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" }, location),
        "InvalidVpcID.NotFound",
      );
  });

  it("may lie in a block that was added to the VPC", () => {
    const { cloud, vpc } = network();
    cloud.create("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "more", {
      vpcId: vpc.id,
      cidrBlock: "10.1.0.0/16",
    });
    cloud.create(SUBNET, "b", { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" });
  });

  it("stays while something has an address in it", () => {
    const { cloud, subnet } = network();
    const eni = cloud.create("aws:ec2/networkInterface:NetworkInterface", "eni", { subnetId: subnet.id });
    assertRefused(() => cloud.delete(subnet), "DependencyViolation", new RegExp(eni.id));
  });
});

describe("EC2: routes", () => {
  it("lead to gateways of the same VPC", () => {
    const { cloud, vpc } = network();
    const table = cloud.create(TABLE, "public", { vpcId: vpc.id });
    const gateway = cloud.create(GATEWAY, "main", { vpcId: vpc.id });
    const route = cloud.create(ROUTE, "out", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    // The number is CRC-32 of the destination: the id that the provider gives to every default route.
    assert.equal(route.id, `r-${table.id}1080289494`);
    const loose = cloud.create(GATEWAY, "loose", {});
    assertRefused(
      () =>
        cloud.create(ROUTE, "b", { routeTableId: table.id, destinationCidrBlock: "192.0.2.0/24", gatewayId: loose.id }),
      "InvalidParameterValue",
      /different networks/,
    );
  });

  const refused: [string, Properties, string][] = [
    ["a second one to the same destination", { destinationCidrBlock: "0.0.0.0/0" }, "RouteAlreadyExists"],
    ["one to the VPC's own block", { destinationCidrBlock: "10.0.0.0/16" }, "RouteAlreadyExists"],
    ["one in a table that does not exist", { routeTableId: `rtb-${MISSING}` }, "InvalidRouteTableID.NotFound"],
    ["one to a gateway that does not exist", { gatewayId: `igw-${MISSING}` }, "InvalidInternetGatewayID.NotFound"],
    [
      "one to a NAT gateway that does not exist",
      { gatewayId: "", natGatewayId: `nat-${MISSING}` },
      "InvalidNatGatewayID.NotFound",
    ],
    ["one to local", { gatewayId: "local" }, "InvalidParameterValue"],
  ];
  for (const [name, changes, code] of refused)
    it(`do not include ${name}`, () => {
      const { cloud, vpc } = network();
      const table = cloud.create(TABLE, "public", { vpcId: vpc.id });
      const gateway = cloud.create(GATEWAY, "main", { vpcId: vpc.id });
      const target = { routeTableId: table.id, gatewayId: gateway.id };
      cloud.create(ROUTE, "out", { ...target, destinationCidrBlock: "0.0.0.0/0" });
      assertRefused(
        () => cloud.create(ROUTE, "b", { ...target, destinationCidrBlock: "192.0.2.0/24", ...changes }),
        code,
      );
    });

  it("change their target in place", () => {
    const { cloud, vpc } = network();
    const table = cloud.create(TABLE, "public", { vpcId: vpc.id });
    const gateway = cloud.create(GATEWAY, "main", { vpcId: vpc.id });
    const inputs = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
    const route = cloud.create(ROUTE, "out", inputs);
    cloud.update(route, inputs);
    assertRefused(
      () => cloud.update(route, { ...inputs, gatewayId: `igw-${MISSING}` }),
      "InvalidInternetGatewayID.NotFound",
    );
  });

  it("serve a subnet from one table of the same VPC", () => {
    const { cloud, vpc, subnet } = network();
    const table = cloud.create(TABLE, "a", { vpcId: vpc.id });
    cloud.create(ASSOCIATION, "a", { routeTableId: table.id, subnetId: subnet.id });
    assertRefused(
      () => cloud.create(ASSOCIATION, "b", { routeTableId: table.id, subnetId: subnet.id }),
      "Resource.AlreadyAssociated",
    );
    const other = cloud.create(VPC, "other", { cidrBlock: "10.2.0.0/16" });
    const foreign = cloud.create(TABLE, "foreign", { vpcId: other.id });
    assertRefused(
      () => cloud.create(ASSOCIATION, "c", { routeTableId: foreign.id, subnetId: subnet.id }),
      "InvalidParameterValue",
    );
  });
});

describe("EC2: an address", () => {
  it("belongs to an instance or an interface that exists", () => {
    const { cloud } = network();
    assertRefused(() => cloud.create(EIP, "a", { instance: `i-${MISSING}` }), "InvalidInstanceID.NotFound");
    assertRefused(
      () => cloud.create(EIP, "a", { networkInterface: `eni-${MISSING}` }),
      "InvalidNetworkInterfaceID.NotFound",
    );
  });
});

describe("EC2: a NAT gateway", () => {
  const connected = (): Network => {
    const built = network();
    built.cloud.create(GATEWAY, "main", { vpcId: built.vpc.id });
    return built;
  };

  it("faces the internet only where its VPC does", () => {
    const { cloud, vpc, subnet } = network();
    const inputs = { subnetId: subnet.id, allocationId: cloud.create(EIP, "nat", {}).id };
    assertRefused(() => cloud.create(NAT, "a", inputs), "Gateway.NotAttached", new RegExp(vpc.id));
    cloud.create(NAT, "inside", { subnetId: subnet.id, connectivityType: "private" });
    cloud.create(GATEWAY, "main", { vpcId: vpc.id });
    cloud.create(NAT, "a", inputs);
  });

  for (const [what, inputs, property] of [
    ["a subnet", { subnetId: "subnet-1" }, "subnetId"],
    ["an address", { allocationId: "eipalloc-1" }, "allocationId"],
    ["addresses of no zone", { availabilityZoneAddresses: [{}] }, "availabilityZoneAddresses[0]"],
    ["addresses by zone", { availabilityZoneAddresses: [{ availabilityZone: "us-east-1a" }] }, undefined],
  ] as const)
    it(`of the region ${property === undefined ? "may" : "may not"} have ${what}`, () => {
      const regional = { availabilityMode: "regional", vpcId: "vpc-1", ...inputs };
      assert.equal(tinyWorld(ec2).check(NAT, regional as Properties)[0]?.property, property);
    });

  it("takes an address, and keeps it", () => {
    const { cloud, subnet } = connected();
    const eip = cloud.create(EIP, "nat", {});
    assert.match(textIn(eip.outputs, "publicIp"), /^\d+\.\d+\.\d+\.\d+$/);
    assert.equal(eip.outputs["allocationId"], eip.id);
    const nat = cloud.create(NAT, "a", { subnetId: subnet.id, allocationId: eip.id });
    assert.equal(nat.outputs["publicIp"], eip.outputs["publicIp"]);
    assert.match(textIn(nat.outputs, "privateIp"), /^10\.0\.0\.\d+$/);
    assertRefused(() => cloud.delete(eip), "InvalidIPAddress.InUse");
    assertRefused(() => cloud.delete(subnet), "DependencyViolation");
    assertRefused(
      () => cloud.create(NAT, "b", { subnetId: subnet.id, allocationId: eip.id }),
      "Resource.AlreadyAssociated",
    );
    cloud.delete(nat);
    cloud.delete(eip);
  });

  const refused: [string, Properties, string][] = [
    ["without an address", { allocationId: "" }, "MissingParameter"],
    ["without a subnet", { subnetId: "" }, "MissingParameter"],
    ["with an address that does not exist", { allocationId: `eipalloc-${MISSING}` }, "InvalidAllocationID.NotFound"],
    ["in a subnet that does not exist", { subnetId: `subnet-${MISSING}` }, "InvalidSubnetID.NotFound"],
    ["private and with an address", { connectivityType: "private" }, "CheckFailure"],
  ];
  for (const [name, changes, code] of refused)
    it(`is not made ${name}`, () => {
      const { cloud, subnet } = connected();
      const eip = cloud.create(EIP, "nat", {});
      assertRefused(() => cloud.create(NAT, "a", { subnetId: subnet.id, allocationId: eip.id, ...changes }), code);
    });
});

describe("EC2: security groups", () => {
  function groups(): Network & { readonly web: CloudResource } {
    const built = network();
    return { ...built, web: built.cloud.create(GROUP, "web", { vpcId: built.vpc.id, name: "web-1234567" }) };
  }

  it("have one name per VPC", () => {
    const { cloud, vpc } = groups();
    assertRefused(() => cloud.create(GROUP, "b", { vpcId: vpc.id, name: "web-1234567" }), "InvalidGroup.Duplicate");
    const other = cloud.create(VPC, "other", { cidrBlock: "10.2.0.0/16" });
    cloud.create(GROUP, "c", { vpcId: other.id, name: "web-1234567" });
  });

  it("need a VPC, since the sandbox has no default one", () => {
    assertRefused(() => tinyWorld(ec2).create(GROUP, "x", { name: "x" }), "VPCIdNotSpecified");
  });

  const failures: [string, Properties, string, RegExp][] = [
    [
      "a block with host bits",
      { ingress: [{ ...TCP_443, cidrBlocks: ["10.0.0.1/16"] }] },
      "ingress[0].cidrBlocks[0]",
      /did you mean/,
    ],
    [
      "an IPv6 block among IPv4 ones",
      { egress: [{ ...TCP_443, cidrBlocks: ["::/0"] }] },
      "egress[0].cidrBlocks[0]",
      /IPv4/,
    ],
    [
      "ports with all protocols",
      { egress: [{ protocol: "-1", fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] }] },
      "egress[0].fromPort",
      /must both be 0/,
    ],
    [
      "ports in the wrong order",
      { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 80, self: true }] },
      "ingress[0].fromPort",
      /port range/,
    ],
    [
      "a protocol that does not exist",
      { ingress: [{ ...TCP_443, protocol: "http", self: true }] },
      "ingress[0].protocol",
      /IP protocol/,
    ],
    ["a name that looks like an id", { name: "sg-web" }, "name", /sg-/],
    ["a rule for nobody", { ingress: [TCP_443] }, "ingress[0]", /Source group missing/],
  ];
  for (const [name, inputs, property, reason] of failures)
    it(`do not take ${name}, and say so in preview`, () => {
      const [failure] = tinyWorld(ec2).check(GROUP, inputs);
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  it("have a description", () => {
    const { cloud, vpc } = network();
    assertRefused(() => cloud.create(GROUP, "x", { vpcId: vpc.id, name: "x", description: "" }), "MissingParameter");
  });

  for (const [what, inputs, property] of [
    ["ports with all protocols", { ipProtocol: "-1", fromPort: 0, toPort: 0 }, "fromPort"],
    ["one port of TCP", { ipProtocol: "tcp", toPort: 80 }, "fromPort"],
    ["ICMP without a type", { ipProtocol: "icmp" }, "fromPort"],
    ["all protocols", { ipProtocol: "-1" }, undefined],
    ["ICMP of all types", { ipProtocol: "icmp", fromPort: -1, toPort: -1 }, undefined],
  ] as const)
    it(`${property === undefined ? "may" : "may not"} have a rule for ${what}`, () => {
      const { cloud, web } = groups();
      const rule = { securityGroupId: web.id, cidrIpv4: "10.0.0.0/8", ...inputs };
      assert.equal(cloud.check(INGRESS, rule)[0]?.property, property);
    });

  it("are named by their ids", () => {
    const { cloud, web } = groups();
    const rule = { securityGroupId: web.id, ipProtocol: "-1", referencedSecurityGroupId: "web-1234567" };
    assertRefused(() => cloud.create(INGRESS, "x", rule), "InvalidGroupId.Malformed");
  });

  it("name groups that exist", () => {
    const { cloud, vpc, web } = groups();
    const rule = { ...TCP_443, securityGroups: [web.id] };
    cloud.create(GROUP, "app", { vpcId: vpc.id, name: "app", ingress: [rule] });
    assertRefused(
      () =>
        cloud.create(GROUP, "b", {
          vpcId: vpc.id,
          name: "b",
          ingress: [{ ...rule, securityGroups: [`sg-${MISSING}`] }],
        }),
      "InvalidGroup.NotFound",
    );
  });

  it("are not deleted while another group's rule names them, unless that goes too", () => {
    const { cloud, vpc, web } = groups();
    const app = cloud.create(GROUP, "app", { vpcId: vpc.id, name: "app" });
    const rule = cloud.create(INGRESS, "from-web", {
      securityGroupId: app.id,
      referencedSecurityGroupId: web.id,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    assertRefused(() => cloud.delete(web), "DependencyViolation", new RegExp(rule.id));
    cloud.delete(rule);
    cloud.delete(web);
  });

  it("are not deleted while something uses them", () => {
    const { cloud, subnet, web } = groups();
    cloud.create("aws:ec2/networkInterface:NetworkInterface", "eni", { subnetId: subnet.id, securityGroups: [web.id] });
    assertRefused(() => cloud.delete(web), "DependencyViolation");
  });

  it("may be deleted with rules about themselves", () => {
    const { cloud, vpc } = groups();
    const group = cloud.create(GROUP, "self", { vpcId: vpc.id, name: "self", ingress: [{ ...TCP_443, self: true }] });
    cloud.create(INGRESS, "self", {
      securityGroupId: group.id,
      referencedSecurityGroupId: group.id,
      ipProtocol: "-1",
    });
    cloud.delete(group);
  });

  describe("have a permission once", () => {
    const open = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
    const pairs: [string, Properties, string | undefined][] = [
      ["the same", open, "InvalidPermission.Duplicate"],
      ["the same by protocol number", { ...open, ipProtocol: "6" }, "InvalidPermission.Duplicate"],
      ["another port", { ...open, fromPort: 80, toPort: 80 }, undefined],
      ["another source", { ...open, cidrIpv4: "10.0.0.0/8" }, undefined],
    ];
    for (const [name, inputs, code] of pairs)
      it(`and a second rule with ${name} is ${code === undefined ? "another" : "refused"}`, () => {
        const { cloud, web } = groups();
        cloud.create(INGRESS, "one", { securityGroupId: web.id, ...open });
        const make = (): unknown => cloud.create(INGRESS, "two", { securityGroupId: web.id, ...inputs });
        if (code === undefined) make();
        else assertRefused(make, code);
      });

    it("whichever resource has it", () => {
      const { cloud, web } = groups();
      cloud.create(INGRESS, "one", { securityGroupId: web.id, ...open });
      assertRefused(
        () =>
          cloud.create(RULE, "two", {
            securityGroupId: web.id,
            type: "ingress",
            ...TCP_443,
            cidrBlocks: ["0.0.0.0/0"],
          }),
        "InvalidPermission.Duplicate",
      );
      cloud.create(RULE, "out", { securityGroupId: web.id, type: "egress", ...TCP_443, cidrBlocks: ["0.0.0.0/0"] });
    });
  });

  it("have sixty rules per direction at most, and CloudFront's prefix list is most of them", () => {
    const { cloud, vpc, web } = groups();
    const cidrBlocks = Array.from({ length: 61 }, (_, index) => `10.0.${index}.0/24`);
    assertRefused(
      () => cloud.create(GROUP, "many", { vpcId: vpc.id, name: "many", ingress: [{ ...TCP_443, cidrBlocks }] }),
      "RulesPerSecurityGroupLimitExceeded",
    );
    const { id } = cloud.invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", {
      name: "com.amazonaws.global.cloudfront.origin-facing",
    });
    const from = (port: number): Properties => ({
      securityGroupId: web.id,
      prefixListId: id ?? "",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    });
    cloud.create(INGRESS, "https", from(443));
    assertRefused(() => cloud.create(INGRESS, "http", from(80)), "RulesPerSecurityGroupLimitExceeded");
    assertRefused(
      () => cloud.create(INGRESS, "none", { ...from(81), prefixListId: "pl-00000000" }),
      "InvalidPrefixListID.NotFound",
    );
  });

  it("replace a rule whose kind of source changes, and no other", () => {
    const replaces = ec2.resources[INGRESS]?.replaces?.bind(ec2.resources[INGRESS]);
    assert.deepEqual(replaces?.({ cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.0.0.0/16" }), []);
    assert.deepEqual(replaces({ cidrIpv4: "10.0.0.0/8" }, { cidrIpv6: "::/0" }), ["cidrIpv4", "cidrIpv6"]);
  });

  it("of a VPC by default are adopted", () => {
    const { cloud, vpc } = groups();
    const adopted = cloud.create("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "closed", { vpcId: vpc.id });
    assert.equal(adopted.id, vpc.outputs["defaultSecurityGroupId"]);
    assert.equal(adopted.outputs["name"], "default");
    cloud.delete(adopted);
    assert.ok(cloud.world.byId(GROUP, adopted.id));
  });
});

describe("EC2: VPC endpoints", () => {
  const s3 = { serviceName: "com.amazonaws.us-east-1.s3" };

  it("for S3 go through route tables, one per table", () => {
    const { cloud, vpc } = network();
    const table = cloud.create(TABLE, "a", { vpcId: vpc.id });
    const endpoint = cloud.create(ENDPOINT, "s3", { vpcId: vpc.id, ...s3, routeTableIds: [table.id] });
    assert.equal(endpoint.outputs["prefixListId"], "pl-63a5400a");
    assert.equal(endpoint.outputs["state"], "available");
    assertRefused(
      () => cloud.create(ENDPOINT, "again", { vpcId: vpc.id, ...s3, routeTableIds: [table.id] }),
      "RouteAlreadyExists",
    );
    const free = cloud.create(ENDPOINT, "free", { vpcId: vpc.id, ...s3 });
    assertRefused(
      () =>
        cloud.create("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation", "again", {
          vpcEndpointId: free.id,
          routeTableId: table.id,
        }),
      "RouteAlreadyExists",
    );
  });

  const refused: [string, Properties, string][] = [
    ["a service of another region", { serviceName: "com.amazonaws.eu-west-1.s3" }, "InvalidServiceName"],
    ["a service that has no gateway", { serviceName: "com.amazonaws.us-east-1.secretsmanager" }, "InvalidParameter"],
    ["no service", { serviceName: "" }, "MissingParameter"],
    ["private names of a gateway", { privateDnsEnabled: true }, "InvalidParameter"],
    [
      "a part of a service's name",
      { vpcEndpointType: "Interface", serviceName: "com.amazonaws.us-east-1.ecr" },
      "InvalidServiceName",
    ],
    [
      "a slip in a service's name",
      { vpcEndpointType: "Interface", serviceName: "com.amazonaws.us-east-1.secretmanager" },
      "InvalidServiceName",
    ],
    ["a table that does not exist", { routeTableIds: [`rtb-${MISSING}`] }, "InvalidRouteTableID.NotFound"],
    ["a policy that is none", { policy: "{}" }, "InvalidPolicyDocument"],
  ];
  for (const [name, changes, code] of refused)
    it(`are not made with ${name}`, () => {
      const { cloud, vpc } = network();
      assertRefused(() => cloud.create(ENDPOINT, "x", { vpcId: vpc.id, ...s3, ...changes }), code);
    });

  describe("with interfaces", () => {
    const secrets = { serviceName: "com.amazonaws.us-east-1.secretsmanager", vpcEndpointType: "Interface" };

    it("have names and addresses, and the default group where none is given", () => {
      const { cloud, vpc, subnet } = network();
      const endpoint = cloud.create(ENDPOINT, "x", { vpcId: vpc.id, ...secrets, subnetIds: [subnet.id] });
      assert.deepEqual(endpoint.outputs["securityGroupIds"], [vpc.outputs["defaultSecurityGroupId"]]);
      assert.equal((endpoint.outputs["networkInterfaceIds"] as unknown[]).length, 1);
      assert.match(JSON.stringify(endpoint.outputs["dnsEntries"]), /secretsmanager\.us-east-1\.vpce\.amazonaws\.com/);
      assertRefused(() => cloud.delete(subnet), "DependencyViolation");
    });

    it("have private names only in a VPC with DNS names", () => {
      const { cloud, vpc } = network();
      assertRefused(
        () => cloud.create(ENDPOINT, "x", { vpcId: vpc.id, ...secrets, privateDnsEnabled: true }),
        "InvalidParameter",
        /enableDnsHostnames/,
      );
      const named = cloud.create(VPC, "named", { cidrBlock: "10.3.0.0/16", enableDnsHostnames: true });
      cloud.create(ENDPOINT, "y", { vpcId: named.id, ...secrets, privateDnsEnabled: true });
      assertRefused(
        () => cloud.create(ENDPOINT, "z", { vpcId: named.id, ...secrets, privateDnsEnabled: true }),
        "InvalidParameter",
        /conflicting DNS domain/,
      );
    });

    it("have no route tables, and gateways no subnets", () => {
      const { cloud, vpc, subnet } = network();
      const table = cloud.create(TABLE, "a", { vpcId: vpc.id });
      const inputs = { vpcId: vpc.id, ...secrets };
      assertRefused(
        () => cloud.create(ENDPOINT, "x", { ...inputs, routeTableIds: [table.id] }),
        "InvalidParameter",
        /Route table IDs/,
      );
      assertRefused(
        () => cloud.create(ENDPOINT, "x", { vpcId: vpc.id, ...s3, subnetIds: [subnet.id] }),
        "InvalidParameter",
        /Subnet IDs/,
      );
    });

    it("have settings of their subnets alone", () => {
      const { cloud } = network();
      const settings = (...subnetIds: string[]) =>
        cloud.check(ENDPOINT, { vpcId: "v", ...secrets, subnetIds, subnetConfigurations: [{ subnetId: "a" }] });
      assert.deepEqual(settings("a"), []);
      assert.equal(settings("b")[0]?.property, "subnetConfigurations[0].subnetId");
    });

    it("have one subnet per zone", () => {
      const { cloud, vpc, subnet } = network();
      const twin = cloud.create(SUBNET, "twin", {
        vpcId: vpc.id,
        cidrBlock: "10.0.1.0/24",
        availabilityZone: "us-east-1a",
      });
      assertRefused(
        () => cloud.create(ENDPOINT, "x", { vpcId: vpc.id, ...secrets, subnetIds: [subnet.id, twin.id] }),
        "DuplicateSubnetsInSameZone",
      );
    });
  });
});

describe("EC2: a group of an endpoint", () => {
  it("takes the place of the default one where that is still there", () => {
    const { cloud, vpc, subnet } = network();
    const group = cloud.create(GROUP, "web", { vpcId: vpc.id, name: "web" });
    const endpoint = cloud.create(ENDPOINT, "x", {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.us-east-1.sqs",
      vpcEndpointType: "Interface",
      subnetIds: [subnet.id],
    });
    const associate = (securityGroupId: string, vpcEndpointId = endpoint.id) =>
      cloud.create("aws:ec2/securityGroupAssociation:SecurityGroupAssociation", securityGroupId, {
        securityGroupId,
        vpcEndpointId,
        replaceDefaultAssociation: true,
      });
    assertRefused(() => associate(textIn(vpc.outputs, "defaultSecurityGroupId")), "InvalidConfiguration", /already/);
    associate(group.id);
    cloud.update(endpoint, { ...endpoint.inputs, securityGroupIds: [group.id] });
    assertRefused(() => associate(group.id), "InvalidConfiguration", /to replace/);
  });
});

describe("EC2: network ACLs", () => {
  it("have a rule's number once per direction", () => {
    const { cloud, vpc } = network();
    const acl = cloud.create("aws:ec2/networkAcl:NetworkAcl", "a", { vpcId: vpc.id });
    const rule = {
      networkAclId: acl.id,
      ruleNumber: 100,
      protocol: "tcp",
      ruleAction: "allow",
      cidrBlock: "0.0.0.0/0",
    };
    cloud.create("aws:ec2/networkAclRule:NetworkAclRule", "in", rule);
    cloud.create("aws:ec2/networkAclRule:NetworkAclRule", "out", { ...rule, egress: true });
    assertRefused(
      () => cloud.create("aws:ec2/networkAclRule:NetworkAclRule", "twice", rule),
      "NetworkAclEntryAlreadyExists",
    );
  });

  it("of a VPC by default are adopted", () => {
    const { cloud, vpc } = network();
    const defaultNetworkAclId = textIn(vpc.outputs, "defaultNetworkAclId");
    const adopted = cloud.create("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "a", { defaultNetworkAclId });
    assert.equal(adopted.id, defaultNetworkAclId);
    assert.equal(adopted.outputs["vpcId"], vpc.id);
  });
});

describe("EC2: DHCP options", () => {
  for (const [inputs, property] of [
    [{}, "domainName"],
    [{ netbiosNodeType: "3" }, "netbiosNodeType"],
    [{ domainNameServers: ["1", "2", "3", "4", "5"] }, "domainNameServers"],
    [{ netbiosNodeType: "2" }, undefined],
  ] as const)
    it(`${property === undefined ? "may" : "may not"} be ${JSON.stringify(inputs)}`, () => {
      const failures = tinyWorld(ec2).check("aws:ec2/vpcDhcpOptions:VpcDhcpOptions", inputs as unknown as Properties);
      assert.equal(failures[0]?.property, property);
    });
});

describe("EC2: prefix lists", () => {
  const list = { name: "office", addressFamily: "IPv4", maxEntries: 2 };
  const entries = (...cidrs: string[]): Properties[] => cidrs.map((cidr) => ({ cidr }));

  it("hold no more than they say", () => {
    const cloud = tinyWorld(ec2);
    const made = cloud.create(LIST, "a", { ...list, entries: entries("192.0.2.0/24", "198.51.100.0/24") });
    assert.match(made.id, /^pl-0/);
    assertRefused(
      () => cloud.update(made, { ...list, entries: entries("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24") }),
      "PrefixListMaxEntriesExceeded",
    );
    assert.equal(cloud.check(LIST, { ...list, entries: entries("2001:db8::/32") })[0]?.property, "entries[0].cidr");
    assert.equal(cloud.check(LIST, { ...list, name: "com.amazonaws.mine" })[0]?.property, "name");
  });

  it("are found by name or id, AWS's own and the account's", () => {
    const cloud = tinyWorld(ec2);
    const own = cloud.create(LIST, "a", { ...list, entries: entries("192.0.2.0/24") });
    const get = (args: Properties): Properties =>
      cloud.invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", args);
    assert.equal(get({ name: "office" })["id"], own.id);
    assert.equal(get({ id: "pl-3b927c52" })["maxEntries"], 55);
    assert.equal(
      get({ filters: [{ name: "prefix-list-name", values: ["com.amazonaws.us-east-1.s3"] }] })["id"],
      "pl-63a5400a",
    );
    assertRefused(() => get({ name: "none" }), "InvalidPrefixListID.NotFound");
    assertRefused(() => get({}), "InvalidParameterValue");
    const { cidrBlocks } = cloud.invoke("aws:ec2/getPrefixList:getPrefixList", { prefixListId: "pl-63a5400a" });
    assert.ok(Array.isArray(cidrBlocks) && cidrBlocks.length > 0);
  });
});

describe("EC2: flow logs", () => {
  const trust = (service: string): string =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }] });

  function logs(service: string): Network & { readonly inputs: Properties } {
    const built = network();
    const group = built.cloud.create("aws:cloudwatch/logGroup:LogGroup", "flow", { name: "/flow" });
    const role = built.cloud.create("aws:iam/role:Role", "flow", { name: "flow", assumeRolePolicy: trust(service) });
    return {
      ...built,
      inputs: {
        vpcId: built.vpc.id,
        trafficType: "ALL",
        logDestination: `${textIn(group.outputs, "arn")}:*`,
        iamRoleArn: role.outputs["arn"] ?? "",
      },
    };
  }

  it("go to a log group through a role", () => {
    const { cloud, inputs } = logs("vpc-flow-logs.amazonaws.com");
    const log = cloud.create(FLOW_LOG, "a", inputs);
    assert.match(log.id, /^fl-0[0-9a-f]{16}$/);
    assertRefused(() => cloud.create(FLOW_LOG, "b", inputs), "FlowLogAlreadyExists");
  });

  const refused: [string, Properties, string][] = [
    [
      "a group that does not exist",
      { logDestination: "arn:aws:logs:us-east-1:111122223333:log-group:/x" },
      "LogDestinationNotFoundException",
    ],
    ["a role that does not exist", { iamRoleArn: "arn:aws:iam::111122223333:role/none" }, "InvalidParameter"],
    ["no role", { iamRoleArn: "" }, "InvalidParameter"],
    [
      "a bucket that does not exist",
      { logDestinationType: "s3", logDestination: "arn:aws:s3:::none" },
      "LogDestinationNotFoundException",
    ],
  ];
  for (const [name, changes, code] of refused)
    it(`are not made with ${name}`, () => {
      const { cloud, inputs } = logs("vpc-flow-logs.amazonaws.com");
      assertRefused(() => cloud.create(FLOW_LOG, "a", { ...inputs, ...changes }), code);
    });

  it("are not made with a role that trusts another service", () => {
    const { cloud, inputs } = logs("ec2.amazonaws.com");
    assertRefused(() => cloud.create(FLOW_LOG, "a", inputs), "InvalidParameter", /assume/);
  });
});
