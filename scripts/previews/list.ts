import { identifyStack } from "../../infra/settings/stacks.ts";
import { columns } from "../columns.ts";
import { expiryIn } from "../branch/expiry.ts";
import type { Engine } from "../engines/engine.ts";
import { ageText, endOf, isDue, type Lifetime } from "./age.ts";

/** A preview stack, as a list shows it. */
export interface Preview extends Lifetime {
  readonly stack: string;
  /** Undefined: no branch that git knows here has this stack. */
  readonly branch: string | undefined;
}

/** The preview stacks, the oldest first. */
export async function previewsOf(engine: Engine, branches: ReadonlyMap<string, string>): Promise<readonly Preview[]> {
  const stacks = (await engine.stacks()).filter(({ name }) => identifyStack(name)?.environment === "preview");
  const previews: Preview[] = [];
  // One after the other: each asks the backend.
  for (const { name, updatedAt } of stacks) {
    const outputs = await engine.outputs(name);
    previews.push({
      stack: name,
      updatedAt,
      expiresAt: expiryIn(outputs),
      branch: branches.get(name),
    });
  }
  return previews.sort((a, b) => (a.updatedAt?.getTime() ?? 0) - (b.updatedAt?.getTime() ?? 0));
}

const day = (date: Date): string => date.toISOString().slice(0, 16).replace("T", " ");

/** `olderThan`: milliseconds after the last change. */
export function listLines(previews: readonly Preview[], olderThan: number | undefined, now: Date): string[] {
  if (previews.length === 0) return ["there is no preview stack"];
  return columns([
    ["stack", "changed", "expires (UTC)", "branch"],
    ...previews.map((preview) => {
      const end = endOf(preview, olderThan);
      return [
        preview.stack,
        preview.updatedAt === undefined ? "unknown" : `${ageText(now.getTime() - preview.updatedAt.getTime())} ago`,
        end === undefined ? "unknown" : `${day(end)}${isDue(preview, olderThan, now) ? ", due" : ""}`,
        preview.branch ?? "unknown here",
      ];
    }),
  ]);
}

/** For machines: moments in ISO 8601. */
export const listJson = (previews: readonly Preview[], olderThan: number | undefined, now: Date) =>
  previews.map((preview) => ({
    stack: preview.stack,
    branch: preview.branch ?? null,
    updatedAt: preview.updatedAt?.toISOString() ?? null,
    expiresAt: endOf(preview, olderThan)?.toISOString() ?? null,
    due: isDue(preview, olderThan, now),
  }));
