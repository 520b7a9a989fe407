import type { Socket } from "node:net";
import type { Clock } from "./clock.ts";
import { type Passage, SEGMENT_BYTES, type Way } from "./shaper.ts";

/** In bytes. A sender faster than the way is held back by TCP itself, as it would be there. */
const MOST_WAITING = 256 * 1024;

interface Arrival {
  /** In milliseconds of the clock. */
  readonly at: number;
  readonly what: Buffer | "end" | "reset";
}

export interface PipeOptions {
  readonly way: Way;
  readonly clock: Clock;
  readonly onSegment: (bytes: number, passage: Passage) => void;
  /** The connection ends in a reset: by the profile, or by the source's own. */
  readonly onReset: (by: "profile" | "source") => void;
}

/** Carries one direction of a connection, each segment when it is due. The function that it returns stops it. */
export function pipe(source: Socket, target: Socket, { way, clock, onSegment, onReset }: PipeOptions): () => void {
  const arrivals: Arrival[] = [];
  let waiting = 0;
  let over = false;
  let cancel: (() => void) | undefined;

  const stop = (): void => {
    over = true;
    cancel?.();
    arrivals.length = 0;
  };
  const holdBack = (): void => {
    if (waiting + target.writableLength > MOST_WAITING) source.pause();
    else source.resume();
  };
  const deliver = (): void => {
    cancel = undefined;
    for (let next = arrivals[0]; next !== undefined && next.at <= clock.now(); next = arrivals[0]) {
      const { what } = next;
      arrivals.shift();
      if (typeof what === "object") {
        waiting -= what.length;
        target.write(what);
      } else if (what === "end") target.end();
      else {
        stop();
        onReset("source");
      }
    }
    if (over) return;
    schedule();
    holdBack();
  };
  const schedule = (): void => {
    const next = arrivals[0];
    if (next !== undefined) cancel ??= clock.after(Math.max(0, Math.ceil(next.at - clock.now())), deliver);
  };
  const send = (bytes: number, what: Arrival["what"]): void => {
    if (over) return;
    const passage = way(bytes, clock.now());
    onSegment(bytes, passage);
    if (passage.reset) {
      stop();
      cancel = clock.after(Math.max(0, passage.at - clock.now()), () => onReset("profile"));
      return;
    }
    arrivals.push({ at: passage.at, what });
    schedule();
  };

  source.on("data", (chunk: Buffer) => {
    for (let start = 0; start < chunk.length; start += SEGMENT_BYTES) {
      const segment = chunk.subarray(start, start + SEGMENT_BYTES);
      waiting += segment.length;
      send(segment.length, segment);
    }
    holdBack();
  });
  source.on("end", () => send(0, "end"));
  source.on("error", () => send(0, "reset"));
  target.on("drain", holdBack);
  holdBack();
  return stop;
}
