import { environmentStack } from "./environment-stack.ts";
import { loadSettings } from "./settings/config.ts";

const settings = loadSettings();

/** The stack's outputs. */
export default (): Record<string, unknown> => environmentStack(settings);
