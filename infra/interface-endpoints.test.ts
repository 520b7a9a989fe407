import assert from "node:assert/strict";
import { capture } from "./capture.ts";
import { InterfaceEndpoints, type InterfaceEndpointsArgs } from "./interface-endpoints.ts";

const args: InterfaceEndpointsArgs = {
  services: ["ecr.api", "logs"],
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-1",
  region: "eu-west-1",
  accountId: "123456789012",
};
const type = "aws:ec2/vpcEndpoint:VpcEndpoint";

describe("interface endpoints of AWS APIs", () => {
  it("answer under the APIs' own names, in each zone, to their group", async () => {
    const { resources } = await capture(() => new InterfaceEndpoints("e", args));
    const endpoints = resources.filter((one) => one.type === type);
    assert.deepEqual(
      endpoints.map(({ inputs }) => inputs["serviceName"]),
      ["com.amazonaws.eu-west-1.ecr.api", "com.amazonaws.eu-west-1.logs"],
    );
    for (const { inputs } of endpoints) {
      assert.equal(inputs["vpcEndpointType"], "Interface");
      assert.equal(inputs["privateDnsEnabled"], true);
      assert.deepEqual(inputs["subnetIds"], ["subnet-a", "subnet-b"]);
      assert.deepEqual(inputs["securityGroupIds"], ["sg-1"]);
    }
  });

  it("serve principals and resources of their account alone", async () => {
    const { resources } = await capture(() => new InterfaceEndpoints("e", args));
    for (const { inputs } of resources.filter((one) => one.type === type)) {
      const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: { Condition: unknown }[] };
      assert.deepEqual(
        Statement.map(({ Condition }) => Condition),
        [{ StringEquals: { "aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012" } }],
      );
    }
  });

  it("are none where none is worth its price", async () => {
    const { resources } = await capture(() => new InterfaceEndpoints("e", { ...args, services: [] }));
    assert.deepEqual(
      resources.map((one) => one.type),
      ["groundwork:network:InterfaceEndpoints"],
    );
  });

  const refused: readonly [input: string, over: Partial<InterfaceEndpointsArgs>][] = [
    ["services", { services: ["com.amazonaws.eu-west-1/logs"] }],
    ["services", { services: ["logs", "logs"] }],
    ["accountId", { accountId: "me" }],
  ];
  for (const [input, over] of refused) {
    it(`refuse ${JSON.stringify(over)} and name ${input}`, async () => {
      await assert.rejects(
        capture(() => new InterfaceEndpoints("e", { ...args, ...over })),
        new RegExp(`${input}: `),
      );
    });
  }
});
