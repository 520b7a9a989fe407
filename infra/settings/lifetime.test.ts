import assert from "node:assert/strict";
import { lifetimeTag } from "./lifetime.ts";

describe("the tag of a stack's lifetime", () => {
  const expiresAt = "2026-11-28T20:00:00Z";

  it("is the moment that was given", () => {
    assert.deepEqual(lifetimeTag({ environment: "preview", expiresAt }), { ExpiresAt: expiresAt });
  });

  it("is a time after the last change where none was given, so that no run changes it", () => {
    assert.deepEqual(lifetimeTag({ environment: "preview", expiresAt: undefined }), { ExpiresAfter: "7d" });
  });

  for (const environment of ["staging", "production"] as const)
    it(`is none in ${environment}, which does not expire`, () => {
      assert.deepEqual(lifetimeTag({ environment, expiresAt: undefined }), {});
    });
});
