import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { capture, only, type CapturedResource } from "./capture.ts";
import { OriginPull, type OriginPullArgs } from "./origin-pull.ts";

const years = { notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" };
const first = { number: 1, ...years };
const second = { number: 2, ...years };
const args: OriginPullArgs = { zoneId: "zone", generations: [first] };

const certificateType = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate";

async function built(generations: OriginPullArgs["generations"]) {
  const { resources } = await capture(() => new OriginPull("pull", { ...args, generations }));
  const shown = only(resources, certificateType).inputs;
  const bundle = only(resources, "aws:s3/bucketObjectv2:BucketObjectv2").inputs["content"] as string;
  const authorities = bundle.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
  return { resources, shown, authorities, certificate: new X509Certificate(shown["certificate"] as string) };
}

function secretOf(value: unknown): string {
  assert.ok(pulumi.runtime.isRpcSecret(value));
  return pulumi.runtime.unwrapRpcSecret(value) as string;
}

describe("authenticated origin pulls", () => {
  let one: Awaited<ReturnType<typeof built>>;
  const inputsOf = (type: string): CapturedResource["inputs"] => only(one.resources, type).inputs;
  before(async () => {
    one = await built([first]);
  });

  it("are on for the zone, with a certificate that the trusted authority signed", () => {
    const settings = inputsOf("cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings");
    assert.deepEqual(settings, { zoneId: "zone", enabled: true });
    const [authority, ...others] = one.authorities;
    assert.equal(others.length, 0);
    assert.ok(authority?.ca && one.certificate.verify(authority.publicKey) && !one.certificate.ca);
  });

  it("keep the private key secret, and it fits the certificate", () => {
    const key = secretOf(one.shown["privateKey"]);
    const spki = createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "pem" });
    assert.equal(one.certificate.publicKey.export({ type: "spki", format: "pem" }), spki);
    const inClear = JSON.stringify(one.resources.filter(({ type }) => type !== certificateType));
    assert.ok(!inClear.includes("PRIVATE KEY"));
  });

  it("give the trust store the very version of the bundle", () => {
    const store = inputsOf("aws:lb/trustStore:TrustStore");
    assert.equal(store["caCertificatesBundleS3Bucket"], "pull-authorities-0a1b2c3");
    assert.equal(store["caCertificatesBundleS3Key"], "authorities.pem");
    assert.equal(store["caCertificatesBundleS3ObjectVersion"], "version-pull-authorities");
  });

  it("make the same certificate in a second run", async () => {
    const again = await built([first]);
    assert.equal(again.certificate.fingerprint256, one.certificate.fingerprint256);
  });

  it("rotate without a gap: trusted first, then shown, then alone", async () => {
    const steps = [await built([first, second]), await built([second, first]), await built([second])] as const;
    assert.deepEqual(
      steps.map(({ authorities }) => authorities.length),
      [2, 2, 1],
    );
    const trusted = ({ authorities }: (typeof steps)[number]) =>
      authorities.map(({ fingerprint256 }) => fingerprint256);
    assert.deepEqual(trusted(steps[1]), trusted(steps[0]));
    assert.equal(steps[0].certificate.fingerprint256, one.certificate.fingerprint256);
    for (const { certificate, authorities } of steps)
      assert.ok(authorities.some(({ publicKey }) => certificate.verify(publicKey)));
    assert.ok(steps[0].authorities.some(({ publicKey }) => steps[1].certificate.verify(publicKey)));
    assert.ok(!steps[2].authorities.some(({ publicKey }) => one.certificate.verify(publicKey)));
  });

  const refused: readonly [what: string, generations: OriginPullArgs["generations"]][] = [
    ["two of one number", [first, first]],
    ["number 0", [{ ...first, number: 0 }]],
    ["a date without a time", [{ ...first, notAfter: "2036-01-01" }]],
    ["an end before the beginning", [{ ...first, notAfter: "2025-01-01T00:00:00Z" }]],
  ];
  for (const [what, generations] of refused) {
    it(`refuse ${what} and name generations`, async () => {
      await assert.rejects(
        capture(() => new OriginPull("pull", { ...args, generations })),
        /generations: /,
      );
    });
  }
});
