import type { PullRequestReport, StackReport } from "./schema.ts";

/** The label of a pull request by which its author says that the losses are meant. */
export const allowLabel = "allow-destroy";

export interface Stop {
  /** "" where it concerns all of them. */
  readonly stack: string;
  readonly reason: string;
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** What of a report stops a merge, the worst first. */
export function stopsOf({ stacks }: PullRequestReport): readonly Stop[] {
  return stacks.flatMap((stack) => reasonsOf(stack).map((reason) => ({ stack: stack.stack, reason })));
}

function reasonsOf({ result, errors, findings, losses, left }: StackReport): readonly string[] {
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  const unnamed = losses.filter(({ allowed }) => !allowed).length;
  return [
    ...(unnamed > 0
      ? [`${plural(unnamed, "resource")} with data would be lost: if that is meant, add the label ${allowLabel}`]
      : []),
    ...(mandatory > 0 ? [`${plural(mandatory, "mandatory finding")} of the policy pack`] : []),
    ...(result === "failed" && mandatory === 0
      ? [`the preview fails${errors[0] === undefined ? "" : ` (${plural(errors.length + left.errors, "error")})`}`]
      : []),
  ];
}
