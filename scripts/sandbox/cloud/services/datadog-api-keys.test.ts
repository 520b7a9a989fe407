import assert from "node:assert/strict";
import { datadog } from "./datadog.ts";
import { textIn, tinyWorld } from "./tiny-world.ts";

const KEY = "datadog:index/apiKey:ApiKey";

describe("Datadog: an API key", () => {
  it("is 32 hexadecimal digits, another one for each", () => {
    const cloud = tinyWorld(datadog);
    const [one, other] = ["agent", "atlas"].map((name) => textIn(cloud.create(KEY, name, { name }).outputs, "key"));
    assert.match(one ?? "", /^[0-9a-f]{32}$/);
    assert.notEqual(one, other);
  });
});
