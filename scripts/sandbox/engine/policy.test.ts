import assert from "node:assert/strict";
import type grpc from "@grpc/grpc-js";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Properties } from "../values/value.ts";
import { ENGINE_SERVICE, engineService } from "./engine-service.ts";
import { listen, newServer } from "../protocol/grpc.ts";
import type { RunRequest } from "./options.ts";
import type { PolicyPackSource } from "../project/model.ts";
import { type PackLimits, PolicyPack } from "./policy.ts";
import type { AnalyzedResource } from "./policy-messages.ts";
import { Report } from "./report.ts";

const PACK = fileURLToPath(new URL("../conformance/fixtures/scenarios/pack", import.meta.url));
const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";

const resource = (name: string, properties: Properties): AnalyzedResource => ({
  urn: `urn:pulumi:dev::p::thing:index:Thing::${name}`,
  type: "thing:index:Thing",
  name,
  properties,
  parent: STACK,
  protect: false,
  ignoreChanges: [],
  deleteBeforeReplace: undefined,
  additionalSecretOutputs: [],
  aliases: [],
  timeouts: undefined,
  provider: undefined,
  dependencies: [],
  propertyDependencies: {},
});

describe("a policy pack in its own process", () => {
  let server: grpc.Server;
  let address: string;
  let directory: string;
  before(async () => {
    server = newServer();
    server.addService(ENGINE_SERVICE, engineService(new Report(() => undefined)));
    address = `127.0.0.1:${await listen(server)}`;
    directory = mkdtempSync(join(tmpdir(), "policy-"));
  });
  after(() => {
    server.forceShutdown();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (source: PolicyPackSource, limits?: PackLimits): Promise<PolicyPack> => {
    const unused = (): never => assert.fail("a pack opens no secrets");
    const options: RunRequest = {
      command: "up",
      project: { name: "p", root: directory, main: directory, organization: "organization" },
      stack: "dev",
      config: { values: new Map(), secretKeys: new Set() },
      stateDirectory: directory,
      secrets: unused,
      openSecrets: unused,
      providers: new Map(),
      policyPacks: [source],
      targets: [],
      parallel: 1,
      expectNoChanges: false,
      onEvent: () => undefined,
    };
    return PolicyPack.start(source, options, address, limits);
  };

  /** A pack of one file. */
  const packOf = (name: string, program: string): PolicyPackSource => {
    const folder = join(directory, name);
    mkdirSync(folder);
    symlinkSync(MODULES, join(folder, "node_modules"));
    writeFileSync(
      join(folder, "PulumiPolicy.yaml"),
      "runtime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n",
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", type: "module" }));
    writeFileSync(join(folder, "index.ts"), program);
    return { directory: folder, config: {} };
  };

  it("must have a folder that is one", async () => {
    const gone = join(directory, "gone");
    await assert.rejects(start({ directory: gone, config: {} }), {
      name: "PolicyError",
      message: `policy pack ${gone} has no PulumiPolicy.yaml`,
    });
  });

  const broken: { title: string; program: string; reason: string }[] = [
    { title: "has a syntax error", program: "const a = ;\n", reason: "index.ts(1,11)" },
    { title: "throws", program: 'throw new RangeError("out of range");\n', reason: "RangeError: out of range" },
  ];
  for (const { title, program, reason } of broken)
    it(`is refused in one line with its folder and the reason where it ${title}`, async () => {
      const source = packOf(title.replaceAll(" ", "-"), program);
      await assert.rejects(start(source), (error: unknown) => {
        assert.ok(error instanceof Error && error.name === "PolicyError");
        assert.ok(error.message.startsWith(`policy pack ${source.directory} does not load (exit `), error.message);
        assert.ok(error.message.includes(reason), error.message);
        assert.ok(!error.message.includes("\n"), error.message);
        return true;
      });
    });

  it("is refused where it takes too long to load", async () => {
    const source = packOf("slow", "setInterval(() => undefined, 1000);\n");
    await assert.rejects(start(source, { load: 50, answer: 50 }), {
      name: "PolicyError",
      message: `policy pack ${source.directory} does not load: it has been given 0.05 s; see what it waits for`,
    });
  });

  const policy = (body: string): string => `import { PolicyPack } from "@pulumi/policy";
new PolicyPack("moody", {
  policies: [{ name: "moody", description: "", enforcementLevel: "mandatory", validateResource: ${body} }],
});
`;
  const lost: { title: string; body: string; message: RegExp }[] = [
    {
      title: "ends",
      body: '() => { console.error("Error: out of luck"); process.exit(3); }',
      message: /^policy pack moody ended in the middle of the run \(exit 3\): Error: out of luck$/,
    },
    {
      title: "never answers",
      body: "() => new Promise(() => setInterval(() => undefined, 1000))",
      message: /^policy pack moody does not answer: it has been given 0\.3 s; see what it waits for$/,
    },
  ];
  for (const { title, body, message } of lost)
    it(`fails the run where it ${title} in the middle of it`, async () => {
      const pack = await start(packOf(title.replaceAll(" ", "-"), policy(body)), { load: 60_000, answer: 300 });
      try {
        await assert.rejects(pack.analyze(resource("a", {})), { name: "PolicyError", message });
      } finally {
        await pack.close();
      }
    });

  it("finds, remediates, and counts as it is configured", async () => {
    const config = { "no-odd": "disabled", "no-forbidden": "advisory", count: { most: 1 } };
    const pack = await start({ directory: PACK, config });
    try {
      assert.equal(pack.name, "scenario-pack");
      assert.equal(pack.policyCount, 6);
      const { findings: found } = await pack.analyze(resource("a", { value: "forbidden" }));
      assert.deepEqual(
        found.map(({ policy, level, urn }) => [policy, level, urn]),
        [["no-forbidden", "advisory", resource("a", {}).urn]],
      );
      assert.deepEqual(await pack.analyze(resource("b", { value: "odd" })), { findings: [], waiting: [] });
      const [remediation] = await pack.remediate(resource("untagged", { value: 1 }));
      assert.deepEqual(remediation, { policy: "tags", properties: { value: 1, tags: "added" }, diagnostic: "" });
      const { findings: stack } = await pack.analyzeStack([resource("a", {}), resource("b", {})], STACK);
      assert.deepEqual(
        stack.filter(({ policy }) => policy === "count").map(({ level, message }) => [level, message]),
        [["mandatory", "At most four things.\n2 things"]],
      );
      await assert.rejects(pack.analyze(resource("thrown", {})), {
        name: "PolicyError",
        message: /^failed to run policy: .*policy 'throws' .*the policy is broken/s,
      });
    } finally {
      await pack.close();
    }
  });

  it("is named with its policy where that breaks on the stack", async () => {
    const program = `import { PolicyPack } from "@pulumi/policy";
const validateStack = () => { throw new RangeError("no such index"); };
new PolicyPack("moody", { policies: [{ name: "moody", description: "", enforcementLevel: "advisory", validateStack }] });
`;
    const pack = await start(packOf("breaks-on-the-stack", program));
    try {
      await assert.rejects(pack.analyzeStack([resource("a", {})], STACK), {
        name: "PolicyError",
        message: /^failed to run policy: .*policy 'moody' .*no such index/s,
      });
    } finally {
      await pack.close();
    }
  });

  it("says what its policies wait for, and not of what they are not about", async () => {
    const program = `import { PolicyPack, type ResourceValidationArgs, type StackValidationArgs } from "@pulumi/policy";
const wait = (args: ResourceValidationArgs | StackValidationArgs) => args.notApplicable("waits for late, not known before up");
new PolicyPack("patient", {
  policies: [
    { name: "other", description: "", enforcementLevel: "mandatory", validateResource: (args) => args.notApplicable("of no bucket") },
    { name: "patient", description: "", enforcementLevel: "mandatory", validateResource: wait, validateStack: wait },
  ],
});
`;
    const pack = await start(packOf("waits", program));
    const wait = { pack: "patient", policy: "patient", reason: "waits for late, not known before up" };
    try {
      const one = resource("a", {});
      assert.deepEqual(await pack.analyze(one), { findings: [], waiting: [{ ...wait, urn: one.urn }] });
      assert.deepEqual(await pack.analyzeStack([one], STACK), { findings: [], waiting: [{ ...wait, urn: STACK }] });
    } finally {
      await pack.close();
    }
  });

  const wrong: { title: string; config: PolicyPackSource["config"]; message: RegExp }[] = [
    {
      title: "a policy that it does not have",
      config: { "no-forbiden": "mandatory" },
      message:
        /^the policy configuration names "no-forbiden", which pack scenario-pack does not have: did you mean "no-forbidden"\?$/,
    },
    {
      title: "a policy that is far from all that it has",
      config: { "encrypted-everywhere": "mandatory" },
      message: /which pack scenario-pack does not have: the nearest of its 7 is "[a-z-]+"$/,
    },
    {
      title: "a level that does not exist",
      config: { "no-odd": "fatal" },
      message:
        /^policy no-odd: "fatal" is no enforcement level; choose one of advisory, mandatory, disabled, remediate$/,
    },
  ];
  for (const { title, config, message } of wrong)
    it(`is not configured with ${title}`, async () => {
      await assert.rejects(start({ directory: PACK, config }), { name: "PolicyError", message });
    });
});
