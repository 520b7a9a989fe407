import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { codeOf, messageOf, UserError } from "../sandbox/user-error.ts";
import { fileName, mostBytes, type PullRequestReport, reportSchema } from "./schema.ts";

/**
 * Reads what a pull request's run wrote, as what a stranger wrote: a plain file of bounded size and of the schema, and
 * nothing else. Throws a `UserError` where it is anything else; undefined where there is none.
 */
export function readArtifact(directory: string): PullRequestReport | undefined {
  const text = boundedText(join(directory, fileName));
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(`the artifact's ${fileName} is no JSON`);
  }
  const report = reportSchema.safeParse(json);
  if (report.success) return report.data;
  const { path, code } = report.error.issues[0] ?? { path: [], code: "" };
  // What zod says of a value can hold the value.
  throw new UserError(`the artifact's ${fileName} is no report, at ${placeOf(path)} (${code})`);
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? "its top" : path.map((part) => (typeof part === "number" ? part : String(part))).join(".");

/** Opens without following a link, and asks the open file what it is: between a look and a read nothing can be put in its place. */
function boundedText(file: string): string | undefined {
  const opened = openedFile(file);
  if (opened === undefined) return undefined;
  try {
    const status = fstatSync(opened);
    if (!status.isFile()) throw new UserError(`the artifact's ${fileName} is no file`);
    if (status.size > mostBytes) throw new UserError(`the artifact's ${fileName} is larger than ${mostBytes} bytes`);
    const buffer = Buffer.alloc(mostBytes);
    let length = 0;
    for (;;) {
      const read = readSync(opened, buffer, length, mostBytes - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(opened);
  }
}

function openedFile(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw new UserError(`the artifact's ${fileName} is a link`);
    throw new UserError(`the artifact's ${fileName} cannot be read: ${messageOf(error)}`);
  }
}
