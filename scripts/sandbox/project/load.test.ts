import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { newSecrets } from "../state/secrets.ts";
import { FAKE_SECRET } from "./config.ts";
import { type LoadedStack, type StackRequest, loadProject, loadStack } from "./load.ts";
import { loadPolicyPacks } from "./policy-pack.ts";
import { knownStacks, requireKnownStack, stackNameOf } from "./stack-names.ts";

const PULUMI = "name: shop\nruntime: nodejs\n";

describe("a project on disk", () => {
  let root = "";
  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
  };
  const stack = async (request: Partial<StackRequest> = {}): Promise<LoadedStack> =>
    loadStack({
      project: await loadProject(root),
      stack: "dev",
      configFile: undefined,
      plain: [],
      secret: [],
      environment: { PULUMI_CONFIG_PASSPHRASE: "p" },
      stateDirectory: join(root, ".sandbox"),
      state: undefined,
      ...request,
    });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "project-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is found from a folder inside it", async () => {
    await write({ "Pulumi.yaml": `${PULUMI}main: infra/\n`, "infra/deep/index.ts": "" });
    const project = await loadProject(join(root, "infra/deep"));
    assert.deepEqual([project.name, project.root, project.main], ["shop", root, join(root, "infra")]);
  });

  it("reads its runtime options", async () => {
    await write({
      "Pulumi.yaml":
        "name: shop\nruntime:\n  name: nodejs\n  options: {typescript: false, nodeargs: --a  --b=c}\nmain: index.ts\n",
      "index.ts": "",
    });
    const { typescript, nodeArguments, main } = await loadProject(root);
    assert.deepEqual([typescript, nodeArguments, main], [false, ["--a", "--b=c"], join(root, "index.ts")]);
  });

  const bad: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    [
      "wrong YAML",
      "name: shop\n  runtime: [nodejs\n",
      /^.*Pulumi\.yaml:\d+:\d+: not valid YAML: .+; a Pulumi project file/,
    ],
    ["an empty file", "", /Pulumi\.yaml is empty: a Pulumi project file has at least `name`/],
    ["only comments", "# nothing\n", /Pulumi\.yaml is empty/],
    ["a list", "- name\n", /Pulumi\.yaml:1:1: expected keys and values, found a list/],
    ["no name", "runtime: nodejs\n", /Pulumi\.yaml: `name` is missing/],
    [
      "a name of the wrong type",
      "name: [a]\nruntime: nodejs\n",
      /Pulumi\.yaml:1:7: `name` must be a text, found a list/,
    ],
    ["a name with a space", "name: a b\nruntime: nodejs\n", /:1:7: `name` is "a b"/],
    ["no runtime", "name: shop\n", /`runtime` is missing/],
    ["another runtime", "name: shop\nruntime: python\n", /:2:10: `runtime` is "python": the sandbox runs `nodejs`/],
    ["a missing main", `${PULUMI}main: nowhere/\n`, /:3:7: `main` is "nowhere\/", which does not exist/],
    ["a main outside", `${PULUMI}main: ../x\n`, /:3:7: `main` is "\.\.\/x": it must be inside/],
    ["a config list", `${PULUMI}config: [a]\n`, /:3:9: `config` must be a map of keys, found a list/],
    [
      "an unknown type",
      `${PULUMI}config:\n  a: {type: strng}\n`,
      /:4:13: config `a` has type "strng": did you mean "string"\?/,
    ],
    [
      "an unknown word",
      `${PULUMI}config:\n  a: {defualt: x}\n`,
      /:4:7: config `a` has no `defualt`: did you mean "default"\?/,
    ],
    [
      "a wrong default",
      `${PULUMI}config:\n  a: {type: integer, default: x}\n`,
      /the default of config `a` is not of type integer/,
    ],
    ["two defaults", `${PULUMI}config:\n  a: {default: x, value: y}\n`, /both `default` and `value`/],
    ["a foreign type", `${PULUMI}config:\n  aws:region: {type: string}\n`, /`aws:region` is of another namespace/],
    ["no key", `${PULUMI}config:\n  "a:b:c": x\n`, /:4:3: `a:b:c` is not a config key/],
  ];
  for (const [what, text, message] of bad)
    it(`refuses ${what}`, async () => {
      await write({ "Pulumi.yaml": text });
      await assert.rejects(loadProject(root), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"), "one line");
        return true;
      });
    });

  it("says where it looked for Pulumi.yaml, as wrong usage", async () => {
    await assert.rejects(loadProject(root), { message: /^no Pulumi\.yaml in .+--cwd$/, exitCode: 2 });
    await assert.rejects(loadProject(join(root, "nowhere")), { message: /does not exist/, exitCode: 2 });
  });

  it("has stacks without a file", async () => {
    await write({ "Pulumi.yaml": `${PULUMI}config:\n  size: small\n` });
    const { config, notices } = await stack();
    assert.deepEqual(Object.fromEntries(config.values), { "shop:size": "small" });
    assert.deepEqual(notices, []);
  });

  it("takes --config and --secret over the file", async () => {
    await write({ "Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "config:\n  shop:a: file\n  b: file\n  aws:region: x\n" });
    const { config } = await stack({ plain: ["b=option=1"], secret: ["aws:token=hidden"] });
    assert.deepEqual(Object.fromEntries(config.values), {
      "shop:a": "file",
      "shop:b": "option=1",
      "aws:region": "x",
      "aws:token": "hidden",
    });
    assert.deepEqual([...config.secretKeys], ["aws:token"]);
  });

  it("never repeats a malformed --secret", async () => {
    await write({ "Pulumi.yaml": PULUMI });
    await assert.rejects(stack({ secret: ["hunter2"] }), (error: Error) => !error.message.includes("hunter2"));
  });

  it("reads --config-file instead, and names the nearest where there is none", async () => {
    await write({
      "Pulumi.yaml": PULUMI,
      "Pulumi.dev.yaml": "config: {a: own}\n",
      "other.yaml": "config: {a: other}\n",
    });
    assert.equal((await stack({ configFile: join(root, "other.yaml") })).config.values.get("shop:a"), "other");
    await assert.rejects(stack({ configFile: join(root, "othr.yaml") }), {
      message: /did you mean "other\.yaml"\?/,
      exitCode: 2,
    });
  });

  it("looks for stack files where stackConfigDir says", async () => {
    await write({
      "Pulumi.yaml": `${PULUMI}stackConfigDir: stacks\n`,
      "stacks/Pulumi.dev.yaml": "config: {a: there}\n",
    });
    assert.equal((await stack()).config.values.get("shop:a"), "there");
  });

  it("decrypts secure values under the file's salt, and uses that salt for the state", async () => {
    const secrets = await newSecrets("p");
    const salt = secrets.state["salt"] ?? "";
    await write({
      "Pulumi.yaml": PULUMI,
      "Pulumi.dev.yaml": `encryptionsalt: ${salt}\nconfig:\n  token: {secure: "${secrets.encrypt("hunter2")}"}\n`,
    });
    const fits = await stack();
    assert.equal(fits.config.values.get("shop:token"), "hunter2");
    assert.equal((await fits.secrets()).state["salt"], salt);
    assert.deepEqual(fits.notices, []);
    const other = await stack({ environment: { PULUMI_CONFIG_PASSPHRASE: "q" } });
    assert.equal(other.config.values.get("shop:token"), FAKE_SECRET);
    assert.deepEqual([...other.config.secretKeys], ["shop:token"]);
    assert.match(other.notices.join(), /^1 secure value of Pulumi\.dev\.yaml cannot be decrypted here/);
    assert.notEqual((await other.secrets()).state["salt"], salt);
  });

  it("says that a cloud's key encrypts the values", async () => {
    await write({
      "Pulumi.yaml": PULUMI,
      "Pulumi.dev.yaml":
        "secretsprovider: awskms://alias/x\nencryptedkey: abc\nconfig:\n  a: {secure: x}\n  b: [{secure: y}]\nenvironment: [base]\n",
    });
    assert.deepEqual((await stack()).notices, [
      "2 secure values of Pulumi.dev.yaml cannot be decrypted here (a cloud's key encrypts them) and are replaced by a fake secret",
      "Pulumi.dev.yaml imports Pulumi ESC environments (base): the sandbox leaves them out",
    ]);
  });

  it("takes an empty stack file for one without config", async () => {
    await write({ "Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "# later\n" });
    assert.equal((await stack()).config.values.size, 0);
  });

  it("refuses a stack file that is not YAML, with its line", async () => {
    await write({ "Pulumi.yaml": PULUMI, "Pulumi.dev.yaml": "config:\n  a: 'b\n" });
    await assert.rejects(stack(), /Pulumi\.dev\.yaml:\d+:\d+: not valid YAML/);
  });

  it("knows the stacks that have a file or a state, and names the nearest", async () => {
    await write({
      "Pulumi.yaml": PULUMI,
      "Pulumi.staging.yaml": "config: {}\n",
      ".sandbox/stacks/shop/preview-x.json": "{}",
      ".sandbox/stacks/shop/half.journal": "",
      ".sandbox/stacks/other/no.json": "{}",
    });
    const project = await loadProject(root);
    assert.deepEqual(await knownStacks(project, join(root, ".sandbox")), ["half", "preview-x", "staging"]);
    await assert.rejects(requireKnownStack(project, join(root, ".sandbox"), "stagng"), {
      message: 'no stack "stagng" in project shop: did you mean "staging"?',
      exitCode: 2,
    });
  });

  it("accepts Pulumi's stack names alone", () => {
    assert.equal(stackNameOf("organization/shop/dev"), "dev");
    for (const name of ["", "..", "a b", "x".repeat(101), "a/", "a\\b"])
      assert.throws(() => stackNameOf(name), { name: "UserError", exitCode: 2 });
  });

  describe("and its policy packs", () => {
    const load = (
      directories: string[],
      configFiles: string[] = [],
      stack = "dev",
    ): ReturnType<typeof loadPolicyPacks> => loadPolicyPacks({ directories, configFiles, root, stack });

    it("are its own where nothing is said, or none", async () => {
      assert.deepEqual(await load([]), []);
      await write({ "policy-pack/PulumiPolicy.yaml": "runtime: nodejs\n" });
      assert.deepEqual(await load([]), [{ directory: join(root, "policy-pack"), config: {} }]);
    });

    it("are refused where they do not exist or are none", async () => {
      await write({ "policies/PulumiPolicy.yaml": "runtime: nodejs\n", "empty/x": "" });
      await assert.rejects(load([join(root, "polices")]), { message: /did you mean "policies"\?/, exitCode: 2 });
      await assert.rejects(load([join(root, "empty")]), { message: /it has no PulumiPolicy\.yaml/, exitCode: 2 });
    });

    it("bring a configuration for each stack, and a given one counts instead", async () => {
      await write({
        "policy-pack/PulumiPolicy.yaml": "runtime: nodejs\n",
        "policy-pack/config/README.md": "",
        ...Object.fromEntries(
          ["production", "preview", "preview-long"].map((name) => [
            `policy-pack/config/${name}.json`,
            `{"of": {"x": "${name}"}}`,
          ]),
        ),
        "given.json": '{"of": {"x": "given"}}',
      });
      const chosen: readonly (readonly [stack: string, name: string | undefined])[] = [
        ["production", "production"],
        ["production-eu", "production"],
        ["productions", undefined],
        ["preview", "preview"],
        ["preview-fix-login", "preview"],
        ["preview-long-lived", "preview-long"],
        ["staging", undefined],
      ];
      for (const [stack, name] of chosen) {
        const [pack] = await load([], [], stack);
        assert.deepEqual(pack?.config, name === undefined ? {} : { of: { x: name } }, stack);
        assert.equal(pack.configFile?.endsWith(`config/${name}.json`), name === undefined ? undefined : true);
      }
      assert.deepEqual((await load([], [join(root, "given.json")], "production"))[0]?.config, { of: { x: "given" } });
    });

    it("get their configuration from a file", async () => {
      await write({
        "pack/PulumiPolicy.yaml": "runtime: nodejs\n",
        "good.json": '{"all": "advisory", "tags": {"enforcementLevel": "mandatory", "required": ["Owner"]}}',
        "level.json": '{"tags": "manditory"}',
        "shape.json": '{"tags": ["mandatory"]}',
        "half.json": '{"tags": ',
      });
      const pack = [join(root, "pack")];
      assert.deepEqual((await load(pack, [join(root, "good.json")]))[0]?.config, {
        all: "advisory",
        tags: { enforcementLevel: "mandatory", required: ["Owner"] },
      });
      await assert.rejects(load(pack, [join(root, "level.json")]), /level\.json:1:10: .*did you mean "mandatory"\?/);
      await assert.rejects(load(pack, [join(root, "shape.json")]), /must be a level or a map/);
      await assert.rejects(load(pack, [join(root, "half.json")]), /half\.json:1:\d+: not valid YAML/);
      await assert.rejects(load(pack, [join(root, "god.json")]), {
        message: /did you mean "good\.json"\?/,
        exitCode: 2,
      });
      await assert.rejects(load([], [join(root, "good.json")]), { exitCode: 2 });
    });
  });
});
