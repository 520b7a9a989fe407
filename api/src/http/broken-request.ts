import { type Server, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { problemDocument, ProblemError, type ProblemKind, problemKinds } from "./problem.ts";
import { requestIdOf } from "./request-id.ts";
import { commonHeaders } from "./send.ts";

/** By the code of Node's error; any other is no HTTP. */
const kinds: Readonly<Record<string, ProblemKind>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "request-timeout",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "too-large",
  HPE_HEADER_OVERFLOW: "too-large",
};

const details: Readonly<Partial<Record<ProblemKind, string>>> = {
  "invalid-request": "It is no HTTP request.",
  "too-large": "Its headers are too large.",
};

/** As any other problem, and the connection ends. `code` is that of Node's error, where there is one. */
function answerTo(code: string | undefined) {
  const kind = kinds[code ?? ""] ?? "invalid-request";
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify(problemDocument(new ProblemError(kind, details[kind]), requestId));
  const headers = {
    ...commonHeaders(requestId, true),
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  };
  return { status: problemKinds[kind].status, headers, body };
}

/** The whole answer to what Node's parser could not make a request of. */
function answerText(code: string | undefined): string {
  const { status, headers, body } = answerTo(code);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n");
}

/** Answers a request that Node's parser took, and that is none all the same. */
export function refuseBrokenRequest(response: ServerResponse): void {
  const { status, headers, body } = answerTo(undefined);
  response.writeHead(status, headers).end(body);
}

/** Node hangs the answer that is under way on its socket, and its own listener asks the same. */
function hasBegunAnswer(socket: Duplex): boolean {
  const pending: unknown = Reflect.get(socket, "_httpMessage");
  return pending instanceof ServerResponse && pending.headersSent;
}

/** Answers broken requests where no other answer stands half written on their connection, and ends it. */
export function answerBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET" || hasBegunAnswer(socket)) socket.destroy(error);
    else socket.end(answerText(error.code), () => socket.destroy());
  });
}
