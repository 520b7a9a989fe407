import assert from "node:assert/strict";
import { factRows, settingRows, valueText } from "./settings.ts";

describe("the rows of settings", () => {
  const choice = (production: unknown, staging: unknown, preview: unknown) => ({
    production,
    staging,
    preview,
    why: "Because.",
  });

  it("say which settings differ, also deep inside", () => {
    const rows = settingRows({
      network: {
        zones: choice(2, 2, 2),
        traffic: choice({ logs: [1] }, { logs: [1] }, { logs: [2] }),
        preview: choice(true, false, false),
      },
    });
    assert.deepEqual(
      rows.map(({ setting, differs }) => [setting, differs]),
      [
        ["network.zones", false],
        ["network.traffic", true],
        ["network.preview", true],
      ],
    );
  });

  it("write values on one line", () => {
    assert.equal(valueText(true), "yes");
    assert.equal(valueText(undefined), "not set");
    assert.equal(valueText([]), "none");
    assert.equal(valueText(["a", 1]), "a, 1");
    assert.equal(valueText({ requests: 20, seconds: 60 }), "requests 20, seconds 60");
  });

  it("take Pulumi.yaml's default where a stack file is silent", () => {
    assert.deepEqual(factRows(["region", "digest"], { region: "us-east-1" }, { region: "eu-west-1" }, {}), [
      { key: "region", production: "eu-west-1", staging: "us-east-1" },
      { key: "digest", production: "not set", staging: "not set" },
    ]);
  });
});
