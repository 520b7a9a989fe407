import assert from "node:assert/strict";
import { estimate } from "./estimate.ts";
import type { CostLine } from "./model.ts";
import { sumRanges } from "./range.ts";
import { pricesFrom, readPriceRows } from "./prices.ts";
import { amount } from "./money.ts";
import { exactly } from "./range.ts";
import { type Entries, free, notPriced, type Part, priced } from "./resources/entry.ts";
import { type Given, stackOf } from "./resources/world.cases.ts";
import type { EnvironmentName } from "./usage.ts";

const prices = pricesFrom(readPriceRows());

const one = (type: string, name = "one", inputs: Given["inputs"] = {}): Given => ({ type, name, inputs });
const of = (part: Part): Entries => ({ "test:index:Thing": priced(() => [part]) });
const thing = (name = "one", inputs: Given["inputs"] = {}) => one("test:index:Thing", name, inputs);

interface Options {
  readonly entries?: Entries;
  readonly environment?: EnvironmentName;
}

function costOf(given: readonly Given[], { entries, environment }: Options = {}) {
  const { resources, world } = stackOf(given, environment);
  return estimate({
    resources,
    world,
    prices,
    placeOf: ({ name }) => ({ component: "Network", tags: { Service: name } }),
    ...(entries !== undefined && { entries }),
  });
}

const only = (lines: readonly CostLine[]): CostLine => {
  const [line] = lines;
  return line ?? assert.fail("there is no line");
};

describe("an estimate", () => {
  it("prices a resource, line by line, with what a report needs", () => {
    const { lines, monthly } = costOf([one("aws:ec2/natGateway:NatGateway", "nat")]);
    const [hours] = lines;
    assert.ok(hours !== undefined);
    const { quantity, monthly: month, ...rest } = hours;
    assert.deepEqual(rest, {
      urn: "urn:pulumi:test::groundwork::aws:ec2/natGateway:NatGateway::nat",
      type: "aws:ec2/natGateway:NatGateway",
      component: "Network",
      tags: { Service: "nat" },
      taggable: true,
      provider: "AWS",
      service: "VPC",
      item: "NAT gateway",
      unit: "gateway-hour",
      unitPrice: "0.045",
      usageBased: false,
      price: "nat-gateway-hour",
      region: "us-east-1",
    });
    assert.equal(quantity.expected.toFixed(), "730");
    assert.equal(month.expected.toFixed(), "32.85");
    // 1,000 GB at 0.045.
    assert.equal(monthly.expected.toFixed(), "77.85");
    assert.equal(monthly.low.toFixed(), "37.35");
  });

  it("names what has no entry, what is not priced, and what is free, each with its reason", () => {
    const entries = { "a:b:Free": free("It is free."), "a:b:Not": notPriced("Nobody knows.") };
    const {
      lines,
      free: nothing,
      notPriced: unknown,
    } = costOf([one("a:b:Free"), one("a:b:Not"), one("a:b:New"), one("groundwork:network:Network")], { entries });
    assert.deepEqual(lines, []);
    assert.deepEqual(
      nothing.map(({ type, reason }) => [type, reason]),
      [
        ["a:b:Free", "It is free."],
        ["groundwork:network:Network", "A component: its parts are charged."],
      ],
    );
    assert.deepEqual(
      unknown.map(({ type, reason }) => [type, reason]),
      [
        ["a:b:Not", "Nobody knows."],
        ["a:b:New", "This type has no entry in scripts/cost/resources."],
      ],
    );
  });

  it("never passes over a resource whose entry says nothing", () => {
    const { notPriced: unknown } = costOf([thing()], { entries: { "test:index:Thing": priced(() => []) } });
    assert.match(unknown[0]?.reason ?? "", /gives no cost/);
  });

  it("keeps a quantity of 0 as a line of 0", () => {
    const { lines } = costOf([thing()], { entries: of({ price: "data-out", quantity: exactly(0) }) });
    assert.equal(only(lines).monthly.expected.toFixed(), "0");
  });

  it("names a node type that the price list lacks, and fails where a fixed price is missing", () => {
    const lacking = { price: "elasticache-valkey-x9-huge", quantity: exactly(1) };
    const { notPriced: unknown } = costOf([thing()], { entries: of({ ...lacking, ifNoPrice: "No such node." }) });
    assert.equal(unknown[0]?.reason, "No such node.");
    assert.throws(() => costOf([thing()], { entries: of(lacking) }), { name: "UserError", message: /has no row/ });
  });

  it("shares tiers and allowances by quantity, so that lines add up to the stack", () => {
    const sizes: Readonly<Record<string, number>> = { small: 30, middle: 120, large: 20_000 };
    const entries: Entries = {
      "test:index:Thing": priced(({ name }) => [{ price: "data-out", quantity: exactly(sizes[name] ?? 0) }]),
    };
    const { lines, monthly } = costOf(
      Object.keys(sizes).map((name) => thing(name)),
      { entries },
    );
    // 20,150 GB: 100 free, 10,140 at 0.09, 9,910 at 0.085.
    assert.equal(monthly.expected.toDecimalPlaces(9).toFixed(), "1754.95");
    assert.equal(sumRanges(lines.map((line) => line.monthly)).expected.toFixed(), monthly.expected.toFixed());
    assert.equal(
      lines[1]?.monthly.expected.toDecimalPlaces(6).toFixed(),
      amount("1754.95").times(120).dividedBy(20_150).toDecimalPlaces(6).toFixed(),
    );
  });

  it("gives a preview no allowance: staging, in the same account, has used it", () => {
    const entries = of({ price: "alarm-standard", quantity: exactly(2) });
    assert.equal(costOf([thing()], { entries }).monthly.expected.toFixed(), "0");
    assert.equal(costOf([thing()], { entries, environment: "preview" }).monthly.expected.toFixed(), "0.2");
  });

  it("bears the tags that the bill shows", () => {
    const item = { price: "alb-hour", quantity: exactly(1) };
    const tagsFor = (part: Part) => only(costOf([thing("own")], { entries: of(part) }).lines).tags;
    assert.deepEqual(tagsFor(item), { Service: "own" });
    assert.deepEqual(tagsFor({ ...item, taggable: false }), {});
    assert.deepEqual(tagsFor({ ...item, tagsOf: "none" }), {});
    const other = { urn: "urn", type: "t", name: "other", inputs: {}, outputs: {} };
    assert.deepEqual(tagsFor({ ...item, tagsOf: other }), { Service: "other" });
  });

  it("says that a resource in another region has the price of this one", () => {
    const entries = of({ price: "kms-key", quantity: exactly(1) });
    const line = only(costOf([thing("one", { region: "us-west-2" })], { entries }).lines);
    assert.equal(line.assumption, "In us-west-2, at the price of us-east-1.");
    assert.equal(line.usageBased, false);
    assert.equal(only(costOf([thing("one", { region: "us-east-1" })], { entries }).lines).assumption, undefined);
  });

  it("prices 5,000 resources in good time", () => {
    const types = [
      "aws:s3/bucket:Bucket",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:kms/key:Key",
      "aws:ec2/subnet:Subnet",
    ];
    const given = Array.from({ length: 5_000 }, (_, index) => one(types[index % types.length] ?? "", `r${index}`));
    const { lines, free: nothing } = costOf(given);
    assert.equal(new Set(lines.map(({ urn }) => urn)).size + nothing.length, 5_000);
  }).timeout(20_000);
});
