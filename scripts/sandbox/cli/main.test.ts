import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { driftValue } from "./commands/drift.ts";
import { copyProject } from "./commands/exec.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function sandbox(args: readonly string[], cwd: string, input = "", passphrase = "p"): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_DEBUG_PROVIDERS: "" },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
const DEPLOYMENT = {
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    resources: [
      { urn: STACK, custom: false, type: "pulumi:pulumi:Stack", outputs: { url: "https://x", password: SECRET } },
      { urn: "urn:pulumi:dev::shop::a:b:C::x", custom: true, id: "1", type: "a:b:C", parent: STACK },
    ],
  },
};

describe("the command line", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "sandbox-cli-"));
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await writeFile(join(root, "Pulumi.staging.yaml"), "config: {}\n");
  });
  afterEach(() => rm(root, { recursive: true }));
  const run = (...args: string[]): Promise<Ran> => sandbox(args, root);

  const COMMANDS = [
    "up",
    "preview",
    "refresh",
    "destroy",
    "export",
    "import",
    "outputs",
    "drift set",
    "graph",
    "reset",
    "exec",
  ];
  it("has help with examples for every command", async () => {
    const helps = [
      await run("--help"),
      ...(await Promise.all(COMMANDS.map((name) => run(...name.split(" "), "--help")))),
    ] as const;
    for (const [index, { code, out, err }] of helps.entries()) {
      assert.equal(code, 0, COMMANDS[index - 1]);
      assert.equal(err, "");
      assert.match(out, /Examples:\n {2}npm run sandbox -- /);
    }
    for (const name of ["up", "preview"])
      assert.match(helps[COMMANDS.indexOf(name) + 1]?.out ?? "", /config\/<stack>\.json/, name);
    for (const name of COMMANDS) assert.match(helps[0].out, new RegExp(`^ {2}${name.replace(/ .*/, "")} `, "m"));
  });

  const mistakes: readonly (readonly [args: string, message: RegExp])[] = [
    ["upp", /^sandbox: unknown command 'upp': did you mean up\?$/],
    ["up --stak dev", /^sandbox: unknown option '--stak': did you mean --stack\?$/],
    ["up --parallel many", /expected a whole number from 1; --help shows what is possible$/],
    ["up --config nothing", /'--config <key=value>'.*expected KEY=VALUE; --help/],
    ["up --target x", /expected a URN/],
    ["up --stack a/b!", /"a\/b!" is no stack name/],
    ["up --config-file none.yaml", /none\.yaml does not exist: /],
    ["up --policy-pack none", /--policy-pack none does not exist: /],
    ["up --cwd nowhere", /nowhere does not exist: name an existing folder with --cwd$/],
    ["preview --policy-pack-config x.json", /--policy-pack-config needs a policy pack/],
    ["destroy --stack stagin", /no stack "stagin" in project shop: did you mean "staging"\?$/],
    ["outputs --stack stagin", /did you mean "staging"\?$/],
    ["export", /required option '--stack <name>' not specified/],
    ["graph --stack staging svg", /Allowed choices are dot, mermaid; --help/],
    ["import --stack dev none.json", /none\.json does not exist/],
    ["reset --stack stagin", /stack "stagin" has no state: there is none yet$/],
    ["drift set staging tags.x y", /"staging" is no URN/],
    ["exec -- no-such-command-at-all", /there is no command "no-such-command-at-all" on the PATH$/],
  ];
  for (const [args, message] of mistakes)
    it(`answers \`${args}\` with one line and exit code 2`, async () => {
      const { code, out, err } = await run(...args.split(" "));
      assert.equal(code, 2, err);
      assert.equal(out, "");
      assert.match(err.trimEnd(), message);
      assert.equal(err.trimEnd().split("\n").length, 1, err);
    });

  it("configures the project's pack for each stack by its name, unless a file is given", async () => {
    await mkdir(join(root, "policy-pack", "config"), { recursive: true });
    await writeFile(join(root, "policy-pack", "PulumiPolicy.yaml"), "runtime: nodejs\n");
    await writeFile(join(root, "policy-pack", "config", "preview.json"), '{"a": "no level"}');
    await writeFile(join(root, "given.json"), '{"b": "no level"}');
    const told = async (...args: string[]): Promise<string> => (await run("preview", ...args)).err;
    assert.match(await told("--stack", "preview-login"), /policy-pack\/config\/preview\.json:1:7: policy `a`/);
    assert.doesNotMatch(await told("--stack", "staging"), /preview\.json/);
    const given = await told("--stack", "preview-login", "--policy-pack-config", "given.json");
    assert.match(given, /given\.json:1:7: policy `b`/);
  });

  it("names file and line of what is wrong in the project, with exit code 1 and nothing made", async () => {
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: [nodejs\n");
    const { code, out, err } = await run("up", "--stack", "staging");
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^sandbox: Pulumi\.yaml:\d+:\d+: not valid YAML: .+\n$/);
    assert.deepEqual((await readdir(root)).sort(), ["Pulumi.staging.yaml", "Pulumi.yaml"]);
  });

  it("prints one JSON document where a stack cannot begin", async () => {
    await writeFile(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nconfig:\n  size: {type: integer}\n");
    const { code, out } = await run("preview", "--stack", "staging", "--stack", "dev", "--config", "dev:x=1", "--json");
    assert.equal(code, 1);
    const documents = JSON.parse(out) as { stack: string; result: string; errors: { message: string }[] }[];
    assert.deepEqual(
      documents.map(({ stack, result }) => [stack, result]),
      [
        ["staging", "failed"],
        ["dev", "failed"],
      ],
    );
    assert.match(documents[0]?.errors[0]?.message ?? "", /stack staging is missing the configuration value `size`/);
  });

  it("says that the cloud was written with another passphrase, with exit code 1", async () => {
    const up = ["up", "--stack", "staging", "--no-policy", "--skip-preview"];
    await writeFile(join(root, "package.json"), '{"main":"index.js"}');
    await writeFile(join(root, "index.js"), "");
    await symlink(join(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
    await run(...up);
    const { code, err } = await sandbox([...up, "--stack", "other", "--json"], root, "", "q");
    assert.equal(code, 1);
    for (const line of err.trimEnd().split("\n"))
      assert.match(line, /^(staging|other): .+ another passphrase/, "nothing but what is wrong");
  });

  describe("with a state", () => {
    beforeEach(async () => {
      await writeFile(join(root, "state.json"), JSON.stringify(DEPLOYMENT));
      const { code, out, err } = await run("import", "--stack", "dev", "state.json");
      assert.equal(code, 0, err);
      assert.equal(out, "dev: imported 2 resources\n");
    });
    const stateFile = (): string => join(root, ".sandbox", "stacks", "shop", "dev.json");

    it("keeps secrets encrypted, and masks them in outputs", async () => {
      assert.ok(!(await readFile(stateFile(), "utf8")).includes("hunter2"));
      assert.deepEqual(JSON.parse((await run("outputs", "--stack", "dev")).out), {
        password: "[secret]",
        url: "https://x",
      });
      assert.deepEqual(JSON.parse((await run("outputs", "--stack", "dev", "--show-secrets")).out), {
        password: "hunter2",
        url: "https://x",
      });
      assert.ok(!(await run("export", "--stack", "dev")).out.includes("hunter2"));
    });

    it("exports what an import reads back, from a file and from standard input", async () => {
      const { out } = await run("export", "--stack", "dev");
      const again = await sandbox(["import", "--stack", "dev"], root, out);
      assert.equal(again.code, 0, again.err);
      const shown = JSON.parse((await run("export", "--stack", "dev", "--show-secrets")).out) as typeof DEPLOYMENT;
      assert.equal(shown.version, 3);
      assert.deepEqual(shown.deployment.resources, DEPLOYMENT.deployment.resources);
    });

    it("refuses a state that is cut in half, newer, or another stack's, and keeps its own", async () => {
      const before = await readFile(stateFile(), "utf8");
      const whole = JSON.stringify(DEPLOYMENT);
      for (const [content, message] of [
        [whole.slice(0, whole.length / 2), /not complete JSON/],
        [JSON.stringify({ ...DEPLOYMENT, version: 4 }), /version 4; this sandbox reads version 3/],
        [whole.replaceAll("urn:pulumi:dev::", "urn:pulumi:other::"), /is not of stack dev of project shop/],
      ] as const) {
        const { code, err } = await sandbox(["import", "--stack", "dev"], root, content);
        assert.equal(code, 1);
        assert.match(err, message);
        assert.equal(err.trimEnd().split("\n").length, 1, err);
      }
      assert.equal(await readFile(stateFile(), "utf8"), before);
    });

    it("says which file is damaged, and imports over it", async () => {
      await writeFile(stateFile(), '{"version": 3, "depl');
      const { code, err } = await run("outputs", "--stack", "dev");
      assert.equal(code, 1);
      assert.match(err, /dev\.json is not complete JSON/);
      assert.equal((await run("import", "--stack", "dev", "state.json")).code, 0);
      assert.equal((await run("outputs", "--stack", "dev")).code, 0);
    });

    it("draws the graph", async () => {
      assert.match((await run("graph", "--stack", "dev")).out, /^digraph "dev" \{/);
      assert.match((await run("graph", "--stack", "dev", "mermaid")).out, /^flowchart LR\n/);
    });

    it("is forgotten by reset", async () => {
      const { code, out, err } = await run("reset");
      assert.equal(code, 0, err);
      assert.equal(out, "gone: dev; the cloud is empty\n");
      assert.equal((await run("outputs", "--stack", "dev")).code, 2);
    });
  });

  it("runs a command on a copy, with Pulumi's environment, and passes its exit code on", async () => {
    const script =
      'const e = process.env; console.log(JSON.stringify([process.cwd(), e.PULUMI_BACKEND_URL, e.PULUMI_DEBUG_PROVIDERS, e.PULUMI_CONFIG_PASSPHRASE])); require("fs").writeFileSync("Pulumi.yaml", ""); process.exit(7)';
    const { code, out, err } = await run("exec", "--", process.execPath, "-e", script);
    assert.equal(code, 7, err);
    const [cwd, backend, providers, passphrase] = JSON.parse(out) as string[];
    assert.notEqual(cwd, root);
    await assert.rejects(stat(cwd ?? ""), "the copy is removed");
    assert.equal(backend, `file://${join(root, ".sandbox", "backend")}`);
    assert.equal(typeof providers, "string");
    assert.equal(passphrase, "p");
    assert.match(await readFile(join(root, "Pulumi.yaml"), "utf8"), /name: shop/);
  });

  it("copies a project with links to its dependencies, without history and state", async () => {
    for (const folder of ["node_modules/x", ".git", ".sandbox", "api/node_modules/y", "api/src"])
      await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, "api/src/a.ts"), "1");
    const to = join(root, ".sandbox", "copy");
    await copyProject(root, to, join(root, ".sandbox"));
    assert.deepEqual((await readdir(to)).sort(), ["Pulumi.staging.yaml", "Pulumi.yaml", "api", "node_modules"]);
    assert.deepEqual(await readdir(join(to, "api/node_modules")), ["y"]);
    assert.equal(await readFile(join(to, "api/src/a.ts"), "utf8"), "1");
  });

  it("reads a drift's value as JSON, or as the text it is", () => {
    assert.deepEqual(["3", "true", '{"a":1}', "plain", ""].map(driftValue), [3, true, { a: 1 }, "plain", ""]);
  });
});
