import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource, Service } from "../service.ts";
import { acm } from "./acm.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const LISTENER = "aws:lb/listener:Listener";
const EUROPE = { ...PRODUCTION, region: "eu-west-1" };

/** As much of the others as certificates look at. */
const others: Service = { resources: { [RECORD]: {}, [LISTENER]: {} } };

const requested = (names: Properties = {}): { cloud: TinyWorld; certificate: CloudResource } => {
  const cloud = tinyWorld(acm, others);
  const inputs = { domainName: "api.example.com", validationMethod: "DNS", ...names };
  return { cloud, certificate: cloud.create(CERTIFICATE, "c", inputs) };
};

const proofs = ({ outputs }: CloudResource): Properties[] => outputs["domainValidationOptions"] as Properties[];

const withoutDot = (text: string): string => text.replace(/\.$/, "");

/** The record that a proof asks for, as Cloudflare keeps it: without dots at the end. */
const recordOf = (proof: Properties, over: Properties = {}): Properties => ({
  name: withoutDot(textIn(proof, "resourceRecordName")),
  type: textIn(proof, "resourceRecordType"),
  content: withoutDot(textIn(proof, "resourceRecordValue")),
  proxied: false,
  ...over,
});

const caa = (name: string, tag: string, value: string): Properties => ({ name, type: "CAA", data: { tag, value } });

describe("ACM: a certificate", () => {
  it("waits for its proofs under an ARN of its region", () => {
    const { certificate } = requested();
    assert.match(certificate.id, /^arn:aws:acm:us-east-1:111122223333:certificate\/[0-9a-f-]{36}$/);
    assert.equal(certificate.outputs["arn"], certificate.id);
    assert.equal(certificate.outputs["status"], "PENDING_VALIDATION");
    assert.deepEqual(certificate.outputs["subjectAlternativeNames"], ["api.example.com"]);
  });

  it("has a proof for each name; a domain's is the same everywhere in the account, and no other account's", () => {
    const { cloud, certificate } = requested({ subjectAlternativeNames: ["*.api.example.com", "example.com"] });
    const [own, wildcard, apex, ...more] = proofs(certificate);
    assert.equal(more.length, 0);
    assert.match(textIn(own!, "resourceRecordName"), /^_[0-9a-f]{32}\.api\.example\.com\.$/);
    assert.match(textIn(own!, "resourceRecordValue"), /^_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.$/);
    assert.equal(wildcard!["resourceRecordName"], own!["resourceRecordName"]);
    assert.notEqual(apex!["resourceRecordValue"], own!["resourceRecordValue"]);
    const again = { domainName: "api.example.com", validationMethod: "DNS" };
    const [elsewhere] = proofs(cloud.create(CERTIFICATE, "e", again, EUROPE));
    const [foreign] = proofs(cloud.create(CERTIFICATE, "f", again, STAGING));
    assert.equal(elsewhere!["resourceRecordName"], own!["resourceRecordName"]);
    assert.notEqual(foreign!["resourceRecordName"], own!["resourceRecordName"]);
  });

  for (const [names, property] of [
    [{ domainName: "https://example.com" }, "domainName"],
    [{ domainName: "localhost" }, "domainName"],
    [{ domainName: `${"a".repeat(60)}.example.com` }, "domainName"],
    [{ domainName: "example.com", subjectAlternativeNames: ["a.*.example.com"] }, "subjectAlternativeNames[0]"],
  ] as const)
    it(`is not for ${JSON.stringify(names)}`, () => {
      assert.equal(tinyWorld(acm).check(CERTIFICATE, names as Properties)[0]?.property, property);
    });

  it("needs a way to be validated, and has at most ten names", () => {
    const { cloud } = requested();
    assertRefused(() => cloud.create(CERTIFICATE, "x", { domainName: "example.com" }), "ValidationException");
    const subjectAlternativeNames = Array.from({ length: 10 }, (_, at) => `${at}.example.com`);
    const many = { domainName: "example.com", validationMethod: "DNS", subjectAlternativeNames };
    assertRefused(() => cloud.create(CERTIFICATE, "x", many), "LimitExceededException");
  });

  it("is not deleted while a listener uses it", () => {
    const { cloud, certificate } = requested();
    const listener = cloud.create(LISTENER, "l", { certificateArn: certificate.id });
    assertRefused(() => cloud.delete(certificate), "ResourceInUseException");
    cloud.delete(listener);
    cloud.delete(certificate);
  });
});

describe("ACM: validation", () => {
  const validated = ({ cloud, certificate }: ReturnType<typeof requested>, more: Properties = {}): CloudResource =>
    cloud.create(VALIDATION, "v", { certificateArn: certificate.id, ...more });

  it("ends once DNS has every proof", () => {
    const world = requested({ subjectAlternativeNames: ["media.example.com"] });
    const [first, second] = proofs(world.certificate);
    world.cloud.create(RECORD, "a", recordOf(first!));
    assertRefused(() => validated(world), "PENDING_VALIDATION", /media\.example\.com/);
    world.cloud.create(RECORD, "b", recordOf(second!));
    assert.equal(validated(world).outputs["certificateArn"], world.certificate.id);
  });

  for (const [what, over] of [
    ["proxied", { proxied: true }],
    ["of another type", { type: "TXT" }],
    ["with another value", { content: "elsewhere.example.com" }],
    ["of another name", { name: "_proof.api.example.com" }],
  ] as const)
    it(`does not end by a record that is ${what}`, () => {
      const world = requested();
      world.cloud.create(RECORD, "a", recordOf(proofs(world.certificate)[0]!, over));
      assertRefused(() => validated(world), "PENDING_VALIDATION");
    });

  it("is of a certificate of the region, which Amazon issues", () => {
    const { cloud, certificate } = requested();
    assertRefused(
      () => cloud.create(VALIDATION, "v", { certificateArn: certificate.id }, EUROPE),
      "ResourceNotFoundException",
    );
    const imported = cloud.create(CERTIFICATE, "i", { privateKey: "k", certificateBody: "c" });
    assertRefused(() => cloud.create(VALIDATION, "v", { certificateArn: imported.id }), "ValidationException");
  });

  it("names all records or none", () => {
    const world = requested({ subjectAlternativeNames: ["media.example.com"] });
    for (const [at, proof] of proofs(world.certificate).entries())
      world.cloud.create(RECORD, `r${at}`, recordOf(proof));
    const fqdns = proofs(world.certificate).map((proof) => withoutDot(textIn(proof, "resourceRecordName")));
    assertRefused(
      () => validated(world, { validationRecordFqdns: fqdns.slice(1) }),
      "ValidationException",
      /missing api\.example\.com/,
    );
    validated(world, { validationRecordFqdns: fqdns });
  });

  it("fails where the nearest CAA records know other authorities alone", () => {
    const world = requested();
    world.cloud.create(RECORD, "a", recordOf(proofs(world.certificate)[0]!));
    const apex = world.cloud.create(RECORD, "caa", caa("example.com", "issue", "letsencrypt.org"));
    assertRefused(() => validated(world), "CAA_ERROR");
    world.cloud.create(RECORD, "near", caa("api.example.com", "issue", "amazon.com"));
    validated(world);
    world.cloud.delete(apex);
  });

  it("of a wildcard goes by issuewild where there is one", () => {
    const world = requested({ domainName: "*.example.com" });
    world.cloud.create(RECORD, "a", recordOf(proofs(world.certificate)[0]!));
    world.cloud.create(RECORD, "issue", caa("example.com", "issue", "amazon.com"));
    const wild = world.cloud.create(RECORD, "wild", caa("example.com", "issuewild", "letsencrypt.org"));
    assertRefused(() => validated(world), "CAA_ERROR");
    world.cloud.delete(wild);
    validated(world);
  });
});
