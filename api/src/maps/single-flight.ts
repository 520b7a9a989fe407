/** Lets all who want the same thing at the same time wait for one piece of work. */
export interface SingleFlight<Result> {
  /** Joins the work under way for this name, or begins it. The work goes on when somebody stops waiting for it. */
  join(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Who joins from now on gets work that begins from now on. */
  forget(name: string): void;
}

export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>();
  return {
    join(name, work) {
      const under = flights.get(name);
      if (under !== undefined) return under;
      const begun = work().finally(() => {
        if (flights.get(name) === begun) flights.delete(name);
      });
      flights.set(name, begun);
      return begun;
    },
    forget: (name) => void flights.delete(name),
  };
}

/** Rejects with the signal's reason as soon as it is aborted, else as the work settles; the work itself goes on. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<undefined>();
  const abort = (): void => {
    aborted.resolve(undefined);
  };
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    // First in the list, so that its failure is never one that nobody handles.
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  signal.throwIfAborted();
  return work;
}
