import assert from "node:assert/strict";
import fc from "fast-check";
import { cloudKey, newSecrets, openSecrets } from "./secrets.ts";

// Made by Pulumi's CLI for the passphrase "password" (its own test data).
const PULUMI_SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

describe("the passphrase secrets provider", () => {
  it("opens a salt that Pulumi's CLI wrote", async () => {
    const secrets = await openSecrets("password", PULUMI_SALT, "test");
    assert.deepEqual(secrets.state, { salt: PULUMI_SALT });
  });

  it("opens a salt of Pulumi's for the empty passphrase", async () => {
    await openSecrets("", "v1:LVuDkcjhUns=:v1:WPbL+tmbxnqWswQ2:lebZxStyHT3IZkmbN+3xCx9zqtoPog==", "test");
  });

  it("refuses another passphrase and names the file and the remedy", async () => {
    await assert.rejects(openSecrets("wrong", PULUMI_SALT, "Pulumi.dev.yaml"), {
      name: "UserError",
      message: /^Pulumi\.dev\.yaml was encrypted under another passphrase: set PULUMI_CONFIG_PASSPHRASE/,
    });
  });

  for (const salt of ["", "v2:AAAA", "v1:AAAA:v1:a:b", "v1:fozI5u6B030=", "v1:fozI5u6B030=:v1:a"])
    it(`refuses the malformed salt ${JSON.stringify(salt)}`, async () => {
      await assert.rejects(openSecrets("password", salt, "file"), {
        name: "UserError",
        message: /^file: the encryption salt/,
      });
    });

  it("gives back every text, and the same ciphertext for the same text", async () => {
    const secrets = await newSecrets("p");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const ciphertext = secrets.encrypt(text);
        assert.match(ciphertext, /^v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]+=*$/);
        assert.equal(secrets.decrypt(ciphertext), text);
        assert.equal(secrets.encrypt(text), ciphertext);
      }),
    );
  });

  it("keeps the ciphertext of a state that was read", async () => {
    const first = await newSecrets("p");
    const ciphertext = first.encrypt("hidden");
    const second = await openSecrets("p", first.state["salt"] ?? "", "state");
    assert.equal(second.decrypt(ciphertext), "hidden");
    assert.equal(second.encrypt("hidden"), ciphertext);
    assert.notEqual(second.encrypt("other"), first.encrypt("other"));
  });

  it("refuses damaged and foreign ciphertexts", async () => {
    const secrets = await newSecrets("p");
    const other = await newSecrets("q");
    for (const text of ["", "plain", "v1:a:b", "v2:AAAAAAAAAAAAAAAA:AAAA", other.encrypt("x")])
      assert.throws(() => secrets.decrypt(text), { name: "UserError" });
  });

  it("derives a stable key for the cloud from the passphrase", async () => {
    const [a, b, c] = await Promise.all([cloudKey("p"), cloudKey("p"), cloudKey("q")]);
    assert.equal(a.length, 32);
    assert.ok(a.equals(b));
    assert.ok(!a.equals(c));
  });
});
