import assert from "node:assert/strict";
import { type Properties, Secret } from "../values/value.ts";
import type { StackConfig } from "../project/model.ts";
import { defaultProviderInputs, defaultProviderName, defaultProvidersDisabled } from "./providers.ts";
import { remark } from "./secrets.ts";

const configOf = (values: Record<string, string>, ...secretKeys: string[]): StackConfig => ({
  values: new Map(Object.entries(values)),
  secretKeys: new Set(secretKeys),
});

describe("a default provider", () => {
  const names: { version: string; downloadUrl: string; name: string }[] = [
    { version: "", downloadUrl: "", name: "default" },
    { version: "7.48.0", downloadUrl: "", name: "default_7_48_0" },
    { version: "1.0.0-alpha.1+build-5", downloadUrl: "", name: "default_1_0_0_alpha_1_build_5" },
    { version: "", downloadUrl: "https://x.org/a", name: "default_https___x_org_a" },
    { version: "1.2.3", downloadUrl: "github://api", name: "default_1_2_3_github___api" },
  ];
  for (const { version, downloadUrl, name } of names)
    it(`is named ${name}`, () => {
      assert.equal(defaultProviderName(version, downloadUrl), name);
    });

  it("takes its inputs from the config of its own package, secrets as such", () => {
    const config = configOf(
      { "aws:region": "eu-central-1", "aws:token": "t", "awsx:region": "no", "p:aws": "no", "aws:a:b": "nested" },
      "aws:token",
    );
    assert.deepEqual(defaultProviderInputs("aws", config, "", ""), {
      region: "eu-central-1",
      token: new Secret("t"),
      "a:b": "nested",
    });
  });

  it("keeps where it comes from among its inputs", () => {
    assert.deepEqual(defaultProviderInputs("aws", configOf({}), "7.48.0", "https://x.org"), {
      version: "7.48.0",
      pluginDownloadURL: "https://x.org",
    });
  });

  const disabled: { text: string | undefined; packageName: string; expected: boolean }[] = [
    { text: undefined, packageName: "aws", expected: false },
    { text: "[]", packageName: "aws", expected: false },
    { text: '["aws"]', packageName: "aws", expected: true },
    { text: '["aws"]', packageName: "awsx", expected: false },
    { text: '["*"]', packageName: "anything", expected: true },
    { text: '["*"]', packageName: "pulumi", expected: false },
  ];
  for (const { text, packageName, expected } of disabled)
    it(`of ${packageName} is ${expected ? "refused" : "allowed"} by ${text ?? "no setting"}`, () => {
      const config = configOf(text === undefined ? {} : { "pulumi:disable-default-providers": text });
      assert.equal(defaultProvidersDisabled(packageName, config), expected);
    });

  for (const text of ["aws", "true", '{"aws":true}', ""])
    it(`cannot be refused by ${JSON.stringify(text)}, which is no list`, () => {
      const config = configOf({ "pulumi:disable-default-providers": text });
      assert.throws(() => defaultProvidersDisabled("aws", config), {
        name: "ProviderError",
        message: `pulumi:disable-default-providers must be a list of package names, as in ["aws"] or ["*"]; found ${text}`,
      });
    });
});

describe("secret marks after a check that was sent none", () => {
  const cases: { title: string; values: Properties; marked: Properties; result: Properties }[] = [
    {
      title: "return by key",
      values: { a: 1, b: 2 },
      marked: { a: new Secret(0) },
      result: { a: new Secret(1), b: 2 },
    },
    {
      title: "are not doubled",
      values: { a: new Secret(1) },
      marked: { a: new Secret(1) },
      result: { a: new Secret(1) },
    },
    {
      title: "cover the whole property where they were inside it",
      values: { a: { b: [1] } },
      marked: { a: { b: [new Secret(1)] } },
      result: { a: new Secret({ b: [1] }) },
    },
    { title: "do not bring back what the provider dropped", values: {}, marked: { a: new Secret(1) }, result: {} },
  ];
  for (const { title, values, marked, result } of cases)
    it(title, () => {
      assert.deepEqual(remark(values, marked), result);
    });
});
