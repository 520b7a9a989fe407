import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parseJson, readJsonBody, type JsonBodyOptions } from "./json-body.ts";
import { ProblemError, problemKinds } from "./problem.ts";

const options: JsonBodyOptions = { maxBytes: 1_000, maxDepth: 8, timeoutMs: 30_000 };

const kindOf = (error: unknown): string => (error instanceof ProblemError ? error.kind : String(error));
const detailOf = (error: unknown): string | undefined =>
  error instanceof ProblemError ? (error.options.errors?.[0]?.detail ?? error.detail) : undefined;

describe("a JSON body", () => {
  let server: Server;
  let port: number;
  let limits: JsonBodyOptions;
  /** What reading rejected with, for clients that do not see an answer. */
  let failures: string[];
  let failed: () => void;
  /** What the server does before it reads. */
  let begin: (request: IncomingMessage) => Promise<void>;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await begin(request);
      const body = JSON.stringify({ body: await readJsonBody(request, limits) });
      response.writeHead(200, { "Content-Type": "application/json" }).end(body);
    } catch (error) {
      failures.push(kindOf(error));
      failed();
      const status = error instanceof ProblemError ? problemKinds[error.kind].status : 500;
      const headers = error instanceof ProblemError ? error.options.headers : {};
      response.writeHead(status, headers).end(JSON.stringify({ kind: kindOf(error), detail: detailOf(error) }));
    }
  };
  const post = async (body: NonNullable<RequestInit["body"]>, headers: Readonly<Record<string, string>> = {}) => {
    const init = {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
      duplex: "half",
    } as const;
    const response = await fetch(`http://127.0.0.1:${port}/`, init);
    return {
      status: response.status,
      headers: response.headers,
      ...((await response.json()) as { kind?: string; detail?: string; body?: unknown }),
    };
  };
  /** Sends text as it is, and gives all that comes back until the server closes. */
  const raw = async (text: string): Promise<string> => {
    const socket = connect(port, "127.0.0.1").setEncoding("latin1");
    socket.write(text);
    let received = "";
    for await (const chunk of socket) received += String(chunk);
    return received;
  };
  const chunked = (pieces: readonly Buffer[]) =>
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });

  before(async () => {
    server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    limits = options;
    failures = [];
    failed = () => undefined;
    begin = () => Promise.resolve();
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const type of [
    "application/json",
    "application/json; charset=utf-8",
    'Application/JSON;charset="UTF-8"',
    "application/merge-patch+json",
    "application/vnd.example.map+json; charset=UTF-8",
  ]) {
    it(`is read as ${type}`, async () => {
      const { status, body } = await post('{"a":["é",1,null]}', { "Content-Type": type });
      assert.equal(status, 200);
      assert.deepEqual(body, { a: ["é", 1, null] });
    });
  }

  for (const type of [
    "text/plain",
    "text/json",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin1",
    "application/json; charset=utf-16",
    "application/+json",
    "application/json, text/plain",
    "application/json; charset=utf-8; charset=utf-16",
    "json",
    "",
  ]) {
    it(`is refused as ${JSON.stringify(type)}, with what is taken`, async () => {
      const { status, headers } = await post("{}", { "Content-Type": type });
      assert.equal(status, 415);
      assert.equal(headers.get("accept"), "application/json");
    });
  }

  for (const encoding of ["gzip", "br", "deflate", "zstd", "identity, gzip", "x"]) {
    it(`is refused where it is compressed by ${encoding}, and nothing is unpacked`, async () => {
      const { status, headers } = await post(gzipSync(Buffer.alloc(1e6, " ")), { "Content-Encoding": encoding });
      assert.equal(status, 415);
      assert.equal(headers.get("accept-encoding"), "identity");
    });
  }

  it("may say that it is not compressed", async () => {
    assert.equal((await post("1", { "Content-Encoding": "identity" })).status, 200);
  });

  it("is refused where there is none", async () => {
    for (const body of ["", chunked([])]) {
      const { status, detail } = await post(body);
      assert.deepEqual([status, detail], [400, "must not be empty"]);
    }
    const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: "POST" });
    assert.equal(status, 400);
  });

  it("may come in pieces that break a character, and fill the limit to the byte", async () => {
    const text = Buffer.from(JSON.stringify("é".repeat(499)));
    assert.equal(text.length, options.maxBytes);
    const { body } = await post(chunked([text.subarray(0, 2), text.subarray(2, 500), text.subarray(500)]));
    assert.equal(body, "é".repeat(499));
  });

  it("is refused beyond the limit, by its declared length or by what arrives", async () => {
    const text = Buffer.from(JSON.stringify("a".repeat(999)));
    for (const body of [text, chunked([text.subarray(0, 10), text.subarray(10)])]) {
      const { status, detail } = await post(body);
      assert.deepEqual([status, detail], [413, "The body may have 1000 bytes."]);
    }
  });

  it("is refused by its declared length before a byte of it has come", async () => {
    const socket = connect(port, "127.0.0.1").setEncoding("latin1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");
    const [first] = (await once(socket, "data")) as [string];
    assert.match(first, /^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it("is refused so that who first sends all of it, and then reads, gets the answer and may go on", async () => {
    const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    const large = `${head}Content-Length: 2000000\r\n\r\n${" ".repeat(2_000_000)}`;
    const received = await raw(`${large}${head}Connection: close\r\nContent-Length: 2\r\n\r\n{}`);
    assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 413", "HTTP/1.1 200"]);
  });

  it("is not read on and on: who never stops is cut off", async () => {
    const socket = connect(port, "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    socket.resume();
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n");
    const megabyte = Buffer.alloc(1_048_576);
    let sent = 0;
    while (!socket.destroyed && sent < 1_000) {
      sent++;
      await new Promise<void>((resolve) =>
        socket.write(megabyte, () => {
          resolve();
        }),
      );
    }
    await closed;
    assert.ok(sent < 1_000);
    assert.deepEqual(failures, ["too-large"]);
  });

  it("has its time, and the connection is closed after it", async () => {
    limits = { ...options, timeoutMs: 20 };
    const received = await raw(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
    );
    assert.match(received, /^HTTP\/1\.1 408 /);
    assert.match(received, /\r\nConnection: close\r\n/i);
  });

  for (const ending of ["destroy", "resetAndDestroy"] as const) {
    it(`may stop in the middle: the client's ${ending} ends the reading`, async () => {
      const over = new Promise<void>((resolve) => {
        failed = resolve;
      });
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      const requested = once(server, "request");
      socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
      await requested;
      socket[ending]();
      await over;
      assert.deepEqual(failures, ["request-timeout"]);
    });
  }

  it("may have been given up before it is read", async () => {
    const over = new Promise<void>((resolve) => {
      failed = resolve;
    });
    begin = async (request) => {
      const closed = new Promise((resolve) => request.once("close", resolve));
      socket.destroy();
      await closed;
    };
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
    await over;
    assert.deepEqual(failures, ["request-timeout"]);
  });

  for (const [text, detail] of [
    ['{"password":"hunter2"', "is not JSON from line 1, column 22"],
    ['{"a":\n hunter2}', "is not JSON from line 2, column 2"],
    ['{"__proto__":{"admin":true}}', "may not have the name __proto__"],
    ['[{"\\u005f_proto__":1}]', "may not have the name __proto__"],
    ['{"a":{"constructor":{"prototype":{}}}}', "may not have the names constructor and prototype within each other"],
    ["[".repeat(9) + "]".repeat(9), "may have 8 arrays and objects within each other"],
    ['{"a":'.repeat(9) + "1" + "}".repeat(9), "may have 8 arrays and objects within each other"],
  ] as const) {
    it(`is refused as ${text}, with where and why, and without what it says`, async () => {
      const answered = await post(text);
      assert.equal(answered.status, 400);
      assert.equal(answered.detail, detail);
      assert.doesNotMatch(JSON.stringify(answered), /hunter2/);
    });
  }

  it("is refused where it is no UTF-8", async () => {
    const { status, detail } = await post(Buffer.from([0x22, 0xff, 0x22]));
    assert.deepEqual([status, detail], [400, "must be UTF-8"]);
  });

  it("may have names that only look like a prototype's, and the depth that is allowed", () => {
    for (const text of ['{"constructor":"Lego","prototype":1}', "[".repeat(8) + "]".repeat(8)])
      assert.deepEqual(parseJson(Buffer.from(text), 8), JSON.parse(text));
  });

  it("can be as deep as its size allows without a harm to the process", () => {
    for (const text of ["[".repeat(500_000), "[".repeat(250_000) + "]".repeat(250_000)])
      assert.throws(() => parseJson(Buffer.from(text)), ProblemError);
  });

  it("is the value that was written, for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor/.test(text));
        assert.deepEqual(parseJson(Buffer.from(text)), JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("is a value or a refusal, for any bytes", () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: "binary", maxLength: 64 }).map((text) => Buffer.from(text)),
      fc.tuple(fc.json(), fc.nat(), fc.string()).map(([json, at, added]) => {
        const middle = at % (json.length + 1);
        return Buffer.from(json.slice(0, middle) + added + json.slice(middle));
      }),
    );
    fc.assert(
      fc.property(junk, (bytes) => {
        try {
          parseJson(bytes);
        } catch (error) {
          assert.equal(kindOf(error), "invalid-request");
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("never gets an answer of 500, whatever is sent with whatever headers", async () => {
    const headerValue = fc.oneof(
      fc.constantFrom("application/json", "identity", "gzip", "utf-8", "*/*", ";", "application/json;charset=", "0"),
      fc.string({ unit: fc.constantFrom(...'abc/+;=", 01'.split("")), maxLength: 20 }),
    );
    const headers = fc.record(
      { "Content-Type": headerValue, "Content-Encoding": headerValue, "Accept-Encoding": headerValue },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1_200 }), headers, async (bytes, sent) => {
        const { status } = await post(Buffer.from(bytes), sent);
        assert.ok(status < 500, String(status));
      }),
      { numRuns: 300 },
    );
  });
});
