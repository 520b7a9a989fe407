import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { capture, valueOf, type CapturedResource } from "./capture.ts";
import { Secrets, type SecretsArgs } from "./secrets.ts";
import { secretEntries, secretsOf } from "./settings/secrets.ts";

const args: SecretsArgs = {
  entries: {
    "jwt-signing-key": { purpose: "Signs.", origin: "generated", owner: "backend", inPreviews: true },
    "mail-api-key": { purpose: "Sends mail.", origin: "provided", owner: "backend", inPreviews: false },
  },
  accountId: "111122223333",
};

const ofType = (resources: readonly CapturedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);

describe("the secrets", () => {
  let secrets: Secrets;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: secrets, resources } = await capture(() => new Secrets("groundwork-staging-secrets", args)));
  });

  it("are entries under a key of their own, restorable for 30 days unless told otherwise", async () => {
    const entries = ofType(resources, "aws:secretsmanager/secret:Secret");
    assert.deepEqual(entries.map(({ name }) => name).sort(), [
      "groundwork-staging-secrets/jwt-signing-key",
      "groundwork-staging-secrets/mail-api-key",
    ]);
    const keyArn = await valueOf(secrets.keyArn);
    for (const { inputs } of entries) {
      assert.equal(inputs["kmsKeyId"], keyArn);
      assert.equal(inputs["recoveryWindowInDays"], 30);
    }
    assert.deepEqual(Object.keys(await valueOf(secrets.arns)), Object.keys(args.entries));
  });

  it("get a random value only where it is made here", () => {
    const versions = ofType(resources, "aws:secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(
      versions.map(({ inputs }) => inputs["secretId"]),
      ["groundwork-staging-secrets/jwt-signing-key-id"],
    );
    assert.equal(ofType(resources, "random:index/randomPassword:RandomPassword").length, 1);
  });

  it("never stand in clear in what is registered", () => {
    const [version] = ofType(resources, "aws:secretsmanager/secretVersion:SecretVersion");
    assert.ok(pulumi.runtime.isRpcSecret(version?.inputs["secretString"]));
  });

  for (const days of [1, 6, 7.5, 31, -1]) {
    it(`refuse a recovery window of ${days} days`, async () => {
      await assert.rejects(
        capture(() => new Secrets("s", { ...args, recoveryWindowDays: days })),
        /recoveryWindowDays: /,
      );
    });
  }

  it("refuse an entry whose name is no name", async () => {
    const entries = { "Mail Key": secretEntries["mail-api-key"] };
    await assert.rejects(
      capture(() => new Secrets("s", { ...args, entries })),
      /entries: 0: must be/,
    );
  });
});

describe("a preview's secrets", () => {
  it("are those that are made with it: no third party's key reaches a preview", () => {
    assert.ok(Object.keys(secretsOf("preview")).length > 0);
    for (const [name, entry] of Object.entries(secretsOf("preview"))) assert.equal(entry.origin, "generated", name);
    assert.deepEqual(secretsOf("production"), secretsOf("staging"));
  });
});
