import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jwtVerify } from "jose";
import { localKeySet, localTokens } from "./keys.ts";

describe("the keys and tokens of a machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "keys-test-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("are made where there are none, and kept", async () => {
    const file = join(folder, "keys.json");
    const made = await localKeySet(file);
    assert.deepEqual(await localKeySet(file), made);
    assert.notDeepEqual(await localKeySet(join(folder, "others.json")), made);
  });

  it("are refused where the file holds something else", async () => {
    const file = join(folder, "keys.json");
    writeFileSync(file, "{}");
    await assert.rejects(localKeySet(file), /current key/);
  });

  it("sign one token per role", async () => {
    const keys = await localKeySet(join(folder, "keys.json"));
    const names = { JWT_ISSUER: "us", JWT_AUDIENCE: "you" };
    const { member, admin } = await localTokens(keys, names);
    const verify = (token: string) =>
      jwtVerify(token, Buffer.from(keys.current.k, "base64url"), { issuer: "us", audience: "you" });
    const { payload, protectedHeader } = await verify(member);
    assert.equal(protectedHeader.kid, keys.current.kid);
    assert.equal(payload.sub, "learner-1");
    assert.equal((await verify(admin)).payload["scope"], "admin");
  });
});
