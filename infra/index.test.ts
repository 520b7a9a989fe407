import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { capture, only, type CapturedResource } from "./capture.ts";
import type * as Program from "./index.ts";
import { autoNameSuffix, nameRules, type NamedType } from "./naming.ts";
import { projectDefaults, stackFileConfig } from "./settings/config-file.ts";
import { slugMaxLength } from "./settings/stacks.ts";
import { tagKeys } from "./tags.ts";
import { inputsOfType } from "./sdk-inputs.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const defaults = projectDefaults("Pulumi.yaml", read("Pulumi.yaml"));
const configOf = (file: string) => ({ ...defaults, ...stackFileConfig(file, read(file), "groundwork") });
const namespaced = (config: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`groundwork:${key}`, value]));

const staging = configOf("Pulumi.staging.yaml");
const production = configOf("Pulumi.production.yaml");
const longest = `preview-${"x".repeat(slugMaxLength)}`;

const stacks = [
  { stack: "production", own: production, foreign: staging, given: production },
  { stack: "staging", own: staging, foreign: production, given: staging },
  // A preview that was given nothing reads staging's file by itself.
  { stack: longest, own: staging, foreign: production, given: defaults },
];

/** The program runs once per stack: a query makes a module of its own. Gives the stack's outputs. */
async function program(stack: string) {
  const { default: build } = (await import(`./index.ts?${stack}`)) as typeof Program;
  return build();
}

const made = ({ type }: CapturedResource) => /^(aws|random):/.test(type);
const isNamed = (type: string): type is NamedType => Object.hasOwn(nameRules, type);

for (const { stack, own, foreign, given } of stacks) {
  describe(`the program in ${stack}`, () => {
    let resources: readonly CapturedResource[];
    let outputs: Awaited<ReturnType<typeof program>>;
    before(async () => {
      ({ resources, result: outputs } = await capture(() => program(stack), { stack, config: namespaced(given) }));
    });

    it("builds all components", () => {
      const components = resources.filter(({ type }) => type.startsWith("groundwork:")).map(({ name }) => name);
      assert.deepEqual(
        components.sort(),
        ["logs", "media", "network", "secrets", "secrets"].map((area) => `groundwork-${stack}-${area}`),
      );
    });

    it("works in its own account and region alone", () => {
      const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
      for (const { inputs } of providers)
        assert.deepEqual(JSON.parse(inputs["allowedAccountIds"] as string), [own["awsAccountId"]]);
      assert.equal(providers.find(({ name }) => name === "aws")?.inputs["region"], own["region"]);
    });

    it("gives every resource an explicit provider", () => {
      const provided = resources.filter(({ type }) => !/^(groundwork|pulumi):/.test(type));
      assert.ok(provided.length > 25);
      for (const { type, name, provider } of provided) {
        const [plugin = ""] = type.split(":");
        assert.match(provider, new RegExp(`:pulumi:providers:${plugin}::${plugin}(-[a-z0-9-]+)?::`), `${type} ${name}`);
      }
    });

    it("has the whole tag set on everything that can carry tags", () => {
      const inputs =
        resources.find(({ type, name }) => type === "pulumi:providers:aws" && name === "aws")?.inputs ?? {};
      const { tags: everywhere } = JSON.parse(inputs["defaultTags"] as string) as { tags: Record<string, string> };
      assert.deepEqual(Object.keys(everywhere).sort(), [...tagKeys].sort());
      assert.equal(everywhere["Stack"], stack);
      const taggable = resources.filter((resource) => made(resource) && inputsOfType(resource.type).has("tags"));
      assert.ok(taggable.length > 10);
      for (const { type, name, inputs: own } of [...taggable, only(resources, "awsx:ec2:Vpc")]) {
        const tags: Record<string, unknown> = { ...everywhere, ...(own["tags"] as object | undefined) };
        for (const key of tagKeys) assert.ok(tags[key], `${type} ${name} lacks ${key}`);
        assert.notEqual(tags["Service"], everywhere["Service"], `${type} ${name} does not say which part it serves`);
        assert.equal(tags["Environment"], outputs["environment"]);
      }
    });

    it("names everything within its service's limits", () => {
      for (const { type, name, inputs } of resources.filter(made)) {
        if (!isNamed(type)) continue;
        const { property, max, pattern } = nameRules[type];
        const given = inputs[property];
        const physical = typeof given === "string" ? given : `${name}-0a1b2c3`;
        assert.ok(
          name.length + (given === undefined ? autoNameSuffix : 0) <= max,
          `${physical} is too long for ${type}`,
        );
        assert.ok(physical.length <= max && pattern.test(physical), `${physical} is no name for ${type}`);
      }
    });

    it("knows the limits of every type that Pulumi names by itself", () => {
      for (const { type } of resources.filter(made)) {
        const inputs = inputsOfType(type);
        // A bucket's parts have the input `bucket` too, but only the bucket itself is named by it.
        const named = inputs.has("name") || inputs.has("bucketPrefix");
        assert.ok(!named || isNamed(type), `${type} has no row in naming.ts`);
      }
    });

    it("holds nothing of the other environment", () => {
      const text = JSON.stringify(resources);
      for (const key of ["awsAccountId", "domain", "vpcCidr"]) {
        assert.ok(!text.includes(foreign[key] ?? ""), `${key} ${foreign[key]} of the other environment`);
      }
    });

    it("registers no secret in clear", () => {
      const secret = resources.filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion");
      assert.ok(secret.length > 0);
      for (const { inputs } of secret) assert.ok(pulumi.runtime.isRpcSecret(inputs["secretString"]));
    });
  });
}

describe("the program", () => {
  const refused: readonly [what: string, stack: string, config: Readonly<Record<string, string>>, says: RegExp][] = [
    ["an unknown stack", "qa", staging, /^Stack "qa" is none of this project's/],
    ["an unknown key", "staging", { ...staging, vpcCidrs: "10.1.0.0/16" }, /nearest is groundwork:vpcCidr/],
    ["production's account in staging", "staging", { ...staging, awsAccountId: "444455556666" }, /the same account/],
  ];
  for (const [what, stack, config, says] of refused) {
    it(`refuses ${what} in one clear line, before it registers anything`, async () => {
      let registered: readonly CapturedResource[] = [];
      const attempt = capture(
        async () => {
          await assert.rejects(program(`refused-${what}`), (error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            assert.match(error.message, says);
            assert.ok(!error.message.includes("\n"));
            return true;
          });
        },
        { stack, config: namespaced(config) },
      );
      ({ resources: registered } = await attempt);
      assert.deepEqual(registered, []);
    });
  }
});
