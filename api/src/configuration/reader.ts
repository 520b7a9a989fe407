/** Where the configuration comes from. */
export interface ConfigReader {
  /** For the log. */
  readonly name: string;
  /** Undefined where it has not changed since the last read. */
  readonly read: (signal: AbortSignal) => Promise<string | undefined>;
  /** Until the next read, in milliseconds. */
  readonly intervalMs: () => number;
  close(): void;
}
