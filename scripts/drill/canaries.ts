import { type MapDocument, nextDocument } from "../../api/src/maps/document.ts";

/** Maps as the API stores them, for users whose names begin with the word. */
export const mapsOf = (word: string, count: number, at: Date): readonly MapDocument[] =>
  Array.from({ length: count }, (_, index) =>
    nextDocument(undefined, {
      userId: `${word}-${String(index + 1).padStart(5, "0")}`,
      patch: { scales: { level: index % 5, minutes: index * 7.5, notes: [`${word} ${index}`, "ä, \u2028"] } },
      key: undefined,
      at,
      floor: 0,
    }),
  );

export const writtenBy = (word: string) => ({ _id: { $regex: `^${word}-` } });
