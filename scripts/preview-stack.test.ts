import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandbox, type StackResult } from "./conformance/sandbox-cli.ts";
import { stacksUp } from "./conformance/stacks-up.ts";
import { ALLOW_LIST } from "./isolation-allow-list.ts";
import { type AllowList, findLeaks, type IsolationResult, type StackFacts } from "./isolation.ts";
import { leavesOf } from "./isolation-leaves.ts";
import { held } from "./sandbox/end-to-end/held.ts";
import { parseUrn } from "./sandbox/protocol/urn.ts";
import { factsOf } from "./stack-facts.ts";

const STACKS = ["preview-login", "preview-basket"] as const;
const MOST = 40;
const EXPIRES = "2027-01-01T20:00:00Z";

interface Judged extends StackResult {
  readonly policy: readonly { readonly level: string; readonly message: string }[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Resource: string | readonly string[];
}

describe("two previews beside staging", function () {
  this.timeout(180_000);
  const state = mkdtempSync(join(tmpdir(), "previews-"));
  const facts = new Map<string, StackFacts>();
  let results: readonly Judged[];
  let staging: StackFacts;

  const of = (stack: string): StackFacts => facts.get(stack) ?? assert.fail(`${stack} is not up`);
  const inState = (stack: string) => factsOf({ cwd: import.meta.dirname, stateDir: state }, stack);
  /** Both at once, as two branches are. */
  async function both(command: string, ...flags: readonly string[]): Promise<readonly Judged[]> {
    const stacks = STACKS.flatMap((stack) => ["--stack", stack]);
    const { stdout, stderr } = await sandbox(
      command,
      "--skip-preview",
      ...stacks,
      ...flags,
      "--state-dir",
      state,
      "--json",
    );
    assert.ok(stdout.startsWith("["), stderr);
    return JSON.parse(stdout) as readonly Judged[];
  }
  const expiring = ["--config", `groundwork:expiresAt=${EXPIRES}`];
  const make = (stack: string, type: string) => of(stack).resources.filter((resource) => resource.type === type);
  /** Inputs of the one resource of a type. */
  function only(stack: string, type: string): Readonly<Record<string, unknown>> {
    const [first, ...others] = make(stack, type);
    if (first === undefined || others.length > 0) assert.fail(`${stack} has ${others.length + 1} or none of ${type}`);
    return first.inputs;
  }

  before(async () => {
    cpSync((await stacksUp()).state, state, { recursive: true });
    staging = await inState("staging");
    results = await both("up", ...expiring);
    for (const stack of STACKS) facts.set(stack, await inState(stack));
  });
  after(() => rmSync(state, { recursive: true, force: true }));

  for (const [index, stack] of STACKS.entries()) {
    it(`${stack}: is up, and breaks no policy`, () => {
      const result = results[index] ?? assert.fail("no result");
      assert.deepEqual([result.result, result.errors], ["succeeded", []]);
      assert.deepEqual(result.policy, []);
    });

    it(`${stack}: has at most ${MOST} resources, providers and the stack itself among them`, () => {
      const { resources } = of(stack);
      assert.ok(resources.length <= MOST, resources.map(({ urn }) => urn).join("\n"));
    });

    it(`${stack}: names nothing of production, and holds no value that somebody else gave`, () => {
      const texts = [...leavesOf(of(stack))].map(({ leaf }) => leaf.text);
      assert.deepEqual(
        texts.filter((text) => text.includes("production")),
        [],
      );
      const secrets = make(stack, "aws:secretsmanager/secret:Secret").map(
        ({ urn }) => parseUrn(urn).name.split("/")[1],
      );
      assert.deepEqual(secrets.sort(), ["cookie-signing-key", "jwt-signing-keys"]);
      assert.equal(make(stack, "aws:secretsmanager/secretVersion:SecretVersion").length, secrets.length);
    });

    it(`${stack}: its roles reach what is its own, and by name what is staging's`, () => {
      const resources = make(stack, "aws:iam/rolePolicy:RolePolicy")
        .flatMap(({ outputs }) => (JSON.parse(outputs["policy"] as string) as { Statement: Statement[] }).Statement)
        .flatMap(({ Sid, Resource }) => [Resource].flat().map((resource) => `${Sid} ${resource}`));
      const wide = resources.filter((text) => text.includes("*"));
      assert.deepEqual(
        wide.filter((text) => !/^(RegistryToken \*|Logs \S+:\*|Uploads \S+\/(temp|users)\/\*)$/.test(text)),
        [],
      );
      const boundaries = make(stack, "aws:iam/role:Role").map(({ inputs }) => inputs["permissionsBoundary"]);
      assert.equal(boundaries.length, 3);
      for (const boundary of boundaries) assert.match(boundary as string, /groundwork-staging-delivery-preview-roles/);
    });

    it(`${stack}: its keys, its database, and its host are its own`, () => {
      const { accessString } = only(stack, "aws:elasticache/user:User");
      assert.match(String(accessString), new RegExp(`^on ~${stack}:\\* -@all `));
      const { actions } = only(stack, "mongodbatlas:index/customDbRole:CustomDbRole") as {
        readonly actions: readonly { readonly resources: readonly { readonly databaseName: string }[] }[];
      };
      const databases = actions.flatMap((action) => action.resources.map(({ databaseName }) => databaseName));
      assert.deepEqual([...new Set(databases)], [stack]);
      const slug = stack.slice("preview-".length);
      assert.equal(only(stack, "cloudflare:index/dnsRecord:DnsRecord")["name"], `api-${slug}.example.org`);
    });

    it(`${stack}: says until when it lives, and stops at night and for good`, () => {
      const tags = make(stack, "aws:ecs/service:Service").map(({ outputs }) => outputs["tagsAll"]);
      assert.deepEqual(
        tags.map((all) => (all as Record<string, string>)["ExpiresAt"]),
        [EXPIRES],
      );
      const actions = make(stack, "aws:appautoscaling/scheduledAction:ScheduledAction").map(({ inputs }) => inputs);
      const summary = actions.map(({ schedule, scalableTargetAction, endTime }) => [
        schedule,
        (scalableTargetAction as Record<string, unknown>)["maxCapacity"],
        endTime,
      ]);
      assert.deepEqual(summary.sort(), [
        ["cron(0 23 ? * * *)", 0, undefined],
        ["cron(0 6 ? * MON-FRI *)", 1, EXPIRES],
      ]);
    });
  }

  it("nothing of one stands in the other, but what both borrow", () => {
    const [one, other] = STACKS.map((stack) => withoutBorrowing(of(stack)));
    const { leaks, compared } = isolationOf(one, other, staging);
    assert.deepEqual(
      leaks.map(({ value, found }) => `${value} in ${found.where} ${found.path}`),
      [],
    );
    assert.ok(compared > 500, String(compared));
  });

  it("a secret of the other would be found", () => {
    const [one, other] = STACKS.map((stack) => withoutBorrowing(of(stack)));
    const [secret] = make(STACKS[1], "aws:secretsmanager/secret:Secret");
    const [first, ...rest] = one?.resources ?? [];
    if (one === undefined || first === undefined || secret === undefined) assert.fail("there is no secret");
    const curious = { ...first, inputs: { ...first.inputs, other: secret.outputs["arn"] ?? "" } };
    assert.ok(isolationOf({ ...one, resources: [curious, ...rest] }, other, staging).leaks.length > 0);
  });

  it("a second up changes nothing", async () => {
    for (const { result, errors, changes } of await both("up", ...expiring, "--no-policy", "--expect-no-changes"))
      assert.deepEqual([result, errors, Object.keys(changes)], ["succeeded", [], ["same"]]);
  });

  it("destroyed, they leave nothing in the cloud, and staging as it was", async () => {
    const before = held(state);
    for (const { result, errors } of await both("destroy")) assert.deepEqual([result, errors], ["succeeded", []]);
    const others = Object.entries(before).filter(([urn]) => !urn.startsWith("urn:pulumi:preview-"));
    assert.deepEqual(Object.entries(held(state)), others);
    for (const stack of STACKS) assert.deepEqual((await inState(stack)).resources, []);
  });
});

/** Both are configured alike, and what they read of staging's outputs is staging's. */
const withoutBorrowing = ({ stack, resources }: StackFacts): StackFacts => ({
  stack,
  config: new Map(),
  resources: resources.filter(({ type }) => type !== "pulumi:pulumi:StackReference"),
});

function isolationOf(one: StackFacts | undefined, other: StackFacts | undefined, staging: StackFacts): IsolationResult {
  if (one === undefined || other === undefined) assert.fail("there are not two previews");
  const borrowed = new Set([...leavesOf(staging)].map(({ leaf }) => leaf.text));
  const allowed: AllowList = {
    ...ALLOW_LIST,
    values: [
      ...ALLOW_LIST.values,
      ...[...borrowed].map((value) => ({ value, reason: "Staging's, which both borrow." })),
    ],
  };
  return findLeaks(one, other, allowed);
}
