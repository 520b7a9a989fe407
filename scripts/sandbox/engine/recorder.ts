import type { Journal } from "../state/journal.ts";
import type { PendingKind, ResourceState } from "../state/resource.ts";

/** What a run has made of the state it began with, kept in memory and, but for previews, in the journal. */
export class Recorder {
  readonly #journal: Journal | undefined;
  readonly #olds: Map<ResourceState, number>;
  readonly #news = new Map<ResourceState, number>();
  #count = 0;

  constructor(olds: readonly ResourceState[], journal: Journal | undefined) {
    this.#journal = journal;
    this.#olds = new Map(olds.map((state, index) => [state, index]));
  }

  /** Before a provider is asked to do something that a kill could leave unknown. */
  begin(kind: PendingKind, resource: ResourceState, operationId = ""): () => void {
    const operation = this.#journal?.begin({ kind, resource, operationId });
    return () => {
      if (operation !== undefined) this.#journal?.end(operation);
    };
  }

  /** A resource as it now is: added, or written anew. */
  put(state: ResourceState): void {
    const known = this.#news.get(state);
    const index = known ?? this.#count++;
    this.#news.set(state, index);
    this.#journal?.put(index, state);
  }

  /** What was pending before this run is dealt with. */
  settled(): void {
    this.#journal?.settled();
  }

  /** A state of before the run that stays, with other marks. */
  changed(state: ResourceState): void {
    const index = this.#olds.get(state);
    const added = this.#news.get(state);
    if (index !== undefined) this.#journal?.changed(index, state);
    else if (added !== undefined) this.#journal?.put(added, state);
  }

  /** Puts a state in an old one's place, which may be the same: it is recorded before the old one is struck out. */
  replace(old: ResourceState, state: ResourceState): void {
    this.put(state);
    if (old === state) this.#strike(old);
    else this.done(old);
  }

  /** A state is superseded or gone. */
  done(state: ResourceState): void {
    const added = this.#news.get(state);
    if (added !== undefined) {
      this.#news.delete(state);
      this.#journal?.drop(added);
    }
    this.#strike(state);
  }

  #strike(old: ResourceState): void {
    const index = this.#olds.get(old);
    if (index === undefined) return;
    this.#olds.delete(old);
    this.#journal?.done(index);
  }

  renamed(from: string, to: string): void {
    this.#journal?.renamed(from, to);
  }

  /** Every state as it stands: the new ones, then the old ones that no step has dealt with. */
  current(): ResourceState[] {
    return [...this.#news.keys(), ...this.#olds.keys()];
  }

  isRecorded(state: ResourceState): boolean {
    return this.#news.has(state) || this.#olds.has(state);
  }
}
