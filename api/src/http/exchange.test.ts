import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { eventually } from "../../test/eventually.ts";
import { type BareApp, startBareApp } from "../../test/bare-app.ts";
import { createRequestCount } from "./request-count.ts";
import { route } from "./route.ts";

const contract = {
  id: "getThing",
  method: "get",
  path: "/thing",
  summary: "A thing.",
  tag: "things",
  class: "read",
  access: "anyone",
  answers: { 200: { description: "The thing.", body: z.object({ thing: z.literal(1) }) } },
} as const;

describe("an exchange", () => {
  const requests = createRequestCount();
  const waiting: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  let app: BareApp;

  before(async () => {
    const thing = route(contract, async ({ context }) => {
      signals.push(context.signal);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 200, body: { thing: 1 } } as const;
    });
    app = await startBareApp([thing], { requests });
  });
  afterEach(() => {
    for (const answer of waiting.splice(0)) answer();
    signals.length = 0;
  });
  after(() => app.close());

  it("is counted until it is answered, or its client gives up, and what no route has is counted as well", async () => {
    const gone = new AbortController();
    const answers = [fetch(`${app.url}/thing`), fetch(`${app.url}/thing`, { signal: gone.signal })];
    await eventually("two are in flight", () => requests.inFlight === 2 && waiting.length === 2);
    gone.abort();
    await assert.rejects(answers[1]!);
    await eventually("one is in flight", () => requests.inFlight === 1);
    assert.equal((await fetch(`${app.url}/nothing`)).status, 404);
    await eventually("one is in flight", () => requests.inFlight === 1);
    for (const answer of waiting.splice(0)) answer();
    assert.equal((await answers[0]!).status, 200);
    await eventually("none is in flight", () => requests.inFlight === 0);
  });

  it("aborts the signal of a client that gave up, and of no other", async () => {
    const gone = new AbortController();
    const stays = fetch(`${app.url}/thing`);
    await eventually("one has begun", () => signals.length === 1);
    const goes = fetch(`${app.url}/thing`, { signal: gone.signal });
    await eventually("two have begun", () => signals.length === 2);
    gone.abort();
    await assert.rejects(goes);
    await eventually("the second is aborted", () => signals[1]?.aborted === true);
    for (const answer of waiting.splice(0)) answer();
    await (await stays).text();
    await eventually("none is in flight", () => requests.inFlight === 0);
    assert.equal(signals[0]?.aborted, false);
  });

  // Why one, exchange.ts says: a list of listeners can keep every request until the next full collection.
  it("listens to its answer's end once, whatever its route asks for", async () => {
    const responses: ServerResponse[] = [];
    app.server.prependOnceListener("request", (_request, response: ServerResponse) => responses.push(response));
    const answer = fetch(`${app.url}/thing`);
    await eventually("one has begun", () => signals.length === 1);
    assert.equal(responses[0]?.listenerCount("close"), 1);
    for (const go of waiting.splice(0)) go();
    await (await answer).text();
  });
});
