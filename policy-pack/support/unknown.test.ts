import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Unknown, plainProperties } from "./unknown.ts";

// The SDK exports the proxy that its runtime hands to policies, but its types leave it out.
const { unknownCheckingProxy } = createRequire(import.meta.url)("@pulumi/policy") as {
  unknownCheckingProxy: (properties: object) => object;
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("plainProperties", () => {
  it("keeps what is known beside what is not, at every depth", () => {
    const read = plainProperties(
      unknownCheckingProxy({
        name: "a",
        tags: { Owner: UNKNOWN, Service: "api" },
        rules: [{ port: UNKNOWN }, UNKNOWN, 3],
      }),
    );
    const waiting = (value: unknown): unknown => (value instanceof Unknown ? "?" : value);
    assert.deepEqual(JSON.parse(JSON.stringify(read, (_key, value: unknown) => waiting(value))), {
      name: "a",
      tags: { Owner: "?", Service: "api" },
      rules: [{ port: "?" }, "?", 3],
    });
  });

  it("does not swallow any other error", () => {
    const broken = Object.defineProperty({}, "name", {
      enumerable: true,
      get: () => {
        throw new RangeError("broken");
      },
    });
    assert.throws(() => plainProperties(broken), RangeError);
  });
});
