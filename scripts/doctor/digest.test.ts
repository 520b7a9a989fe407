import assert from "node:assert/strict";
import { digestAnswer } from "./digest.ts";

// The example of RFC 7616, section 3.9.1.
const request = {
  method: "GET",
  uri: "/dir/index.html",
  username: "Mufasa",
  password: "Circle of Life",
};
const nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const challenge = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

describe("HTTP Digest", () => {
  for (const [algorithm, response] of [
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ] as const)
    it(`answers as RFC 7616 shows for ${algorithm}`, () => {
      const answer = digestAnswer(challenge(algorithm), request, cnonce) ?? "";
      assert.match(answer, new RegExp(`response="${response}"`));
      assert.match(answer, /qop=auth, nc=00000001, .*opaque="FQhe/);
      assert.ok(!answer.includes("Circle of Life"));
    });

  it("answers nothing else", () => {
    for (const other of ["", "Basic realm=x", challenge("SHA-512"), 'Digest realm="x"', 'Digest realm="x", nonce="y"'])
      assert.equal(digestAnswer(other, request), undefined, other);
  });
});
