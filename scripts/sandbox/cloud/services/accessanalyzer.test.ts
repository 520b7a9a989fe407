import assert from "node:assert/strict";
import { accessanalyzer } from "./accessanalyzer.ts";
import { STAGING, assertRefused, tinyWorld } from "./tiny-world.ts";

const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";

describe("IAM Access Analyzer", () => {
  it("has one analyser of external access per account and region", () => {
    const cloud = tinyWorld(accessanalyzer);
    const { id, outputs } = cloud.create(ANALYZER, "a", { analyzerName: "account" });
    assert.equal(id, "account");
    assert.equal(outputs["arn"], "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account");
    assertRefused(() => cloud.create(ANALYZER, "b", { analyzerName: "second" }), "ServiceQuotaExceededException");
    cloud.create(ANALYZER, "c", { analyzerName: "unused", type: "ACCOUNT_UNUSED_ACCESS" });
    cloud.create(ANALYZER, "d", { analyzerName: "account" }, STAGING);
  });

  it("gives each name once", () => {
    const cloud = tinyWorld(accessanalyzer);
    const unused = { analyzerName: "unused", type: "ACCOUNT_UNUSED_ACCESS" };
    cloud.create(ANALYZER, "a", unused);
    assertRefused(() => cloud.create(ANALYZER, "b", unused), "ConflictException", /unused/);
  });

  for (const [what, inputs] of [
    ["of an organization that there is not", { type: "ORGANIZATION" }],
    ["with settings of another type", { type: "ACCOUNT", configuration: { unusedAccess: { unusedAccessAge: 90 } } }],
  ] as const)
    it(`makes no analyser ${what}`, () => {
      const cloud = tinyWorld(accessanalyzer);
      assertRefused(() => cloud.create(ANALYZER, "a", { analyzerName: "a", ...inputs }), "ValidationException");
    });

  it("takes settings of the analyser's own type", () => {
    const configuration = { unusedAccess: { unusedAccessAge: 90 } };
    const inputs = { analyzerName: "a", type: "ACCOUNT_UNUSED_ACCESS", configuration };
    tinyWorld(accessanalyzer).create(ANALYZER, "a", inputs);
  });
});
