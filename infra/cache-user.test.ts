import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CacheUser, type CacheUserArgs } from "./cache-user.ts";
import { capture, only, type CapturedResource, valueOf } from "./capture.ts";

const api = join(import.meta.dirname, "..", "api", "src");

/** What a client of Redis has beside commands, and the commands on its connection. */
const ofConnection = new Set(["on", "connect", "close", "destroy", "ping"]);

/** Every command on data in the API's sources: of its clients by their methods' names, and of its Lua scripts. */
function sentByApi(): ReadonlySet<string> {
  const texts = globSync("{dependencies/redis*.ts,http/rate-limit*.ts,maps/*.ts}", { cwd: api })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(api, file), "utf8"));
  return new Set(
    texts
      .flatMap((text) => [...text.matchAll(/\bclient\.(\w+)\(|\bredis\.p?call\('(\w+)'/g)])
      .map(([, method, called]) => (method ?? called ?? "").toLowerCase())
      .filter((name) => !ofConnection.has(name)),
  );
}

const args: CacheUserArgs = { userGroupId: "groundwork-staging-cache-users", keyPrefix: "api:" };

describe("a user of the cache", () => {
  let resources: readonly CapturedResource[];
  let user: CacheUser;
  let inputs: Readonly<Record<string, unknown>>;
  before(async () => {
    ({ resources, result: user } = await capture(() => new CacheUser("groundwork-staging-api", args)));
    ({ inputs } = only(resources, "aws:elasticache/user:User"));
  });

  it("proves an IAM role, under one name for both", () => {
    assert.deepEqual(inputs["authenticationMode"], { type: "iam" });
    assert.equal(inputs["userId"], "groundwork-staging-api-user");
    assert.equal(inputs["userName"], inputs["userId"]);
  });

  it("reaches its own keys alone, and no command that concerns others", () => {
    const words = String(inputs["accessString"]).split(" ");
    assert.deepEqual(
      words.filter((word) => /^[~&%]|allkeys|allchannels/.test(word)),
      ["~api:*"],
    );
    // The later word wins: what is taken away stands after all categories that are given.
    const given = words.filter((word) => word.startsWith("+@"));
    assert.deepEqual(given, ["+@connection"]);
    for (const taken of ["-@admin", "-@dangerous"])
      assert.ok(words.indexOf(taken) > words.indexOf("+@connection"), taken);
    assert.equal(words.indexOf("-@all"), 2);
  });

  it("may send what the API sends, and what its scripts call, and nothing else", () => {
    const words = String(inputs["accessString"]).split(" ");
    const allowed = words.filter((word) => /^\+[a-z]/.test(word)).map((word) => word.slice(1));
    assert.deepEqual(allowed.sort(), [...sentByApi()].sort());
  });

  it("joins the group of the cache", async () => {
    assert.deepEqual(only(resources, "aws:elasticache/userGroupAssociation:UserGroupAssociation").inputs, {
      userGroupId: args.userGroupId,
      userId: inputs["userId"],
    });
    assert.equal(await valueOf(user.userId), inputs["userId"]);
    assert.match(await valueOf(user.userArn), /^arn:aws:elasticache:/);
  });

  it("has a name that ElastiCache takes, for the longest stack", async () => {
    const name = `groundwork-preview-${"x".repeat(30)}-api`;
    const long = only((await capture(() => new CacheUser(name, args))).resources, "aws:elasticache/user:User");
    assert.match(String(long.inputs["userId"]), /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/);
  });

  for (const keyPrefix of ["", "api", "*", "API:", "api:* ~other:", ":"]) {
    it(`refuses the key prefix ${JSON.stringify(keyPrefix)}`, async () => {
      await assert.rejects(
        capture(() => new CacheUser("u", { ...args, keyPrefix })),
        /keyPrefix/,
      );
    });
  }
});
