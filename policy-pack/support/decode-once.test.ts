import assert from "node:assert/strict";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { decodeOnce } from "./decode-once.ts";

const { Struct } = structs;

describe("properties that are decoded once", () => {
  const own = Object.getOwnPropertyDescriptor(Struct.prototype, "toJavaScript");
  before(decodeOnce);
  after(() => {
    if (own !== undefined) Object.defineProperty(Struct.prototype, "toJavaScript", own);
  });

  const properties = { name: "a", tags: { Stack: "staging" }, list: [1, { deep: true }, null], empty: {} };

  it("are what the message holds, and the same object each time", () => {
    const struct = Struct.fromJavaScript(properties);
    const decoded = struct.toJavaScript();
    assert.deepEqual(decoded, properties);
    assert.equal(struct.toJavaScript(), decoded);
  });

  it("are each message's own", () => {
    const [first, second] = [Struct.fromJavaScript({ a: 1 }), Struct.fromJavaScript({ a: 2 })];
    assert.deepEqual([first.toJavaScript(), second.toJavaScript()], [{ a: 1 }, { a: 2 }]);
  });
});
