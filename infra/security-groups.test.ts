import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { SecurityGroups, type SecurityGroupsArgs } from "./security-groups.ts";

const args: SecurityGroupsArgs = {
  vpcId: "vpc-1",
  s3PrefixListId: "pl-s3",
  edgeRanges: ["198.51.100.0/24", "203.0.113.0/24"],
};

const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** `peer protocol ports` as one line. */
function line({ inputs }: CapturedResource): string {
  const texts = ["referencedSecurityGroupId", "prefixListId", "cidrIpv4", "ipProtocol", "fromPort", "toPort"];
  return texts.flatMap((key) => (key in inputs ? String(inputs[key]) : [])).join(" ");
}

describe("the security groups", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ resources } = await capture(() => new SecurityGroups("sg", args)));
  });
  const rulesOf = (type: string, group: string) =>
    resources
      .filter((one) => one.type === type && one.inputs["securityGroupId"] === `sg-${group}-id`)
      .map(line)
      .sort();

  const table: readonly [group: string, comesIn: readonly string[], goesOut: readonly string[]][] = [
    ["load-balancer", ["sg-edge-id tcp 443 443", "sg-edge-id tcp 80 80"], ["sg-service-id tcp 3000 3000"]],
    [
      "service",
      ["sg-load-balancer-id tcp 3000 3000"],
      [
        "sg-cache-id tcp 6379 6379",
        "sg-database-id tcp 1024 65535",
        "sg-endpoints-id tcp 443 443",
        "pl-s3 tcp 443 443",
        "0.0.0.0/0 tcp 443 443",
      ],
    ],
    ["endpoints", ["sg-service-id tcp 443 443"], []],
    ["database", ["sg-service-id tcp 1024 65535"], []],
    ["cache", ["sg-service-id tcp 6379 6379"], []],
  ];
  for (const [group, comesIn, goesOut] of table) {
    it(`let into ${group}, and out of it, what the table says and nothing else`, () => {
      assert.deepEqual(rulesOf(ingress, group), [...comesIn].sort());
      assert.deepEqual(rulesOf(egress, group), [...goesOut].sort());
    });
  }

  it("have none for interface endpoints where there are none", async () => {
    const { resources: without } = await capture(
      () => new SecurityGroups("sg", { ...args, interfaceEndpoints: false }),
    );
    assert.deepEqual(
      without.filter(({ name }) => name.includes("endpoints")),
      [],
    );
    assert.equal(without.filter(({ type }) => type.includes("/securityGroup")).length, 14);
  });

  it("have no inline rules, which would fight with the separate ones", () => {
    const groups = resources.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
    assert.equal(groups.length, table.length);
    for (const { inputs } of groups) assert.ok(!("ingress" in inputs) && !("egress" in inputs));
  });

  it("are described, they and each rule, in characters that EC2 takes", () => {
    const described = resources.filter(({ type }) => type.includes("/securityGroup"));
    assert.equal(described.length, 17);
    for (const { inputs, name } of described)
      assert.match(inputs["description"] as string, /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{10,255}$/, name);
  });

  it("know Cloudflare by a prefix list that holds the given ranges", () => {
    const { inputs } = only(resources, "aws:ec2/managedPrefixList:ManagedPrefixList");
    assert.deepEqual(
      (inputs["entries"] as { cidr: string }[]).map(({ cidr }) => cidr),
      args.edgeRanges,
    );
    // Two rules name the list, and EC2 counts its maximum twice towards 60.
    assert.ok((inputs["maxEntries"] as number) * 2 <= 60);
  });

  const refused: readonly [input: string, over: Partial<SecurityGroupsArgs>][] = [
    ["edgeRanges", { edgeRanges: [] }],
    ["edgeRanges", { edgeRanges: ["0.0.0.0/0"] }],
    ["edgeRanges", { edgeRanges: ["10.0.0.0/7"] }],
    ["edgeRanges", { edgeRanges: ["2400:cb00::/32"] }],
    ["edgeRanges", { edgeRanges: Array.from({ length: 21 }, (_, at) => `198.51.100.${at}/32`) }],
    ["servicePort", { servicePort: 80 }],
    ["servicePort", { servicePort: 70_000 }],
  ];
  for (const [input, over] of refused) {
    it(`refuse ${JSON.stringify(over).slice(0, 60)} and name ${input}`, async () => {
      await assert.rejects(
        capture(() => new SecurityGroups("sg", { ...args, ...over })),
        new RegExp(`${input}: `),
      );
    });
  }
});
