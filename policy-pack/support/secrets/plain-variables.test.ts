import assert from "node:assert/strict";
import { unknown } from "../../test/resource.ts";
import { plainSecret, plainSecretText } from "./plain-variables.ts";

const property = "environment.variables.X";

describe("a variable in plain text", () => {
  it("is a finding where it holds a secret, whose value is not shown", () => {
    const [finding] = plainSecret(
      { property, value: "hunter22" },
      "DB_PASSWORD",
      "the variable DB_PASSWORD",
      "move it",
    );
    assert.deepEqual(finding, {
      property,
      wrong: "the variable DB_PASSWORD is in plain text, and its name says that it is a secret",
      fix: "move it",
    });
  });

  it("is none where it holds none", () => {
    assert.deepEqual(plainSecret({ property, value: "info" }, "LOG_LEVEL", "it", "x"), []);
    assert.deepEqual(plainSecret({ property, value: undefined }, "API_KEY", "it", "x"), []);
  });

  it("is undecided while it is unknown", () => {
    assert.deepEqual(plainSecret({ property, value: unknown }, "TABLE", "it", "x"), [{ property, unknown }]);
  });
});

describe("text without a name", () => {
  it("is a finding by its form alone", () => {
    const [finding] = plainSecretText({ property, value: "--url=redis://:hunter22@cache" }, "an argument", "move it");
    assert.deepEqual(finding, { property, wrong: "an argument has the form of a secret", fix: "move it" });
    assert.deepEqual(plainSecretText({ property, value: "--verbose" }, "an argument", "x"), []);
  });
});
