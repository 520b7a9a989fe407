import assert from "node:assert/strict";
import { createUserHash } from "./user-hash.ts";

const secret = "0123456789abcdef0123456789abcdef";

describe("the name of a user in the log", () => {
  it("is the same in every task of an environment, and another in each environment and for each key", () => {
    const of = (environment: string, key: string | undefined) => createUserHash({ secret: key, environment })("user-1");
    assert.match(of("staging", secret), /^[0-9a-f]{24}$/);
    assert.equal(of("staging", secret), of("staging", secret));
    assert.notEqual(of("staging", secret), of("production", secret));
    assert.notEqual(of("staging", secret), of("staging", `${secret}x`));
  });

  it("cannot be made again by others where there is no key", () => {
    const hash = createUserHash({ secret: undefined, environment: "local" });
    assert.equal(hash("user-1"), hash("user-1"));
    assert.notEqual(hash("user-1"), hash("user-2"));
    assert.notEqual(hash("user-1"), createUserHash({ secret: undefined, environment: "local" })("user-1"));
  });
});
