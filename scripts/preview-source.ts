import { type Place, NO_CONFIG_OPTIONS, openSession, openStack } from "./sandbox/cli/session.ts";
import { compileCacheDirectory } from "./sandbox/cli/paths.ts";
import { stackNameOf } from "./sandbox/project/stack-names.ts";
import type { ResourceState } from "./sandbox/state/resource.ts";
import { UserError } from "./sandbox/user-error.ts";
import { type Source, sourceOf } from "./state-source.ts";

const PARALLEL = 16;

/**
 * What the program would make now, as far as a preview knows it: neither the state nor the cloud is changed. A stack
 * that does not exist yet is all new. Throws a UserError with the first of the program's errors.
 */
export async function previewSource(place: Place, name: string): Promise<Source> {
  const session = await openSession(place);
  const { project, stateDirectory } = session;
  const stack = stackNameOf(name);
  const [{ run }, { startProviders }, loaded] = await Promise.all([
    import("./sandbox/engine/run.ts"),
    import("./sandbox/cli/cloud.ts"),
    openStack(session, stack, NO_CONFIG_OPTIONS),
  ]);
  const providers = await startProviders({ project, stateDirectory, faults: [], latencyMilliseconds: 0 });
  try {
    let planned: readonly ResourceState[] = [];
    const { result, errors } = await run({
      command: "preview",
      project,
      stack,
      config: loaded.config,
      secrets: loaded.secrets,
      openSecrets: loaded.openSecrets,
      stateDirectory,
      providers: providers.ports,
      policyPacks: [],
      compileCache: compileCacheDirectory(stateDirectory),
      targets: [],
      parallel: PARALLEL,
      expectNoChanges: false,
      onEvent: () => undefined,
      onResources: (resources) => {
        planned = resources;
      },
    });
    if (result === "failed")
      throw new UserError(
        `stack ${stack} cannot be previewed (${reasonIn(errors[0]?.message ?? "")}): ` +
          `\`npm run sandbox -- preview --stack ${stack}\` shows all of it`,
      );
    return sourceOf(`a preview of stack ${stack}`, planned);
  } finally {
    await providers.stop();
  }
}

/** What an error of the program says, in one line: neither where it was thrown nor which values waited for it. */
export function reasonIn(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "" && !line.startsWith("at ") && !line.endsWith("unhandled exception:"));
  return (said[0] ?? "no reason given").replace(/^(?:error serializing property "[^"]*": |[A-Za-z]*Error: )+/, "");
}
