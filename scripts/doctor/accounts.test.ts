import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { type AccountFacts, checkAccounts } from "./accounts.ts";
import { type FakeAccounts, startAccounts } from "./fake-accounts.ts";
import type { Environment } from "./variables.ts";

const facts: AccountFacts = {
  stack: "staging",
  aws: { accountId: "987654321098", region: "us-east-1" },
  cloudflare: { accountId: "9a7806061c88ada191ed06f989cc3dac" },
  datadog: { site: "datadoghq.eu" },
};

const accounts: FakeAccounts = {
  accountId: facts.aws.accountId,
  cloudflareToken: "cloudflare-nobody-sees",
  atlasPublicKey: "atlas-public",
  atlasPrivateKey: "atlas-private-nobody-sees",
  datadogApiKey: "datadog-api-nobody-sees",
  datadogAppKey: "datadog-app-nobody-sees",
};

const tokens: Environment = {
  CLOUDFLARE_API_TOKEN: accounts.cloudflareToken,
  MONGODB_ATLAS_PUBLIC_KEY: accounts.atlasPublicKey,
  MONGODB_ATLAS_PRIVATE_KEY: accounts.atlasPrivateKey,
  DATADOG_API_KEY: accounts.datadogApiKey,
  DATADOG_APP_KEY: accounts.datadogAppKey,
};

const credentials = () => Promise.resolve({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "aws-nobody-sees" });

async function states(environment: Environment, over: object = {}): Promise<Record<string, string>> {
  const checks = await checkAccounts(facts, { environment, credentials, deadlineMilliseconds: 5000, ...over });
  for (const { says, next = "" } of checks) assert.ok(!`${says}${next}`.includes("nobody-sees"));
  return Object.fromEntries(checks.map(({ name, state, says }) => [name, `${state}: ${says}`]));
}

describe("accounts, asked whether they let us in", () => {
  let running: Awaited<ReturnType<typeof startAccounts>>;
  before(async () => {
    running = await startAccounts(accounts);
  });
  after(() => running.stop());

  it("take the right tokens, and AWS's account is the stack's", async () => {
    assert.deepEqual(await states({ ...tokens, ...running.environment }), {
      AWS: "ok: account 987654321098, as staging asks",
      Cloudflare: "ok: the token is active",
      "MongoDB Atlas": "ok: the key is valid",
      Datadog: "ok: both keys are valid",
    });
  });

  it("take no wrong ones", async () => {
    const wrong = Object.fromEntries(Object.keys(tokens).map((name) => [name, "wrong-nobody-sees"]));
    assert.deepEqual(await states({ ...wrong, ...running.environment }), {
      AWS: "ok: account 987654321098, as staging asks",
      Cloudflare: "wrong: it does not take the token (HTTP 401)",
      "MongoDB Atlas": "wrong: it does not take the token (HTTP 401)",
      Datadog: "wrong: it does not take the token (HTTP 403)",
    });
  });

  it("are not asked without a token", async () => {
    const before = running.asked.length;
    const { CLOUDFLARE_API_TOKEN, MONGODB_ATLAS_PUBLIC_KEY } = tokens;
    const found = await states(
      { ...running.environment, CLOUDFLARE_API_TOKEN, MONGODB_ATLAS_PUBLIC_KEY },
      { credentials: () => Promise.reject(new Error("none in ~/.aws-nobody-sees")) },
    );
    assert.deepEqual(found, {
      AWS: "missing: no credentials, or an expired session",
      Cloudflare: "ok: the token is active",
    });
    assert.deepEqual(running.asked.slice(before), ["/cloudflare/user/tokens/verify"]);
  });

  it("are not waited for: neither credentials that never come, nor a server that never answers", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    try {
      const found = await states(
        { ...tokens, CLOUDFLARE_BASE_URL: address, MONGODB_ATLAS_BASE_URL: address, DATADOG_HOST: address },
        { credentials: () => new Promise(() => undefined), deadlineMilliseconds: 100 },
      );
      assert.match(found["AWS"] ?? "", /^missing/);
      for (const name of ["Cloudflare", "MongoDB Atlas", "Datadog"])
        assert.equal(found[name], "unreachable: not reached (no answer in time)");
    } finally {
      mute.close();
    }
  });

  it("are unreachable, in one line, where nobody listens", async () => {
    const environment = Object.fromEntries(
      Object.keys(running.environment).map((name) => [name, "http://127.0.0.1:9"]),
    );
    for (const found of Object.values(await states({ ...tokens, ...environment }))) {
      assert.match(found, /^unreachable: not reached/);
      assert.ok(!found.includes("\n"));
    }
  });

  it("are another's where the id differs", async () => {
    const other = await startAccounts({ ...accounts, accountId: "111122223333" });
    try {
      const found = await states(other.environment);
      assert.equal(found["AWS"], "wrong: account 111122223333; staging lives in 987654321098");
    } finally {
      other.stop();
    }
  });
});
