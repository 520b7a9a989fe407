import { posix } from "node:path";

export interface TarFile {
  readonly path: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/**
 * The archive of which Pulumi's engine takes the hash: ustar, sorted by path, mode 0600, no owner or time. Equal
 * content gives equal bytes. A path that ustar cannot hold stands in a PAX record before its file, as Go's
 * archive/tar writes it.
 */
export function tar(files: readonly TarFile[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const short = shortName(path);
    if (short === undefined) {
      const record = paxRecord("path", path);
      const name = posix.join(posix.dirname(path), "PaxHeaders.0", posix.basename(path));
      parts.push(header("pax", "", ascii(name).replace(/\/+$/, ""), record.length), ...padded(record));
    }
    const { prefix, name } = short ?? { prefix: "", name: ascii(path) };
    parts.push(header("file", prefix, name, content.length), ...padded(content));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

const padded = (content: Uint8Array): Uint8Array[] => [
  content,
  Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
];

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** What a header holds of a name that is told in full elsewhere. */
function ascii(text: string): string {
  const letters = Buffer.from(Buffer.from(text).filter((byte) => byte < 0x80)).toString("latin1");
  return letters.length > NAME_BYTES ? letters.slice(0, NAME_BYTES).replace(/\/+$/, "") : letters;
}

/** The two parts in which a header holds a path, or undefined where it cannot. */
function shortName(path: string): { prefix: string; name: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= NAME_BYTES) return { prefix: "", name: path };
  const end = path.lastIndexOf("/", PREFIX_BYTES);
  const name = path.slice(end + 1);
  return end <= 0 || name.length > NAME_BYTES || name === "" ? undefined : { prefix: path.slice(0, end), name };
}

/** `LENGTH KEY=VALUE`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

const KINDS = {
  file: { flag: "0", mode: 0o600, hasDevice: true },
  pax: { flag: "x", mode: 0, hasDevice: false },
} as const;

function header(kind: keyof typeof KINDS, prefix: string, name: string, size: number): Buffer {
  const { flag, mode, hasDevice } = KINDS[kind];
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;
  block.write(name, 0, NAME_BYTES);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write(flag, 156);
  block.write("ustar\0" + "00", 257);
  if (hasDevice) {
    block.write(octal(0, 8), 329);
    block.write(octal(0, 8), 337);
  }
  block.write(prefix, 345, PREFIX_BYTES);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
