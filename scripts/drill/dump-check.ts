import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, UserError } from "../sandbox/user-error.ts";
import { type DumpedCollection, type Manifest, MANIFEST_FILE, readManifest } from "./manifest.ts";

const damaged = (what: string): UserError =>
  new UserError(`the dump is damaged: ${what}. Nothing was replaced; restore from an earlier dump`);

async function orMissing<T>(file: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw damaged(`${file} is missing`);
    throw error;
  }
}

async function checkFile(folder: string, { file, bytes, sha256 }: DumpedCollection): Promise<void> {
  const { size } = await orMissing(file, stat(join(folder, file)));
  if (size !== bytes) throw damaged(`${file} has ${size} bytes instead of ${bytes}`);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(join(folder, file)) as AsyncIterable<Buffer>) hash.update(chunk);
  if (hash.digest("hex") !== sha256) throw damaged(`${file} has other content than when it was written`);
}

/** Reads all of a dump, and changes nothing. Rejects with a UserError that names the first file that is not whole. */
export async function checkedDump(folder: string): Promise<Manifest> {
  const text = await orMissing(MANIFEST_FILE, readFile(join(folder, MANIFEST_FILE), "utf8"));
  const manifest = readManifest(text);
  if (manifest === undefined) throw damaged(`${MANIFEST_FILE} is not as it was written`);
  for (const collection of manifest.collections) await checkFile(folder, collection);
  return manifest;
}
