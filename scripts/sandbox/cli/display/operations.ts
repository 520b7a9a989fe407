import type { Colors } from "./colors.ts";
import type { Command, OperationKind } from "../../engine/events.ts";

interface OperationLook {
  readonly symbol: string;
  readonly color: "green" | "red" | "yellow" | "magenta" | "cyan" | "dim";
  /** While it runs, once it is done, and when it is only planned. */
  readonly doing: string;
  readonly done: string;
  readonly planned: string;
}

const look = (
  symbol: string,
  color: OperationLook["color"],
  doing: string,
  done: string,
  planned: string,
): OperationLook => ({ symbol, color, doing, done, planned });

/** Symbols are Pulumi's. In the order in which a summary counts them. */
export const OPERATIONS: Readonly<Record<OperationKind, OperationLook>> = {
  create: look("+", "green", "creating", "created", "to create"),
  update: look("~", "yellow", "updating", "updated", "to update"),
  replace: look("+-", "magenta", "replacing", "replaced", "to replace"),
  "create-replacement": look("++", "green", "creating replacement", "created replacement", "to create as replacement"),
  "delete-replaced": look("--", "red", "deleting original", "deleted original", "to delete as replaced"),
  delete: look("-", "red", "deleting", "deleted", "to delete"),
  import: look("=", "cyan", "importing", "imported", "to import"),
  "import-replacement": look("=>", "cyan", "importing replacement", "imported replacement", "to import as replacement"),
  read: look(">", "cyan", "reading", "read", "to read"),
  "read-replacement": look(">~", "cyan", "reading replacement", "read replacement", "to read as replacement"),
  refresh: look("~", "cyan", "refreshing", "refreshed", "to refresh"),
  discard: look("<", "red", "discarding", "discarded", "to discard"),
  "discard-replaced": look("<<", "red", "discarding original", "discarded original", "to discard as replaced"),
  "remove-pending-replace": look("~", "dim", "completing", "completed", "to complete"),
  same: look(" ", "dim", "checking", "unchanged", "unchanged"),
};

export const paintOperation = (colors: Colors, op: OperationKind, text: string): string =>
  colors[OPERATIONS[op].color](text);

/** `+ 3 created, ~ 1 updated, 12 unchanged`; "no changes" where nothing else is to be said. */
export function countsText(
  changes: Readonly<Partial<Record<OperationKind, number>>>,
  command: Command,
  colors: Colors,
): string {
  const parts = (Object.keys(OPERATIONS) as OperationKind[]).flatMap((op) => {
    const count = changes[op] ?? 0;
    const { symbol, done, planned } = OPERATIONS[op];
    const words = `${symbol} ${count} ${command === "preview" ? planned : done}`;
    return op === "same" || count === 0 ? [] : [paintOperation(colors, op, words)];
  });
  const same = changes.same ?? 0;
  if (parts.length === 0) return same > 0 ? `no changes, ${same} unchanged` : "no changes";
  return [...parts, ...(same > 0 ? [colors.dim(`${same} unchanged`)] : [])].join(", ");
}
