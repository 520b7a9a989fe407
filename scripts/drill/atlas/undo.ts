import { messageOf } from "../../sandbox/user-error.ts";

/** What has to be removed again, whatever happens. */
export interface Undo {
  /** `what` names it for people, with what to do by hand. Before it is made: half made is made. */
  add(what: string, remove: () => Promise<unknown>): void;
  /** Newest first, each of them, even where one fails. Resolves to what could not be removed, one line each. */
  all(): Promise<readonly string[]>;
}

export function undoList(): Undo {
  const entries: { what: string; remove: () => Promise<unknown> }[] = [];
  return {
    add: (what, remove) => void entries.push({ what, remove }),
    all: async () => {
      const left: string[] = [];
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop())
        try {
          await entry.remove();
        } catch (error) {
          left.push(`${entry.what} (${messageOf(error)})`);
        }
      return left;
    },
  };
}
