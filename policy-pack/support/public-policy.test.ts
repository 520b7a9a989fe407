import assert from "node:assert/strict";
import { notPublic } from "./public-policy.ts";
import type { Resource } from "./rule.ts";
import { Unknown, type Plain } from "./unknown.ts";

const carrier = (policy: Plain): Resource => ({
  type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  name: "api",
  urn: "urn:pulumi:staging::groundwork::aws:ecr/repositoryPolicy:RepositoryPolicy::api",
  props: { policy },
  protect: false,
  provider: undefined,
});
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
    const unknown = new Unknown(new Error("unknown"));
    assert.deepEqual(check(carrier(unknown), {}), [{ property: "policy", unknown }]);
  });
});
