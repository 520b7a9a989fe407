import assert from "node:assert/strict";
import { ALLOW_LIST } from "./isolation-allow-list.ts";
import { type Leak, type StackFacts, findLeaks } from "./isolation.ts";
import { type Properties, Secret } from "./sandbox/values/value.ts";

const facts = (
  stack: string,
  config: Record<string, string>,
  resources: readonly { name: string; id?: string; inputs?: Properties; outputs?: Properties; provider?: string }[],
): StackFacts => ({
  stack,
  config: new Map(Object.entries(config)),
  resources: resources.map(({ name, id = "", inputs = {}, outputs = {}, provider = "" }) => ({
    urn: `urn:pulumi:${stack}::shop::aws:s3/bucket:Bucket::${name}`,
    type: "aws:s3/bucket:Bucket",
    id,
    inputs,
    outputs,
    provider,
  })),
});
const staging = (resources: Parameters<typeof facts>[2] = []): StackFacts =>
  facts(
    "staging",
    { "shop:account": "111122223333", "shop:vpcCidr": "10.1.0.0/16", "shop:domain": "staging.example.com" },
    [
      { name: "media", id: "media-1a2b3c4", outputs: { arn: "arn:aws:s3:::media-1a2b3c4", ipv6CidrId: "" } },
      ...resources,
    ],
  );
const production = (resources: Parameters<typeof facts>[2] = []): StackFacts =>
  facts(
    "production",
    {
      "shop:account": "444455556666",
      "shop:vpcCidr": "10.0.0.0/16",
      "shop:domain": "example.com",
      "shop:zones": '["0123456789abcdef0123456789abcdef"]',
    },
    [
      {
        name: "media",
        id: "media-9f8e7d6",
        outputs: { arn: "arn:aws:s3:::media-9f8e7d6", region: "eu-west-1", ipv6CidrId: "" },
      },
      {
        name: "key",
        id: "k",
        outputs: { name: new Secret("private-name-1"), result: new Secret("Zx8kLmN0pQrStUvWxYz2"), ipv6CidrId: "" },
      },
      ...resources,
    ],
  );
const leaks = (a: StackFacts, b: StackFacts): Leak[] => [...findLeaks(a, b, ALLOW_LIST).leaks];

describe("the isolation of two stacks", () => {
  it("holds where nothing is shared but logical names, words, and the names of properties", () => {
    const { leaks: found, compared } = findLeaks(staging(), production(), ALLOW_LIST);
    assert.deepEqual(found, []);
    // Config; then, per resource: id, provider, and every scalar.
    assert.equal(compared, 3 + 4 + 4 + 5 + 5);
  });

  const cases: readonly (readonly [what: string, text: string, kind: Leak["kind"]])[] = [
    ["an id", "media-9f8e7d6", "id"],
    ["an ARN", "arn:aws:s3:::media-9f8e7d6", "name"],
    ["an ARN inside a policy", '{"Resource":["arn:aws:s3:::media-9f8e7d6/*"]}', "name"],
    ["a bucket's host", "https://media-9f8e7d6.s3.amazonaws.com/x", "id"],
    ["a bucket's bare host", "media-9f8e7d6.s3.amazonaws.com", "id"],
    ["a URN", "urn:pulumi:production::shop::aws:s3/bucket:Bucket::media", "urn"],
    ["an account", "arn:aws:iam::444455556666:role/x", "account"],
    ["a range", "10.0.0.0/16", "CIDR"],
    ["a part of a range", "10.0.128.0/20", "CIDR"],
    ["an address in a range", "http://10.0.3.4:80/", "CIDR"],
    ["a zone from structured config", "/zones/0123456789abcdef0123456789abcdef/dns", "zone"],
    ["a secret's name", "x/private-name-1", "name"],
    ["an id in capitals", "MEDIA-9F8E7D6", "id"],
    ["an id inside a longer name", "copy-of-media-9f8e7d6-daily", "id"],
    ["an account inside a name", "logs-444455556666-eu", "account"],
    ["an account in a document in a document", '{"data":"{\\"Principal\\":\\"444455556666\\"}"}', "account"],
    ["an account as a key", '{"444455556666":true}', "account"],
    ["an escaped document", '["media\\u002d9f8e7d6"]', "id"],
    ["a percent-encoded ARN", "arn%3Aaws%3As3%3A%3A%3Amedia-9f8e7d6", "name"],
    ["base64", Buffer.from('{"role":"arn:aws:iam::444455556666:role/x"}').toString("base64"), "account"],
    ["base64 without padding", Buffer.from("10.0.0.0/16").toString("base64url"), "CIDR"],
    ["base64 inside a name", `copy-of-${Buffer.from("account 444455556666").toString("base64")}`, "account"],
    ["a host's name by its address", "ip-10-0-3-4.ec2.internal", "CIDR"],
    ["a secret value", "prefix:Zx8kLmN0pQrStUvWxYz2", "secret"],
  ];
  for (const [what, text, kind] of cases)
    it(`is broken by ${what} of the other, in an input, an output, and a secret`, () => {
      for (const resource of [
        { name: "x", inputs: { a: { b: [text] } } },
        { name: "x", outputs: { a: text } },
        { name: "x", outputs: { a: new Secret({ deep: text }) } },
      ]) {
        const leak = leaks(staging([resource]), production()).find(({ of }) => of.stack === "production");
        assert.equal(leak?.kind, kind);
        assert.equal(leak.found.stack, "staging");
      }
    });

  it("is broken by the other's domain, but not by one's own that ends like it", () => {
    const inside = (name: string): Leak[] => leaks(staging([{ name: "x", inputs: { host: name } }]), production());
    assert.deepEqual(inside("api.staging.example.com"), []);
    assert.deepEqual(inside("my-example.com"), []);
    assert.deepEqual(inside("example.com.evil.test"), []);
    for (const host of ["API.Example.com", "https://api.example.com./x", '{"host":"api.example.com"}'])
      assert.equal(inside(host)[0]?.kind, "domain", host);
    const other = facts("production", { "shop:domain": "shop.example" }, []);
    assert.equal(leaks(staging([{ name: "x", inputs: { host: "api.shop.example" } }]), other)[0]?.kind, "domain");
  });

  it("is broken by a key of a map, and by the other's account in a stack's own config", () => {
    const inputs = { grants: { "444455556666": null } };
    assert.equal(leaks(staging([{ name: "x", inputs }]), production())[0]?.found.path, "inputs.grants.444455556666");
    const misled = facts("staging", { "shop:peers": '["444455556666"]' }, []);
    const ofProduction = leaks(misled, production()).filter(({ of }) => of.stack === "production");
    assert.equal(ofProduction[0]?.found.where, "shop:peers");
  });

  it("finds in both directions", () => {
    const found = leaks(staging(), production([{ name: "x", inputs: { role: "111122223333" } }]));
    assert.deepEqual(
      found.map(({ of, found: { stack } }) => [of.stack, stack]),
      [["staging", "production"]],
    );
  });

  it("never shows a secret", () => {
    const found = leaks(staging([{ name: "x", inputs: { a: "private-name-1" } }]), production());
    assert.equal(found[0]?.value, "[secret]");
    assert.ok(!JSON.stringify(found).includes("private-name-1"));
  });

  it("lets pass what the list names", () => {
    const shared = { name: "x", id: "shared-organisation-1" };
    assert.equal(leaks(staging([shared]), production([shared])).length > 0, true);
    const allowed = {
      ...ALLOW_LIST,
      values: [...ALLOW_LIST.values, { value: "shared-organisation-1", reason: "one organisation" }],
    };
    assert.deepEqual(findLeaks(staging([shared]), production([shared]), allowed).leaks, []);
  });

  it("holds where both are configured alike under a key that they may share, and only there", () => {
    const organisation = "5b93ff2f96e82120a0a7d1f5";
    const cluster = { name: "cluster", inputs: { organisation } };
    const under = (key: string) => {
      const configured = (stack: StackFacts): StackFacts => ({
        ...stack,
        config: new Map([...stack.config, [key, organisation]]),
      });
      const [one, other] = [configured(staging([cluster])), configured(production([cluster]))] as const;
      return findLeaks(one, other, { values: [], keys: [{ key: "organisation", reason: "one organisation" }] }).leaks;
    };
    assert.deepEqual(
      under("shop:organisation").filter(({ value }) => value === organisation),
      [],
    );
    assert.notDeepEqual(
      under("shop:account").filter(({ value }) => value === organisation),
      [],
    );
  });

  it("has a reason for everything on the list", () => {
    for (const { reason } of [...ALLOW_LIST.values, ...ALLOW_LIST.keys]) assert.ok(reason.length > 20);
  });
});
