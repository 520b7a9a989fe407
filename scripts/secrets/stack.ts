import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigFileError, projectDefaults, stackFileConfig } from "../../infra/settings/config-file.ts";
import { resolveSettings, SettingsError } from "../../infra/settings/settings.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { SecretsStack } from "./commands.ts";

const project = "groundwork";

/** What the project's files say of a stack. Throws a `UserError` where they are wrong, or there is no such stack. */
export function secretsStack(root: string, stack: string): SecretsStack {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const fileOf = (name: string) => stackFileConfig(`Pulumi.${name}.yaml`, read(`Pulumi.${name}.yaml`), project);
  try {
    const files = {
      defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
      staging: fileOf("staging"),
      production: fileOf("production"),
    };
    const given = stack === "production" ? files.production : files.staging;
    const { environment, aws } = resolveSettings({ project, stack, given, files });
    return { project, stack, environment, accountId: aws.accountId, region: aws.region };
  } catch (error) {
    if (error instanceof SettingsError || error instanceof ConfigFileError) throw new UserError(error.message);
    throw error;
  }
}
