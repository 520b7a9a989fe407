import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Certificate, type CertificateArgs } from "./certificate.ts";

const args: CertificateArgs = { domainName: "api.example.com", zoneId: "zone" };
const record = "cloudflare:index/dnsRecord:DnsRecord";
const namesOf = (resources: readonly CapturedResource[]) =>
  resources.filter(({ type }) => type === record).map(({ inputs }) => inputs["name"]);

describe("a certificate", () => {
  it("is proven by an unproxied record in the zone, and its ARN is the validated one", async () => {
    const { result, resources } = await capture(() => new Certificate("c", args));
    const { inputs } = only(resources, record);
    assert.equal(inputs["zoneId"], "zone");
    assert.equal(inputs["name"], "_proof.api.example.com");
    assert.equal(inputs["type"], "CNAME");
    assert.equal(inputs["content"], "_value.acm-validations.aws");
    assert.equal(inputs["proxied"], false);
    const validation = only(resources, "aws:acm/certificateValidation:CertificateValidation").inputs;
    assert.deepEqual(validation["validationRecordFqdns"], ["_proof.api.example.com"]);
    assert.equal(await valueOf(result.arn), validation["certificateArn"]);
  });

  it("has one record for a domain and its wildcard, and one for each other name", async () => {
    const names = { domainName: "example.com", alternativeNames: ["*.example.com", "*.media.example.com"] };
    const { resources } = await capture(() => new Certificate("c", { ...args, ...names }));
    assert.deepEqual(namesOf(resources), ["_proof.example.com", "_proof.media.example.com"]);
  });

  it("can live in another region than the rest", async () => {
    const { resources } = await capture(() => {
      const awsProvider = new aws.Provider("aws-us-east-1", { region: "us-east-1" });
      return new Certificate("c", { ...args, awsProvider });
    });
    for (const { type, provider } of resources.filter(({ type }) => type.startsWith("aws:")))
      assert.match(provider, /aws-us-east-1/, type);
  });

  const refused: readonly [input: string, over: Partial<CertificateArgs>][] = [
    ["domainName", { domainName: "https://api.example.com" }],
    ["domainName", { domainName: "API.example.com" }],
    ["domainName", { domainName: `${"a".repeat(60)}.example.com` }],
    ["alternativeNames", { alternativeNames: ["a.*.example.com"] }],
    ["alternativeNames", { alternativeNames: ["api.example.com"] }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new Certificate("c", { ...args, ...over })),
        new RegExp(`${input}: `),
      );
    });
  }
});
