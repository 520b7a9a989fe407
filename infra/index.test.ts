import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { capture, type CapturedResource, valueOf } from "./capture.ts";
import type * as Program from "./index.ts";
import { autoNameSuffix, nameRules, type NamedType, qualifiedName } from "./naming.ts";
import { inputsOfType } from "./sdk-inputs.ts";
import { projectDefaults, stackFileConfig } from "./settings/config-file.ts";
import { slugMaxLength } from "./settings/stacks.ts";
import { type TagKey, tagKeys } from "./tags.ts";

const project = "groundwork";
const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const defaults = projectDefaults("Pulumi.yaml", read("Pulumi.yaml"));
const configOf = (file: string) => ({ ...defaults, ...stackFileConfig(file, read(file), project) });
const namespaced = (config: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]));

const staging = configOf("Pulumi.staging.yaml");
const production = configOf("Pulumi.production.yaml");
const longest = `preview-${"x".repeat(slugMaxLength)}`;

/** Components of a preview: the API, its secrets, and what holds the rest of what is its alone. */
const ofPreview = ["api", "preview", "secrets"];

/** Components of staging and of production. */
const ofEnvironment = [
  "account",
  "admin",
  "alarms",
  "api",
  "backups",
  "boundary",
  "cache",
  "cache-user",
  "certificate",
  "cloudwatch",
  "cluster",
  "costs",
  "database",
  "database-application",
  "database-migrations",
  "datadog",
  "delivery",
  "edge",
  "image",
  "images",
  "logs",
  "media",
  "monitoring",
  "network",
  "origin-pull",
  "roles",
  "runtime-config",
  "secrets",
  "security-groups",
  "storefront",
  "zone",
];

const stacks = [
  {
    stack: "production",
    own: production,
    foreign: staging,
    given: production,
    // Staging wakes nobody, and its logs are not copied out of Atlas.
    components: [...ofEnvironment, "database-logs", "paging"],
  },
  {
    stack: "staging",
    own: staging,
    foreign: production,
    given: staging,
    // Previews live in its account.
    components: [...ofEnvironment, "preview-images"],
  },
  // A preview that was given nothing reads staging's file by itself.
  { stack: longest, own: staging, foreign: production, given: defaults, components: ofPreview },
];

/** The program runs once per stack: a query makes a module of its own. Gives the stack's outputs. */
async function program(stack: string) {
  const { default: build } = (await import(`./index.ts?${stack}`)) as typeof Program;
  return build();
}

interface Run {
  readonly resources: readonly CapturedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Runs a stack's program. A preview borrows from staging, which runs first. */
async function run(stack: string, given: Readonly<Record<string, string>>): Promise<Run> {
  const config = namespaced(given);
  const referred = stack.startsWith("preview-") ? (await run("staging", staging)).outputs : {};
  const { resources, result } = await capture(() => program(stack), { stack, config, referred });
  return { resources, outputs: await valueOf(pulumi.output(result)) };
}

const made = ({ type }: CapturedResource) => /^(aws|mongodbatlas|random):/.test(type);
const isNamed = (type: string): type is NamedType => Object.hasOwn(nameRules, type);
const taggable = (resources: readonly CapturedResource[], provider: string) =>
  resources.filter(({ type }) => type.startsWith(`${provider}:`) && inputsOfType(type).has("tags"));

/** The same without what is encrypted in Pulumi's state. */
function inClear(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return "encrypted";
  if (Array.isArray(value)) return value.map(inClear);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inClear(inner)]));
}

for (const { stack, own, foreign, given, components } of stacks) {
  describe(`the program in ${stack}`, () => {
    let resources: readonly CapturedResource[];
    let outputs: Run["outputs"];
    before(async () => {
      ({ resources, outputs } = await run(stack, given));
    });

    it("builds its components, and nothing beside them but providers and what they are handed", () => {
      const found = new Set(resources.map(({ component }) => component).filter((component) => component !== ""));
      assert.deepEqual([...found].sort(), components.map((area) => qualifiedName({ project, stack }, area)).sort());
      const loose = resources.filter(({ type, component }) => component === "" && !type.startsWith("pulumi:"));
      assert.deepEqual(
        loose.map(({ type }) => type),
        stack === longest ? [] : ["datadog:index/apiKey:ApiKey"],
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

    describe("puts the whole tag set", () => {
      const expected: Partial<Record<TagKey, unknown>> = { Project: project, ManagedBy: "pulumi", Stack: stack };
      const check = (
        { type, name }: CapturedResource,
        tags: Readonly<Record<string, unknown>>,
        defaultService = "",
      ) => {
        for (const key of tagKeys) assert.ok(tags[key], `${type} ${name} lacks ${key}`);
        for (const [key, value] of Object.entries({ ...expected, Environment: outputs["environment"] }))
          assert.equal(tags[key], value, `${type} ${name} has another ${key}`);
        assert.notEqual(tags["Service"], defaultService, `${type} ${name} does not say which part it serves`);
      };

      it("on everything of AWS's, by the providers, and each says which part it serves", () => {
        const everywhere = resources
          .filter(({ type }) => type === "pulumi:providers:aws")
          .map(({ inputs }) => JSON.parse(inputs["defaultTags"] as string) as { tags: Record<string, string> });
        assert.equal(everywhere.length, stack === longest ? 1 : 3);
        const own = [...taggable(resources, "aws"), ...resources.filter(({ type }) => type === "awsx:ec2:Vpc")];
        assert.ok(own.length > 10);
        for (const { tags } of everywhere) {
          const lifetime = stack === longest ? ["ExpiresAfter"] : [];
          assert.deepEqual(Object.keys(tags).sort(), [...tagKeys, ...lifetime].sort());
          for (const resource of own)
            check(resource, { ...tags, ...(resource.inputs["tags"] as object | undefined) }, tags["Service"]);
        }
      });

      it("on everything of Atlas's", () => {
        for (const resource of taggable(resources, "mongodbatlas"))
          check(resource, resource.inputs["tags"] as Record<string, unknown>);
      });

      it("on everything of Datadog's, in lower case, with what its pages group by", () => {
        const own = taggable(resources, "datadog");
        assert.ok(own.length > 0);
        for (const { type, name, inputs } of own) {
          const tags = inputs["tags"] as readonly string[];
          for (const key of [...tagKeys.map((key) => key.toLowerCase()), "env", "team"])
            assert.equal(tags.filter((tag) => tag.startsWith(`${key}:`)).length, 1, `${type} ${name}: ${key}`);
          assert.ok(tags.includes(`stack:${stack}`) && tags.includes(`env:${String(outputs["environment"])}`), name);
        }
      });
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
      const text = JSON.stringify([resources, outputs]);
      for (const key of ["awsAccountId", "domain", "vpcCidr", "cloudflareAccountId", "cloudflareZoneId"])
        assert.ok(!text.includes(foreign[key] ?? ""), `${key} ${foreign[key]} of the other environment`);
    });

    it("holds no secret in clear, whether it was made here or is written only", () => {
      const text = JSON.stringify(inClear([resources, outputs]));
      // Generated text, the registry's password, Datadog's key, the keys of certificates, and signing keys.
      for (const trace of ["generated-for-", "registry-password", "feedc0defeedc0de", "PRIVATE KEY", '\\"kty\\":'])
        assert.ok(
          !text.includes(trace),
          `a secret stands in clear: ${text.slice(text.indexOf(trace) - 200).slice(0, 300)}`,
        );
      const versions = resources.filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion");
      assert.ok(versions.length > 0);
      for (const { name, inputs } of versions) {
        assert.deepEqual([inputs["secretString"], inputs["secretBinary"]], [undefined, undefined], name);
        assert.ok(pulumi.runtime.isRpcSecret(inputs["secretStringWo"]), name);
      }
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
