import { createRequire } from "node:module";
import { programDirectory } from "../project/program-directory.ts";
import type { RunRequest } from "./options.ts";
import { type Child, startNode } from "./child.ts";

const RUN_MODULE = "@pulumi/pulumi/cmd/run/index.js";

/** The SDK that the program itself would load, so that one copy serves both. */
export function sdkModule(module: string, root: string): string {
  try {
    return createRequire(`${root}/package.json`).resolve(module);
  } catch {
    return createRequire(import.meta.url).resolve(module);
  }
}

/** Starts the program as Pulumi's Node language host does. */
export function startProgram(
  options: RunRequest,
  addresses: { readonly monitor: string; readonly engine: string },
  onLine: (stream: "stdout" | "stderr", line: string) => void,
): Child {
  const { project, config } = options;
  const preview = options.command === "preview";
  const directory = programDirectory(project);
  const args = [
    `--monitor=${addresses.monitor}`,
    `--engine=${addresses.engine}`,
    `--organization=${project.organization}`,
    `--project=${project.name}`,
    `--stack=${options.stack}`,
    `--root-directory=${project.root}`,
    `--pwd=${directory}`,
    `--parallel=${options.parallel}`,
    ...(preview ? ["--dry-run"] : []),
    project.main,
  ];
  return startNode(sdkModule(RUN_MODULE, directory), args, {
    directory,
    nodeArguments: project.nodeArguments ?? [],
    environment: {
      ...compileCache(options),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config.values)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify([...config.secretKeys]),
      PULUMI_NODEJS_TYPESCRIPT: String(project.typescript ?? false),
    },
    onLine,
  });
}

/** Loading the SDKs is most of a run's time; Node compiles them once and keeps the result. */
export const compileCache = ({ compileCache }: Pick<RunRequest, "compileCache">): Record<string, string> =>
  compileCache === undefined || process.env["NODE_COMPILE_CACHE"] !== undefined
    ? {}
    : { NODE_COMPILE_CACHE: compileCache };
