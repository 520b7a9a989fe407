import assert from "node:assert/strict";
import { ResourceNotFoundException, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { cached, keyInSecret } from "./routing-key.ts";

const clientOf = (answer: () => unknown) => ({
  send: (() => Promise.resolve().then(answer)) as unknown as SecretsManagerClient["send"],
});
const secretArn = "arn:aws:secretsmanager:us-east-1:444455556666:secret:s";

describe("the routing key", () => {
  it("is the secret's value, without the line break of whoever typed it", async () => {
    const client = clientOf(() => ({ SecretString: "R0UT1NGKEY\n" }));
    assert.equal(await keyInSecret(client, secretArn)(), "R0UT1NGKEY");
  });

  it("is missing where the secret has no value, or an empty one", async () => {
    const empty = clientOf(() => {
      throw new ResourceNotFoundException({ message: "no AWSCURRENT", $metadata: {} });
    });
    assert.equal(await keyInSecret(empty, secretArn)(), undefined);
    assert.equal(
      await keyInSecret(
        clientOf(() => ({ SecretString: " \n" })),
        secretArn,
      )(),
      undefined,
    );
  });

  it("is not missing because it could not be read", async () => {
    const client = clientOf(() => {
      throw new Error("AccessDeniedException");
    });
    await assert.rejects(keyInSecret(client, secretArn)(), /AccessDenied/);
  });
});

describe("the cached key", () => {
  const world = () => {
    const state = { now: 0, reads: 0, key: "first" as string | undefined };
    const read = () => {
      state.reads += 1;
      return Promise.resolve(state.key);
    };
    return { state, key: cached(read, 1000, () => state.now) };
  };

  it("is read again when its time is over, and not before", async () => {
    const { state, key } = world();
    assert.equal(await key.get(), "first");
    state.key = "second";
    state.now = 999;
    assert.equal(await key.get(), "first");
    state.now = 1000;
    assert.equal(await key.get(), "second");
    assert.equal(state.reads, 2);
  });

  it("is read again once it was of no use", async () => {
    const { state, key } = world();
    await key.get();
    state.key = "second";
    key.forget();
    assert.equal(await key.get(), "second");
  });

  it("counts as soon as it is put in", async () => {
    const { state, key } = world();
    state.key = undefined;
    assert.equal(await key.get(), undefined);
    state.key = "first";
    assert.equal(await key.get(), "first");
  });
});
