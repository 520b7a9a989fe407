import assert from "node:assert/strict";
import { digestHeader, parseChallenge } from "./digest.ts";

// The example of RFC 7616, section 3.9.1.
const asked = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
const request = {
  username: "Mufasa",
  password: "Circle of Life",
  method: "GET",
  uri: "/dir/index.html",
  count: 1,
  clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};

describe("digest authentication", () => {
  for (const [algorithm, response] of [
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ] as const)
    it(`answers with ${algorithm} as the standard's example does`, () => {
      const header = digestHeader(parseChallenge(asked(algorithm))!, request);
      assert.ok(header.includes(`response="${response}"`), header);
      assert.ok(header.includes("nc=00000001") && header.includes('opaque="FQhe/') && !header.includes("Circle"));
    });

  it("reads what Atlas asks, and answers in the older form where there is no qop", () => {
    const atlas = parseChallenge('Digest realm="MMS Public API", domain="", nonce="n", algorithm=MD5, stale=false');
    assert.deepEqual(atlas, { realm: "MMS Public API", nonce: "n", algorithm: "MD5", qop: false });
    assert.doesNotMatch(digestHeader(atlas, request), /nc=|qop=/);
  });

  for (const header of ["Basic realm=x", 'Digest realm="x"', 'Digest realm="x", nonce="n", algorithm=SHA-512-256'])
    it(`does not answer ${header}`, () => {
      assert.equal(parseChallenge(header), undefined);
    });
});
