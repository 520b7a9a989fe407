import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { eventLines, type FakeAnswer, type FakePulumi, fakePulumi } from "./fake-pulumi.cases.ts";
import { openEngine } from "./open-engine.ts";
import { missingPulumi } from "./pulumi-command.ts";
import { pulumiEngine } from "./pulumi-engine.ts";
import { UserError } from "../sandbox/user-error.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const bucketUrn = `urn:pulumi:staging::shop::${BUCKET}::media`;

const changes = eventLines([
  { op: "same", type: "pulumi:pulumi:Stack", name: "shop-staging" },
  { op: "create", type: "shop:data:Media", name: "media" },
  { op: "create", type: "aws:sqs/queue:Queue", name: "jobs" },
  {
    op: "update",
    type: "aws:ecs/service:Service",
    name: "api",
    diffs: ["desiredCount"],
    detailedDiff: { desiredCount: { diffKind: "update", inputDiff: true } },
  },
  {
    op: "replace",
    type: BUCKET,
    name: "media",
    keys: ["bucket"],
    diffs: ["bucket", "tags"],
    detailedDiff: {
      tags: { diffKind: "update", inputDiff: true },
      bucket: { diffKind: "update-replace", inputDiff: true },
    },
  },
]);

const finding = {
  policyEvent: {
    resourceUrn: bucketUrn,
    message: "<{%reset%}>A bucket blocks public access.\nSet blockPublicAcls.<{%reset%}>\n",
    color: "raw",
    policyName: "s3-no-public-access",
    policyPackName: "groundwork",
    policyPackVersion: "1.0.0",
    policyPackVersionTag: "1.0.0",
    enforcementLevel: "mandatory",
  },
};

const failure = (message: string) => ({
  diagnosticEvent: { urn: bucketUrn, prefix: "error: ", message, color: "raw", severity: "error" },
});

describe("the Pulumi CLI as an engine", () => {
  let fake: FakePulumi | undefined;
  const engineWith = (answers: Readonly<Record<string, FakeAnswer>>, stacks: readonly string[] = ["staging"]) => {
    fake = fakePulumi(answers, stacks);
    return { fake, engine: pulumiEngine({ root: fake.root, env: fake.env }) };
  };
  afterEach(() => fake?.remove());

  it("previews with the pack, its environment's configuration, and a copy of the stack's file", async () => {
    const { fake, engine } = engineWith({ preview: { stdout: changes } });
    const lines: string[] = [];
    const run = await engine.preview("staging", {
      config: { imageDigest: "sha256:1" },
      onLine: (line) => lines.push(line),
    });
    assert.deepEqual(run, {
      stack: "staging",
      result: "succeeded",
      findings: [],
      errors: [],
      steps: [
        {
          op: "create",
          urn: "urn:pulumi:staging::shop::shop:data:Media::media",
          type: "shop:data:Media",
          changed: [],
          replaces: [],
        },
        {
          op: "create",
          urn: "urn:pulumi:staging::shop::aws:sqs/queue:Queue::jobs",
          type: "aws:sqs/queue:Queue",
          changed: [],
          replaces: [],
        },
        {
          op: "update",
          urn: "urn:pulumi:staging::shop::aws:ecs/service:Service::api",
          type: "aws:ecs/service:Service",
          changed: ["desiredCount"],
          replaces: [],
        },
        { op: "replace", urn: bucketUrn, type: BUCKET, changed: ["bucket", "tags"], replaces: ["bucket"] },
      ],
    });
    assert.deepEqual(lines, [
      "+ jobs aws:sqs/queue:Queue create",
      "~ api aws:ecs/service:Service update",
      "+- media aws:s3/bucket:Bucket replace",
    ]);
    const call = fake.calls().at(-1);
    assert.ok(call);
    const pack = join(fake.root, "policy-pack");
    const file = call.args[call.args.indexOf("--config-file") + 1];
    assert.deepEqual(call.args, [
      ...["preview", "--json", "--stack", "staging", "--config-file", file],
      ...["--policy-pack", pack, "--policy-pack-config", join(pack, "config", "staging.json")],
      ...["--non-interactive", "--color", "never"],
    ]);
    assert.equal(
      call.config,
      'secretsprovider: awskms://alias/pulumi-staging\nencryptedkey: "AQ=="\nconfig:\n  shop:domain: example.org\n  shop:imageDigest: sha256:1\n',
    );
    assert.equal(existsSync(file ?? ""), false, "the copy is taken away");
    assert.deepEqual([call.streaming, call.fallback], ["true", "true"]);
    assert.ok(call.directory.endsWith("project"));
  });

  it("makes a preview stack as staging's, and leaves no file of it", async () => {
    const { fake, engine } = engineWith({ preview: { stdout: changes }, up: { stdout: changes } });
    assert.equal((await engine.up("preview-login")).result, "succeeded");
    assert.deepEqual(fake.stacks(), ["staging", "preview-login"]);
    assert.equal(existsSync(join(fake.root, "Pulumi.preview-login.yaml")), false);
    const commands = fake.calls().map(({ args }) => args.slice(0, args.includes("--json") ? 3 : 6).join(" "));
    assert.deepEqual(commands, [
      "stack ls --json",
      "stack init preview-login --no-select --secrets-provider awskms://alias/pulumi-staging",
      "preview --json --stack",
      "up --yes --skip-preview",
    ]);
    const last = fake.calls().at(-1);
    assert.equal(last?.config, "config: {}\n");
    assert.ok(last.args.includes(join(fake.root, "policy-pack", "config", "preview.json")));
  });

  it("previews a stack that does not exist, and lets none exist", async () => {
    const { fake, engine } = engineWith({ preview: { stdout: changes } });
    assert.equal((await engine.preview("preview-login")).result, "succeeded");
    assert.deepEqual(fake.stacks(), ["staging"]);
  });

  it("makes no stack that has a file: another backend has its state", async () => {
    const { fake, engine } = engineWith({ preview: { stdout: changes } }, []);
    for (const command of ["preview", "up"] as const)
      await assert.rejects(
        engine[command]("staging"),
        /^UserError: there is no stack staging in this backend: .*PULUMI_BACKEND_URL/,
      );
    assert.deepEqual(fake.stacks(), []);
    assert.ok(existsSync(join(fake.root, "Pulumi.staging.yaml")));
  });

  it("counts what failed as an error, and not as a step", async () => {
    const failed = {
      resOpFailedEvent: { metadata: { op: "update", urn: bucketUrn, type: BUCKET }, status: 0, steps: 1 },
    };
    const begun = eventLines([{ op: "update", type: BUCKET, name: "media" }], [failed, failure("access denied")]);
    const { engine } = engineWith({ up: { stdout: begun, code: 255 } });
    const { result, steps, errors } = await engine.up("staging", { skipPreview: true });
    assert.deepEqual([result, steps, errors], ["failed", [], ["media: access denied"]]);
  });

  it("never removes a stack's file with the stack", async () => {
    const { fake, engine } = engineWith({});
    await engine.remove("staging");
    assert.ok(fake.calls().at(-1)?.args.includes("--preserve-config"));
    await assert.rejects(engine.remove("staging"), /^UserError: Pulumi says: no stack named 'staging' found$/);
  });

  it("reports findings and errors a line each, and goes no further than a preview that failed", async () => {
    const { fake, engine } = engineWith({
      preview: {
        stdout: eventLines([], [finding, failure("<{%reset%}>the bucket\nis too public<{%reset%}>")]),
        code: 255,
      },
    });
    const run = await engine.up("staging");
    assert.deepEqual(run, {
      stack: "staging",
      result: "failed",
      steps: [],
      findings: [
        {
          policy: "s3-no-public-access",
          level: "mandatory",
          urn: bucketUrn,
          message: "A bucket blocks public access. Set blockPublicAcls.",
        },
      ],
      errors: ["media: the bucket", "media: is too public"],
    });
    assert.equal(
      fake.calls().some(({ args }) => args[0] === "up"),
      false,
    );
  });

  it("takes a refresh for what it found", async () => {
    const { fake, engine } = engineWith({
      refresh: {
        stdout: eventLines([
          { op: "refresh", outcome: "same", type: "aws:sqs/queue:Queue", name: "jobs" },
          {
            op: "refresh",
            outcome: "update",
            type: BUCKET,
            name: "media",
            diffs: ["tags"],
            detailedDiff: { "tags.Owner": { diffKind: "update", inputDiff: false } },
          },
          { op: "refresh", outcome: "delete", type: "aws:ecs/service:Service", name: "api" },
        ]),
      },
    });
    const { steps } = await engine.previewRefresh("staging");
    assert.deepEqual(
      steps.map(({ op, type, changed }) => ({ op, type, changed })),
      [
        { op: "update", type: BUCKET, changed: ["tags.Owner"] },
        { op: "delete", type: "aws:ecs/service:Service", changed: [] },
      ],
    );
    assert.deepEqual(fake.calls()[0]?.args.slice(0, 3), ["refresh", "--preview-only", "--json"]);
  });

  it("destroys after a look at what goes", async () => {
    const gone = eventLines([{ op: "delete", type: BUCKET, name: "media" }]);
    const { fake, engine } = engineWith({ destroy: { stdout: gone } });
    assert.deepEqual(await engine.previewDestroy("staging"), await engine.destroy("staging"));
    assert.deepEqual(
      fake.calls().map(({ args }) => args.slice(0, 3)),
      [
        ["destroy", "--preview-only", "--json"],
        ["destroy", "--yes", "--skip-preview"],
      ],
    );
  });

  it("lists stacks and outputs, without what is secret", async () => {
    const { engine } = engineWith({
      "stack output": { stdout: JSON.stringify({ apiUrl: "https://api.example.org", token: "[secret]" }) },
    });
    assert.deepEqual(await engine.stacks(), [
      { name: "staging", updatedAt: new Date("2026-01-02T03:04:05Z"), resourceCount: 7 },
    ]);
    assert.deepEqual(await engine.outputs("staging"), { apiUrl: "https://api.example.org" });
    assert.equal(await engine.outputs("preview-none"), undefined);
  });

  it("passes on what the CLI says where it cannot begin", async () => {
    const { engine } = engineWith({
      refresh: {
        stderr: "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions\n",
        code: 255,
      },
    });
    await assert.rejects(engine.previewRefresh("staging"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^Pulumi says: PULUMI_ACCESS_TOKEN must be set/);
      return true;
    });
  });

  it("says how to install what is missing, and offers the sandbox", async () => {
    await assert.rejects(openEngine({ sandbox: false, env: { PATH: "/nowhere" } }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^the Pulumi CLI is not on the PATH\. Install it with .*--sandbox/);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
    for (const [platform, words] of [
      ["linux", "curl -fsSL https://get.pulumi.com | sh"],
      ["darwin", "brew install pulumi/tap/pulumi"],
      ["win32", "winget install pulumi"],
    ] as const)
      assert.ok(missingPulumi(platform).message.includes(words), platform);
  });
});
