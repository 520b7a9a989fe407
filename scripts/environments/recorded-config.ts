import { loadSettings as load } from "../../infra/settings/config.ts";
import type { Settings } from "../../infra/settings/settings.ts";
import { recordedSettings, settingPaths } from "./recorded-settings.ts";

export { stagingStack } from "../../infra/settings/config.ts";

// Stands in for infra/settings/config.ts while a test runs the program.

/** All settings of the programs that ran, and those that they read. */
export const known = new Set<string>();
export const reads = new Set<string>();

export function loadSettings(): Settings {
  const settings = load();
  for (const path of settingPaths(settings)) known.add(path);
  return recordedSettings(settings, (path) => reads.add(path));
}
