import { takeDown } from "../branch/down.ts";
import type { Surroundings } from "../branch/surroundings.ts";
import type { Engine } from "../engines/engine.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import { targetOf } from "../target.ts";
import type { Preview } from "./list.ts";

/** What came of one stack. */
export interface Swept {
  readonly stack: string;
  /** One line; undefined where it is gone. */
  readonly failure: string | undefined;
}

/** Takes each of them down, one after the other; what fails with one does not keep the others. */
export async function sweep(
  due: readonly Preview[],
  engine: Engine,
  around: Pick<Surroundings, "root" | "say" | "dropDatabase">,
): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  for (const { stack } of due) {
    around.say(`sweeping ${stack}`);
    swept.push({ stack, failure: await failureOf(stack, engine, around) });
  }
  return swept;
}

async function failureOf(
  stack: string,
  engine: Engine,
  around: Pick<Surroundings, "root" | "say" | "dropDatabase">,
): Promise<string | undefined> {
  try {
    const { result, errors } = await takeDown(targetOf(stack, around.root), engine, false, around);
    return result === "succeeded" ? undefined : (errors[0] ?? "destroy failed");
  } catch (error) {
    // A fault of this program is one for every stack.
    if (!(error instanceof UserError)) throw error;
    return messageOf(error);
  }
}

const stacks = (count: number): string => (count === 1 ? "1 preview" : `${count} previews`);

/** The last lines: what is gone, and what is not, with the reason. */
export function sweptLines(swept: readonly Swept[]): string[] {
  const failed = swept.filter(({ failure }) => failure !== undefined);
  const gone = swept.length - failed.length;
  return [
    `swept ${stacks(gone)}`,
    ...failed.map(({ stack, failure }) => `not swept: ${stack}: ${failure ?? ""}`),
    ...(failed.length === 0 ? [] : ["run the same command again: what is half done continues"]),
  ];
}
