import { createHash } from "node:crypto";
import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const index = z.looseObject({ name: z.string(), key: z.record(z.string(), z.union([z.number(), z.string()])) });

const collection = z.object({
  name: z.string(),
  /** Beside the manifest: one document in a line, as canonical Extended JSON. */
  file: z.string().regex(/^[^/\\]+\.ejsonl$/),
  bytes: z.int().min(0),
  /** Of the file. */
  sha256,
  /** Of the documents, in whatever order. */
  documents: z.object({ count: z.int().min(0), sha256 }),
  /** Without the one that every collection has. */
  indexes: z.array(index),
});

const manifest = z.object({
  format: z.literal("groundwork-dump-1"),
  database: z.string(),
  /** Before the first document was read: what was written later may be missing. */
  takenAt: z.iso.datetime(),
  collections: z.array(collection),
});

export type IndexDescription = Readonly<z.output<typeof index>>;
export type DumpedCollection = Readonly<z.output<typeof collection>>;
/** What a dump holds, written after everything else: a folder without it is no dump. */
export type Manifest = Readonly<z.output<typeof manifest>>;

export const MANIFEST_FILE = "manifest.json";

const checksumOf = (content: string): string => createHash("sha256").update(content).digest("hex");

/** The text of the file: what it says, and a checksum of that. */
export function manifestText(content: Manifest): string {
  const text = JSON.stringify(content);
  return `${JSON.stringify({ sha256: checksumOf(text), manifest: text })}\n`;
}

const envelope = z.object({ sha256, manifest: z.string() });

/** Undefined where the text is damaged, or no manifest. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const { sha256: expected, manifest: content } = envelope.parse(JSON.parse(text));
    return checksumOf(content) === expected ? manifest.parse(JSON.parse(content)) : undefined;
  } catch {
    return undefined;
  }
}
