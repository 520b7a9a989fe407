import { environmentStack } from "./environment-stack.ts";
import { previewStack } from "./preview-stack.ts";
import { loadSettings, stagingStack } from "./settings/config.ts";

const settings = loadSettings();

/** The stack's outputs. */
export default (): Readonly<Record<string, unknown>> =>
  settings.slug === undefined ? environmentStack(settings) : previewStack(settings, settings.slug, stagingStack());
