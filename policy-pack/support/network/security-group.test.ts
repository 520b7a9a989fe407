import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { PlainMap } from "../unknown.ts";
import {
  EGRESS_RULE,
  GROUP,
  INGRESS_RULE,
  RULE,
  isAllPorts,
  openingOf,
  rulesOf,
  type GroupRule,
} from "./security-group.ts";

const rules = (type: string, props: PlainMap) => rulesOf(resource(type, "r", props));

/** What of a rule can be told apart: its direction, its sources with their places, and its opening. */
function read(rule: ReturnType<typeof rules>[number]): readonly unknown[] {
  if ("unknown" in rule) return ["unknown", rule.property];
  const sources = [...rule.blocks, ...rule.prefixLists, ...rule.groups].map(({ property, value }) => [property, value]);
  const opening = openingOf(rule);
  return [rule.direction, sources, "unknown" in opening ? opening.property : opening.ports];
}

describe("rulesOf", () => {
  const https = { fromPort: 443, toPort: 443 };
  const web = { from: 443, to: 443 };

  it("reads every way of writing a rule alike", () => {
    const listed = { ...https, protocol: "tcp", cidrBlocks: ["10.0.0.0/8"] };
    const single = { ...https, ipProtocol: "tcp", cidrIpv4: "10.0.0.0/8" };
    const place = (property: string) => [[property, "10.0.0.0/8"]];
    assert.deepEqual(rules(GROUP, { ingress: [listed], egress: listed }).map(read), [
      ["ingress", place("ingress[0].cidrBlocks[0]"), web],
      ["egress", place("egress.cidrBlocks[0]"), web],
    ]);
    assert.deepEqual(rules(RULE, { ...listed, type: "egress" }).map(read), [["egress", place("cidrBlocks[0]"), web]]);
    assert.deepEqual(rules(INGRESS_RULE, single).map(read), [["ingress", place("cidrIpv4"), web]]);
    assert.deepEqual(rules(EGRESS_RULE, single).map(read), [["egress", place("cidrIpv4"), web]]);
  });

  it("tells groups and prefix lists from blocks", () => {
    const [rule] = rules(RULE, {
      ...{ type: "ingress", protocol: "-1", prefixListIds: ["pl-1"], sourceSecurityGroupId: "sg-1", self: true },
    }) as readonly GroupRule[];
    assert.deepEqual(rule?.blocks, []);
    assert.deepEqual(rule.prefixLists, [{ property: "prefixListIds[0]", value: "pl-1" }]);
    assert.deepEqual(
      rule.groups.map(({ property }) => property),
      ["sourceSecurityGroupId", "self"],
    );
  });

  it("says what it waits for", () => {
    assert.deepEqual(rules(GROUP, { ingress: [unknown], egress: unknown }).map(read), [
      ["unknown", "ingress[0]"],
      ["unknown", "egress"],
    ]);
    assert.deepEqual(rules(RULE, { type: unknown }).map(read), [["unknown", "type"]]);
    assert.deepEqual(rules(INGRESS_RULE, { ipProtocol: "tcp", fromPort: 1, toPort: unknown }).map(read), [
      ["ingress", [], "toPort"],
    ]);
  });
});

describe("isAllPorts", () => {
  it("does not ask for port 0, on which nothing listens", () => {
    assert.ok(isAllPorts({ from: 0, to: 65_535 }));
    assert.ok(isAllPorts({ from: 1, to: 65_535 }));
    assert.ok(!isAllPorts({ from: 1024, to: 65_535 }));
    assert.ok(!isAllPorts(undefined));
  });
});
