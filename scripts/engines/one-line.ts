import { stripVTControlCharacters } from "node:util";

// Pulumi marks colours in its events like `<{%reset%}>`.
const COLORS = /<\{%[^%]*%\}>/g;

/** The lines of a message that say something, without colours. */
export const oneLineEach = (message: string): string[] =>
  stripVTControlCharacters(message.replace(COLORS, ""))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
