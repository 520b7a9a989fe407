import { exemptionNote, type Exemption } from "./exemption.ts";
import type { Rule, Violation } from "./rule.ts";

/** What a message of the pack says, taken apart again. */
export interface Told {
  readonly violation: Violation;
  /** The exemption that covers it. */
  readonly exemption?: Exemption;
}

/**
 * The inverse of `messageOf`, with the description before it and, where it is exempt, `exemptionNote`. Undefined for
 * what the rule did not say in this form.
 */
export function toldBy(
  { description, why }: Pick<Rule, "description" | "why">,
  message: string,
  exemptions: readonly Exemption[] = [],
): Told | undefined {
  const text = without(`${description}\n`, message);
  // By the notes themselves: a reason may hold whatever would end it.
  const exemption = exemptions.find((candidate) => text.startsWith(`${exemptionNote(candidate)} `));
  const violation = violationIn(exemption === undefined ? text : without(`${exemptionNote(exemption)} `, text), why);
  return violation === undefined ? undefined : { violation, ...(exemption === undefined ? {} : { exemption }) };
}

function violationIn(text: string, why: string): Violation | undefined {
  const colon = text.indexOf(": ");
  const middle = `. ${why} Fix: `;
  const at = text.indexOf(middle, colon + 2);
  if (colon < 0 || at < 0 || !text.endsWith(".")) return undefined;
  return {
    property: text.slice(0, colon),
    wrong: text.slice(colon + 2, at),
    fix: text.slice(at + middle.length, -1),
  };
}

const without = (beginning: string, text: string): string =>
  text.startsWith(beginning) ? text.slice(beginning.length) : text;
