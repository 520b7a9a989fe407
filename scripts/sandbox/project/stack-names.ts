import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { didYouMean } from "./nearest.ts";
import type { LoadedProject } from "./load.ts";
import { UserError } from "../user-error.ts";

// Pulumi's own rule for stack names.
const STACK_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** `organization/project/stack` names the stack too. Throws a UserError for what can be no stack's name. */
export function stackNameOf(text: string): string {
  const name = text.slice(text.lastIndexOf("/") + 1);
  if (!STACK_NAME.test(name) || name === "." || name === "..")
    throw new UserError(
      `${JSON.stringify(text)} is no stack name: use 1 to 100 letters, digits, \`_\`, \`.\`, \`-\``,
      2,
    );
  return name;
}

/** Stacks that have a file of their own or a state. */
export async function knownStacks(project: LoadedProject, stateDirectory: string): Promise<string[]> {
  const [files, states] = await Promise.all([
    names(project.file.stackFileDirectory, /^Pulumi\.([A-Za-z0-9_.-]+)\.(?:yaml|yml|json)$/),
    stacksWithState(project.name, stateDirectory),
  ]);
  return [...new Set([...files, ...states])].sort();
}

export function stacksWithState(project: string, stateDirectory: string): Promise<string[]> {
  return names(join(stateDirectory, "stacks", project), /^([A-Za-z0-9_.-]+)\.(?:json|journal)$/);
}

async function names(directory: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(directory).catch(() => []);
  const found = entries.flatMap((entry) => pattern.exec(entry)?.[1] ?? []);
  return [...new Set(found)].sort();
}

/** Throws a UserError with the nearest name where the stack has neither file nor state. */
export async function requireKnownStack(project: LoadedProject, stateDirectory: string, stack: string): Promise<void> {
  const known = await knownStacks(project, stateDirectory);
  if (!known.includes(stack))
    throw new UserError(`no stack ${JSON.stringify(stack)} in project ${project.name}: ${didYouMean(stack, known)}`, 2);
}
