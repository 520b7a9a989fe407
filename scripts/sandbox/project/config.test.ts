import assert from "node:assert/strict";
import { FAKE_SECRET, mergedConfig, resolvedConfig } from "./config.ts";
import { qualifiedKey } from "./config-key.ts";
import { type ConfigType, fitsType } from "./config-type.ts";
import { type ConfigValue, configValueOf, isSecret, resolvedText } from "./config-value.ts";
import type { ConfigDeclaration } from "./project-file.ts";
import type { ConfigEntry } from "./stack-file.ts";
import { parseYamlFile } from "./yaml-file.ts";

const valueOf = (yaml: string): ConfigValue => {
  const { root } = parseYamlFile("test.yaml", `key: ${yaml}\n`, "");
  return configValueOf(root.get("key", true) ?? null);
};
const open = (ciphertext: string): string => `<${ciphertext}>`;

describe("a config key", () => {
  for (const [key, expected] of [
    ["region", "shop:region"],
    ["aws:region", "aws:region"],
    ["aws:config:region", "aws:region"],
    ["", undefined],
    [":x", undefined],
    ["x:", undefined],
    ["a:b:c", undefined],
    ["a:config:", undefined],
  ] as const)
    it(`${JSON.stringify(key)} is ${expected ?? "refused"}`, () => assert.equal(qualifiedKey("shop", key), expected));
});

describe("a config value", () => {
  for (const [yaml, text, secret] of [
    ["plain", "plain", false],
    ["0123", "0123", false],
    ["1.0", "1.0", false],
    ["true", "true", false],
    ["yes", "yes", false],
    ["", "", false],
    ['"3"', "3", false],
    ["{secure: abc}", "<abc>", true],
    ["[1, two, true, null]", '[1,"two",true,null]', false],
    ["{b: 1, a: {d: x, c: [y]}}", '{"a":{"c":["y"],"d":"x"},"b":1}', false],
    ["{a: {secure: abc}, b: plain}", '{"a":"<abc>","b":"plain"}', true],
    ["[{secure: abc}]", '["<abc>"]', true],
    ["{secure: abc, other: x}", '{"other":"x","secure":"abc"}', false],
  ] as const)
    it(`${yaml === "" ? "(nothing)" : yaml} reads as ${text}${secret ? ", secret" : ""}`, () => {
      const value = valueOf(yaml);
      assert.equal(resolvedText(value, open), text);
      assert.equal(isSecret(value), secret);
    });
});

describe("a config type", () => {
  const type = (name: ConfigType["name"], items?: ConfigType): ConfigType => ({ name, items });
  for (const [yaml, of, fits] of [
    ["text", type("string"), true],
    ["5", type("string"), true],
    ["[a]", type("string"), false],
    ["5", type("integer"), true],
    ["-5", type("integer"), true],
    ["5.5", type("integer"), false],
    ["five", type("integer"), false],
    ["true", type("boolean"), true],
    ["yes", type("boolean"), false],
    ["[a, b]", type("array", type("string")), true],
    ["[a, {b: 1}]", type("array", type("string")), false],
    ["text", type("array"), false],
    ["[[1], [2]]", type("array", type("array", type("integer"))), true],
    ["{a: 1}", type("object"), true],
    ["[a]", type("object"), false],
    ["{secure: abc}", type("integer"), true],
    ["[{secure: abc}]", type("array", type("integer")), true],
  ] as const)
    it(`${of.name}: ${yaml} ${fits ? "fits" : "does not fit"}`, () => assert.equal(fitsType(valueOf(yaml), of), fits));
});

const declared = (key: string, more: Partial<ConfigDeclaration>): ConfigDeclaration => ({
  key,
  type: undefined,
  fallback: undefined,
  secret: false,
  required: false,
  ...more,
});
const entry = (yaml: string): ConfigEntry => ({ value: valueOf(yaml), where: "Pulumi.dev.yaml:3:5" });
const merge = (declarations: ConfigDeclaration[], entries: Record<string, ConfigEntry>): Map<string, ConfigEntry> =>
  mergedConfig({
    project: "shop",
    stack: "dev",
    stackFile: "Pulumi.dev.yaml",
    declarations,
    entries: new Map(Object.entries(entries)),
  });
const texts = (entries: Map<string, ConfigEntry>): Record<string, string> =>
  Object.fromEntries(resolvedConfig(entries, open).config.values);

describe("a stack's config", () => {
  it("gets the project's defaults for what it lacks, and keeps what it says", () => {
    const declarations = [
      declared("shop:size", { fallback: valueOf("small") }),
      declared("shop:color", { fallback: valueOf("red") }),
      declared("aws:region", { fallback: valueOf("eu-west-1") }),
    ];
    assert.deepEqual(texts(merge(declarations, { "shop:size": entry("large"), "other:key": entry("x") })), {
      "shop:size": "large",
      "other:key": "x",
      "shop:color": "red",
      "aws:region": "eu-west-1",
    });
  });

  it("lists every missing key and every wrong type in one error", () => {
    const declarations = [
      declared("shop:a", { required: true }),
      declared("shop:b", { required: true }),
      declared("shop:count", { type: { name: "integer", items: undefined } }),
    ];
    assert.throws(() => merge(declarations, { "shop:count": entry("many") }), {
      name: "UserError",
      message:
        "Pulumi.dev.yaml:3:5: config `count` must be of type integer\n" +
        "stack dev is missing the configuration values `a`, `b`: add them to Pulumi.dev.yaml or give --config a=VALUE",
    });
  });

  it("refuses a plain value where the project asks for a secret of a type", () => {
    const declarations = [declared("shop:token", { secret: true, type: { name: "string", items: undefined } })];
    assert.throws(() => merge(declarations, { "shop:token": entry("clear") }), /`token` must be a secret/);
    assert.deepEqual(texts(merge(declarations, { "shop:token": entry("{secure: abc}") })), { "shop:token": "<abc>" });
  });

  it("marks a declared secret without a type as one", () => {
    const entries = merge([declared("shop:token", { secret: true })], { "shop:token": entry("clear") });
    assert.deepEqual([...resolvedConfig(entries, open).config.secretKeys], ["shop:token"]);
  });

  it("puts a fake secret where a value cannot be decrypted, and counts", () => {
    const entries = new Map([
      ["shop:a", entry("{secure: good}")],
      ["shop:b", entry("{x: {secure: bad}, y: {secure: bad}}")],
    ]);
    const failing = (ciphertext: string): string => {
      if (ciphertext === "bad") throw new Error("no");
      return "opened";
    };
    const { config, fakeSecrets } = resolvedConfig(entries, failing);
    assert.equal(fakeSecrets, 2);
    assert.equal(config.values.get("shop:a"), "opened");
    assert.equal(config.values.get("shop:b"), JSON.stringify({ x: FAKE_SECRET, y: FAKE_SECRET }));
    assert.equal(resolvedConfig(entries, undefined).fakeSecrets, 3);
  });
});
