/** How far a long reading is, where somebody looks. */
export interface Progress {
  /** Shows this share, 0 to 1, again and again until the next or the end. */
  readonly follow: (share: () => number) => void;
  readonly end: () => void;
}

export const noProgress: Progress = { follow: () => undefined, end: () => undefined };

/** What of a stream is needed: a terminal, or what is piped. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

const MILLISECONDS = 200;
const WIDTH = 30;

/** One line that is redrawn; nothing where the stream is no terminal. */
export function progressOn(stream: ProgressStream, every = MILLISECONDS): Progress {
  if (stream.isTTY !== true) return noProgress;
  let timer: NodeJS.Timeout | undefined;
  let highest = 0;
  const draw = (share: number): void => {
    // A reader's estimate of its own progress may go back.
    highest = Math.max(highest, Math.min(1, share));
    const full = Math.round(highest * WIDTH);
    stream.write(`\r${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(highest * 100)} % read`);
  };
  return {
    follow: (share) => {
      clearInterval(timer);
      draw(share());
      timer = setInterval(() => draw(share()), every);
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      stream.write("\r\u001b[K");
    },
  };
}
