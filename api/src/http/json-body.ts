import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { positionOfFault } from "./json-body-position.ts";
import { ProblemError, type ProblemKind } from "./problem.ts";

export interface JsonBodyOptions {
  readonly maxBytes: number;
  /** Arrays and objects within each other. Default: 32. */
  readonly maxDepth?: number;
  /** From the headers to the last byte, in milliseconds. Default: 10 seconds. */
  readonly timeoutMs?: number;
}

const mostDepth = 32;
const longestMs = 10_000;

/** How much of a body that is too large is still read and dropped, so that the client gets to see its answer. */
const linger = { bytes: 8 * 1_048_576, milliseconds: 5_000, checkMilliseconds: 50 } as const;

/** `application/json` or any `+json`, in UTF-8. */
const jsonMediaType =
  /^application\/(?:json|[a-z0-9!#$&^_.+-]+\+json)[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?;?$/i;

/**
 * A request's body as JSON. Rejects with a ProblemError:
 * - `unsupported-media-type`: not JSON in UTF-8, or compressed
 * - `too-large`: by its Content-Length, before a byte is read, or by what arrives
 * - `invalid-request`: empty, no UTF-8, no JSON, too deep, or with names that reach an object's prototype
 * - `request-timeout`: not complete in time, or the client went away
 */
export async function readJsonBody(request: IncomingMessage, options: JsonBodyOptions): Promise<unknown> {
  const { "content-type": type, "content-encoding": encoding, "content-length": length } = request.headers;
  if (length === "0" || (length === undefined && request.headers["transfer-encoding"] === undefined)) throw empty();
  // Nothing is decompressed: a kilobyte could become a gigabyte.
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    throw refused(request, "unsupported-media-type", "The body may not be compressed.", {
      "Accept-Encoding": "identity",
    });
  if (type !== "application/json" && !jsonMediaType.test(type ?? ""))
    throw refused(request, "unsupported-media-type", "The body must be application/json in UTF-8.", {
      Accept: "application/json",
    });
  if (Number(length) > options.maxBytes) throw tooLarge(request, options.maxBytes);
  // It may have gone while somebody else looked at the headers; then no event comes any more.
  if (request.destroyed) throw gone(undefined);
  return parseJson(await readAll(request, options), options.maxDepth ?? mostDepth);
}

const wrong = (detail: string): ProblemError =>
  new ProblemError("invalid-request", undefined, { errors: [{ in: "body", pointer: "", detail }] });

const empty = (): ProblemError => wrong("must not be empty");

function refused(
  request: IncomingMessage,
  kind: ProblemKind,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): ProblemError {
  dropRest(request);
  return new ProblemError(kind, detail, { headers });
}

const tooLarge = (request: IncomingMessage, maxBytes: number): ProblemError =>
  refused(request, "too-large", `The body may have ${maxBytes} bytes.`);

/**
 * Lets the client finish while it is answered: a socket that closes with unread bytes is reset, and a reset throws away
 * an answer that has not been read. Who sends on for too long is cut off all the same.
 */
function dropRest(request: IncomingMessage): void {
  const { socket } = request;
  const most = socket.bytesRead + linger.bytes;
  const until = performance.now() + linger.milliseconds;
  // Node takes the request's listeners away once it is answered, so that the socket itself is asked.
  const timer = setInterval(() => {
    if (socket.bytesRead <= most && performance.now() <= until) return;
    clearInterval(timer);
    socket.destroy();
  }, linger.checkMilliseconds).unref();
  for (const event of ["end", "close"]) {
    request.once(event, () => {
      clearInterval(timer);
    });
  }
  request.on("error", () => undefined);
  request.resume();
}

const gone = (cause: unknown): ProblemError =>
  new ProblemError("request-timeout", "The client went away before its body was complete.", { cause });

function readAll(request: IncomingMessage, { maxBytes, timeoutMs = longestMs }: JsonBodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const settle = (): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onGone).off("error", onGone);
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > maxBytes) {
        settle();
        reject(tooLarge(request, maxBytes));
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received));
    };
    const onGone = (cause?: Error): void => {
      settle();
      // Nobody is left to read it: for the log.
      request.on("error", () => undefined);
      reject(gone(cause));
    };
    const onLate = (): void => {
      settle();
      dropRest(request);
      reject(
        new ProblemError("request-timeout", `The body was not complete within ${timeoutMs / 1000} seconds.`, {
          headers: { Connection: "close" },
        }),
      );
    };
    const timer = setTimeout(onLate, timeoutMs);
    request.on("data", onData).on("end", onEnd).on("close", onGone).on("error", onGone);
  });
}

/** Throws a ProblemError `invalid-request` that says where, and repeats nothing of the text. */
export function parseJson(bytes: Buffer, maxDepth: number = mostDepth): unknown {
  if (bytes.length === 0) throw empty();
  if (!isUtf8(bytes)) throw wrong("must be UTF-8");
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line = 1, column = 1 } = positionOfFault(text) ?? {};
    throw wrong(`is not JSON from line ${line}, column ${column}`);
  }
  refuseUnsafe(value, maxDepth);
  return value;
}

/** Level by level, so that no depth can exhaust the stack. */
function refuseUnsafe(value: unknown, maxDepth: number): void {
  let level: object[] = isContainer(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) throw wrong(`may have ${maxDepth} arrays and objects within each other`);
    const next: object[] = [];
    for (const container of level) {
      if (!Array.isArray(container)) refusePrototype(container);
      const values: readonly unknown[] = Array.isArray(container) ? container : Object.values(container);
      for (const inner of values) if (isContainer(inner)) next.push(inner);
    }
    level = next;
  }
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Harmless as they are parsed; whoever merges them into another object changes every object's prototype. */
function refusePrototype(object: object): void {
  if (Object.hasOwn(object, "__proto__")) throw wrong("may not have the name __proto__");
  if (!Object.hasOwn(object, "constructor")) return;
  const { constructor } = object as { readonly constructor: unknown };
  if (isContainer(constructor) && Object.hasOwn(constructor, "prototype"))
    throw wrong("may not have the names constructor and prototype within each other");
}
