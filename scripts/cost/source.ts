import { type Place, openSession } from "../sandbox/cli/session.ts";
import { exportedSource, sandboxSource, type Source } from "../state-source.ts";
import { type CostSource, costSourceOf } from "./source-world.ts";
import type { EnvironmentName, Usage } from "./usage.ts";

/** Where a stack is read from. */
export type Given =
  | { readonly kind: "stack"; readonly stack: string }
  /** What `pulumi stack export` wrote. */
  | { readonly kind: "export"; readonly file: string }
  /** What the program would make of the stack now. */
  | { readonly kind: "preview"; readonly stack: string };

/** Throws a UserError where there is nothing to read, or it is not this project's. */
export async function readCostSource(
  given: Given,
  place: Place,
  usages: Readonly<Record<EnvironmentName, Usage>>,
): Promise<CostSource> {
  const [{ project }, source] = await Promise.all([openSession(place), sourceOf(given, place)]);
  return costSourceOf(source, project.name, usages);
}

async function sourceOf(given: Given, place: Place): Promise<Source> {
  if (given.kind === "export") return exportedSource(given.file);
  if (given.kind === "stack") return sandboxSource(place, given.stack);
  // The engine and the cloud load only where they are needed.
  const { previewSource } = await import("../preview-source.ts");
  return previewSource(place, given.stack);
}
