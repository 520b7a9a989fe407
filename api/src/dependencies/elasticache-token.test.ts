import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { elastiCacheToken } from "./elasticache-token.ts";

// AWS's own example keys.
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const identity = { region: "eu-central-1", replicationGroupId: "Groundwork-Staging", userId: "groundwork-staging-api" };
const now = new Date("2026-03-01T12:34:56.789Z");

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Signature Version 4, written out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(canonicalQuery: string): string {
  const canonicalRequest = [
    "GET",
    "/",
    canonicalQuery,
    "host:groundwork-staging",
    "",
    "host",
    // Of the empty body.
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ].join("\n");
  const scope = "20260301/eu-central-1/elasticache/aws4_request";
  const toSign = ["AWS4-HMAC-SHA256", "20260301T123456Z", scope, sha256(canonicalRequest)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return hmac(key, toSign).toString("hex");
}

describe("the token that signs in to ElastiCache", () => {
  const parts = (token: string) => {
    const [host, query = ""] = token.split("/?");
    return { host, parameters: query.split("&") };
  };

  it("is a presigned request, signed as the specification says, without a scheme", async () => {
    const { host, parameters } = parts(await elastiCacheToken(identity, credentials, now));
    assert.equal(host, "groundwork-staging");
    const signed = [
      "Action=connect",
      "User=groundwork-staging-api",
      "X-Amz-Algorithm=AWS4-HMAC-SHA256",
      "X-Amz-Credential=AKIDEXAMPLE%2F20260301%2Feu-central-1%2Felasticache%2Faws4_request",
      "X-Amz-Date=20260301T123456Z",
      "X-Amz-Expires=900",
      "X-Amz-SignedHeaders=host",
    ];
    assert.deepEqual(parameters.toSorted(), [...signed, `X-Amz-Signature=${signatureOf(signed.join("&"))}`].toSorted());
  });

  it("carries the session of a role, and signs it too", async () => {
    const sessionToken = "session/token+with=signs";
    const { parameters } = parts(await elastiCacheToken(identity, { ...credentials, sessionToken }, now));
    assert.ok(parameters.includes("X-Amz-Security-Token=session%2Ftoken%2Bwith%3Dsigns"));
    const signature = parameters.find((parameter) => parameter.startsWith("X-Amz-Signature="));
    const signed = parameters.filter((parameter) => parameter !== signature).toSorted();
    assert.equal(signature, `X-Amz-Signature=${signatureOf(signed.join("&"))}`);
  });

  it("differs with time, and holds no secret", async () => {
    const first = await elastiCacheToken(identity, credentials, now);
    const second = await elastiCacheToken(identity, credentials, new Date(now.getTime() + 1_000));
    assert.notEqual(first, second);
    assert.ok(!first.includes(credentials.secretAccessKey));
  });
});
