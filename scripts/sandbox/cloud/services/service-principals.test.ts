import assert from "node:assert/strict";
import { isNoService } from "./service-principals.ts";

describe("principals of services", () => {
  for (const name of [
    "ecs-tasks.amazonaws.com",
    "logs.eu-west-1.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
    "something-new.amazonaws.com",
    "alexa-appkit.amazon.com",
  ])
    it(`${name} may be one`, () => {
      assert.equal(isNoService(name), false);
    });
  for (const name of ["ecs-task.amazonaws.com", "ecstasks.amazonaws.com", "ecs-tasks", "lambda.amazonaws.org"])
    it(`${name} is none`, () => {
      assert.equal(isNoService(name), true);
    });
});
