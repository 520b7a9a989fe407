import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../sandbox/values/value.ts";
import { between, exactly } from "../range.ts";
import { amountOf, blockOf, flagOf, isUnknown, listOf, rangeOf, textOf, valueOf } from "./read.ts";

const resource = (inputs: Properties, outputs: Properties = {}) => ({
  urn: "urn",
  type: "t",
  name: "n",
  inputs,
  outputs,
});

describe("reading a property", () => {
  it("takes what the program gives before what the provider answered, and either before a default", () => {
    assert.equal(textOf(resource({ engine: "valkey" }, { engine: "redis" }), "engine", "memcached"), "valkey");
    assert.equal(textOf(resource({}, { engine: "redis" }), "engine", "memcached"), "redis");
    assert.equal(textOf(resource({ engine: null }), "engine", "memcached"), "memcached");
  });

  it("takes what is known after all, and says what is not", () => {
    assert.equal(valueOf(resource({ cpu: UNKNOWN }, { cpu: "512" }), "cpu"), "512");
    assert.ok(isUnknown(textOf(resource({ cpu: UNKNOWN }), "cpu", "256")));
    assert.ok(isUnknown(amountOf(resource({ cpu: UNKNOWN }), "cpu", 256)));
    assert.ok(isUnknown(flagOf(resource({ on: UNKNOWN }), "on", true)));
    assert.ok(isUnknown(listOf(resource({ subnets: UNKNOWN }), "subnets")));
    assert.ok(isUnknown(blockOf(resource({ network: UNKNOWN }), "network")));
  });

  it("reads numbers as numbers and as text, and texts of numbers", () => {
    const shown = (inputs: Properties) => {
      const value = amountOf(resource(inputs), "size", 7);
      return isUnknown(value) ? "unknown" : value.toFixed();
    };
    assert.deepEqual([{ size: 512 }, { size: "512" }, { size: " 0.5 " }, { size: "large" }, {}].map(shown), [
      "512",
      "512",
      "0.5",
      "7",
      "7",
    ]);
    assert.equal(textOf(resource({ port: 6379 }), "port", ""), "6379");
  });

  it("takes a missing list or block for an empty one", () => {
    assert.deepEqual(listOf(resource({}), "subnets"), []);
    assert.deepEqual(blockOf(resource({}), "network"), {});
    assert.deepEqual(blockOf(resource({ network: { assignPublicIp: true } }), "network"), { assignPublicIp: true });
    assert.deepEqual(
      ["true", "false", "maybe"].map((on) => flagOf(resource({ on }), "on", true)),
      [true, false, true],
    );
  });

  it("gives the span of what is not known", () => {
    assert.deepEqual(rangeOf(UNKNOWN, between(1, 2, 3)), between(1, 2, 3));
    assert.deepEqual(rangeOf(4, between(1, 2, 3)), exactly(4));
  });
});
