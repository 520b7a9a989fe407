import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { Plain } from "../unknown.ts";
import { notPublic } from "./public-policy.ts";

const carrier = (policy: Plain) => resource("aws:ecr/repositoryPolicy:RepositoryPolicy", "api", { policy });
const allow = (Principal: string): string =>
  JSON.stringify({ Statement: [{ Sid: "Pull", Effect: "Allow", Principal, Action: "ecr:*", Resource: "*" }] });
const check = notPublic("policy", "name somebody");

describe("a check that a policy is not public", () => {
  it("names the statement that lets everyone in", () => {
    assert.deepEqual(check(carrier(allow("*")), {}), [
      { property: "policy", wrong: "Pull allows every principal", fix: "name somebody" },
    ]);
  });

  for (const policy of [undefined, null, "", allow("arn:aws:iam::111122223333:root")])
    it(`passes ${String(policy).slice(0, 20)}`, () => {
      assert.deepEqual(check(carrier(policy), {}), []);
    });

  it("waits for a policy that is unknown", () => {
    assert.deepEqual(check(carrier(unknown), {}), [{ property: "policy", unknown }]);
  });
});
