import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../sandbox/user-error.ts";
import { fileObjects } from "./file-objects.ts";
import { takeDeployLock } from "./lock.ts";
import type { ObjectStore } from "./objects.ts";
import { practiceRecord } from "./practice-records.ts";
import { s3Objects } from "./s3-objects.ts";
import { releaseStore } from "./store.ts";

const BUCKET = "releases";

/** A bucket as S3 serves it: one key at a time, conditional writes, listing in pages of two. */
function bucketServer(): Server {
  const objects = new Map<string, { readonly text: string; readonly tag: string }>();
  return createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "", "http://localhost");
      const key = decodeURIComponent(url.pathname).slice(`/${BUCKET}/`.length);
      const known = objects.get(key);
      const refuse = (status: number, code: string): void => {
        response.writeHead(status, { "Content-Type": "application/xml" });
        response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
      };
      if (request.method === "GET" && url.searchParams.has("list-type")) {
        const after = url.searchParams.get("continuation-token") ?? "";
        const prefix = url.searchParams.get("prefix") ?? "";
        const keys = [...objects.keys()].sort().filter((one) => one.startsWith(prefix) && one > after);
        const page = keys.slice(0, 2);
        const next = keys.length > 2 ? `<NextContinuationToken>${page.at(-1) ?? ""}</NextContinuationToken>` : "";
        const contents = page.map((one) => `<Contents><Key>${one}</Key></Contents>`).join("");
        response.end(
          `<ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${next}${contents}</ListBucketResult>`,
        );
        return;
      }
      if (request.method === "GET") {
        if (known === undefined) refuse(404, "NoSuchKey");
        else response.writeHead(200, { ETag: known.tag }).end(known.text);
        return;
      }
      const body = await text(request);
      const { "if-none-match": none, "if-match": match } = request.headers;
      if (none === undefined && match === undefined) refuse(400, "NoCondition");
      else if ((none === "*" && known !== undefined) || (match !== undefined && known?.tag !== match))
        refuse(412, "PreconditionFailed");
      else {
        const tag = `"${createHash("md5").update(body).digest("hex")}"`;
        objects.set(key, { text: body, tag });
        response.writeHead(200, { ETag: tag }).end();
      }
    })();
  });
}

const stores: Readonly<Record<string, () => Promise<{ objects: ObjectStore; end: () => Promise<void> }>>> = {
  files: async () => {
    const directory = await mkdtemp(join(tmpdir(), "groundwork-records-"));
    return { objects: fileObjects(directory), end: () => rm(directory, { recursive: true }) };
  },
  "a bucket": async () => {
    const server = bucketServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = new S3Client({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: "practice", secretAccessKey: "practice" },
      // The practice bucket reads bodies as they are.
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const end = async (): Promise<void> => {
      client.destroy();
      server.close();
      await once(server, "close");
    };
    return { objects: s3Objects(client, BUCKET), end };
  },
};

for (const [title, open] of Object.entries(stores))
  describe(`release records in ${title}`, () => {
    let objects: ObjectStore;
    let end: () => Promise<void>;
    beforeEach(async () => {
      ({ objects, end } = await open());
    });
    afterEach(() => end());

    it("come back as they were written, the oldest first, each environment's own", async () => {
      const store = releaseStore(objects);
      const [first, second, third] = ["1", "2", "3"].map((version) => practiceRecord(version));
      const other = practiceRecord("4", { environment: "production" });
      for (const record of [third, first, other, second]) await store.add(record!);
      assert.deepEqual(await store.records("staging"), [first, second, third]);
      assert.deepEqual(await store.records("production"), [other]);
    });

    it("are never overwritten: the second of the same moment is refused, and a repeat is not", async () => {
      const store = releaseStore(objects);
      const record = practiceRecord("1");
      await store.add(record);
      await store.add(record);
      await assert.rejects(store.add({ ...record, result: "failed" }), /record of the same moment/);
      assert.deepEqual(await store.records("staging"), [record]);
    });

    it("say which of them is no record", async () => {
      await objects.put("releases/staging/2026.json", '{ "environment": "staging" }');
      await assert.rejects(
        releaseStore(objects).records("staging"),
        /releases\/staging\/2026\.json is no release record, at /,
      );
    });

    it("are written over only by who knows the version that goes", async () => {
      const first = await objects.put("one", "a");
      assert.equal(await objects.put("one", "b"), undefined);
      const second = await objects.put("one", "b", first);
      assert.equal(await objects.put("one", "c", first), undefined);
      assert.deepEqual(await objects.get("one"), { text: "b", tag: second });
      assert.equal(await objects.get("none"), undefined);
    });

    const times = { beatMs: 20, expiryMs: 900, pollMs: 10 };
    const take = (purpose: string, waitMs: number, onWait: (line: string) => void = () => undefined) =>
      takeDeployLock(objects, "staging", { purpose, waitMs, times, onWait });

    it("are behind a lock that the second waits for", async () => {
      const first = await take("release 1", 0);
      const waiting: string[] = [];
      const second = take("release 2", 30_000, (line) => waiting.push(line));
      while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.match(waiting[0]!, /^staging is being changed: release 1 by .* on .*, since 2.*; waiting up to 30 s$/);
      await first.check();
      await first.release();
      await (await second).release();
      assert.equal(waiting.length, 1);
    });

    it("are behind a lock that refuses the second in one line, and that another environment has for itself", async () => {
      const first = await take("release 1", 0);
      await assert.rejects(take("release 2", 0), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^staging is being changed: release 1 by [^\n]*; run this again once it has ended/);
        return true;
      });
      await (await takeDeployLock(objects, "production", { purpose: "release 1", waitMs: 0, times })).release();
      await first.release();
    });

    it("are behind a lock that nobody alive loses, and that is taken from the dead", async () => {
      const alive = await take("release 1", 0);
      await assert.rejects(take("release 2", times.expiryMs + 100), /waited 1 s; run this again/);
      await alive.check();
      await alive.release();
      // It gives no sign of life.
      const dead = await takeDeployLock(objects, "staging", {
        purpose: "release 3",
        waitMs: 0,
        times: { ...times, beatMs: 1_000_000 },
      });
      const next = await take("release 4", 10_000);
      await assert.rejects(dead.check(), /another deploy has taken this one's place/);
      await dead.release();
      await next.check();
      await next.release();
    });

    it("are behind a lock that one of many gets", async () => {
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => take(`release ${index}`, 0)));
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
      for (const result of results) if (result.status === "fulfilled") await result.value.release();
    });
  });
