import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { capture, valueOf } from "./capture.ts";
import { checked } from "./checked.ts";

const days = z.number().min(7, "must be 7 or more");

class Component extends pulumi.ComponentResource {
  readonly days: pulumi.Output<number>;
  constructor(value: pulumi.Input<number>) {
    super("groundwork:test:Component", "component");
    this.days = checked(this, "days", value, days);
  }
}

describe("a component's input", () => {
  for (const [kind, value] of [
    ["a plain value", 7],
    ["an output", pulumi.output(7)],
    ["a promise", Promise.resolve(7)],
  ] as const) {
    it(`passes as ${kind} when it is right`, async () => {
      const { result } = await capture(() => new Component(value));
      assert.equal(await valueOf(result.days), 7);
    });
  }

  it("is refused by name, at once, and without a stack trace for the reader", async () => {
    await assert.rejects(
      capture(() => new Component(6)),
      (error) =>
        pulumi.ResourceError.isInstance(error) && error.message === "days: must be 7 or more" && error.hideStack,
    );
  });

  it("stays a secret", async () => {
    const { result } = await capture(() => new Component(pulumi.secret(7)));
    assert.equal(await pulumi.isSecret(result.days), true);
  });
});
