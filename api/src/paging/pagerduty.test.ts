import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pageOf } from "./page.ts";
import { send } from "./pagerduty.ts";

const routingKey = "0123456789abcdef0123456789abcdef";
const page = pageOf({
  id: "m",
  topicArn: "arn:aws:sns:us-east-1:444455556666:alarms",
  subject: undefined,
  text: "Something is wrong",
  sent: "2026-11-21T03:00:00.000Z",
});

describe("sending a page", () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;
  const requests: { method: string | undefined; type: string | undefined; body: unknown }[] = [];
  const note = async (request: IncomingMessage) =>
    requests.push({
      method: request.method,
      type: request.headers["content-type"],
      body: JSON.parse(await text(request)) as unknown,
    });

  before(async () => {
    server = createServer((request, response) => void note(request).then(() => answer(request, response)));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`;
  });
  beforeEach(() => {
    requests.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const sendNow = (deadlineMilliseconds = 5000) => send(page, routingKey, { url, deadlineMilliseconds });
  const fails = (says: RegExp) => (error: unknown) => {
    const { message, cause } = error as Error;
    assert.match(message, says);
    assert.ok(!`${message} ${String(cause)}`.includes(routingKey), "it repeats the key");
    return true;
  };

  it("gives PagerDuty the event and the key", async () => {
    answer = (_request, response) => response.writeHead(202).end('{"status":"success"}');
    await sendNow();
    assert.deepEqual(requests, [
      { method: "POST", type: "application/json", body: { routing_key: routingKey, ...page } },
    ]);
  });

  for (const status of [200, 400, 429, 500, 503])
    it(`fails on ${status}, and says what PagerDuty said without the key`, async () => {
      answer = (_request, response) => response.writeHead(status).end(`{"errors":["${routingKey} is wrong"]}`);
      await assert.rejects(sendNow(), fails(new RegExp(`did not take the page: ${status} .*\\(the routing key\\)`)));
    });

  it("gives the key to nobody to whom it is sent on", async () => {
    answer = (_request, response) => response.writeHead(307, { location: "/elsewhere" }).end();
    await assert.rejects(sendNow(), fails(/was not reached/));
    assert.equal(requests.length, 1);
  });

  it("does not wait longer than it may, for the answer or for its end", async () => {
    for (const silent of [
      () => undefined,
      (...[, response]: Parameters<RequestListener>) => response.writeHead(202).write("{"),
    ]) {
      answer = silent;
      await assert.rejects(sendNow(200), fails(/was not reached: .*timeout/));
    }
  });

  it("fails where nobody listens", async () => {
    const options = { url: "http://127.0.0.1:1/", deadlineMilliseconds: 5000 };
    await assert.rejects(send(page, routingKey, options), fails(/was not reached: fetch failed: /));
  });
});
