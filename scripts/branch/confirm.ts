import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Question {
  readonly text: string;
  readonly isYes: (answer: string) => boolean;
}

/** Whether the stack's name is to be typed: always in production, where no slip of the finger does anything. */
const byNameIn = ({ environment }: Pick<Target, "environment">): boolean => environment === "production";

/** `doing`: `bring staging up`. */
export function questionOf(
  doing: string,
  target: Pick<Target, "environment" | "stack">,
  byName = byNameIn(target),
): Question {
  const { stack } = target;
  if (byName) return { text: `Type ${stack} to ${doing}: `, isYes: (answer) => answer.trim() === stack };
  return { text: `Go on and ${doing}? [y/N] `, isYes: (answer) => /^y(es)?$/i.test(answer.trim()) };
}

/** Before anything is asked of an account. Throws where a question will have to be asked, and nobody is there. */
export function requireConsent(yes: boolean, { ask }: Pick<Surroundings, "ask">): void {
  if (!yes && ask === undefined) throw new UserError("nobody sits at a terminal to be asked: add --yes to go on", 2);
}

/** Whether to go on. */
export async function consented(
  doing: string,
  target: Target,
  yes: boolean,
  { ask }: Pick<Surroundings, "ask">,
  byName = byNameIn(target),
): Promise<boolean> {
  if (yes) return true;
  const { text, isYes } = questionOf(doing, target, byName);
  return ask !== undefined && isYes(await ask(text));
}
