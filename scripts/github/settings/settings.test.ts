import assert from "node:assert/strict";
import { openGitHub } from "../api.ts";
import { page, type Received, startStandIn, type StandIn } from "../stand-in.cases.ts";
import { settingsCommand } from "./command.ts";
import { environments, labels, protectedBranches, requiredCheck } from "./wanted.ts";

const repository = "example-org/groundwork";
const root = `/repos/${repository}`;

type Fields = Record<string, unknown>;

/** Keeps what it is given, and answers in the forms in which GitHub answers. */
class Repository {
  readonly kept = new Map<string, unknown>();
  readonly policies = new Map<string, { id: number; name: string }[]>();
  /** Variables and secrets of an environment. */
  readonly names = new Map<string, Readonly<Record<string, unknown>>>();
  #next = 1;

  answer({ method, path, body }: Received): { status?: number; body?: unknown } | undefined {
    const [bare = ""] = path.split("?");
    const policies = /^(.*\/environments\/[^/]+)\/deployment-branch-policies(?:\/(\d+))?$/.exec(bare);
    if (policies !== null) return this.#policy(method, path, policies[1] ?? "", policies[2], body);
    const [, environment = "", kind = ""] = /^(.*\/environments\/[^/]+)\/(variables|secrets)$/.exec(bare) ?? [];
    if (kind !== "") return { body: { total_count: 0, [kind]: this.names.get(environment)?.[kind] ?? [] } };
    if (method === "GET") return this.#read(bare);
    const key = method === "POST" ? `${bare}/${String((body as Fields)["name"])}` : bare;
    this.kept.set(key, { ...(this.kept.get(key) as Fields | undefined), ...(body as Fields) });
    return { status: method === "POST" ? 201 : 200 };
  }

  #read(path: string): { body: unknown } | undefined {
    if (path === "/orgs/example-org/teams/platform") return { body: { id: 77, slug: "platform" } };
    const kept = this.kept.get(path);
    if (kept === undefined) return path === root ? { body: { default_branch: "develop" } } : undefined;
    if (path.endsWith("/protection")) return { body: protectionAnswer(kept as Fields) };
    if (path.includes("/environments/")) return { body: environmentAnswer(kept as Fields) };
    return { body: { id: 5, url: "https://api.github.com/", ...(kept as Fields) } };
  }

  #policy(method: string, path: string, environment: string, id: string | undefined, body: unknown) {
    const all = this.policies.get(environment) ?? [];
    if (!this.kept.has(environment)) return undefined;
    if (method === "GET") return { body: { total_count: all.length, branch_policies: page(path, all) } };
    if (method === "POST") all.push({ id: (this.#next += 1), name: String((body as Fields)["name"]) });
    this.policies.set(environment, method === "DELETE" ? all.filter((each) => each.id !== Number(id)) : all);
    return method === "DELETE" ? { status: 204 } : { status: 200 };
  }
}

const protectionAnswer = ({ restrictions: _, ...kept }: Fields): Fields =>
  Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [
      name,
      typeof value === "boolean" ? { enabled: value, url: "https://api.github.com/" } : value,
    ]),
  );

const environmentAnswer = (kept: Fields): Fields => ({
  id: 1,
  protection_rules: [
    ...((kept["reviewers"] as Fields[]).length > 0
      ? [
          {
            id: 2,
            type: "required_reviewers",
            prevent_self_review: kept["prevent_self_review"],
            reviewers: (kept["reviewers"] as Fields[]).map(({ type, id }) => ({ type, reviewer: { id, slug: "x" } })),
          },
        ]
      : []),
    ...(kept["deployment_branch_policy"] === null ? [] : [{ id: 3, type: "branch_policy" }]),
  ],
  deployment_branch_policy: kept["deployment_branch_policy"],
});

describe("npm run github -- settings", () => {
  let state: Repository;
  let server: StandIn;
  let lines: string[];

  beforeEach(async () => {
    state = new Repository();
    lines = [];
    server = await startStandIn((request) => state.answer(request));
  });
  afterEach(() => server.close());

  const run = (options: { apply?: boolean; json?: boolean; token?: boolean } = {}): Promise<number> =>
    settingsCommand({
      repository,
      github:
        options.token === false ? undefined : openGitHub({ repository, token: "token", baseUrl: server.url, pause: 1 }),
      apply: options.apply ?? false,
      json: options.json ?? false,
      print: (text) => lines.push(text),
    });

  it("prints every call without a token, and asks nobody", async () => {
    assert.ok((await run({ token: false })) > 10);
    assert.equal(server.received.length, 0);
    const text = lines.join("\n");
    assert.match(text, /^PUT \/repos\/example-org\/groundwork\/branches\/main\/protection\n\{/m);
    assert.match(text, /"the id of team platform"/);
    assert.match(text, /Without GITHUB_TOKEN nobody was asked/);
  });

  it("changes nothing in a dry run, and says what would be called", async () => {
    assert.ok((await run()) > 10);
    assert.deepEqual(server.changes(), []);
    assert.ok(server.received.every(({ authorization }) => authorization === "token token"));
    assert.match(lines.join("\n"), /"id": 77/);
  });

  it("brings the repository there, and has nothing to do the second time", async () => {
    await run({ apply: true });
    const made = server.changes().length;
    assert.equal(await run({ apply: true }), 0);
    assert.equal(server.changes().length, made);
    assert.match(lines.at(-1) ?? "", /0 calls made, (\d+) of \1 settings agree/);
  });

  it("protects both branches with the one check that waits for all", async () => {
    await run({ apply: true });
    for (const { name: branch, strict } of protectedBranches) {
      const kept = state.kept.get(`${root}/branches/${branch}/protection`) as Fields;
      assert.deepEqual((kept["required_status_checks"] as Fields)["checks"], [{ context: requiredCheck }]);
      assert.equal((kept["required_status_checks"] as Fields)["strict"], strict);
      assert.equal(kept["allow_force_pushes"], false);
    }
  });

  it("lets only main into production, and only when somebody else says yes", async () => {
    await run({ apply: true });
    const path = `${root}/environments/production`;
    const kept = state.kept.get(path) as Fields;
    assert.deepEqual(kept["reviewers"], [{ type: "Team", id: 77 }]);
    assert.equal(kept["prevent_self_review"], true);
    assert.deepEqual(
      state.policies.get(path)?.map(({ name }) => name),
      ["main"],
    );
  });

  it("changes only what somebody changed since", async () => {
    await run({ apply: true });
    const before = server.changes().length;
    const production = `${root}/environments/production`;
    state.policies.get(production)?.push({ id: 900, name: "feature/*" });
    state.kept.set(`${root}/labels/${labels[0].name}`, { name: labels[0].name, color: "000000", description: "" });
    const main = `${root}/branches/main/protection`;
    state.kept.set(main, { ...(state.kept.get(main) as Fields), enforce_admins: false });
    assert.equal(await run({ apply: true }), 3);
    assert.deepEqual(
      server
        .changes()
        .slice(before)
        .map(({ method, path }) => `${method} ${path}`),
      [`PATCH ${root}/labels/${labels[0].name}`, `PUT ${main}`, `DELETE ${production}/deployment-branch-policies/900`],
    );
  });

  it("gives machines the calls as JSON", async () => {
    await run({ json: true });
    const { applied, settings } = JSON.parse(lines.join("\n")) as { applied: boolean; settings: { what: string }[] };
    assert.equal(applied, false);
    assert.ok(settings.some(({ what }) => what === "the environment preview"));
  });

  it("says which reviewer GitHub does not know", async () => {
    await server.close();
    server = await startStandIn(() => undefined);
    await assert.rejects(run(), { message: /knows no team platform: .*wanted\.ts/ });
  });

  it("needs a token to apply", async () => {
    await assert.rejects(run({ apply: true, token: false }), { exitCode: 2, message: /GITHUB_TOKEN/ });
  });

  it("names what an environment's jobs still lack, and never asks for a value", async () => {
    const given = {
      variables: [{ name: "AWS_REGION", value: "us-east-1" }],
      secrets: [{ name: "CLOUDFLARE_API_TOKEN" }],
    };
    state.names.set(`${root}/environments/preview`, given);
    await run();
    const text = lines.join("\n").replaceAll("\n  ", " ");
    assert.match(text, /^missing variables of preview: PULUMI_BACKEND_URL, STATE_ROLE_ARN, DEPLOY_ROLE_ARN$/m);
    assert.match(text, /^missing secrets of preview: MONGODB_ATLAS_PUBLIC_KEY/m);
    assert.match(text, /^missing secrets of production: .*SMOKE_TOKEN$/m);
  });

  it("names environments as the roles in AWS expect them", () => {
    const names = environments.map(({ name }) => name);
    for (const name of ["staging", "production", "preview"]) assert.ok(names.includes(name));
  });
});
