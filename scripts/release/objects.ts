/** A text with the tag of its version. */
export interface StoredText {
  readonly text: string;
  readonly tag: string;
}

/** Where release records and locks are kept: texts under keys, each write of which names what it replaces. */
export interface ObjectStore {
  /** As shown to people. */
  readonly place: string;
  get(key: string): Promise<StoredText | undefined>;
  /**
   * Writes a new object, or with `over` in place of exactly that version; the tag of what was written. Undefined where
   * somebody else was faster: nothing is written then.
   */
  put(key: string, text: string, over?: string): Promise<string | undefined>;
  /** Every key that begins so, in alphabetical order. */
  keys(prefix: string): Promise<readonly string[]>;
}
