import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";

// For tests: this project with a program of a few resources, which comes up in a second, and no policy pack.

const ROOT = join(import.meta.dirname, "../..");

/** Without an SDK, so that it loads fast. What changes from one up to the next stands in name.json. */
const PROGRAM = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const made = (type, name, inputs) => new pulumi.CustomResource(type, name, { ...inputs, arn: undefined });
const { bucket, media } = JSON.parse(readFileSync(new URL("name.json", import.meta.url), "utf8"));
const stack = pulumi.getStack();
if (media) made("aws:s3/bucket:Bucket", \`groundwork-\${stack}-media-objects\`, { bucket: \`\${bucket}-\${stack}\` });
made("aws:sns/topic:Topic", \`groundwork-\${stack}-alarms\`, {});
export const apiUrl = \`https://\${stack}.example.org\`;
export const databaseName = stack;
`;

export interface SmallProject {
  readonly root: string;
  readonly stateDirectory: string;
  /** Another name replaces the bucket with data; without media it is deleted. */
  change(to: { readonly bucket: string; readonly media: boolean }): void;
  remove(): void;
}

export function smallProject(): SmallProject {
  const root = mkdtempSync(join(tmpdir(), "small-project-"));
  for (const file of ["Pulumi.staging.yaml", "Pulumi.production.yaml"]) cpSync(join(ROOT, file), join(root, file));
  const file = parseDocument(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8"));
  file.set("main", "program.mjs");
  // Its resources have no provider of their own.
  file.deleteIn(["config", "pulumi:disable-default-providers"]);
  file.setIn(["config", "aws:region"], { value: "us-east-1" });
  writeFileSync(join(root, "Pulumi.yaml"), file.toString());
  writeFileSync(join(root, "package.json"), '{ "name": "small", "private": true, "type": "module" }');
  writeFileSync(join(root, "program.mjs"), PROGRAM);
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir");
  const change: SmallProject["change"] = (to) => writeFileSync(join(root, "name.json"), JSON.stringify(to));
  change({ bucket: "one", media: true });
  return {
    root,
    stateDirectory: join(root, ".sandbox"),
    change,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
