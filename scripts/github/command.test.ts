import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGitHub } from "./api.ts";
import { githubCommand } from "./command.ts";
import { botLogin } from "./marked.ts";
import { type Answer, page, type Received, startStandIn, type StandIn } from "./stand-in.cases.ts";

const repository = "example-org/groundwork";
const api = `/repos/${repository}`;
const marker = "<!-- groundwork-drift:staging -->";
const digest = `sha256:${"a".repeat(64)}`;
const commit = "4f9c2d7a1b3c4f9c2d7a1b3c4f9c2d7a1b3c4f9c";

const record = {
  environment: "production",
  version: "1.4.0+4f9c2d7a1b3c",
  commit,
  tree: "1".repeat(40),
  imageDigest: digest,
  settingsHash: "b".repeat(64),
  startedAt: "2026-11-21T10:00:00.000Z",
  finishedAt: "2026-11-21T10:04:05.000Z",
  durationSeconds: 245,
  result: "good",
  migrations: [{ fileName: "0002-drop-drafts.ts", irreversible: "drafts are gone" }],
  previousGood: { version: "1.3.0", commit: "2".repeat(40), imageDigest: digest },
};

describe("npm run github", () => {
  let folder: string;
  let server: StandIn;
  let route: (request: Received) => Answer | undefined;
  let lines: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "github-"));
    lines = [];
    route = () => undefined;
    server = await startStandIn((request) => route(request));
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  const run = (...args: readonly string[]): Promise<void> =>
    githubCommand(args, {
      env: { GITHUB_TOKEN: "token", GITHUB_REPOSITORY: repository, GITHUB_API_URL: server.url },
      print: (text) => lines.push(text),
    });

  describe("issue", () => {
    const drifted = { marker, title: "Drift in staging: 1 resource", body: `${marker}\n\nA bucket.`, open: true };
    const known = (body: string, login = botLogin) => ({ id: 900, number: 12, body, title: "Drift", user: { login } });
    const issues =
      (all: readonly unknown[]) =>
      ({ method, path }: Received): Answer =>
        method === "GET" ? { body: page(path, all) } : { status: method === "POST" ? 201 : 200 };

    it("opens one with its label", async () => {
      route = issues([known(`${marker}\nforged`, "stranger")]);
      await run("issue", "--file", file("drift.json", drifted), "--label", "drift");
      assert.match(server.received[0]?.path ?? "", /state=open&labels=drift/);
      assert.deepEqual(server.changes(), [
        {
          method: "POST",
          path: `${api}/issues`,
          body: { title: drifted.title, body: `${marker}\nA bucket.`, labels: ["drift"] },
        },
      ]);
    });

    it("updates the one that is there, and leaves the same alone", async () => {
      route = issues([known(`${marker}\nsomething else`)]);
      await run("issue", "--file", file("drift.json", drifted), "--label", "drift");
      assert.deepEqual(
        server.changes().map(({ method, path }) => `${method} ${path}`),
        [`PATCH ${api}/issues/12`],
      );
      route = issues([known(`${marker}\r\nA bucket.`)]);
      await run("issue", "--file", file("drift.json", drifted), "--label", "drift");
      assert.equal(server.changes().length, 1);
    });

    it("closes it when all is well", async () => {
      route = issues([known(`${marker}\nA bucket.`)]);
      await run("issue", "--file", file("drift.json", { ...drifted, open: false }), "--label", "drift");
      assert.deepEqual(server.changes()[0]?.body, { state: "closed", state_reason: "completed" });
      route = issues([]);
      await run("issue", "--file", file("drift.json", { ...drifted, open: false }), "--label", "drift");
      assert.equal(server.changes().length, 1);
      assert.match(lines.at(-1) ?? "", /nothing to do/);
    });

    it("changes nothing in a dry run", async () => {
      await run("issue", "--file", file("drift.json", drifted), "--label", "drift", "--dry-run");
      assert.equal(server.received.length, 0);
    });
  });

  describe("release", () => {
    const amounts = { low: "1", expected: "329.32", high: "400" };
    const change = { before: amounts, after: amounts, delta: "-4.5", part: "-0.01" };
    const cost = {
      difference: {
        against: "main",
        ...change,
        stacks: [{ stack: "production", environment: "production", ...change, lines: [], newlyUnpriced: [] }],
      },
    };

    it("tells commit, digest, duration, and the cost difference", async () => {
      route = ({ method }) => (method === "POST" ? { status: 201 } : undefined);
      await run("release", "--record", file("record.json", { record }), "--cost", file("cost.json", cost));
      const [made] = server.changes();
      const { tag_name, target_commitish, body } = made?.body as Record<string, string>;
      assert.deepEqual([tag_name, target_commitish], ["v1.4.0-4f9c2d7a1b3c", commit]);
      assert.match(body ?? "", new RegExp(`\\| commit \\| ${commit} \\|`));
      assert.match(body ?? "", new RegExp(`\\| image \\| \`${digest}\` \\|`));
      assert.match(body ?? "", /\| duration \| 4 min 5 s \|/);
      assert.match(body ?? "", /\| cost \| -4\.50 USD a month, now 329\.32 \|/);
      assert.match(body ?? "", /0002-drop-drafts\.ts, final: drafts are gone/);
    });

    it("mends the notes of the same version, and says where nobody compared costs", async () => {
      route = ({ method }) => ({ body: method === "GET" ? { id: 3, name: "1.4.0", body: "old" } : {} });
      await run("release", "--record", file("record.json", record));
      assert.equal(server.changes()[0]?.path, `${api}/releases/3`);
      assert.match((server.changes()[0]?.body as { body: string }).body, /\| cost \| not compared \|/);
    });

    it("publishes no release that failed", async () => {
      await assert.rejects(run("release", "--record", file("record.json", { ...record, result: "failed" })), {
        exitCode: 1,
        message: /no good release/,
      });
    });
  });

  describe("GitHub's answers", () => {
    const open = () => openGitHub({ repository, token: "token", baseUrl: server.url, pause: 1 });

    it("are asked for again where they fail in passing, at most three times", async () => {
      let count = 0;
      route = () => ((count += 1) < 3 ? { status: 502 } : { body: { ok: true } });
      assert.deepEqual(await open().send({ method: "GET", path: "/x" }), { ok: true });
      route = () => ({ status: 503 });
      await assert.rejects(open().send({ method: "PUT", path: "/x", body: {} }), { message: /answers 503 to PUT \/x/ });
      assert.equal(server.received.length, 6);
    });

    it("to what makes something are never asked for twice", async () => {
      route = () => ({ status: 502 });
      await assert.rejects(open().send({ method: "POST", path: "/x", body: {} }), { message: /answers 502/ });
      assert.equal(server.received.length, 1);
    });

    it("that refuse are told in one line, without the token", async () => {
      route = () => ({ status: 403, body: { message: "Resource not accessible by integration" } });
      await assert.rejects(open().send({ method: "GET", path: "/x" }), (error: Error) => {
        assert.match(error.message, /answers 403 to GET \/x, the token may not do this/);
        assert.doesNotMatch(error.message, /\n|token token/);
        return true;
      });
    });

    it("that never come are told, too", async () => {
      const github = openGitHub({ repository, token: "token", baseUrl: "http://127.0.0.1:9", pause: 1 });
      await assert.rejects(github.send({ method: "GET", path: "/x" }), { message: /cannot be reached/ });
    });
  });

  for (const [args, message] of [
    [[], /there is no command/],
    [["setings"], /did you mean "settings"/],
    [["settings"], /--dry-run to look, or --apply/],
    [["settings", "--dry-run", "--apply"], /--dry-run to look, or --apply/],
    [["settings", "--label", "x"], /--label means nothing to settings/],
    [["issue", "--label", "x"], /--file is missing/],
    [["release", "--record", "/nowhere"], /cannot be read as JSON/],
  ] as const)
    it(`refuses ${JSON.stringify(args)}`, () => assert.rejects(run(...args), { exitCode: 2, message }));
});
