import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Binary, BSON, type Document } from "mongodb";
import { createMongo } from "./mongo.ts";

const opMsg = 2013;
const opQuery = 2004;
const opReply = 1;

/** Speaks as much of MongoDB's protocol as a client needs to sign in, and keeps what it was told. */
async function startSignInServer() {
  const commands: Document[] = [];
  const sockets = new Set<Socket>();
  const answer = (command: Document): Document => {
    commands.push(command);
    if ("saslStart" in command) {
      const { r } = BSON.deserialize((command["payload"] as Binary).buffer) as { readonly r: Binary };
      const nonce = Buffer.concat([r.buffer, Buffer.alloc(32, 7)]);
      const payload = new Binary(BSON.serialize({ s: new Binary(nonce), h: "sts.amazonaws.com" }));
      return { ok: 1, conversationId: 1, done: false, payload };
    }
    if ("saslContinue" in command)
      return { ok: 1, conversationId: 1, done: true, payload: new Binary(Buffer.alloc(0)) };
    const hello = { helloOk: true, isWritablePrimary: true, ismaster: true, minWireVersion: 0, maxWireVersion: 21 };
    return {
      ok: 1,
      ...hello,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
    };
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0)) {
        const message = bytes.subarray(0, bytes.readInt32LE(0));
        bytes = bytes.subarray(message.length);
        socket.write(reply(message, answer));
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The first message of a connection is an OP_QUERY, the others are OP_MSG with one section. */
function reply(message: Buffer, answer: (command: Document) => Document): Buffer {
  const isQuery = message.readInt32LE(12) === opQuery;
  // OP_QUERY: flags, a name that ends with zero, what to skip and to return. OP_MSG: flags, the kind of the section.
  const at = isQuery ? message.indexOf(0, 20) + 9 : 21;
  const document = BSON.serialize(answer(BSON.deserialize(message.subarray(at, at + message.readInt32LE(at)))));
  const head = Buffer.alloc(isQuery ? 36 : 21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(isQuery ? opReply : opMsg, 12);
  // One document is returned.
  if (isQuery) head.writeInt32LE(1, 32);
  return Buffer.concat([head, document]);
}

describe("signing in to MongoDB by the task's role", () => {
  it("signs a request to STS with the role's credentials on each connection", async () => {
    const server = await startSignInServer();
    let asked = 0;
    const mongo = createMongo({
      uri: `mongodb://${server.host}/?authMechanism=MONGODB-AWS&authSource=%24external&directConnection=true`,
      database: "any",
      pool: { min: 1, max: 2 },
      credentials: () => {
        asked++;
        return Promise.resolve({ accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "session" });
      },
      log: { info: () => undefined, warn: () => undefined },
    });
    try {
      await mongo.warm();
      assert.equal(mongo.report().state, "up");
      const start = server.commands.find((command) => "saslStart" in command);
      assert.equal(start?.["mechanism"], "MONGODB-AWS");
      assert.equal(start["$db"], "$external");
      const proof = server.commands.find((command) => "saslContinue" in command);
      const { a, t } = BSON.deserialize((proof?.["payload"] as Binary).buffer) as Readonly<Record<string, string>>;
      assert.match(a ?? "", /^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE\/\d{8}\/us-east-1\/sts\/aws4_request, /);
      assert.equal(t, "session");
      assert.ok(asked >= 1);
      assert.ok(!JSON.stringify(server.commands).includes("secret"));
    } finally {
      await mongo.close();
      server.close();
    }
  });
});
