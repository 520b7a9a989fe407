import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigFileError, projectDefaults, stackFileConfig } from "./config-file.ts";
import { resolveSettings, SettingsError, type Settings } from "./settings.ts";
import type { ConfigText } from "./stack-config.ts";

// The only file of infra/ that reads config: everything else is given `Settings`.

/** The folder of Pulumi.yaml, from the engine; old engines and Pulumi's mocks do not know it. */
function projectRoot(): string {
  const root = pulumi.getRootDirectory();
  return isAbsolute(root) ? root : join(import.meta.dirname, "..", "..");
}

function read(file: string): string {
  try {
    return readFileSync(join(projectRoot(), file), "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigFileError(file, missing ? "does not exist" : `cannot be read (${reason})`);
  }
}

function given(project: string): ConfigText {
  const namespace = `${project}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [key.slice(namespace.length), value]),
  );
}

/** The stack that previews borrow from, by its whole name: `organization/groundwork/staging`. */
export function stagingStack(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/staging`;
}

/** Throws a `RunError`, which Pulumi prints without a stack trace, for every mistake in config and stack name. */
export function loadSettings(): Settings {
  const project = pulumi.getProject();
  const stackFile = (file: string) => stackFileConfig(file, read(file), project);
  try {
    return resolveSettings({
      project,
      stack: pulumi.getStack(),
      given: given(project),
      files: {
        defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
        staging: stackFile("Pulumi.staging.yaml"),
        production: stackFile("Pulumi.production.yaml"),
      },
    });
  } catch (error) {
    if (error instanceof SettingsError || error instanceof ConfigFileError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
