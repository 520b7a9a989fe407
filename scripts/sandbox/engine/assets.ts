import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Archive, Asset, isProperties, OutputValue, type Properties, Secret, type Value } from "../values/value.ts";
import { tar, type TarFile } from "./tar.ts";

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** Gives every asset and archive the hash of its content. Relative paths are those of the program's folder. */
export async function withHashes(properties: Properties, main: string): Promise<Properties> {
  if (!Object.values(properties).some(mayHoldBlob)) return properties;
  const result: Properties = {};
  for (const [key, value] of Object.entries(properties)) result[key] = await hashed(value, main);
  return result;
}

function mayHoldBlob(value: Value): boolean {
  if (value instanceof Asset || value instanceof Archive) return true;
  if (value instanceof Secret) return mayHoldBlob(value.value);
  if (value instanceof OutputValue) return value.value !== undefined && mayHoldBlob(value.value);
  if (Array.isArray(value)) return value.some(mayHoldBlob);
  return isProperties(value) && Object.values(value).some(mayHoldBlob);
}

async function hashed(value: Value, main: string): Promise<Value> {
  if (value instanceof Asset) return value.hash === "" ? hashedAsset(value, main) : value;
  if (value instanceof Archive) return hashedArchive(value, main);
  if (value instanceof Secret) return new Secret(await hashed(value.value, main));
  if (value instanceof OutputValue)
    return value.value === undefined
      ? value
      : new OutputValue(await hashed(value.value, main), value.secret, value.dependencies);
  if (Array.isArray(value)) return Promise.all(value.map((item) => hashed(item, main)));
  if (!isProperties(value)) return value;
  const result: Properties = {};
  for (const [key, item] of Object.entries(value)) result[key] = await hashed(item, main);
  return result;
}

async function hashedAsset(asset: Asset, main: string): Promise<Asset> {
  return new Asset(sha256(await contentOf(asset, main)), asset.source);
}

async function contentOf(asset: Asset, main: string): Promise<Uint8Array> {
  const { text, path, uri } = asset.source;
  if (text !== undefined) return Buffer.from(text);
  if (path !== undefined) return readFile(fromProgram(path, main));
  throw new Error(
    uri === undefined
      ? "an asset without text or path"
      : `the asset ${uri} is remote: the sandbox fetches nothing; use a file`,
  );
}

async function hashedArchive(archive: Archive, main: string): Promise<Archive> {
  const { assets, path, uri } = archive.source;
  if (assets !== undefined) {
    const known: Record<string, Asset | Archive> = {};
    for (const [name, item] of Object.entries(assets))
      known[name] = item instanceof Asset ? await hashedAsset(item, main) : await hashedArchive(item, main);
    if (archive.hash !== "") return new Archive(archive.hash, { assets: known });
    const files = await filesOf(known, "", main);
    return new Archive(sha256(tar(files)), { assets: known });
  }
  if (archive.hash !== "") return archive;
  if (path === undefined)
    throw new Error(
      uri === undefined
        ? "an archive without content"
        : `the archive ${uri} is remote: the sandbox fetches nothing; use a folder`,
    );
  const place = fromProgram(path, main);
  const content = (await stat(place)).isDirectory() ? tar(await filesIn(place, "")) : await readFile(place);
  return new Archive(sha256(content), archive.source);
}

const fromProgram = (path: string, main: string): string =>
  resolve(main.endsWith(".ts") || main.endsWith(".js") ? dirname(main) : main, path);

async function filesOf(assets: Record<string, Asset | Archive>, prefix: string, main: string): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for (const [name, item] of Object.entries(assets)) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    if (item instanceof Asset) files.push({ path, content: await contentOf(item, main) });
    else if (item.source.assets !== undefined) files.push(...(await filesOf(item.source.assets, path, main)));
    else if (item.source.path !== undefined) files.push(...(await filesAt(fromProgram(item.source.path, main), path)));
  }
  return files;
}

/** A folder's files, or a packed archive as the one file that it is. */
async function filesAt(place: string, prefix: string): Promise<TarFile[]> {
  return (await stat(place)).isDirectory()
    ? filesIn(place, prefix)
    : [{ path: prefix, content: await readFile(place) }];
}

/** A folder that Pulumi keeps for itself: it is no part of an archive, and no more are links to other folders. */
const BOOKKEEPING = ".pulumi";

async function filesIn(directory: string, prefix: string): Promise<TarFile[]> {
  const files: TarFile[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    const place = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== BOOKKEEPING) files.push(...(await filesIn(place, path)));
    } else if (!entry.isSymbolicLink() || !(await stat(place)).isDirectory())
      files.push({ path, content: await readFile(place) });
  }
  return files;
}
