import type { EngineRun, PlannedStep } from "../engines/engine.ts";
import { nameOf } from "../sandbox/protocol/urn.ts";
import { type Worth, worthOf } from "./stores.ts";

/** A resource that a run deletes or replaces, with what it holds. */
export interface Loss extends Worth {
  readonly urn: string;
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly op: "delete" | "replace";
  /** Property paths that force the replacement, sorted; empty for a deletion, and where another resource forces it. */
  readonly causes: readonly string[];
}

const OPERATIONS: Readonly<Partial<Record<PlannedStep["op"], Loss["op"]>>> = {
  delete: "delete",
  replace: "replace",
  // Halves of a replacement, which a run that stopped on its way may have left alone.
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** What a run would lose, or has lost: once per resource, in the order of their URNs. */
export function lossesIn({ stack, steps }: Pick<EngineRun, "stack" | "steps">): readonly Loss[] {
  const losses = new Map<string, Loss>();
  for (const { op, urn, type, replaces } of steps) {
    const kind = OPERATIONS[op];
    const worth = kind === undefined ? undefined : worthOf(urn, stack);
    if (kind === undefined || worth === undefined) continue;
    const causes = [...new Set([...(losses.get(urn)?.causes ?? []), ...replaces])].sort();
    losses.set(urn, {
      urn,
      type,
      name: nameOf(urn),
      op: losses.get(urn)?.op === "replace" ? "replace" : kind,
      causes,
      ...worth,
    });
  }
  return [...losses.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** Losses against what was named as meant. */
export interface Verdict {
  /** Not named: these stop the run. */
  readonly stopping: readonly Loss[];
  readonly allowed: readonly Loss[];
  /** Named, and not lost by this run. */
  readonly idle: readonly string[];
}

/** `named`: URNs of `--allow-destroy`. */
export function judgeLosses(losses: readonly Loss[], named: readonly string[]): Verdict {
  const urns = new Set(losses.map(({ urn }) => urn));
  return {
    stopping: losses.filter(({ urn }) => !named.includes(urn)),
    allowed: losses.filter(({ urn }) => named.includes(urn)),
    idle: [...new Set(named)].filter((urn) => !urns.has(urn)),
  };
}
