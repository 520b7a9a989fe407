import type { Db } from "mongodb";

/** One way of a migration. It may run again after it was interrupted, so it must lead to the same end then. */
export type MigrationWork = (db: Db, signal: AbortSignal) => Promise<unknown>;

/** What the run gives to each step. */
export interface MigrationRun {
  /** Throws before the work where the run must not go on. */
  step(description: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void>;
}

interface Described {
  /** What it does, for the line in the log. */
  readonly description: string;
  readonly up: MigrationWork;
}

/** Whoever writes a migration says how it is undone, or why it cannot be. */
export type MigrationDefinition = Described &
  (
    | { readonly down: MigrationWork; readonly irreversible?: never }
    | { readonly down?: never; readonly irreversible: string }
  );

/** What migrate-mongo loads: the default export of each file in steps/. */
export interface Migration {
  readonly description: string;
  /** Why the release before cannot run on what this one leaves; undefined where it can be undone. */
  readonly irreversible: string | undefined;
  up(db: Db, run: MigrationRun): Promise<void>;
  down(db: Db, run: MigrationRun): Promise<void>;
}

/** Thrown where somebody asks to undo what cannot be undone. */
export class IrreversibleMigration extends Error {
  constructor(description: string, reason: string) {
    super(`"${description}" cannot be undone: ${reason}`);
    this.name = "IrreversibleMigration";
  }
}

export function migration(definition: MigrationDefinition): Migration {
  const { description, up, down, irreversible } = definition;
  return {
    description,
    irreversible,
    up: (db, run) => run.step(description, (signal) => up(db, signal)),
    down(db, run) {
      if (down === undefined) return Promise.reject(new IrreversibleMigration(description, irreversible));
      return run.step(`undo: ${description}`, (signal) => down(db, signal));
    },
  };
}
