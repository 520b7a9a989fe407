import { createHash } from "node:crypto";
import { BSON } from "mongodb";

/** A document whose numbers, dates, and ids keep their types: read with `typesKept`. */
export type TypedDocument = BSON.Document;

/** What makes the driver keep types that JavaScript has not: 3 and 3.0 are two things in a database. */
export const typesKept = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
} as const;

/** A name that begins with a dollar would be read back as a type. Throws what says so. */
export class NotStorableError extends Error {
  constructor(key: string) {
    super(`a document has a field ${JSON.stringify(key)}, which Extended JSON cannot carry`);
    this.name = "NotStorableError";
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !("_bsontype" in value) && !(value instanceof Date);

/** The same value with the fields of every object in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlain(value)) return value;
  const keys = Object.keys(value).sort();
  const reserved = keys.find((key) => key.startsWith("$"));
  if (reserved !== undefined) throw new NotStorableError(reserved);
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/** One line of canonical Extended JSON, as it was stored. Throws a NotStorableError. */
export function lineOf(document: TypedDocument): string {
  sorted(document);
  return BSON.EJSON.stringify(document, { relaxed: false });
}

export const documentOf = (line: string): TypedDocument => BSON.EJSON.parse(line, { relaxed: false }) as TypedDocument;

/** SHA-256 of a document, in hexadecimal: the same for the same content, in whatever order its fields stand. */
export const checksumOf = (document: TypedDocument): string =>
  createHash("sha256")
    .update(BSON.EJSON.stringify(sorted(document), { relaxed: false }))
    .digest("hex");

/** What tells two sets of documents apart, whatever order they were read in. */
export interface Fingerprint {
  readonly count: number;
  /** SHA-256 of the sorted checksums of the documents, in hexadecimal. */
  readonly sha256: string;
}

export const fingerprintOf = (checksums: readonly string[]): Fingerprint => ({
  count: checksums.length,
  sha256: createHash("sha256")
    .update([...checksums].sort().join("\n"))
    .digest("hex"),
});

export const isSame = (one: Fingerprint, other: Fingerprint): boolean =>
  one.count === other.count && one.sha256 === other.sha256;
