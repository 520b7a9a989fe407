import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

// For tests: an executable named `pulumi` that keeps a list of stacks, answers what a test told it to, and writes down
// how it was called. What it prints has the shape of the real CLI's output.

export interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

export interface FakeCall {
  readonly args: readonly string[];
  /** The text of what --config-file names. */
  readonly config: string | undefined;
  readonly directory: string;
  readonly streaming: string | undefined;
  readonly fallback: string | undefined;
}

export interface FakePulumi {
  /** For the engine: PATH with the fake first. */
  readonly env: NodeJS.ProcessEnv;
  /** A project's folder: Pulumi.yaml, Pulumi.staging.yaml, policy-pack. */
  readonly root: string;
  calls(): readonly FakeCall[];
  stacks(): readonly string[];
  remove(): void;
}

const program = (folder: string): string => `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const folder = ${JSON.stringify(folder)};
const { answers } = JSON.parse(readFileSync(folder + "/answers.json", "utf8"));
const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const file = option("--config-file");
const config = file === undefined ? undefined : readFileSync(file, "utf8");
const { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: streaming, PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: fallback } = process.env;
appendFileSync(folder + "/calls", JSON.stringify({ args, config, directory: process.cwd(), streaming, fallback }) + "\\n");
const stacks = JSON.parse(readFileSync(folder + "/stacks.json", "utf8"));
const keep = (list) => writeFileSync(folder + "/stacks.json", JSON.stringify(list));
const end = ({ stdout = "", stderr = "", code = 0 }) => {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
};
const unknown = (stack) => end({ stderr: "error: no stack named '" + stack + "' found\\n", code: 255 });
const key = Object.keys(answers).find((words) => args.join(" ").startsWith(words));
if (args[0] === "version") end({ stdout: "v3.270.0\\n" });
else if (args[0] === "stack" && args[1] === "ls")
  end({ stdout: JSON.stringify(stacks.map((name) => ({ name, current: false, lastUpdate: "2026-01-02T03:04:05.000Z", updateInProgress: false, resourceCount: 7 }))) });
else if (args[0] === "stack" && args[1] === "init") {
  keep([...stacks, args[2]]);
  writeFileSync("Pulumi." + args[2] + ".yaml", "secretsprovider: awskms://alias/x\\nencryptedkey: abc\\n");
  end({ stdout: "Created stack '" + args[2] + "'\\n" });
} else if (args[0] === "stack" && args[1] === "rm") {
  if (!stacks.includes(args[2])) unknown(args[2]);
  else {
    keep(stacks.filter((name) => name !== args[2]));
    end({});
  }
} else if (option("--stack") !== undefined && !stacks.includes(option("--stack"))) unknown(option("--stack"));
else end(key === undefined ? {} : answers[key]);
`;

/** `answers`: by the words that a call begins with. */
export function fakePulumi(answers: Readonly<Record<string, FakeAnswer>>, stacks: readonly string[]): FakePulumi {
  const folder = mkdtempSync(join(tmpdir(), "fake-pulumi-"));
  const root = join(folder, "project");
  mkdirSync(join(root, "policy-pack", "config"), { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(
    join(root, "Pulumi.staging.yaml"),
    'secretsprovider: awskms://alias/pulumi-staging\nencryptedkey: "AQ=="\nconfig:\n  shop:domain: example.org\n',
  );
  for (const name of ["staging", "preview"]) writeFileSync(join(root, "policy-pack", "config", `${name}.json`), "{}");
  writeFileSync(join(folder, "answers.json"), JSON.stringify({ answers }));
  writeFileSync(join(folder, "stacks.json"), JSON.stringify(stacks));
  writeFileSync(join(folder, "calls"), "");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pulumi"), program(folder));
  chmodSync(join(bin, "pulumi"), 0o755);
  const linesOf = (name: string): string[] => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean);
  return {
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
    root,
    calls: () => linesOf("calls").map((line) => JSON.parse(line) as FakeCall),
    stacks: () => JSON.parse(readFileSync(join(folder, "stacks.json"), "utf8")) as string[],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const urnOf = (type: string, name: string): string => `urn:pulumi:staging::shop::${type}::${name}`;

interface FakeStep {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly keys?: readonly string[];
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>>;
  /** The operation that a refresh turns out to be. */
  readonly outcome?: string;
}

/** The events of a run in the CLI's own shape, one JSON document per line. */
export function eventLines(
  steps: readonly FakeStep[],
  more: readonly Readonly<Record<string, unknown>>[] = [],
): string {
  const events: Readonly<Record<string, unknown>>[] = [
    { preludeEvent: { config: { "shop:token": "[secret]" } } },
    ...steps.flatMap(({ op, type, name, keys = [], diffs = [], detailedDiff, outcome }) => {
      const state = {
        type,
        urn: urnOf(type, name),
        custom: true,
        id: "id",
        parent: "",
        inputs: { size: 1 },
        outputs: {},
      };
      const metadata = {
        op,
        urn: urnOf(type, name),
        type,
        old: op === "create" ? null : state,
        new: op === "delete" ? null : state,
        keys: null,
        diffs: null,
        detailedDiff: null,
        provider: "",
      };
      const known = { ...metadata, op: outcome ?? op, keys, diffs, detailedDiff: detailedDiff ?? null };
      const pre = { resourcePreEvent: { metadata: outcome === undefined ? known : metadata, planning: true } };
      // A component is announced, and never heard of again.
      return type.startsWith("shop:") ? [pre] : [pre, { resOutputsEvent: { metadata: known, planning: true } }];
    }),
    ...more,
    { summaryEvent: { maybeCorrupt: false, durationSeconds: 3, resourceChanges: {}, PolicyPacks: {} } },
    { cancelEvent: {} },
  ];
  return events.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1767323045, ...event })}\n`).join("");
}
