import assert from "node:assert/strict";
import { problemsOf, type Runs } from "./judge.ts";

const TYPE = "aws:s3/bucket:Bucket";
const URN = `urn:pulumi:s::p::groundwork:media:Media$${TYPE}::a`;
const left = { resources: [{ urn: URN, type: TYPE, custom: true, id: "a-1" }], cloud: { [URN]: 1 } };
const runs: Runs = {
  type: TYPE,
  cause: "SlowDown: once",
  failed: {
    result: "failed",
    errors: [
      { urn: URN, message: "SlowDown: once" },
      { urn: "", message: "update failed" },
    ],
  },
  resumed: { result: "succeeded", errors: [] },
  expected: left,
  left,
};

describe("a type that fails once", () => {
  it("recovers where the run says what failed and why, and the next one completes", () => {
    assert.deepEqual(problemsOf(runs), []);
  });

  it("is broken where the run goes on as if nothing had happened", () => {
    assert.deepEqual(problemsOf({ ...runs, failed: { ...runs.failed, result: "succeeded" } }), [
      "the first run succeeded although the type was told to fail",
    ]);
  });

  it("is broken where no error names both the resource and the cause", () => {
    const child = URN.replace("::a", "$aws:s3/bucketPolicy:BucketPolicy::a");
    for (const error of [
      { urn: "", message: "SlowDown: once" },
      { urn: URN, message: "failed" },
      { urn: child, message: "SlowDown: once" },
    ])
      assert.deepEqual(problemsOf({ ...runs, failed: { result: "failed", errors: [error] } }), [
        `no error names the resource and the cause: ${JSON.stringify([error])}`,
      ]);
  });

  it("is broken where the next run fails too; what is missing then is no news", () => {
    const resumed = { result: "failed", errors: [{ urn: URN, message: "Exists" }] } as const;
    assert.deepEqual(problemsOf({ ...runs, resumed, left: { resources: [], cloud: {} } }), [
      `the second run failed: ${URN} Exists`,
    ]);
    assert.deepEqual(problemsOf({ ...runs, resumed: { result: "failed", errors: [] } }), [
      "the second run failed without an error",
    ]);
  });

  it("is broken where state or cloud are not those of an undisturbed run", () => {
    assert.deepEqual(problemsOf({ ...runs, left: { resources: [], cloud: { [URN]: 2 } } }), [
      `${URN} is missing`,
      `the cloud holds 2 of ${URN} instead of 1`,
    ]);
  });
});
