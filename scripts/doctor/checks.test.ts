import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, doctorReport, inTheWay } from "./checks.ts";
import { checkPackages, deviations } from "./packages.ts";
import { checkBackend, checkStackFile } from "./project.ts";
import { checkTools, compareVersions, type RunTool, versionIn } from "./tools.ts";
import { checkVariables, secretValues, TOKENS } from "./variables.ts";

const check = (over: Partial<Check>): Check => ({
  area: "tools",
  name: "x",
  state: "missing",
  says: "it is not there",
  neededFor: "sandbox",
  ...over,
});

describe("what is in the way of a purpose", () => {
  const checks = [
    check({ name: "a", state: "ok" }),
    check({ name: "b", neededFor: undefined }),
    check({ name: "c", neededFor: "deploy", next: "get c" }),
    check({ name: "d", neededFor: "accounts", state: "unreachable", next: "get d" }),
  ];
  const names = (purpose: "sandbox" | "accounts" | "deploy") => inTheWay(checks, purpose).map(({ name }) => name);

  it("is what it needs, and what comes before it needs, in order", () => {
    assert.deepEqual([names("sandbox"), names("accounts"), names("deploy")], [[], ["d"], ["c", "d"]]);
  });

  it("gives the next thing to type: the first remedy, or what the purpose is about", () => {
    const next = (purpose: "sandbox" | "accounts" | "deploy", given: readonly Check[], hasStacks = false) =>
      doctorReport(given, { purpose, stack: "production", hasStacks }).next;
    assert.equal(next("deploy", checks), "get c");
    assert.equal(next("sandbox", [check({})]), "it is not there");
    assert.equal(next("sandbox", []), "npm start");
    assert.match(next("sandbox", [], true), /^npm run sandbox -- preview/);
    assert.equal(next("accounts", []), "npm run preview -- --stack production");
    assert.equal(next("deploy", []), "npm run up -- --stack production");
  });
});

describe("installed tools", () => {
  const needed = { node: ">=24 <25", pulumi: "3.270.0" };
  const states = async (run: RunTool) =>
    Object.fromEntries((await checkTools(run, needed)).map(({ name, state }) => [name, state]));

  it("are compared by number with what the project needs", () => {
    assert.ok(compareVersions("3.270.0", "3.27") > 0);
    assert.ok(compareVersions("3.9.9", "3.270") < 0);
    assert.equal(compareVersions("24", "24.0.0"), 0);
    assert.equal(versionIn("git version 2.39.5 (Apple Git-154)"), "2.39.5");
    assert.equal(versionIn("none"), undefined);
  });

  it("are too old, too new, absent, or broken, each told apart", async () => {
    const outputs: Readonly<Record<string, string>> = {
      node: "v25.0.0",
      npm: "11.19.1",
      git: "git version 2.21.0",
      pulumi: "v3.270.1",
      aws: "aws-cli/1.45.11 Python/3.11.7",
      crane: "devel",
    };
    const run: RunTool = (command) => {
      const output = outputs[command];
      if (command === "docker") return Promise.resolve({ failed: "broken" });
      return Promise.resolve(output === undefined ? { failed: "absent" } : { output });
    };
    assert.deepEqual(await states(run), {
      node: "wrong",
      npm: "ok",
      git: "wrong",
      pulumi: "ok",
      aws: "wrong",
      docker: "wrong",
      "docker buildx": "wrong",
      crane: "ok",
      go: "missing",
    });
  });
});

describe("installed packages", () => {
  const lock = (packages: object) => ({ lockfileVersion: 3, packages });
  const locked = lock({
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0" },
    "node_modules/other-machine": { version: "1.0.0", optional: true },
  });

  it("fit the lock file where versions are the same, whatever is optional", () => {
    const installed = lock({ "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.1" } });
    assert.deepEqual(deviations(locked, installed), { missing: [], different: ["node_modules/b"] });
    assert.deepEqual(deviations(locked, lock({})), { missing: ["node_modules/a", "node_modules/b"], different: [] });
  });

  const reading = (files: Readonly<Record<string, string>>) => (file: string) => files[file];
  const [lockFile, copy] = ["package-lock.json", "node_modules/.package-lock.json"];
  const cases: readonly [what: string, files: Readonly<Record<string, string>>, state: Check["state"]][] = [
    ["are as locked", { [lockFile]: JSON.stringify(lock({})), [copy]: JSON.stringify(lock({})) }, "ok"],
    ["are not there", { [lockFile]: JSON.stringify(locked) }, "missing"],
    ["are others", { [lockFile]: JSON.stringify(locked), [copy]: JSON.stringify(lock({})) }, "wrong"],
    ["cannot be known", { [lockFile]: "{", [copy]: "{}" }, "wrong"],
    ["have no lock file", {}, "wrong"],
  ];
  for (const [what, files, state] of cases)
    it(`are ${state} where they ${what}`, () => {
      const found = checkPackages(reading(files));
      assert.equal(found.state, state);
      assert.equal(found.next, state === "ok" ? undefined : "npm ci");
    });
});

describe("the project's own", () => {
  it("stack file holds examples until somebody puts their values in", () => {
    const settings = (accountId: string, domain: string) => ({ domain, aws: { accountId, region: "us-east-1" } });
    const state = (accountId: string, domain: string) =>
      checkStackFile("Pulumi.staging.yaml", settings(accountId, domain)).map((one) => [one.state, one.neededFor]);
    assert.deepEqual(state("111122223333", "shop.dev"), [["missing", "accounts"]]);
    assert.deepEqual(state("987654321098", "example.org"), [["missing", "accounts"]]);
    assert.deepEqual(state("987654321098", "shop.dev"), [["ok", "accounts"]]);
    const [wrong] = checkStackFile("Pulumi.staging.yaml", { wrong: "domain is missing" });
    assert.deepEqual([wrong?.state, wrong?.neededFor], ["wrong", "sandbox"]);
  });

  it("state lies where a variable or the login says, of which only the kind is told", () => {
    const says = (environment: Record<string, string>, login?: string) => {
      const { state, says } = checkBackend(environment, login);
      return `${state}: ${says}`;
    };
    assert.equal(says({ PULUMI_BACKEND_URL: "s3://bucket?profile=state" }), "ok: an S3 bucket (PULUMI_BACKEND_URL)");
    assert.equal(says({}, '{"current":"https://api.pulumi.com"}'), "ok: Pulumi Cloud (pulumi login)");
    assert.equal(says({ PULUMI_ACCESS_TOKEN: "pul-123" }), "ok: Pulumi Cloud (PULUMI_ACCESS_TOKEN)");
    assert.match(says({ PULUMI_BACKEND_URL: "s4://user:hunter2@x" }), /^wrong: PULUMI_BACKEND_URL names nothing/);
    for (const login of [undefined, "{", '{"current":""}']) assert.match(says({}, login), /^missing/);
  });
});

describe("variables", () => {
  it("are those that docs/accounts.md names", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/accounts.md"), "utf8");
    const [, names = ""] = /for name in ([A-Z_ ]+); do/.exec(text) ?? [];
    assert.deepEqual(names.split(" ").sort(), Object.keys(TOKENS).sort());
  });

  it("are set or missing, and an empty one is missing", () => {
    const states = checkVariables({ DATADOG_API_KEY: "x", DATADOG_APP_KEY: " " }).map(({ name, state }) => [
      name,
      state,
    ]);
    assert.deepEqual(
      states.filter(([, state]) => state === "ok"),
      [["DATADOG_API_KEY", "ok"]],
    );
  });

  it("whose name says so are secret", () => {
    assert.deepEqual(
      secretValues({
        MY_API_KEY: "0123456789",
        AWS_SECRET_ACCESS_KEY: "abcdefghij",
        HOME: "/home/alice",
        A_TOKEN: "short",
      }),
      ["0123456789", "abcdefghij"],
    );
  });
});
