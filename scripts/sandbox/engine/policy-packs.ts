import { PolicyPack } from "./policy.ts";
import type { RunRequest } from "./options.ts";

/** The packs of a run. They load while the program does: whoever needs them waits. */
export class PolicyPacks {
  readonly #starting: readonly Promise<PolicyPack>[];

  constructor(options: RunRequest, engineAddress: string) {
    const judged = options.command === "preview" || options.command === "up";
    this.#starting = judged
      ? options.policyPacks.map((source) => PolicyPack.start(source, options, engineAddress))
      : [];
    // A pack that does not load is told by whoever waits for it.
    for (const starting of this.#starting) starting.catch(() => undefined);
  }

  get any(): boolean {
    return this.#starting.length > 0;
  }

  /** Rejects with a PolicyError where a pack does not load. */
  loaded(): Promise<readonly PolicyPack[]> {
    return Promise.all(this.#starting);
  }

  async close(): Promise<void> {
    for (const pack of await Promise.allSettled(this.#starting))
      if (pack.status === "fulfilled") await pack.value.close();
  }
}
