import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { verdictOf } from "./audit/verdict.ts";
import { type CommandResult, npmEnvironment, runCommand } from "./image/npm.ts";

const script = join(import.meta.dirname, "audit.ts");
const bulk = "/-/npm/v1/security/advisories/bulk";

interface Answer {
  readonly status: number;
  readonly body: string;
}
const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });

const advisory = (severity: string) => ({
  express: [{ id: severity, url: `https://example.org/${severity}`, title: "Bad", severity, vulnerable_versions: "*" }],
});

/** Names to versions, as npm asks for them. */
const asked = z.record(z.string(), z.array(z.string()));

describe("npm run audit", () => {
  let answer: Answer;
  let questions: z.output<typeof asked>[];
  let registry: string;
  let cache: string;
  const server = createServer((request, response) => void respond(request, response));

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.url !== bulk) {
      // What npm asks besides, to find a version that mends it.
      response.writeHead(404).end("{}");
      return;
    }
    const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    questions.push(asked.parse(JSON.parse(text.toString())));
    response.writeHead(answer.status).end(answer.body);
  }

  // npm keeps what it worked out of an advisory, so it gets a cache of its own.
  const audit = (address = registry): Promise<CommandResult> =>
    runCommand(process.execPath, [script], import.meta.dirname, {
      ...npmEnvironment(),
      npm_config_registry: address,
      npm_config_cache: cache,
    });

  before(async () => {
    cache = mkdtempSync(join(tmpdir(), "audit-cache-"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  beforeEach(() => {
    questions = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(cache, { recursive: true });
  });

  it("asks for every dependency of the API and ends with 0 where nothing is known", async () => {
    answer = json({});
    const { exitCode, stdout } = await audit();
    assert.equal(exitCode, 0);
    assert.match(stdout, /^audit: nothing known/);
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(import.meta.dirname, "../api/package.json"), "utf8")));
    for (const [name, version] of Object.entries(dependencies))
      assert.ok(questions[0]?.[name]?.includes(version), `${name}@${version}`);
  });

  const known: readonly [severity: string, exitCode: number][] = [
    ["critical", 1],
    ["high", 1],
    ["moderate", 0],
  ];
  for (const [severity, expected] of known)
    it(`ends with ${expected} where one is ${severity}`, async () => {
      answer = json(advisory(severity));
      const { exitCode, stderr } = await audit();
      assert.equal(exitCode, expected);
      if (expected === 1) assert.equal(stderr, `express, ${severity}: Bad (https://example.org/${severity})\n`);
    });

  const failures: readonly [what: string, answer: Answer][] = [
    ["has no such endpoint", json({}, 404)],
    ["fails", json({}, 500)],
    ["wants a login", json({}, 401)],
    ["answers with a page", { status: 200, body: "<html>" }],
  ];
  for (const [what, given] of failures)
    it(`ends with 2 and one line where the registry ${what}`, async () => {
      answer = given;
      const { exitCode, stdout, stderr } = await audit();
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.match(stderr, /^audit: the registry could not be asked, so nothing is known: .+\n$/);
    });

  it("ends with 2 and one line where nobody listens", async () => {
    const { exitCode, stderr } = await audit("http://127.0.0.1:1/");
    assert.equal(exitCode, 2);
    assert.match(stderr, /^audit: the registry could not be asked, so nothing is known: .+\n$/);
  });
});

describe("what npm audit printed", () => {
  for (const printed of ["", "null", "[]", "npm error", '{"auditReportVersion":2}', '{"vulnerabilities":{}}'])
    it(`${JSON.stringify(printed)} is no clean report`, () => {
      assert.deepEqual(verdictOf(printed), { kind: "not asked", reason: "npm audit printed no report" });
    });
});
