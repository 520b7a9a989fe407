import assert from "node:assert/strict";
import { countFailures, failureOf } from "./failures.ts";

describe("a failure", () => {
  const kinds = {
    DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
    SELF_SIGNED_CERT_IN_CHAIN: "tls",
    CERT_HAS_EXPIRED: "tls",
    ERR_TLS_CERT_ALTNAME_INVALID: "tls",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
    ERR_SSL_WRONG_VERSION_NUMBER: "tls",
    EPROTO: "tls",
    HPE_INVALID_CONSTANT: "protocol",
    EMFILE: "other",
  };
  for (const [code, kind] of Object.entries(kinds))
    it(`of ${code} is of the kind ${kind}, with the code`, () => {
      assert.deepEqual(failureOf({ code, hasSystemCall: false }, undefined), { kind, detail: code });
    });

  it("tells a reset from a close without a word", () => {
    assert.equal(failureOf({ code: "ECONNRESET", hasSystemCall: true }, undefined).kind, "reset");
    assert.equal(failureOf({ code: "ECONNRESET", hasSystemCall: false }, undefined).kind, "closed");
  });

  it("is what the proxy knows of it, whatever the client saw", () => {
    const error = { code: "ECONNRESET", hasSystemCall: true };
    assert.deepEqual(failureOf(error, { by: "profile" }), { kind: "profile-reset", detail: "" });
    assert.deepEqual(failureOf(error, { by: "server", code: "ECONNREFUSED" }), {
      kind: "refused",
      detail: "ECONNREFUSED",
    });
    assert.equal(failureOf(error, { by: "server", code: "EHOSTUNREACH" }).kind, "unreachable");
  });

  it("is counted by kind and detail", () => {
    const status = (detail: string) => ({ kind: "status", detail }) as const;
    const timeout = { kind: "timeout", detail: "" } as const;
    assert.deepEqual(countFailures([timeout, status("503"), status("404"), status("503")]), [
      { ...status("503"), count: 2 },
      { ...status("404"), count: 1 },
      { ...timeout, count: 1 },
    ]);
  });
});
