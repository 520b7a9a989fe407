import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { botLogin } from "../github/marked.ts";
import { page, type Received, startStandIn, type StandIn } from "../github/stand-in.cases.ts";
import { commentMarker } from "./comment.ts";
import { reportCommand } from "./command.ts";
import { loss, mandatoryFinding, reportOf, stackReport } from "./report.cases.ts";
import { mostBytes, type PullRequestReport } from "./schema.ts";

const repository = "example-org/groundwork";
const head = "4f9c2d7a1b3c4f9c2d7a1b3c4f9c2d7a1b3c4f9c";
const api = `/repos/${repository}`;

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** A repository with one open pull request, from a fork. */
class PullRequestServer {
  comments: Comment[] = [];
  head = head;
  jobs = [
    { name: "tests", conclusion: "success" },
    { name: "ci", conclusion: "success" },
  ];

  answer({ method, path, body }: Received): { status?: number; body?: unknown } | undefined {
    const [bare = ""] = path.split("?");
    const pull = { number: 7, state: "open", head: { sha: this.head, repo: { full_name: "stranger/groundwork" } } };
    if (bare === `${api}/pulls`) return { body: path.includes("head=stranger%3Afix") ? [pull] : [] };
    if (bare === `${api}/pulls/7`) return { body: pull };
    if (bare === `${api}/actions/runs/42/jobs`) return { body: { total_count: this.jobs.length, jobs: this.jobs } };
    if (bare === `${api}/issues/7/comments`) {
      if (method === "GET") return { body: page(path, this.comments) };
      const comment = { id: 1000 + this.comments.length, body: textOf(body), user: { login: botLogin } };
      this.comments.push(comment);
      return { status: 201, body: comment };
    }
    const [, id] = /\/issues\/comments\/(\d+)$/.exec(bare) ?? [];
    const comment = this.comments.find((each) => each.id === Number(id));
    if (comment === undefined) return undefined;
    comment.body = textOf(body);
    return { body: comment };
  }
}

const textOf = (body: unknown): string => (body as { body: string }).body;

const event = (more: object = {}): object => ({
  repository: { full_name: repository },
  workflow_run: {
    id: 42,
    event: "pull_request",
    html_url: `https://github.com/${repository}/actions/runs/42`,
    head_sha: head,
    head_branch: "fix",
    head_repository: { full_name: "stranger/groundwork", owner: { login: "stranger" } },
    pull_requests: [],
    ...more,
  },
});

describe("npm run report -- comment", () => {
  let folder: string;
  let server: StandIn;
  let state: PullRequestServer;
  let lines: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "report-"));
    mkdirSync(join(folder, "artifact"));
    state = new PullRequestServer();
    server = await startStandIn((request) => state.answer(request));
    lines = [];
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const file = (): string => join(folder, "artifact/report.json");
  const left = (report: PullRequestReport | string): void =>
    writeFileSync(file(), typeof report === "string" ? report : JSON.stringify(report));

  function run(args: readonly string[] = [], given: object = event()): Promise<number> {
    writeFileSync(join(folder, "event.json"), JSON.stringify(given));
    const words = args.includes("--pull-request") ? [] : ["--event", join(folder, "event.json")];
    return reportCommand(["comment", "--artifact", join(folder, "artifact"), ...words, ...args], {
      root: folder,
      env: {
        GITHUB_TOKEN: "token",
        GITHUB_REPOSITORY: repository,
        GITHUB_API_URL: server.url,
        GITHUB_OUTPUT: join(folder, "outputs"),
      },
      print: (text) => lines.push(text),
      say: () => undefined,
    });
  }
  const only = (): string => {
    const [comment, ...others] = state.comments.filter(({ body }) => body.startsWith(commentMarker));
    assert.deepEqual(others, []);
    return comment?.body ?? "";
  };

  it("finds the pull request of a fork by the run's own branch and commit, and says what would change", async () => {
    left(reportOf(stackReport()));
    assert.equal(await run(), 0);
    assert.match(only(), /### Nothing here stops the merge/);
    assert.match(
      only(),
      /\| \*\*staging\*\* \| 1 \| 1 \| 0 \| 0 \| 0 mandatory, 1 advisory \(5 rules\) \| 112\.50 \(\+12\.50, \+12\.5 %\) \|/,
    );
    assert.match(readFileSync(join(folder, "outputs"), "utf8"), new RegExp(`^pull-request=7\ncommit=${head}$`, "m"));
    assert.deepEqual(lines, ["pull request 7: comment created"]);
  });

  it("replaces its comment, and leaves the same one alone", async () => {
    left(reportOf(stackReport()));
    await run();
    left(reportOf(stackReport({ findings: [mandatoryFinding()] })));
    state.jobs.push({ name: "report", conclusion: "failure" });
    await run();
    await run();
    assert.deepEqual(lines, [
      "pull request 7: comment created",
      "pull request 7: comment updated",
      "pull request 7: comment unchanged",
    ]);
    assert.match(only(), /### Stopped\n- \*\*staging\*\*: 1 mandatory finding of the policy pack\.\n\n/);
  });

  it("finds its comment behind a hundred others, and leaves alone what only looks like it", async () => {
    const others = Array.from({ length: 130 }, (_, id) => ({ id, body: "hello", user: { login: "somebody" } }));
    const forged = { id: 500, body: `${commentMarker}\nforged`, user: { login: "stranger" } };
    state.comments = [forged, ...others, { id: 600, body: `${commentMarker}\nold`, user: { login: botLogin } }];
    left(reportOf(stackReport()));
    await run();
    assert.equal(forged.body, `${commentMarker}\nforged`);
    assert.match(state.comments.find(({ id }) => id === 600)?.body ?? "", /Nothing here stops the merge/);
    assert.equal(state.comments.length, 132);
  });

  it("says what would be lost, which backup covers it, and how to say that it is meant", async () => {
    left(reportOf(stackReport({ losses: [loss(false)] })));
    await run();
    assert.match(only(), /1 resource with data would be lost: if that is meant, add the label allow-destroy/);
    assert.match(only(), /\| replace \| database \| every map of every customer \| the cluster's snapshots, 7 days \|/);
    left(reportOf(stackReport({ losses: [loss(true)] })));
    await run();
    assert.match(only(), /Nothing here stops the merge/);
    assert.match(only(), /named as meant/);
  });

  it("names the jobs that failed, also where there is no report", async () => {
    state.jobs = [
      { name: "tests", conclusion: "failure" },
      { name: "ci", conclusion: "failure" },
    ];
    await run();
    assert.match(
      only(),
      /### Stopped\n- There is no report of the stacks: its job did not come that far\.\n- Failed: tests\./,
    );
  });

  it("says nothing where the pull request has a newer commit by now", async () => {
    state.head = "0".repeat(40);
    left(reportOf(stackReport()));
    assert.equal(await run(), 0);
    assert.deepEqual(server.changes(), []);
    assert.match(lines[0] ?? "", /nothing to say/);
  });

  it("takes the number from whoever calls it, too", async () => {
    left(reportOf(stackReport()));
    await run(["--pull-request", "7", "--json"]);
    assert.deepEqual(JSON.parse(lines.join("")), { pullRequest: { number: 7, commit: head }, outcome: "created" });
    await assert.rejects(run(["--pull-request", "8"]), { exitCode: 2, message: /no pull request 8/ });
    await assert.rejects(run(["--pull-request", "7;8"]), { exitCode: 2 });
  });

  it("writes findings as SARIF of its own making", async () => {
    left(reportOf(stackReport({ findings: [mandatoryFinding()] })));
    await run(["--sarif", join(folder, "sarif")]);
    const log = JSON.parse(readFileSync(join(folder, "sarif/staging.sarif"), "utf8")) as {
      runs: { automationDetails: { id: string }; results: { ruleId: string; level: string }[] }[];
    };
    assert.equal(log.runs[0]?.automationDetails.id, "policy/staging/");
    assert.deepEqual(
      log.runs[0].results.map(({ ruleId, level }) => [ruleId, level]),
      [["bucket-encrypted", "error"]],
    );
  });

  it("refuses an event that no pull request began", async () => {
    await assert.rejects(run([], event({ event: "push" })), { exitCode: 2, message: /begun by push/ });
  });

  describe("takes the artifact as a stranger's", () => {
    const hostile =
      "<img src=x onerror=alert(1)> [click](https://evil.example) https://evil.example www.evil.example @everyone #1 | x\n# head";

    it("and makes neither links, nor markup, nor mentions of its texts", async () => {
      left(
        reportOf(
          stackReport({ errors: [hostile], findings: [{ ...mandatoryFinding(), wrong: hostile, fix: hostile }] }),
        ),
      );
      await run();
      const body = only();
      assert.doesNotMatch(body, /<img|\]\(https:\/\/evil|https:\/\/evil|www\.evil|@everyone|#1|^# head/m);
      const links = [...body.matchAll(/https?:\/\/[^)\s]+/g)].map(([link]) => link);
      assert.deepEqual(links, [`https://github.com/${repository}/actions/runs/42`]);
    });

    const refusals: readonly (readonly [what: string, spoil: () => void, message: RegExp])[] = [
      ["no JSON", () => left("{"), /is no JSON/],
      [
        "another schema",
        () => left('{"version":1,"stacks":[],"pullRequest":9,"baseFailed":null}'),
        /is no report, at its top/,
      ],
      [
        "a rule that is Markdown",
        () => left(JSON.stringify(reportOf(stackReport({ findings: [{ ...mandatoryFinding(), rule: "`x`" }] })))),
        /stacks\.0\.findings\.0\.rule/,
      ],
      [
        "too many steps",
        () =>
          left(
            JSON.stringify(
              reportOf(stackReport({ steps: Array.from({ length: 201 }, () => stackReport().steps[0]!) })),
            ),
          ),
        /stacks\.0\.steps/,
      ],
      [
        "a stack whose name is a path",
        () => left(JSON.stringify(reportOf(stackReport({ stack: "../../x" })))),
        /stacks\.0\.stack/,
      ],
      [
        "a file that is too large",
        () => {
          left("x");
          truncateSync(file(), mostBytes + 1);
        },
        /is larger than/,
      ],
      ["a link", () => symlinkSync("/etc/passwd", file()), /is a link/],
      ["a folder", () => mkdirSync(file()), /is no file/],
    ];
    for (const [what, spoil, message] of refusals)
      it(`and refuses ${what}, says so in the comment, and fails`, async () => {
        spoil();
        await assert.rejects(run(), { exitCode: 1, message });
        assert.match(only(), /There is no report of the stacks: the artifact/);
        assert.doesNotMatch(only(), /root:/);
      });
  });
});
