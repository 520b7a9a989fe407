import assert from "node:assert/strict";
import { Secret } from "../sandbox/values/value.ts";
import { type ResourceCase, sourceOfCases, stateOf } from "./resources/stack.cases.ts";
import { costSourceOf } from "./source-world.ts";
import { usages } from "./usage.ts";

const network: ResourceCase = { type: "groundwork:network:Network" };
const vpc: ResourceCase = { type: "awsx:ec2:Vpc", parent: network };
const address: ResourceCase = { type: "aws:ec2/eip:Eip", parent: vpc, id: "eipalloc-1", outputs: { arn: "arn:eip" } };
const gateway: ResourceCase = {
  type: "aws:ec2/natGateway:NatGateway",
  parent: vpc,
  inputs: { allocationId: new Secret("eipalloc-1"), list: [{ arn: "arn:eip" }] },
  refers: { allocationId: [address] },
};

describe("a stack as it is estimated", () => {
  const source = sourceOfCases([network, vpc, address, gateway], { stack: "staging" });
  const [, , elastic, nat] = source.resources;

  it("knows its environment, its resources, and the nearest component of each", () => {
    assert.equal(source.environment, "staging");
    assert.equal(source.world.usage, usages.staging);
    assert.deepEqual(source.world.ofType("aws:ec2/eip:Eip"), [elastic]);
    assert.deepEqual(source.world.ofType("nothing"), []);
    assert.equal(source.world.byUrn(elastic?.urn ?? ""), elastic);
    assert.deepEqual(
      source.resources.map((resource) => source.placeOf(resource).component),
      ["Network", "Network", "Network", "Network"],
    );
  });

  it("opens secrets", () => {
    assert.equal(nat?.inputs["allocationId"], "eipalloc-1");
  });

  it("follows references, and identifiers where the state tells none", () => {
    assert.ok(nat !== undefined);
    assert.deepEqual(source.world.references(nat, "allocationId"), [elastic]);
    const imported = sourceOfCases([address, { ...gateway, refers: {} }]);
    const [own, one] = imported.resources;
    assert.ok(one !== undefined);
    assert.deepEqual(imported.world.references(one, "allocationId"), [own]);
    assert.deepEqual(imported.world.references(one, "list"), [own]);
    assert.deepEqual(imported.world.references(one, "missing"), []);
  });

  it("a stack of previews is a preview", () => {
    assert.equal(sourceOfCases([address], { stack: "preview-login" }).environment, "preview");
  });

  it("refuses what is not this project's, in one line", () => {
    const given =
      (cases: readonly ResourceCase[], options = {}) =>
      () =>
        costSourceOf(
          { from: "state.json", resources: cases.map((one) => stateOf(one, options)), secrets: [] },
          "groundwork",
          usages,
        );
    assert.throws(given([address], { project: "shop" }), {
      message: "state.json is of project shop, not of groundwork: export one of groundwork's stacks",
      exitCode: 2,
    });
    assert.throws(
      given([address], { stack: "prod" }),
      /^UserError: state\.json is of stack "prod", for which there are no usage/,
    );
    assert.throws(given([]), /^UserError: state\.json holds no resource/);
  });
});
