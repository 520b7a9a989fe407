import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigFileError, projectDefaults, stackFileConfig } from "./config-file.ts";
import { isOptional, stackKeys, type StackKey } from "./stack-config.ts";

const root = join(import.meta.dirname, "..", "..");
const committed = (file: string) => readFileSync(join(root, file), "utf8");

describe("a stack file", () => {
  it("gives the project's keys as text, as Pulumi does", () => {
    const yaml = "config:\n  groundwork:a: text\n  groundwork:b: 12\n  groundwork:c: [1, x]\n  aws:region: eu-west-1\n";
    assert.deepEqual(stackFileConfig("Pulumi.x.yaml", yaml, "groundwork"), { a: "text", b: "12", c: '[1,"x"]' });
  });

  it("gives scalars as they stand in the file, so that no account loses its first digit", () => {
    const yaml = "config:\n  groundwork:a: 012345670123\n  groundwork:b: 1.0\n  groundwork:c: yes\n  groundwork:d:\n";
    const config = stackFileConfig("Pulumi.x.yaml", yaml, "groundwork");
    assert.deepEqual(config, { a: "012345670123", b: "1.0", c: "yes", d: "" });
  });

  it("may be empty", () => {
    for (const yaml of ["", "config:\n", "# nothing\n"]) {
      assert.deepEqual(stackFileConfig("Pulumi.x.yaml", yaml, "groundwork"), {});
    }
  });

  for (const yaml of ["config: [1]", "just text", "config:\n  a: 'open\n", "a: b: c", "config:\n  a: 1\n  a: 2\n"]) {
    it(`that says ${JSON.stringify(yaml)} is refused in one line that names it`, () => {
      assert.throws(
        () => stackFileConfig("Pulumi.x.yaml", yaml, "groundwork"),
        (error) => error instanceof ConfigFileError && /^Pulumi\.x\.yaml: [^\n]+$/.test(error.message),
      );
    });
  }
});

describe("the committed files", () => {
  it("give, with Pulumi.yaml's defaults, every key that must be given, and none that is unknown", () => {
    const defaults = projectDefaults("Pulumi.yaml", committed("Pulumi.yaml"));
    for (const file of ["Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      const config = { ...defaults, ...stackFileConfig(file, committed(file), "groundwork") };
      const given = new Set(Object.keys(config));
      assert.deepEqual(
        [...given].filter((key) => !stackKeys.includes(key as StackKey)),
        [],
        file,
      );
      assert.deepEqual(
        stackKeys.filter((key) => !given.has(key) && !isOptional(key)),
        [],
        file,
      );
    }
  });

  it("hold no secret and no salt", () => {
    for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      assert.doesNotMatch(committed(file), /secure:|encryptionsalt/i);
    }
  });

  it("disable default providers for every stack", () => {
    assert.match(committed("Pulumi.yaml"), /pulumi:disable-default-providers:\n\s+value: \["\*"\]/);
  });
});
