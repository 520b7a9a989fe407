import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { serverClasses } from "./server-classes.ts";

describe("a server's classes of an Express application", () => {
  const app = express();
  const before: unknown[] = [];
  app.post("/echo/:name", express.text(), (request, response) => {
    response
      .status(201)
      .set("X-Path", request.path)
      .json({ name: request.params.name, body: request.body as unknown });
  });
  const server = createServer(serverClasses(app), (request, response) => {
    before.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    assert.ok(request instanceof IncomingMessage && response instanceof ServerResponse);
    app(request, response);
  });

  beforeEach(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("make requests and responses that have the application's prototypes before it sees them", async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/echo/a`;
    const response = await fetch(url, { method: "POST", body: "text" });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("x-path"), "/echo/a");
    assert.deepEqual(await response.json(), { name: "a", body: "text" });
    assert.deepEqual(before, [app.request, app.response]);
  });
});
