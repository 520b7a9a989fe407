import type { RunningCloud } from "../cloud/server.ts";
import type { Project } from "../project/model.ts";
import { programDirectory } from "../project/program-directory.ts";
import { UserError, messageOf } from "../user-error.ts";
import { cloudKey } from "../state/secrets.ts";
import { passphraseOf } from "../state/passphrase.ts";
import { cacheDirectory, cloudDirectory } from "./paths.ts";
import { installedPackages, parseDebugProviders } from "./provider-list.ts";

export interface ProvidersRequest {
  readonly project: Pick<Project, "root" | "main">;
  readonly stateDirectory: string;
  /** `TYPE-or-URN-glob[@nth][:message]`. */
  readonly faults: readonly string[];
  readonly latencyMilliseconds: number;
}

export interface Providers {
  /** By package. */
  readonly ports: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/** The sandbox's cloud for every installed package, and what PULUMI_DEBUG_PROVIDERS attaches instead. */
export async function startProviders(request: ProvidersRequest): Promise<Providers> {
  const attached = parseDebugProviders(process.env["PULUMI_DEBUG_PROVIDERS"]);
  const [packages, cloud] = await Promise.all([installedPackages(request.project.root), startOwnCloud(request)]);
  return {
    ports: new Map([...packages.map((name) => [name, cloud.port] as const), ...attached]),
    stop: () => cloud.stop(),
  };
}

/** The sandbox's own cloud on the state directory's world. Throws a UserError where that cannot be used. */
export async function startOwnCloud(request: ProvidersRequest): Promise<RunningCloud> {
  const [{ startCloud }, { services }, { components }, key] = await Promise.all([
    import("../cloud/server.ts"),
    import("../cloud/services.ts"),
    import("../cloud/components.ts"),
    passphraseOf(process.env, request.stateDirectory).then(cloudKey),
  ]);
  try {
    return await startCloud({
      directory: cloudDirectory(request.stateDirectory),
      cacheDirectory: cacheDirectory(request.stateDirectory),
      key,
      services,
      constructors: components,
      faults: request.faults,
      latencyMilliseconds: request.latencyMilliseconds,
      sdkDirectories: [request.project.root, import.meta.dirname],
      programDirectory: programDirectory(request.project),
    });
  } catch (error) {
    // The store and the port say what is wrong and what to do.
    throw error instanceof UserError ? error : new UserError(messageOf(error));
  }
}
