import { existsSync } from "node:fs";
import { stackFiles } from "../state/files.ts";
import { openSnapshot, readState } from "../state/store.ts";
import type { StackOutputs } from "./builtin-provider.ts";
import type { RunOptions } from "./options.ts";
import { ProviderError } from "./provider-client.ts";
import { STACK_TYPE } from "../protocol/urn.ts";

/** Reads other stacks' outputs, and this one's of before the run, from the state directory. */
export function stackOutputsOf(options: RunOptions): StackOutputs {
  return async (name) => {
    const parts = name.split("/");
    const stack = parts.at(-1) ?? "";
    const project = parts.at(-2) ?? options.project.name;
    const files = stackFiles(options.stateDirectory, project, stack);
    if (stack === "" || parts.length > 3 || !(existsSync(files.snapshot) || existsSync(files.journal)))
      throw new ProviderError(`unknown stack ${JSON.stringify(name)}: run \`up\` on it first, or mend the name`);
    const { deployment } = readState(files);
    const { state } = deployment.secrets_providers;
    const salt = typeof state === "object" && state !== null && !Array.isArray(state) ? state["salt"] : undefined;
    const secrets =
      typeof salt !== "string" || salt === options.secrets.state["salt"]
        ? options.secrets
        : await options.openSecrets(salt, files.snapshot);
    const root = openSnapshot(deployment, secrets).resources.find((resource) => resource.type === STACK_TYPE);
    return root?.outputs ?? {};
  };
}
