import type { Command, OperationKind, RunResult, Step } from "../engine/events.ts";
import type { PolicyLevel } from "../project/model.ts";
import { type Shown, shownProperties } from "./display/value-text.ts";

/** What --json prints of one stack. */
export interface ResultJson {
  readonly stack: string;
  readonly command: Command;
  readonly result: "succeeded" | "failed";
  readonly changes: Readonly<Partial<Record<OperationKind, number>>>;
  readonly operations: readonly {
    readonly op: OperationKind;
    readonly urn: string;
    readonly diffs: readonly string[];
  }[];
  readonly policy: readonly {
    readonly policy: string;
    readonly level: PolicyLevel;
    readonly urn: string;
    readonly message: string;
  }[];
  /** Checks that wait for values that only up knows. */
  readonly waiting: readonly { readonly policy: string; readonly urn: string; readonly reason: string }[];
  readonly errors: readonly { readonly urn: string; readonly message: string }[];
  readonly outputs: Readonly<Record<string, Shown>>;
  readonly seconds: number;
}

/** Two previews of the same thing give the same text, seconds aside. `redact` hides secrets in messages. */
export function resultJson(result: RunResult, redact: (text: string) => string): ResultJson {
  const steps = result.command === "preview" ? canonicalOrder(result.steps) : result.steps;
  return {
    stack: result.stack,
    command: result.command,
    result: result.result,
    changes: Object.fromEntries(Object.entries(result.changes).sort(([a], [b]) => compare(a, b))),
    operations: steps.map(({ op, urn, diffs }) => ({ op, urn, diffs })),
    policy: result.findings
      .map(({ policy, level, urn, message }) => ({ policy, level, urn, message: redact(message) }))
      .sort((a, b) => compare(a.policy, b.policy) || compare(a.urn, b.urn) || compare(a.message, b.message)),
    waiting: result.waiting
      .map(({ policy, urn, reason }) => ({ policy, urn, reason: redact(reason) }))
      .sort((a, b) => compare(a.policy, b.policy) || compare(a.urn, b.urn) || compare(a.reason, b.reason)),
    errors: result.errors
      .map(({ urn, message }) => ({ urn, message: redact(message) }))
      .sort((a, b) => compare(a.urn, b.urn) || compare(a.message, b.message)),
    outputs: shownProperties(result.outputs),
    seconds: Math.round(result.seconds * 1000) / 1000,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The same steps in an order that does not depend on chance: by URN, but never a step before one that it follows,
 * which is an earlier step of the same resource or of one that either depends on.
 */
export function canonicalOrder(steps: readonly Step[]): Step[] {
  const before = steps.map(() => 0);
  const after: number[][] = steps.map(() => []);
  const byUrn = new Map<string, number[]>();
  steps.forEach(({ urn }, index) => byUrn.set(urn, [...(byUrn.get(urn) ?? []), index]));
  const follow = (first: number, second: number): void => {
    after[first]?.push(second);
    before[second] = (before[second] ?? 0) + 1;
  };
  for (const indexes of byUrn.values())
    indexes.slice(1).forEach((index, position) => follow(indexes[position] ?? index, index));
  steps.forEach(({ urn, dependsOn = [] }, index) => {
    for (const other of new Set(dependsOn))
      if (other !== urn)
        for (const related of byUrn.get(other) ?? []) follow(Math.min(index, related), Math.max(index, related));
  });
  const name = (index: number): string => `${steps[index]?.urn ?? ""} ${steps[index]?.op ?? ""}`;
  const ordered: Step[] = [];
  let ready = before.flatMap((count, index) => (count === 0 ? [index] : [])).sort((a, b) => compare(name(a), name(b)));
  while (ready.length > 0) {
    const next: number[] = [];
    for (const index of ready) {
      const step = steps[index];
      if (step !== undefined) ordered.push(step);
      for (const later of after[index] ?? []) {
        const left = (before[later] ?? 0) - 1;
        before[later] = left;
        if (left === 0) next.push(later);
      }
    }
    ready = next.sort((a, b) => compare(name(a), name(b)));
  }
  return ordered;
}
