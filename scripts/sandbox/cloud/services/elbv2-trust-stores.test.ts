import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { balancedWorld, type BalancedWorld, https, issuedCertificate } from "./elbv2-world.ts";
import { assertRefused, textIn } from "./tiny-world.ts";

const STORE = "aws:lb/trustStore:TrustStore";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** A self-signed authority, `CN=test`, made once for these tests. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUZqNyv8iu/T8Rt+/YcW5pSJjM12MwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjEwMzQxNThaGA8yMTI2MTAyODAzNDE1
OFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ/R
HHTb4p4W/KssX/5r58oJ89qeCCrS43lEDDO9nSxzk6h1sS143r3PMlSiMZYgSmEK
hd7Fyxt3IAKfRE5bwo2jUzBRMB0GA1UdDgQWBBT1k6527LtO4WI8bN/EuA1vv35b
jjAfBgNVHSMEGDAWgBT1k6527LtO4WI8bN/EuA1vv35bjjAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCZKTH9rptW2MUPVLJXi9hzIwjccMtmIj3y
kpBmSNSJLQIgG3Db7aQhuQEt95ybstBziWVGQ/bXrhDSGoNigmEZ+AE=
-----END CERTIFICATE-----
`;
/** The same without the mark of an authority. */
const LEAF = `-----BEGIN CERTIFICATE-----
MIIBcTCCARigAwIBAgIUF9wevwRGpj1oKAlYpFlq7VS2pVowCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjEwMzQxNThaGA8yMTI2MTAyODAzNDE1
OFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMwe
x+AcPN2WioAlnJxZY/A/pXUcMHAIM6o6gOW0c8WkNyFPlNCzym1ddWUh3Z4QLlkR
4tU/6bOqWQWNRocbFQyjUDBOMB0GA1UdDgQWBBTJENuGOFRebHQeL2PqluSry/tR
/jAfBgNVHSMEGDAWgBTJENuGOFRebHQeL2PqluSry/tR/jAMBgNVHRMBAf8EAjAA
MAoGCCqGSM49BAMCA0cAMEQCIHXwy7dyyJ+yT1qt5B9Ite4HhTmTTzauTD8zBUTo
TIaxAiAA5A8aEyn/YQnZkg/+DzWzDlMfe3uOoc6I3C5KU9Uj+Q==
-----END CERTIFICATE-----
`;

function bundle({ cloud }: BalancedWorld, content = AUTHORITY): CloudResource {
  cloud.create("aws:s3/bucket:Bucket", "trust", { bucket: "trust" });
  cloud.create("aws:s3/bucketVersioning:BucketVersioning", "trust", {
    bucket: "trust",
    versioningConfiguration: { status: "Enabled" },
  });
  return cloud.create(OBJECT, "ca", { bucket: "trust", key: "ca.pem", content });
}

const store = ({ cloud }: BalancedWorld, name: string, more: Properties = {}): CloudResource =>
  cloud.create(STORE, name, {
    name,
    caCertificatesBundleS3Bucket: "trust",
    caCertificatesBundleS3Key: "ca.pem",
    ...more,
  });

describe("ELBv2: a trust store", () => {
  it("is read from a bundle of authorities", () => {
    const world = balancedWorld();
    const version = textIn(bundle(world).outputs, "versionId");
    const made = store(world, "edge", { caCertificatesBundleS3ObjectVersion: version });
    assert.match(made.id, /:truststore\/edge\/[0-9a-f]{16}$/);
    assertRefused(() => store(world, "edge"), "DuplicateTrustStoreName");
    assertRefused(() => store(world, "b", { caCertificatesBundleS3Key: "none.pem" }), "CaCertificatesBundleNotFound");
    assertRefused(
      () => store(world, "c", { caCertificatesBundleS3ObjectVersion: "old" }),
      "CaCertificatesBundleNotFound",
      /version old/,
    );
  });

  for (const [what, content] of [
    ["no certificate", "hello"],
    ["a broken one", AUTHORITY.replace("MII", "AAA")],
    ["one that is no authority's", `${AUTHORITY}${LEAF}`],
  ] as const)
    it(`is not read from a bundle with ${what}`, () => {
      const world = balancedWorld();
      bundle(world, content);
      assertRefused(() => store(world, "edge"), "InvalidCaCertificatesBundle");
    });

  it("has a name of letters, digits, and single hyphens", () => {
    const { cloud } = balancedWorld();
    for (const name of ["-a", "a-", "a--b", "a_b", "a".repeat(33)])
      assert.equal(cloud.check(STORE, { name })[0]?.property, "name", name);
    assert.deepEqual(cloud.check(STORE, { name: "edge-1" }), []);
  });

  it("is what a listener verifies with, and is not deleted meanwhile", () => {
    const world = balancedWorld();
    bundle(world);
    const trust = store(world, "edge");
    const balancer = world.balancer("edge");
    const verifying = (more: Properties) => () =>
      world.listener(
        balancer,
        https(issuedCertificate(world).id, { mutualAuthentication: { mode: "verify", ...more } }),
      );
    assertRefused(verifying({}), "InvalidConfigurationRequest", /trust store ARN/);
    assertRefused(verifying({ trustStoreArn: `${trust.id}0` }), "TrustStoreNotFound");
    assertRefused(verifying({ mode: "passthrough", trustStoreArn: trust.id }), "InvalidConfigurationRequest");
    const listener = verifying({ trustStoreArn: trust.id })();
    assertRefused(() => world.cloud.delete(trust), "TrustStoreInUse");
    world.cloud.delete(listener);
    world.cloud.delete(trust);
  });
});
