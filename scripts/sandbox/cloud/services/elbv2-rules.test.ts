import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { balancedWorld, NOT_FOUND } from "./elbv2-world.ts";
import { assertRefused } from "./tiny-world.ts";

const RULE = "aws:lb/listenerRule:ListenerRule";

describe("ELBv2: a listener's rule", () => {
  const ruled = () => {
    const world = balancedWorld();
    const listener = world.listener(world.balancer("edge"));
    const rule = (name: string, more: Properties = {}): CloudResource =>
      world.cloud.create(RULE, name, {
        listenerArn: listener.id,
        actions: [NOT_FOUND],
        conditions: [{ hostHeader: { values: [`${name}.example.com`] } }],
        ...more,
      });
    return { world, listener, rule };
  };

  it("has an ARN below its listener's, and the next priority unless it is given one", () => {
    const { listener, rule, world } = ruled();
    const first = rule("a");
    assert.ok(first.id.startsWith(`${listener.id.replace(":listener/", ":listener-rule/")}/`));
    assert.equal(first.outputs["priority"], 1);
    assert.equal(rule("b", { priority: 10 }).outputs["priority"], 10);
    assert.equal(rule("c").outputs["priority"], 11);
    assert.equal(world.cloud.update(first, { ...first.inputs, actions: [NOT_FOUND] }).outputs["priority"], 1);
  });

  it("has a priority of its own", () => {
    const { rule, world } = ruled();
    const first = rule("a", { priority: 10 });
    assertRefused(() => rule("b", { priority: 10 }), "PriorityInUse");
    const second = rule("b", { priority: 20 });
    assertRefused(() => world.cloud.update(second, { ...second.inputs, priority: 10 }), "PriorityInUse");
    world.cloud.update(first, { ...first.inputs, priority: 30 });
    rule("c", { priority: 10 });
  });

  for (const [what, conditions] of [
    ["no condition", []],
    ["an empty condition", [{}]],
    ["two kinds in one condition", [{ hostHeader: { values: ["a"] }, pathPattern: { values: ["/"] } }]],
    ["six values", [{ pathPattern: { values: ["/1", "/2", "/3", "/4", "/5", "/6"] } }]],
  ] as const)
    it(`may not have ${what}`, () => {
      assertRefused(() => ruled().rule("x", { conditions: conditions as unknown as Properties[] }), "ValidationError");
    });

  for (const [what, condition] of [
    ["a host of 129 characters", { hostHeader: { values: ["a".repeat(129)] } }],
    ["a host with a slash", { hostHeader: { values: ["api.example.com/v1"] } }],
    ["a path with a space", { pathPattern: { values: ["/a b"] } }],
    ["an address without its length", { sourceIp: { values: ["10.0.0.1"] } }],
    ["a network with bits of a host", { sourceIp: { values: ["10.0.0.1/8"] } }],
    ["a method that is none", { httpRequestMethod: { values: ["GET /"] } }],
    ["a header's value of 129 characters", { httpHeader: { httpHeaderName: "a", values: ["a".repeat(129)] } }],
    ["values and patterns", { pathPattern: { values: ["/a"], regexValues: ["^/b"] } }],
  ] as const)
    it(`may not look at ${what}`, () => {
      assertRefused(() => ruled().rule("x", { conditions: [condition as unknown as Properties] }), "ValidationError");
    });

  for (const condition of [
    { hostHeader: { values: ["*.example.com"] } },
    { pathPattern: { values: ["/img/*~.$?"] } },
    { sourceIp: { values: ["10.0.0.0/8", "2001:db8::/32"] } },
    { httpRequestMethod: { values: ["GET", "M-SEARCH"] } },
  ] as const)
    it(`may look at ${JSON.stringify(condition)}`, () => {
      ruled().rule("x", { conditions: [condition as unknown as Properties] });
    });

  it("is of a listener, and forwards as one", () => {
    const { rule, listener, world } = ruled();
    assertRefused(() => rule("x", { listenerArn: `${listener.id}0` }), "ListenerNotFound");
    const elsewhere = world.targetGroup("elsewhere");
    const actions = [{ type: "forward", targetGroupArn: elsewhere.id }];
    world.listener(world.balancer("other"), { defaultActions: actions });
    assertRefused(() => rule("x", { actions }), "TargetGroupAssociationLimit");
    assertRefused(() => rule("x", { actions: [] }), "InvalidLoadBalancerAction");
  });
});
