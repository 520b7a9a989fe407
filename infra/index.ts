import { environmentStack } from "./environment-stack.ts";
import { previewStack } from "./preview-stack.ts";
import { loadSettings, stagingStack } from "./settings/config.ts";

// Node strips types in place, so its own stack traces name the right lines. Pulumi keeps a trace for every output, and to map
// each through its SDK's source maps takes a third of a run.
Reflect.deleteProperty(Error, "prepareStackTrace");

const settings = loadSettings();

/** The stack's outputs. */
export default (): Readonly<Record<string, unknown>> =>
  settings.slug === undefined ? environmentStack(settings) : previewStack(settings, settings.slug, stagingStack());
