import { type MapDocument, nextDocument } from "../src/maps/document.ts";
import type { PracticeData } from "../src/maps/practice-data.ts";

/** Users with a map from the start: one in the middle of it, one at its beginning, and one who has finished. */
const practice: Readonly<Record<string, PracticeData>> = {
  "learner-1": {
    "minor-scales": { level: 3, minutes: 140, lastPractised: "2026-01-12", notes: ["slow the left hand", "no pedal"] },
    "sight-reading": { level: 1, minutes: 25, lastPractised: "2026-01-10", notes: [] },
    arpeggios: { level: 2, minutes: 60, lastPractised: null, notes: [] },
  },
  "learner-2": { "open-chords": { level: 1, minutes: 5, lastPractised: null, notes: [] } },
  "learner-3": {
    "minor-scales": { level: 5, minutes: 900, lastPractised: "2025-12-30", notes: ["done"] },
    "sight-reading": { level: 5, minutes: 610, lastPractised: "2025-12-30", notes: [] },
    "open-chords": { level: 5, minutes: 300, lastPractised: "2025-11-02", notes: [] },
  },
};

/** As the API itself would have stored them. */
export const practiceMaps = (at: Date): readonly MapDocument[] =>
  Object.entries(practice).map(([userId, patch]) =>
    nextDocument(undefined, { userId, patch, key: undefined, at, floor: 0 }),
  );
