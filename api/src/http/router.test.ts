import assert from "node:assert/strict";
import { z } from "zod";
import { startBareApp } from "../../test/bare-app.ts";
import { route, type RouteContract } from "./route.ts";
import type { LimitVerdict, RateLimiter } from "./services.ts";

const contractOf = (method: "get" | "post", kind: "read" | "write") =>
  ({
    id: `${method}Thing`,
    method,
    path: "/thing",
    summary: "A thing.",
    tag: "things",
    class: kind,
    access: "anyone",
    answers: { 200: { description: "The thing.", body: z.object({ thing: z.literal(1) }) } },
  }) as const satisfies RouteContract;

const thing = { status: 200, body: { thing: 1 } } as const;
const verdict = (allowed: boolean): LimitVerdict => ({ allowed, limit: 5, remaining: 0, resetSeconds: 7 });

/** What a thing answers whose work and whose count are these. */
async function ask(
  method: "get" | "post",
  count: RateLimiter,
  work: () => typeof thing | Promise<typeof thing>,
): Promise<number> {
  const contract = contractOf(method, method === "get" ? "read" : "write");
  const app = await startBareApp([route(contract, work)], { limiter: count });
  try {
    return (await fetch(`${app.url}/thing`, { method })).status;
  } finally {
    await app.close();
  }
}

const limiter = (count: () => Promise<LimitVerdict>, refuses = false): RateLimiter =>
  Object.assign(count, { refuses: () => refuses });

describe("the router's limits", () => {
  it("let a read begin while it is counted", async () => {
    const begun = Promise.withResolvers<undefined>();
    const count = limiter(() => begun.promise.then(() => verdict(true)));
    const work = () => {
      begun.resolve(undefined);
      return thing;
    };
    assert.equal(await ask("get", count, work), 200);
  });

  it("let nothing else begin before it is counted", async () => {
    const order: string[] = [];
    const count = limiter(async () => {
      await new Promise(setImmediate);
      order.push("counted");
      return verdict(true);
    });
    const work = () => {
      order.push("begun");
      return thing;
    };
    assert.equal(await ask("post", count, work), 200);
    assert.deepEqual(order, ["counted", "begun"]);
  });

  for (const [what, work] of [
    ["an answer", () => thing],
    ["a failure", () => Promise.reject(new Error("no thing"))],
  ] as const)
    it(`put a refusal before ${what} that came first`, async () => {
      const count = limiter(async () => {
        await new Promise(setImmediate);
        return verdict(false);
      });
      assert.equal(await ask("get", count, work), 429);
    });

  it("begin nothing where the refusal is known", async () => {
    let begun = 0;
    const work = () => {
      begun++;
      return thing;
    };
    assert.equal(
      await ask(
        "get",
        limiter(() => Promise.resolve(verdict(false)), true),
        work,
      ),
      429,
    );
    assert.equal(begun, 0);
  });
});
