import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackKeys } from "../infra/settings/stack-config.ts";
import { noColors } from "../scripts/sandbox/cli/display/colors.ts";
import { failedResult } from "../scripts/sandbox/cli/run.ts";
import type { RunResult } from "../scripts/sandbox/engine/events.ts";
import { startLines } from "../scripts/start-summary.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const readme = read("README.md");
const manifest = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
  devDependencies: Record<string, string>;
};

/** The rows of the first table whose head begins with a column of that name: the cells of that column, unquoted. */
function firstColumn(text: string, column: string): string[] {
  const rows = text.split("\n").map((line) => line.trim());
  const head = rows.findIndex((row) => row.startsWith(`| ${column}`));
  const body = rows.slice(head + 2);
  return body
    .slice(
      0,
      body.findIndex((row) => !row.startsWith("|")),
    )
    .map((row) => row.split("|")[1]?.trim().replaceAll("`", "") ?? "");
}

/** How each command of the README is proven: by .ci/run, or by running it here, with what it must print. */
const PROOFS: Readonly<Record<string, "ci" | { readonly prints: RegExp; readonly also?: readonly string[] }>> = {
  "npm ci": "ci",
  "npm start": "ci",
  "npm test": "ci",
  "npm run sandbox -- preview --stack staging": { prints: /staging/, also: ["--state-dir"] },
  "npm run sandbox -- --help": { prints: /preview/ },
  "npm run stack -- --branch feature/checkout": { prints: /^preview-feature-checkout-[0-9a-f]+$/m },
};

/** A line of output without what changes from run to run: numbers, and the space that they fill. */
const shape = (line: string): string =>
  line
    .trim()
    .replace(/[\d,.]*\d/g, "0")
    .replace(/ +/g, " ");

/** What `npm start` ends with, as its own summary writes it. */
function summaryShapes(): Set<string> {
  const up = (stack: string): RunResult => ({
    ...failedResult(stack, "up", "", 1.5),
    result: "succeeded",
    errors: [],
    changes: { create: 2 },
    outputs: { a: 1 },
    findings: [{ pack: "p", policy: "advised", level: "advisory", urn: "", message: "", severity: "low" }],
  });
  const results = [up("staging"), up("production")];
  const summary = { results, isolation: { leaks: [], compared: 1 }, seconds: 1.5, stateDirectory: ".sandbox" };
  return new Set(startLines(summary, noColors, 100).map(shape));
}

describe("README.md", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "readme-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("lists the commands that package.json has, and no other", () => {
    const commands = firstColumn(readme, "command").map((command) => command.replace(/^npm (run )?/, ""));
    assert.deepEqual(commands.sort(), Object.keys(manifest.scripts).sort());
  });

  it("shows what npm start ends with, save for the outputs of the stack", () => {
    const [, block = ""] = /```text\n(.*?)```/s.exec(readme) ?? [];
    const [head = "", outputs = "", ...rest] = block.split("\n\n");
    const shown = [head, outputs.split("\n")[0] ?? "", ...rest].join("\n").trim().split("\n").map(shape);
    assert.deepEqual(
      shown.filter((line) => !summaryShapes().has(line)),
      [],
    );
    assert.ok(shown.length > 7);
  });

  const commands = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) =>
    block
      .trim()
      .split(/\n| && /)
      .map((command) => command.trim()),
  );

  it("shows no command without a proof, and has no proof without its command", () => {
    assert.deepEqual([...new Set(commands)].sort(), Object.keys(PROOFS).sort());
  });

  for (const [command, proof] of Object.entries(PROOFS)) {
    if (proof === "ci")
      it(`shows ${command}, which .ci/run runs`, () => {
        assert.match(read(".ci/run"), new RegExp(`^step "[^"]+" (tests|${command})`, "m"));
        assert.ok(read(".ci/run").includes(command));
      });
    else
      it(`shows ${command}, which works`, () => {
        const line = [command, ...(proof.also ?? []).flatMap((option) => [option, folder])].join(" ");
        const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { cwd: ROOT, encoding: "utf8" });
        assert.equal(status, 0, `${stdout}${stderr}`);
        assert.match(stdout, proof.prints);
      });
  }
});

describe("the pre-commit hook", () => {
  it("is opted into with npm run hooks", () => {
    const clone = mkdtempSync(join(tmpdir(), "hooks-"));
    try {
      cpSync(join(ROOT, ".githooks"), join(clone, ".githooks"), { recursive: true });
      const script = `git init --quiet . && ${manifest.scripts["hooks"] ?? "false"} && test -x "$(git rev-parse --git-path hooks)/pre-commit"`;
      const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: clone, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    } finally {
      rmSync(clone, { recursive: true });
    }
  });
});

describe("the documents", () => {
  it("docs/accounts.md explains every setting of a stack, and no other", () => {
    assert.deepEqual(firstColumn(read("docs/accounts.md"), "key").sort(), [...stackKeys].sort());
  });

  it("decisions are numbered without a gap, and say context, decision, and cost", () => {
    const files = globSync("docs/decisions/*.md", { cwd: ROOT }).sort();
    files.forEach((file, index) => {
      assert.ok(file.startsWith(`docs/decisions/${String(index + 1).padStart(4, "0")}-`), file);
      const heads = [...read(file).matchAll(/^## (.*)$/gm)].map(([, head]) => head);
      assert.deepEqual(heads, ["Context", "Decision", "What it costs"], file);
    });
  });

  it("name one version of Node", () => {
    const version = read(".nvmrc").trim();
    assert.equal(manifest.devDependencies["node"], version);
    assert.equal(manifest.engines.node, `>=${version.split(".")[0] ?? ""} <${String(Number.parseInt(version) + 1)}`);
  });
});
