import { rm } from "node:fs/promises";
import { parseUrn } from "../../protocol/urn.ts";
import { didYouMean } from "../../project/nearest.ts";
import { stackNameOf, stacksWithState } from "../../project/stack-names.ts";
import { UserError } from "../../user-error.ts";
import { type StackFiles, stackFiles, stateFileError } from "../../state/files.ts";
import { acquireLock } from "../../state/lock.ts";
import { startOwnCloud } from "../cloud.ts";
import { cloudDirectory } from "../paths.ts";
import { type Place, type Session, openSession } from "../session.ts";

/** Forgets the stacks, or all of them with the whole cloud. Returns what to say of it, line by line. */
export async function reset(place: Place, names: readonly string[]): Promise<string[]> {
  const session = await openSession(place);
  const known = await stacksWithState(session.project.name, session.stateDirectory);
  const stacks = names.length === 0 ? known : [...new Set(names.map(stackNameOf))];
  for (const stack of stacks)
    if (!known.includes(stack))
      throw new UserError(`stack ${JSON.stringify(stack)} has no state: ${didYouMean(stack, known)}`, 2);
  const files = stacks.map((stack) => stackFiles(session.stateDirectory, session.project.name, stack));
  const releases: (() => void)[] = [];
  try {
    // Nothing is removed while any of them is in use.
    stacks.forEach((stack, index) => releases.push(acquireLock(files[index]?.lock ?? "", stack)));
    if (names.length === 0) await remove(cloudDirectory(session.stateDirectory));
    else await forgetInCloud(session, new Set(stacks));
    for (const one of files) await removeState(one);
  } finally {
    for (const release of releases) release();
  }
  if (names.length > 0) return stacks.map((stack) => `${stack}: its state and what the cloud held of it are gone`);
  return [
    stacks.length === 0 ? "there was no stack; the cloud is empty" : `gone: ${stacks.join(", ")}; the cloud is empty`,
  ];
}

async function forgetInCloud(session: Session, stacks: ReadonlySet<string>): Promise<void> {
  const { project, stateDirectory } = session;
  const cloud = await startOwnCloud({ project, stateDirectory, faults: [], latencyMilliseconds: 0 });
  try {
    for (const { key, urn } of cloud.store.everything()) {
      if (urn === "") continue;
      const owner = parseUrn(urn);
      if (owner.project === project.name && stacks.has(owner.stack)) cloud.store.remove(key, []);
    }
  } finally {
    await cloud.stop();
  }
}

async function removeState(files: StackFiles): Promise<void> {
  await remove(files.journal);
  await remove(files.snapshot);
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw stateFileError("remove", path, error);
  }
}
