import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostOf, previewHostOf } from "../infra/settings/apps.ts";
import { ConfigFileError, projectDefaults, stackFileConfig } from "../infra/settings/config-file.ts";
import { resolveSettings, type Settings, SettingsError } from "../infra/settings/settings.ts";
import { type EnvironmentName, identifyStack } from "../infra/settings/stacks.ts";
import { UserError } from "./sandbox/user-error.ts";

/** What the project's files say of a stack: where it goes, and where it answers. */
export interface Target {
  readonly project: string;
  readonly stack: string;
  readonly environment: EnvironmentName;
  /** Of previews alone. */
  readonly slug?: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** The environment's; a preview's is staging's. */
  readonly domain: string;
  /** `https://...`, without a path. */
  readonly apiUrl: string;
}

const project = "groundwork";
const repository = join(import.meta.dirname, "..");

/** Throws a `UserError` where the files are wrong, or there is no such stack. */
export function settingsOf(stack: string, root: string = repository): Settings {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const fileOf = (name: string) => stackFileConfig(`Pulumi.${name}.yaml`, read(`Pulumi.${name}.yaml`), project);
  try {
    const files = {
      defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
      staging: fileOf("staging"),
      production: fileOf("production"),
    };
    const given = stack === "production" ? files.production : files.staging;
    return resolveSettings({ project, stack, given, files });
  } catch (error) {
    // The program prints a line per mistake; a command has one.
    if (error instanceof SettingsError || error instanceof ConfigFileError)
      throw new UserError(error.message.split("\n").join("; "), identifyStack(stack) === undefined ? 2 : 1);
    throw error;
  }
}

/** Throws as `settingsOf` does. */
export function targetOf(stack: string, root: string = repository): Target {
  const { environment, slug, aws, domain } = settingsOf(stack, root);
  return {
    project,
    stack,
    environment,
    ...(slug === undefined ? {} : { slug }),
    accountId: aws.accountId,
    region: aws.region,
    domain,
    apiUrl: `https://${slug === undefined ? hostOf("api", domain) : previewHostOf(slug, domain)}`,
  };
}
