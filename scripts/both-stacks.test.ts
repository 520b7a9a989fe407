import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statefulTypes, uncovered } from "../infra/settings/recovery.ts";
import { sandbox, sandboxJson } from "./conformance/sandbox-cli.ts";
import { stacksUp } from "./conformance/stacks-up.ts";
import { foreignPrincipals } from "./foreign-principals.ts";
import { asBefore, type Identity, identitiesOf, identityChanges, successorsOf } from "./identities.ts";
import { ALLOW_LIST } from "./isolation-allow-list.ts";
import { findLeaks, type StackFacts } from "./isolation.ts";
import { reachabilityLines, reachabilityOf } from "./reachability.ts";
import { factsOf } from "./stack-facts.ts";

const STACKS = ["staging", "production"] as const;

describe("both stacks, as npm start leaves them", function () {
  this.timeout(180_000);
  let state = "";
  const facts = new Map<string, StackFacts>();
  const of = (stack: string): StackFacts => facts.get(stack) ?? assert.fail(`${stack} is not up`);
  const accountOf = (stack: string): string => of(stack).config.get("groundwork:awsAccountId") ?? "";

  before(async () => {
    ({ state } = await stacksUp());
    for (const stack of STACKS) facts.set(stack, await factsOf({ cwd: import.meta.dirname, stateDir: state }, stack));
  });

  it("nothing of one stands in the other", () => {
    const { leaks, compared } = findLeaks(of("staging"), of("production"), ALLOW_LIST);
    assert.deepEqual(leaks, []);
    assert.ok(compared > 10_000);
  });

  for (const stack of STACKS) {
    it(`${stack}: from the internet only the load balancer is reached, and data only from the service`, () => {
      const reachability = reachabilityOf(of(stack).resources);
      process.stdout.write(`${[`      ${stack}`, ...reachabilityLines(reachability)].join("\n        ")}\n`);
      assert.deepEqual(reachability.findings, []);
      assert.ok(reachability.hops.length >= 5);
    });

    it(`${stack}: no role, key, secret, bucket, or repository trusts another account`, () => {
      assert.deepEqual(foreignPrincipals(of(stack).resources, accountOf(stack)), []);
    });

    it(`${stack}: has no more resources than docs/decisions/0014 gives a reason for`, () => {
      assert.ok(of(stack).resources.length <= 450, `${of(stack).resources.length} resources`);
    });

    it(`${stack}: whatever holds data is covered by something`, () => {
      const left = uncovered(
        of(stack).resources.map(({ type, urn }) => ({ type, name: urn.split("::").at(-1) ?? "" })),
      );
      assert.deepEqual(left, []);
    });

    it(`${stack}: what holds data is what was recorded, or is led to it by an alias`, async () => {
      const recorded = JSON.parse(
        readFileSync(join(import.meta.dirname, "identities", `${stack}.json`), "utf8"),
      ) as Identity[];
      assert.ok(recorded.length > 10);
      const changes = identityChanges(recorded, identitiesOf(of(stack).resources, statefulTypes));
      const problems = changes.renamed.map(({ was, now }) => `${was.urn} is ${now.id}, and was ${was.id}`);
      for (const lost of changes.lost) {
        const moved = await Promise.all(successorsOf(lost, changes).map((one) => isMoved(stack, lost, one)));
        if (!moved.includes(true)) problems.push(`${lost.urn} (${lost.id}) is gone, and no alias leads to it`);
      }
      assert.deepEqual(problems, [], "a real update would replace it; if that is meant, run: npm run identities");
    });
  }

  /** Whether the program, run on a state in which the resource still has its former URN, keeps it. */
  async function isMoved(stack: string, lost: Identity, now: Identity): Promise<boolean> {
    const directory = mkdtempSync(join(tmpdir(), "moved-"));
    try {
      const exported = await sandbox("export", "--show-secrets", "--stack", stack, "--state-dir", state);
      const file = join(directory, "state.json");
      writeFileSync(file, asBefore(exported.stdout, now, lost));
      const place = ["--stack", stack, "--state-dir", join(directory, "state")];
      await sandbox("import", file, ...place);
      const { operations } = await sandboxJson("preview", "--no-policy", ...place);
      return !operations.some(
        ({ op, urn }) => (urn === lost.urn || urn === now.urn) && /delete|replace|create/.test(op),
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});
