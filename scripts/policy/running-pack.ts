import { join } from "node:path";
import { compileCacheDirectory } from "../sandbox/cli/paths.ts";
import { ENGINE_SERVICE, engineService } from "../sandbox/engine/engine-service.ts";
import { PolicyPack } from "../sandbox/engine/policy.ts";
import { type AnalyzedResource, recordedResource } from "../sandbox/engine/policy-messages.ts";
import { Report } from "../sandbox/engine/report.ts";
import type { PolicyPackSource } from "../sandbox/project/model.ts";
import { listen, newServer } from "../sandbox/protocol/grpc.ts";
import { nameOf, parseProviderReference, typeOf } from "../sandbox/protocol/urn.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";

/** A pack in its own process, without a program that runs. */
export interface RunningPack {
  readonly pack: PolicyPack;
  readonly stop: () => Promise<void>;
}

/** Starts a pack as an engine does. Rejects with a PolicyError where it does not load. */
export async function startPack(
  source: PolicyPackSource,
  { stack, project }: { readonly stack: string; readonly project: string },
): Promise<RunningPack> {
  const root = join(source.directory, "..");
  const server = newServer();
  server.addService(ENGINE_SERVICE, engineService(new Report(() => undefined)));
  const address = `127.0.0.1:${await listen(server)}`;
  try {
    const pack = await PolicyPack.start(
      source,
      {
        command: "up",
        project: { name: project, root, main: root, organization: "organization" },
        stack,
        config: { values: new Map(), secretKeys: new Set() },
        compileCache: compileCacheDirectory(join(root, ".sandbox")),
      },
      address,
    );
    const stop = async (): Promise<void> => {
      await pack.close();
      server.forceShutdown();
    };
    return { pack, stop };
  } catch (error) {
    server.forceShutdown();
    throw error;
  }
}

/** Recorded resources as policies see them, each with its provider's inputs. */
export function analyzedAmong(
  resources: readonly ResourceState[],
): (state: ResourceState, properties: ResourceState["inputs"]) => AnalyzedResource {
  const byUrn = new Map(resources.map((state) => [state.urn, state]));
  return (state, properties) => recordedResource(state, properties, providerOf(state, byUrn));
}

function providerOf(
  { provider }: ResourceState,
  byUrn: ReadonlyMap<string, ResourceState>,
): AnalyzedResource["provider"] {
  if (provider === "") return undefined;
  const { urn } = parseProviderReference(provider);
  return { urn, type: typeOf(urn), name: nameOf(urn), properties: byUrn.get(urn)?.inputs ?? {} };
}
