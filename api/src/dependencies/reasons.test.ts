import assert from "node:assert/strict";
import { MongoNetworkError, MongoServerError } from "mongodb";
import { ClientOfflineError, SimpleError, SocketTimeoutError } from "redis";
import { mongoReason } from "./mongo-reason.ts";
import { redisReason } from "./redis-reason.ts";

const system = (code: string): Error => Object.assign(new Error("of the system"), { code });

describe("what an error says of MongoDB", () => {
  it("is the connection or the deadline where the database cannot answer", () => {
    assert.equal(mongoReason(new MongoNetworkError("gone")), "connection");
    assert.equal(mongoReason(new MongoServerError({ message: "stepped down", code: 10_107 })), "connection");
    assert.equal(mongoReason(new MongoServerError({ message: "too long", code: 50 })), "deadline");
    assert.equal(mongoReason(system("EPIPE")), "connection");
  });

  it("is our own load where all connections are in use", () => {
    const error = Object.defineProperty(new Error("waited"), "name", { value: "MongoWaitQueueTimeoutError" });
    assert.equal(mongoReason(error), "bulkhead-full");
  });

  it("is nothing where the database has answered, or the program is wrong", () => {
    for (const error of [
      new MongoServerError({ code: 11_000 }),
      new TypeError("ours"),
      system("ERR_INVALID_ARG_TYPE"),
      "text",
    ])
      assert.equal(mongoReason(error), undefined);
  });
});

describe("what an error says of Redis", () => {
  it("is the connection where the server is away, loads, or is a replica", () => {
    for (const error of [
      new ClientOfflineError(),
      new SocketTimeoutError(1),
      new SimpleError("LOADING Redis is loading the dataset in memory"),
      new SimpleError("READONLY You can't write against a read only replica."),
      system("ECONNRESET"),
    ])
      assert.equal(redisReason(error), "connection");
  });

  it("is nothing where the command or the program is wrong", () => {
    for (const error of [
      new SimpleError("WRONGTYPE Operation against a key"),
      new SimpleError("NOSCRIPT none"),
      new TypeError("ours"),
    ])
      assert.equal(redisReason(error), undefined);
  });
});
