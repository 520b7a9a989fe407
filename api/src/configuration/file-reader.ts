import { readFile } from "node:fs/promises";
import type { ConfigReader } from "./reader.ts";

const everyMs = 1_000;

/** Compares contents, since a tool may write a file anew with the time of the old one. */
export const createFileReader = (file: string, intervalMs = everyMs): ConfigReader => ({
  name: `the configuration in ${file}`,
  async read(signal) {
    const text = await readFile(file, { encoding: "utf8", signal });
    // An editor empties a file before it writes it.
    return text === "" ? undefined : text;
  },
  intervalMs: () => intervalMs,
  close: () => undefined,
});
