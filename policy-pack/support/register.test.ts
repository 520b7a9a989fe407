import assert from "node:assert/strict";
import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { unknown } from "../test/resource.ts";
import { policiesOf } from "./register.ts";
import { messageOf, refusal, type Finding, type Rule } from "./rule.ts";

/*
 * What the SDK calls, called without its process. What the engine itself sends is in the cases of the rules, and runs
 * with exemptions are in test/runs.test.ts.
 */

const rule: Rule = {
  name: "t-kept",
  description: "It is kept.",
  why: "It is needed.",
  severity: "low",
  level: "advisory",
  standards: ["CKV_AWS_1"],
};
type Both = ResourceValidationPolicy & Partial<StackValidationPolicy>;
const policyOf = (more: Partial<Rule>): Both => policiesOf([{ ...rule, ...more }])[0] as Both;

const urn = "urn:pulumi:staging::groundwork::t::n";
const resourceArgs = (props: object, config: object = {}, type = "t"): ResourceValidationArgs =>
  ({
    type,
    props,
    urn,
    name: "n",
    opts: { protect: true },
    getConfig: () => config,
    notApplicable: (reason: string) => {
      throw new Error(reason);
    },
  }) as unknown as ResourceValidationArgs;

/** What is reported of a resource, and why the policy then does not apply. */
async function validated(policy: Both, args: ResourceValidationArgs): Promise<readonly string[]> {
  const said: string[] = [];
  try {
    assert.ok(typeof policy.validateResource === "function");
    await policy.validateResource(args, (message) => said.push(message));
  } catch (error) {
    said.push(error instanceof Error ? error.message : String(error));
  }
  return said;
}

const finding = { property: "a", wrong: "it is wrong", fix: "mend it" };
const finds = (...findings: readonly Finding[]) => ({ types: ["t"], unknown: "defer" as const, find: () => findings });

describe("a rule as a policy", () => {
  it("carries what the rule says of itself", () => {
    const { name, description, severity, enforcementLevel, tags } = policyOf({});
    assert.deepEqual(
      { name, description, severity, level: enforcementLevel, standards: tags },
      { name: "t-kept", description: rule.description, severity: "low", level: "advisory", standards: ["CKV_AWS_1"] },
    );
  });

  it("has only the checks that the rule has", () => {
    const given = policyOf({ stack: () => [] });
    assert.equal(given.validateResource, undefined);
    assert.equal(given.remediateResource, undefined);
    assert.ok(given.validateStack !== undefined);
  });
});

describe("the check of a resource", () => {
  it("says nothing of a type that it is not about", async () => {
    const said = await validated(policyOf({ resources: [finds(finding)] }), resourceArgs({}, {}, "u"));
    assert.deepEqual(said, []);
  });

  it("asks by a test of types, too", async () => {
    const check = { ...finds(finding), types: (type: string) => type.startsWith("t") };
    assert.equal((await validated(policyOf({ resources: [check] }), resourceArgs({}))).length, 1);
  });

  it("reports what is wrong, and then what it waits for", async () => {
    const check = finds({ property: "b", unknown }, finding, { property: "b", unknown });
    assert.deepEqual(await validated(policyOf({ resources: [check] }), resourceArgs({})), [
      messageOf(rule, finding),
      "waits for b, not known before up",
    ]);
  });

  it("refuses an unknown value that must stand in the program", async () => {
    const check = { ...finds({ property: "b", unknown }), unknown: "refuse" as const };
    assert.deepEqual(await validated(policyOf({ resources: [check] }), resourceArgs({})), [
      messageOf(rule, refusal({ property: "b", unknown })),
    ]);
  });

  it("sees properties, protection, and settings", async () => {
    const seen: unknown[] = [];
    const settings = { days: { type: "number", description: "Days.", default: 7 } } as const;
    const policy = policyOf({
      settings,
      resources: [
        {
          ...finds(),
          find: ({ props, protect, provider }, config) => {
            seen.push(props["a"], protect, provider, config["days"]);
            return [];
          },
        },
      ],
    });
    await validated(policy, resourceArgs({ a: 1 }, { days: 30 }));
    await validated(policy, resourceArgs({ a: 2 }));
    assert.deepEqual(seen, [1, true, undefined, 30, 2, true, undefined, 7]);
  });
});

describe("a remedy", () => {
  const remedied = (args: ResourceValidationArgs, ...findings: readonly Finding[]) => {
    const { remediateResource } = policyOf({
      resources: [finds(...findings)],
      remedy: () => [{ path: ["tags", "Owner"], value: "platform" }],
    });
    return remediateResource?.(args);
  };

  it("sets an input, and the block around it", async () => {
    assert.deepEqual(await remedied(resourceArgs({ a: 1 }), finding), { a: 1, tags: { Owner: "platform" } });
  });

  it("leaves alone what is right, what is not known, and what the rule is not about", async () => {
    assert.equal(await remedied(resourceArgs({})), undefined);
    assert.equal(await remedied(resourceArgs({}), { property: "a", unknown }), undefined);
    assert.equal(await remedied(resourceArgs({}, {}, "u"), finding), undefined);
  });
});

describe("the check of a stack", () => {
  const sent = (name: string, more: Partial<PolicyResource> = {}): PolicyResource =>
    ({
      type: "t",
      props: {},
      urn: `urn:pulumi:staging::groundwork::t::${name}`,
      name,
      opts: { protect: false },
      dependencies: [],
      propertyDependencies: {},
      ...more,
    }) as unknown as PolicyResource;
  const args = (resources: readonly PolicyResource[]): StackValidationArgs =>
    ({
      resources,
      getConfig: () => ({}),
      notApplicable: (reason: string) => {
        throw new Error(reason);
      },
    }) as unknown as StackValidationArgs;

  it("sees where each resource's values came from, by URN", async () => {
    const bucket = sent("bucket");
    const policy = sent("policy", {
      parent: bucket,
      dependencies: [bucket],
      propertyDependencies: { bucket: [bucket] },
    });
    const seen: unknown[] = [];
    const { validateStack } = policyOf({
      stack: ({ name, resources }) => {
        for (const { parent, dependencies, references } of resources)
          seen.push([parent, [...dependencies], [...(references.get("bucket") ?? [])]]);
        return [{ ...finding, urn: `${name} ${resources.length}` }];
      },
    });
    const said: unknown[] = [];
    await validateStack?.(args([bucket, policy]), (message, about) => said.push([message, about]));
    assert.deepEqual(seen, [
      ["", [], []],
      [bucket.urn, [bucket.urn], [bucket.urn]],
    ]);
    assert.deepEqual(said, [[messageOf(rule, finding), "staging 2"]]);
  });

  it("says last what it waits for", () => {
    const { validateStack } = policyOf({ stack: () => [{ property: "id", unknown, urn }, finding] });
    const said: string[] = [];
    assert.throws(
      () => void validateStack?.(args([]), (message) => said.push(message)),
      /^Error: waits for id, not known before up$/,
    );
    assert.equal(said.length, 1);
  });
});
