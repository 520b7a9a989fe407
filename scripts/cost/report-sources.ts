import { existsSync } from "node:fs";
import { wrongUsage } from "../command-line.ts";
import { openSession, type Place } from "../sandbox/cli/session.ts";
import { stackFiles } from "../sandbox/state/files.ts";
import type { Values } from "./command.ts";
import { estimate } from "./estimate.ts";
import type { StackCost } from "./model.ts";
import type { Prices } from "./prices.ts";
import { type Given, readCostSource } from "./source.ts";
import type { CostSource } from "./source-world.ts";
import type { EnvironmentName, Usage } from "./usage.ts";

/** What is read with. */
export interface Reading {
  readonly place: Place;
  readonly usages: Readonly<Record<EnvironmentName, Usage>>;
  readonly prices: Prices;
}

/** A stack, and what was read of it. */
export interface Estimated {
  readonly source: CostSource;
  readonly cost: StackCost;
}

/** `held`: as the sandbox holds it, or a preview where it holds nothing. */
export type GivenStack = Given | { readonly kind: "held"; readonly stack: string };

const usualStacks = ["staging", "production"] as const;

export function givenBy({ stack, state, preview }: Values): readonly GivenStack[] {
  if (stack !== undefined && state !== undefined) throw wrongUsage("--state and --stack are two sources: give one");
  if (state !== undefined) {
    if (preview === true) throw wrongUsage("--preview is of the program: it means nothing with --state");
    return state.map((file) => ({ kind: "export", file }));
  }
  const names = [...new Set(stack ?? usualStacks)];
  return names.map((name) => ({ kind: preview === true ? "preview" : "held", stack: name }));
}

/** One after the other: previews share the sandbox's cloud. */
export async function estimated(given: readonly GivenStack[], reading: Reading): Promise<readonly Estimated[]> {
  const found: Estimated[] = [];
  for (const each of given) {
    const source = await readCostSource(await settle(each, reading.place), reading.place, reading.usages);
    const { resources, world, placeOf } = source;
    found.push({ source, cost: estimate({ resources, world, placeOf, prices: reading.prices }) });
  }
  return found;
}

async function settle(given: GivenStack, place: Place): Promise<Given> {
  if (given.kind !== "held") return given;
  const { project, stateDirectory } = await openSession(place);
  const held = existsSync(stackFiles(stateDirectory, project.name, given.stack).snapshot);
  return { kind: held ? "stack" : "preview", stack: given.stack };
}
