import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, PROJECT, STACK } from "./workshop.ts";

const MAIN = join(import.meta.dirname, "../main.ts");
const MODULES = join(import.meta.dirname, "../../../node_modules");

/** A copy of the workshop to spoil, and a state directory for it. */
interface Bench {
  readonly project: string;
  readonly state: string;
  readonly snapshot: string;
}

function run(
  { project, state }: Bench,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  limit = "",
): Promise<Ended> {
  const [command = "", ...rest] = args;
  const line = [process.execPath, MAIN, command, "--cwd", project, "--stack", STACK, "--state-dir", state, ...rest];
  const shell = limit === "" ? 'exec "$@"' : `ulimit -f ${limit}; exec "$@"`;
  const child = spawn("bash", ["-c", shell, "bash", ...line], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: "workshop", ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

const UP = ["up", "--no-policy", "--skip-preview"];

describe("bad input gets one clear message, and loses nothing", function () {
  this.timeout(120_000);
  const root = mkdtempSync(join(tmpdir(), "bad-input-"));
  const made = join(root, "made");
  let count = 0;

  function bench(): Bench {
    const project = join(root, `project-${++count}`);
    cpSync(PROJECT, project, { recursive: true });
    symlinkSync(MODULES, join(project, "node_modules"));
    const state = join(root, `state-${count}`);
    cpSync(made, state, { recursive: true });
    return { project, state, snapshot: join(state, "stacks", "workshop", `${STACK}.json`) };
  }

  before(async () => {
    mkdirSync(made);
    const first: Bench = { project: PROJECT, state: made, snapshot: "" };
    const { code, stdout, stderr } = await run(first, UP);
    assert.equal(code, 0, stdout + stderr);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Spoils something, runs, and looks at what is said and left. */
  const mistakes: readonly {
    readonly what: string;
    readonly spoil?: (bench: Bench) => void;
    readonly args?: readonly string[];
    readonly says: readonly RegExp[];
    readonly code?: number;
  }[] = [
    {
      what: "wrong YAML in Pulumi.yaml",
      spoil: ({ project }) => writeFileSync(join(project, "Pulumi.yaml"), "name: workshop\n  runtime: [nodejs\n"),
      says: [/Pulumi\.yaml:1:7/, /not valid YAML/],
    },
    {
      what: "an empty Pulumi.yaml",
      spoil: ({ project }) => writeFileSync(join(project, "Pulumi.yaml"), ""),
      says: [/Pulumi\.yaml/, /empty/],
    },
    {
      what: "wrong YAML in the stack's file",
      spoil: ({ project }) => writeFileSync(join(project, `Pulumi.${STACK}.yaml`), "config:\n  step: {1\n"),
      says: [new RegExp(`Pulumi\\.${STACK}\\.yaml`)],
    },
    {
      what: "a config value of the wrong type",
      args: ["--config", "step=many"],
      says: [/`step`/, /integer/],
    },
    {
      what: "a state file that is cut in half",
      spoil: ({ snapshot }) => {
        const text = readFileSync(snapshot, "utf8");
        writeFileSync(snapshot, text.slice(0, text.length / 2));
      },
      says: [new RegExp(`${STACK}\\.json`), /complete JSON/],
    },
    {
      what: "a state file of a newer version",
      spoil: ({ snapshot }) => {
        writeFileSync(snapshot, readFileSync(snapshot, "utf8").replace('"version": 3', '"version": 4'));
      },
      says: [new RegExp(`${STACK}\\.json`), /version 4/],
    },
    {
      what: "an empty state file",
      spoil: ({ snapshot }) => writeFileSync(snapshot, ""),
      says: [new RegExp(`${STACK}\\.json`)],
    },
    {
      what: "a policy pack that is not there",
      args: ["--policy-pack", "nowhere"],
      says: [/nowhere/],
      code: 2,
    },
    {
      what: "a policy pack with a syntax error",
      spoil: ({ project }) => {
        mkdirSync(join(project, "broken"));
        writeFileSync(join(project, "broken", "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
        writeFileSync(
          join(project, "broken", "package.json"),
          '{ "name": "broken", "version": "1.0.0", "main": "index.js" }',
        );
        writeFileSync(join(project, "broken", "index.js"), "const const = 1;\n");
      },
      args: ["--policy-pack", "broken"],
      says: [/policy pack .*broken/, /SyntaxError/],
    },
    {
      what: "a program with a syntax error",
      spoil: ({ project }) => writeFileSync(join(project, "index.ts"), "export const = 1;\n"),
      says: [/index\.ts/, /SyntaxError|Expression expected|Unexpected/],
    },
    {
      what: "a program that is not there",
      spoil: ({ project }) => rmSync(join(project, "index.ts")),
      says: [/index\.ts/],
    },
  ];

  for (const { what, spoil, args = [], says, code = 1 } of mistakes)
    it(what, async () => {
      const place = bench();
      spoil?.(place);
      const before = readFileSync(place.snapshot, "utf8");
      const policy = args.includes("--policy-pack") ? UP.filter((arg) => arg !== "--no-policy") : UP;
      const ended = await run(place, [...policy, ...args]);
      const said = ended.stdout + ended.stderr;
      assert.equal(ended.code, code, said);
      for (const pattern of says) assert.match(said, pattern);
      assert.doesNotMatch(said, /node:internal|scripts\/sandbox\/\S+\.ts:\d+/, "shows a stack trace");
      assert.equal(readFileSync(place.snapshot, "utf8"), before, "the state has changed");
    });

  it("a state directory that cannot be written", async () => {
    const ended = await run({ project: PROJECT, state: "/dev/null/state", snapshot: "" }, UP);
    const said = ended.stdout + ended.stderr;
    assert.equal(ended.code, 1, said);
    assert.match(said, /\/dev\/null\/state/);
    assert.match(said, /--state-dir/);
    assert.doesNotMatch(said, /node:internal/);
  });

  it("a disk that is full in the middle of a run, which goes on when there is room again", async () => {
    const place = { ...bench(), state: join(root, "full") };
    // No file may grow beyond this: the journal and the cloud's store reach it after some resources.
    const blocks = 48;
    const full = await run(place, UP, {}, String(blocks));
    const said = full.stdout + full.stderr;
    assert.equal(full.code, 1, said);
    assert.match(said, /full|no space|too large|EFBIG|disk/i);
    assert.doesNotMatch(said, /node:internal/);
    const again = await run(place, UP);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const third = await run(place, [...UP, "--expect-no-changes"]);
    assert.equal(third.code, 0, third.stdout + third.stderr);
  });

  it("a provider's port that something else listens on", async () => {
    const other = createServer((socket) => socket.end("not a provider\n"));
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => {
        resolve((other.address() as AddressInfo).port);
      });
    });
    try {
      const ended = await run(bench(), UP, { PULUMI_DEBUG_PROVIDERS: `aws:${port}` });
      const said = ended.stdout + ended.stderr;
      assert.equal(ended.code, 1, said);
      assert.match(said, /provider of package aws does not answer/);
      assert.doesNotMatch(said, /node:internal/);
    } finally {
      other.close();
    }
  });

  it("a second run on the same stack, which is told the first one's process", async () => {
    const place = bench();
    const first = run(place, [...UP, "--config", "step=2", "--latency", "300"]);
    const lock = join(place.state, "stacks", "workshop", `${STACK}.lock`);
    const pid = await appears(lock);
    const second = await run(place, UP);
    assert.equal(second.code, 1);
    assert.match(second.stdout + second.stderr, new RegExp(`in use by process ${pid}`));
    assert.equal((await first).code, 0);
  });
});

async function appears(file: string): Promise<string> {
  for (;;) {
    try {
      const text = readFileSync(file, "utf8");
      if (text !== "") return text.trim();
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
