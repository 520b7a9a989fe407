import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDefaults, stackFileConfig } from "../../infra/settings/config-file.ts";
import { resolveSettings, type Settings } from "../../infra/settings/settings.ts";
import type { ReleaseEnvironment } from "./record.ts";

const project = "groundwork";

/**
 * SHA-256 of an environment's resolved settings, without the release itself: 64 hexadecimal digits. The order of keys
 * does not matter, so that a file that was only sorted is the same.
 */
export function settingsHash({ imageDigest: _digest, release: _release, ...settings }: Settings): string {
  return createHash("sha256").update(canonical(settings)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(",")}}`;
}

/** As the project's files say it, with config over them. Throws what `resolveSettings` throws. */
export function environmentSettings(
  root: string,
  environment: ReleaseEnvironment,
  config: Readonly<Record<string, string>>,
): Settings {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const fileOf = (name: ReleaseEnvironment) =>
    stackFileConfig(`Pulumi.${name}.yaml`, read(`Pulumi.${name}.yaml`), project);
  const files = {
    defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
    staging: fileOf("staging"),
    production: fileOf("production"),
  };
  return resolveSettings({ project, stack: environment, given: { ...files[environment], ...config }, files });
}
