import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDefaults, stackFileConfig } from "../../infra/settings/config-file.ts";
import { environments } from "../../infra/settings/environments.ts";
import { type DataStore, dataStores } from "../../infra/settings/recovery.ts";
import { stackKeys } from "../../infra/settings/stack-config.ts";
import { type FactRow, factRows, type SettingRow, settingRows } from "./settings.ts";
import { type SecretRow, secretRows, type VariableRow, variableRows } from "./variables.ts";

const PROJECT = "groundwork";

/** All that tells one environment from another, and what is read in each. */
export interface Facts {
  readonly settings: readonly SettingRow[];
  readonly facts: readonly FactRow[];
  readonly variables: readonly VariableRow[];
  readonly secrets: readonly SecretRow[];
  readonly stores: readonly DataStore[];
}

/** From the project in the folder. Throws where a stack file is missing, or is none. */
export function readFacts(root: string): Facts {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const stack = (file: string) => stackFileConfig(file, read(file), PROJECT);
  return {
    settings: settingRows(environments),
    facts: factRows(
      stackKeys,
      projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
      stack("Pulumi.production.yaml"),
      stack("Pulumi.staging.yaml"),
    ),
    variables: variableRows(),
    secrets: secretRows(),
    stores: Object.values<DataStore>(dataStores),
  };
}
