import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";

/** For tests alone: a git repository with a Pulumi program of a few resources, whose release is config as the project's is. */
export interface PracticeRepository {
  readonly root: string;
  git(...args: readonly string[]): string;
  /** Writes files and commits them; the commit. */
  commit(files: Readonly<Record<string, string>>): string;
  remove(): void;
}

const stackFiles = ["Pulumi.staging.yaml", "Pulumi.production.yaml"];
const repository = join(import.meta.dirname, "../..");

const program = `import * as pulumi from "@pulumi/pulumi";
import { buckets, note } from "./note.ts";

class Made extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: Record<string, unknown>) {
    super(type, name, inputs);
  }
}

const config = new pulumi.Config();
const environment = pulumi.getStack();
// What nobody releases, such as a preview, has none.
export const version = config.get("version") ?? "none";
export const image = config.get("imageDigest") ?? "none";
new Made("aws:ssm/parameter:Parameter", "release", {
  name: \`/practice/\${environment}/release\`,
  type: "String",
  value: [version, config.get("commit"), image, note].join(" "),
});
for (const bucket of buckets) new Made("aws:s3/bucket:Bucket", bucket, {});
`;

/** The project's own, with nothing but this program's. */
function projectFile(): string {
  const file = parseDocument(readFileSync(join(repository, "Pulumi.yaml"), "utf8"));
  file.set("main", "index.ts");
  // Its resources have no provider of their own.
  file.deleteIn(["config", "pulumi:disable-default-providers"]);
  file.setIn(["config", "aws:region"], { value: "us-east-1" });
  return file.toString();
}

/** What commits of the program differ in: a text, and which buckets there are. */
export const noteFile = (note: string, buckets: readonly string[] = ["media"]): string =>
  `export const note = ${JSON.stringify(note)};\nexport const buckets: readonly string[] = ${JSON.stringify(buckets)};\n`;

export function practiceRepository(): PracticeRepository {
  const root = mkdtempSync(join(tmpdir(), "groundwork-practice-"));
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const commit = (files: Readonly<Record<string, string>>): string => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    git("add", ".");
    git("commit", "--quiet", "--allow-empty", "--message", Object.keys(files).join(", ") || "Nothing");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "--initial-branch", "main", ".");
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  // Each commit has an API: this one, until a commit has another.
  symlinkSync(join(repository, "api"), join(root, "api"));
  commit({
    ".gitignore": "/node_modules\n/.sandbox\n",
    "package.json": '{ "name": "groundwork", "version": "1.0.0", "private": true, "type": "module" }\n',
    "Pulumi.yaml": projectFile(),
    ...Object.fromEntries(stackFiles.map((file) => [file, readFileSync(join(repository, file), "utf8")])),
    "index.ts": program,
    "note.ts": noteFile("first"),
  });
  return { root, git, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}
