import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { clientCertificate, type ClientCertificateRequest } from "./client-certificate.ts";

const request: ClientCertificateRequest = {
  seed: new Uint8Array(32).fill(7),
  commonName: "groundwork-staging-origin-pull",
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2036-01-01T00:00:00Z"),
};

function parsed(over: Partial<ClientCertificateRequest> = {}) {
  const { authority, certificate, privateKey } = clientCertificate({ ...request, ...over });
  return { authority: new X509Certificate(authority), client: new X509Certificate(certificate), privateKey };
}

describe("a client certificate", () => {
  it("is signed by its authority, which signed itself", () => {
    const { authority, client } = parsed();
    assert.ok(authority.ca && authority.checkIssued(authority) && authority.verify(authority.publicKey));
    assert.ok(!client.ca && client.checkIssued(authority) && client.verify(authority.publicKey));
    assert.ok(!client.verify(client.publicKey));
  });

  it("names its owner, is for TLS clients, and lasts as long as asked", () => {
    const { authority, client } = parsed();
    assert.equal(client.subject, "CN=groundwork-staging-origin-pull");
    assert.equal(client.issuer, "CN=groundwork-staging-origin-pull CA");
    assert.deepEqual(client.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
    for (const { validFromDate, validToDate } of [authority, client]) {
      assert.deepEqual(validFromDate, request.notBefore);
      assert.deepEqual(validToDate, request.notAfter);
    }
    assert.equal(client.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("comes with its own private key, and without the authority's", () => {
    const { authority, client, privateKey } = parsed();
    const publicKey = createPublicKey(createPrivateKey(privateKey)).export({ type: "spki", format: "pem" });
    assert.equal(client.publicKey.export({ type: "spki", format: "pem" }), publicKey);
    assert.notEqual(authority.publicKey.export({ type: "spki", format: "pem" }), publicKey);
    assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
  });

  it("is the same for the same request, and another for any other", () => {
    const first = clientCertificate(request);
    assert.deepEqual(clientCertificate({ ...request }), first);
    const others = [
      { seed: new Uint8Array(32).fill(8) },
      { commonName: "another" },
      { notAfter: new Date("2037-01-01T00:00:00Z") },
    ];
    for (const over of others)
      assert.notEqual(clientCertificate({ ...request, ...over }).certificate, first.certificate);
  });

  it("is valid whatever the seed, with a serial number that is positive and has 16 bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const { authority, client } = parsed({ seed });
        assert.ok(client.verify(authority.publicKey) && authority.verify(authority.publicKey));
        for (const { serialNumber } of [authority, client]) assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
        assert.notEqual(authority.serialNumber, client.serialNumber);
      }),
      { numRuns: 25 },
    );
  });

  it("may end after 2049, where X.509 writes years with four digits", () => {
    const notAfter = new Date("2060-06-01T12:00:00Z");
    assert.deepEqual(parsed({ notAfter }).client.validToDate, notAfter);
  });

  it("ends each text with a line break, without which Cloudflare's provider sees a change for ever", () => {
    for (const text of Object.values(clientCertificate(request)))
      assert.match(text as string, /-----END [A-Z ]+-----\n$/);
  });

  it("passes OpenSSL's own check of a TLS client", function () {
    if (spawnSync("openssl", ["version"]).status !== 0) this.skip();
    const folder = mkdtempSync(join(tmpdir(), "client-certificate-"));
    try {
      const { authority, certificate } = clientCertificate(request);
      writeFileSync(join(folder, "ca.pem"), authority);
      writeFileSync(join(folder, "client.pem"), certificate);
      const seconds = String(new Date("2027-01-01T00:00:00Z").getTime() / 1000);
      const options = ["-x509_strict", "-purpose", "sslclient", "-attime", seconds];
      const { stdout, stderr } = spawnSync("openssl", ["verify", ...options, "-CAfile", "ca.pem", "client.pem"], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(stdout, "client.pem: OK\n", stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const refused: readonly [what: string, over: Partial<ClientCertificateRequest>][] = [
    ["a short seed", { seed: new Uint8Array(31) }],
    ["no name", { commonName: "" }],
    ["a long name", { commonName: "x".repeat(62) }],
    ["an end before the beginning", { notAfter: new Date("2025-01-01T00:00:00Z") }],
    ["a date that is none", { notAfter: new Date("soon") }],
  ];
  for (const [what, over] of refused)
    it(`refuses ${what}`, () => assert.throws(() => clientCertificate({ ...request, ...over }), RangeError));
});
