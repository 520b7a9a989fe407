import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import { stackFrom } from "../stack.ts";
import type { Plain } from "../unknown.ts";
import { tlsOnly, withoutPolicy, type Carrier } from "./tls-only.ts";

const carrier: Carrier = {
  type: "aws:sns/topic:Topic",
  split: "aws:sns/topicPolicy:TopicPolicy",
  path: "arn",
  action: "sns:Publish",
};
const deny = (more: Readonly<Record<string, Plain>> = {}): Readonly<Record<string, Plain>> => ({
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
  ...more,
});
const topic = (policy?: Plain) =>
  resource(carrier.type, "topic", { arn: "arn:topic", ...(policy !== undefined && { policy }) });
const split = (policy: Plain) => resource(carrier.split, "split", { arn: "arn:topic", policy });

describe("a policy that refuses plain HTTP", () => {
  const verdict = (given: Parameters<ReturnType<typeof tlsOnly>>[0]): string =>
    tlsOnly(carrier)(given, {})
      .map((finding) => ("unknown" in finding ? "waits" : finding.wrong))
      .join();
  const wrong = "it lets requests come over plain HTTP";

  for (const [when, policy, expected] of [
    ["denies what callers do", { Statement: deny() }, ""],
    ["denies everything, as text", JSON.stringify({ Statement: [deny({ Action: "sns:*" })] }), ""],
    ["denies something else", { Statement: deny({ Action: "sns:Subscribe" }) }, wrong],
    ["denies one caller", { Statement: deny({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }) }, wrong],
    ["is unknown", unknown, "waits"],
    ["has an unknown statement", { Statement: [unknown] }, "waits"],
    ["has an unknown statement beside the right one", { Statement: [unknown, deny()] }, ""],
    ["has an unknown resource", { Statement: deny({ Resource: unknown }) }, ""],
  ] as const)
    it(`is judged where it ${when}`, () => {
      assert.equal(verdict(topic(policy)), expected);
      assert.equal(verdict(split(policy)), expected);
    });

  it("may stand apart from its resource, but not be absent where it stands", () => {
    assert.equal(verdict(topic()), "");
    assert.equal(verdict(topic("")), "");
    assert.equal(verdict(split("")), "it is not set");
  });
});

describe("resources without a policy", () => {
  const missing = (...resources: Parameters<typeof stackFrom>[0]) =>
    withoutPolicy(stackFrom(resources), carrier).map(({ urn }) => urn);

  it("have none inline, and none that names them", () => {
    assert.deepEqual(missing(topic()), [topic().urn]);
    assert.deepEqual(missing(topic(unknown)), []);
    assert.deepEqual(missing(topic(), split(unknown)), []);
  });
});
