import assert from "node:assert/strict";
import { unknown } from "../../test/resource.ts";
import { Unknown } from "../unknown.ts";
import { accountIn, ownAccounts } from "./own-account.ts";

describe("ownAccounts", () => {
  const list = (value: ReturnType<typeof ownAccounts>): unknown => (value instanceof Unknown ? value : [...value]);

  it("are those that the provider allows, as text or as a list", () => {
    const own = ["111122223333"];
    assert.deepEqual(list(ownAccounts({ props: {}, provider: { allowedAccountIds: '["111122223333"]' } })), own);
    assert.deepEqual(list(ownAccounts({ props: {}, provider: { allowedAccountIds: own } })), own);
  });

  it("are that of its own ARN or boundary, where the provider allows all", () => {
    const arn = "arn:aws:iam::111122223333:role/a";
    assert.deepEqual(list(ownAccounts({ props: { arn }, provider: {} })), ["111122223333"]);
    assert.deepEqual(list(ownAccounts({ props: { permissionsBoundary: arn }, provider: undefined })), ["111122223333"]);
    assert.deepEqual(list(ownAccounts({ props: {}, provider: undefined })), []);
  });

  it("are unknown while the provider's are", () => {
    assert.equal(ownAccounts({ props: {}, provider: { allowedAccountIds: unknown } }), unknown);
  });
});

describe("accountIn", () => {
  it("reads an ARN and a bare number, and nothing else", () => {
    assert.equal(accountIn("arn:aws:iam::111122223333:root"), "111122223333");
    assert.equal(accountIn("111122223333"), "111122223333");
    for (const value of ["*", "arn:aws:iam::*:root", "arn:aws:s3:::b", undefined])
      assert.equal(accountIn(value), undefined);
  });
});
