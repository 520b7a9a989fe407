/** What one map and one request may hold. Lengths are in UTF-16 code units, bytes are of JSON in UTF-8. */
export const mapLimits = {
  bodyBytes: 64 * 1024,
  mapBytes: 256 * 1024,
  entries: 1_000,
  /** Objects and arrays within each other; `practiceData` itself is the first. */
  depth: 8,
  nameLength: 128,
  /** How many keys of earlier requests a map remembers. */
  rememberedKeys: 20,
  /** What their answers may take beside the map: the oldest keys are forgotten first, the newest never. */
  rememberedBytes: 512 * 1024,
  /** How many writes of one map may wait in one process. */
  waitingWrites: 200,
} as const;
