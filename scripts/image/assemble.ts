import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BuildContext, contextFiles } from "../sandbox/cloud/build-context.ts";
import { UserError } from "../sandbox/user-error.ts";
import { execForm, readDockerfile, type Stage, type Step } from "./dockerfile.ts";
import { npmEnvironment, runCommand } from "./npm.ts";

/** A stage, without what its base image holds. */
export interface AssembledStage {
  readonly name: string | undefined;
  /** Stands for the stage's root folder. */
  readonly root: string;
  /** A path of the stage, as the three below. */
  readonly workdir: string;
  readonly user: string | undefined;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The text of each RUN that was left out. */
  readonly leftOut: readonly string[];
}

/** A step that cannot be done, by its line. */
export class AssemblyError extends UserError {
  constructor(step: Step, problem: string) {
    super(`line ${step.line}: ${step.keyword} ${step.text}: ${problem}`);
    this.name = "AssemblyError";
  }
}

/**
 * Does what a builder would do, in folders of `into` and without Docker, up to the stage `target` (default: the last).
 *
 * Of RUN only npm is run, since anything else could touch this machine; the rest is listed in `leftOut`. Throws an
 * `AssemblyError` where a file is missing or npm fails.
 */
export async function assemble(context: BuildContext, into: string, target?: string): Promise<AssembledStage> {
  const { stages } = readDockerfile(readFileSync(context.dockerfile, "utf8"));
  const made: AssembledStage[] = [];
  for (const [index, stage] of stages.entries()) {
    made.push(await assembleStage(stage, context, join(into, String(index)), made));
    if (target !== undefined && stage.name === target) break;
  }
  const last = made.at(-1);
  if (last === undefined || (target !== undefined && last.name !== target))
    throw new UserError(`${context.dockerfile} has no stage ${target ?? "at all"}`);
  return last;
}

async function assembleStage(
  stage: Stage,
  context: BuildContext,
  root: string,
  before: readonly AssembledStage[],
): Promise<AssembledStage> {
  mkdirSync(root, { recursive: true });
  const parent = before.find(({ name }) => name !== undefined && name === stage.base);
  if (parent !== undefined) copyTree(parent.root, root);
  let made: AssembledStage = {
    workdir: "/",
    user: undefined,
    command: [],
    environment: {},
    leftOut: [],
    ...parent,
    name: stage.name,
    root,
  };
  for (const step of stage.steps) made = { ...made, ...(await effectOf(step, made, context, before)) };
  return made;
}

/** What a step changes besides files. Instructions that say something of the image but do nothing change nothing. */
async function effectOf(
  step: Step,
  stage: AssembledStage,
  context: BuildContext,
  before: readonly AssembledStage[],
): Promise<Partial<AssembledStage>> {
  switch (step.keyword) {
    case "WORKDIR": {
      const workdir = resolve(stage.workdir, step.text);
      mkdirSync(join(stage.root, workdir), { recursive: true });
      return { workdir };
    }
    case "COPY":
      copy(step, stage, context, before);
      return {};
    case "RUN":
      if (!isNpmOnly(step.text)) return { leftOut: [...stage.leftOut, step.text] };
      await run(step, stage);
      return {};
    case "USER":
      return { user: step.text };
    case "ENV":
      return {
        environment: {
          ...stage.environment,
          ...Object.fromEntries(Object.entries(step.pairs).map(([key, value]) => [key, value ?? ""])),
        },
      };
    case "CMD":
      return { command: execForm(step.text) ?? [] };
    default:
      return {};
  }
}

const isNpmOnly = (text: string): boolean =>
  !/[;|<>`$()]/.test(text) && text.split("&&").every((command) => command.trim().startsWith("npm "));

async function run(step: Step, stage: AssembledStage): Promise<void> {
  // The lock file fixes every version and hash, so what npm's cache knows of a package need not be asked again.
  const environment = { ...npmEnvironment(), npm_config_prefer_offline: "true" };
  const folder = join(stage.root, stage.workdir);
  const { exitCode, stderr } = await runCommand("/bin/sh", ["-c", step.text], folder, environment);
  if (exitCode !== 0) throw new AssemblyError(step, stderr.trim());
}

function copy(step: Step, stage: AssembledStage, context: BuildContext, before: readonly AssembledStage[]): void {
  const sources = step.words.slice(0, -1);
  const target = step.words.at(-1) ?? "";
  const destination = join(stage.root, resolve(stage.workdir, target));
  const into = target.endsWith("/") || sources.length > 1;
  const { from } = step.flags;
  if (from === undefined) {
    const files = contextFiles(context);
    for (const source of sources) copyFromContext(step, source, files, { context, destination, into });
    return;
  }
  const origin = before.find(({ name }) => name === from);
  if (origin === undefined) throw new AssemblyError(step, "there is no such stage before");
  for (const source of sources) {
    const path = join(origin.root, resolve("/", source));
    if (!existsSync(path)) throw new AssemblyError(step, "that stage has no such path");
    if (statSync(path).isDirectory()) copyTree(path, destination);
    else copyFile(path, into ? join(destination, basename(path)) : destination);
  }
}

interface ContextCopy {
  readonly context: BuildContext;
  readonly destination: string;
  /** The destination is a folder even for a single file. */
  readonly into: boolean;
}

function copyFromContext(step: Step, source: string, files: readonly string[], copy: ContextCopy): void {
  const path = source.replace(/^(\.?\/)+|\/+$/g, "");
  const below = files.filter((file) => file.startsWith(`${path}/`));
  if (below.length === 0 && !files.includes(path))
    throw new AssemblyError(step, "the builder is sent no such file; Dockerfile.dockerignore says which");
  if (below.length === 0)
    copyFile(join(copy.context.folder, path), copy.into ? join(copy.destination, basename(path)) : copy.destination);
  for (const file of below)
    copyFile(join(copy.context.folder, file), join(copy.destination, file.slice(path.length + 1)));
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

/**
 * Files become one with the original, since a copy of an install takes seconds. Links stay as they are written, so that
 * those inside a tree lead to the copy.
 */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}
