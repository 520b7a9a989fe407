import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const MAIN = join(import.meta.dirname, "sandbox/main.ts");

const OPEN_BUCKET = `new aws.s3.Bucket("open", { acl: "public-read", forceDestroy: true });`;

/** What is wrong about the policy stands in a text that nobody knows before the bucket exists. */
const LATE_POLICY = `
const bucket = new aws.s3.Bucket("media");
new aws.s3.BucketPublicAccessBlock("media", {
  bucket: bucket.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };
new aws.s3.BucketPolicy("media", {
  bucket: bucket.id,
  policy: bucket.arn.apply((arn) => JSON.stringify({ Statement: [{ ...allow, Resource: arn + "/*" }] })),
});
`;

const PLAIN_QUEUE = `
const queue = new aws.sqs.Queue("jobs", { sqsManagedSseEnabled: false });
export const encrypted = queue.sqsManagedSseEnabled;
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

describe("a run of a small program with the project's policy pack", function () {
  this.timeout(60_000);
  const root = mkdtempSync(join(tmpdir(), "policy-runs-"));
  let count = 0;
  after(() => rmSync(root, { recursive: true, force: true }));

  /** A folder with a program. */
  function projectOf(program: string): string {
    const folder = join(root, `project-${++count}`);
    mkdirSync(folder);
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    writeFileSync(join(folder, "index.ts"), `import * as aws from "@pulumi/aws";\n${program}`);
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      JSON.stringify({
        name: "small",
        main: "index.ts",
        runtime: { name: "nodejs", options: { typescript: false } },
        config: { "aws:region": { value: "us-east-1" } },
      }),
    );
    return folder;
  }

  // Each command has a state of its own, so that a preview and an up can run at once.
  const stateOf = (project: string, line: string): string => join(project, `state-${line.replaceAll(" ", "")}`);

  /** Types of what stands in the state after a command. */
  function madeBy(project: string, line: string): readonly string[] {
    const text = readFileSync(join(stateOf(project, line), "stacks", "small", "dev.json"), "utf8");
    return [...text.matchAll(/"type":\s*"([^"]+)"/g)].map(([, type = ""]) => type);
  }

  function sandbox(project: string, line: string, stack: string, more: readonly string[] = []): Promise<Ended> {
    const where = [
      "--cwd",
      project,
      "--stack",
      stack,
      "--state-dir",
      join(project, `state-${line.replaceAll(" ", "")}`),
    ];
    const child = spawn(process.execPath, [MAIN, ...line.split(" "), ...where, ...more], {
      cwd: project,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", PULUMI_CONFIG_PASSPHRASE: "small" },
    });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, out });
      });
    });
  }

  /** A run with the pack; with only the rules of a configuration, or with what the pack has for the stack's name. */
  function judged(project: string, line: string, rules?: object, stack = "dev"): Promise<Ended> {
    const pack = ["--policy-pack", join(ROOT, "policy-pack")];
    if (rules === undefined) return sandbox(project, line, stack, pack);
    const file = join(project, "policies.json");
    writeFileSync(file, JSON.stringify(rules));
    return sandbox(project, line, stack, [...pack, "--policy-pack-config", file]);
  }

  const UP = "up --skip-preview";
  const PUBLIC = { all: "disabled", "s3-bucket-not-public": "mandatory", "checks-decided": "advisory" };

  it("stops at an unsafe bucket in the preview, and without one before the bucket exists", async () => {
    const project = projectOf(OPEN_BUCKET);
    const runs = await Promise.all([judged(project, "preview", PUBLIC), judged(project, UP, PUBLIC)]);
    for (const { code, out } of runs) {
      assert.equal(code, 1, out);
      assert.match(out, /mandatory s3-bucket-not-public: .*\n +open: acl: "public-read" gives strangers access\./);
      assert.match(out, /Fix: set acl: "private", or remove it\./);
    }
    assert.ok(!madeBy(project, UP).includes("aws:s3/bucket:Bucket"));
  });

  it("says that a policy which is not known at preview is not judged yet, and stops before it exists", async () => {
    const project = projectOf(LATE_POLICY);
    const [preview, up] = await Promise.all([judged(project, "preview", PUBLIC), judged(project, UP, PUBLIC)]);
    assert.equal(preview.code, 0, preview.out);
    assert.match(preview.out, /advisory checks-decided: .*\n +small-dev: unknown values: .*s3-bucket-not-public 1/);
    assert.match(preview.out, /1 check waits for values that only up knows/);
    assert.equal(up.code, 1, up.out);
    assert.match(up.out, /mandatory s3-bucket-not-public: .*\n +media: policy: /);
    const made = madeBy(project, UP);
    assert.ok(made.includes("aws:s3/bucket:Bucket"));
    assert.ok(!made.includes("aws:s3/bucketPolicy:BucketPolicy"));
  });

  it("mends an input where a rule's level is remediate, and says so", async () => {
    const { code, out } = await judged(projectOf(PLAIN_QUEUE), UP, {
      all: "disabled",
      "sqs-encrypted-at-rest": {
        enforcementLevel: "remediate",
        reason: "Encryption with SQS's own key costs nothing.",
      },
    });
    assert.equal(code, 0, out);
    assert.match(out, /remediated sqs-encrypted-at-rest: jobs/);
    assert.match(out, /encrypted: true/);
  });

  it("refuses a rule that there is not, and names the nearest", async () => {
    const { code, out } = await judged(projectOf(PLAIN_QUEUE), UP, { "s3-bucket-not-publik": "advisory" });
    assert.notEqual(code, 0, out);
    assert.match(out, /names "s3-bucket-not-publik", .*did you mean "s3-bucket-not-public"\?/);
    assert.doesNotMatch(out, / created/);
  });

  it("takes the levels of the environment from the stack's name", async () => {
    const names = ["production", "preview-login"];
    const runs = await Promise.all(names.map((stack) => judged(projectOf(OPEN_BUCKET), "preview", undefined, stack)));
    assert.deepEqual(
      runs.map(({ out }) => out.includes("mandatory s3-bucket-not-force-destroyed: ")),
      [true, false],
    );
    for (const { code, out } of runs) {
      assert.equal(code, 1, out);
      assert.match(out, /mandatory s3-bucket-not-public: /);
    }
  });
});
