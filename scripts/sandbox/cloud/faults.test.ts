import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftSet, makeFaults, parseFault } from "./faults.ts";
import { openWorld } from "./world.ts";

const type = "aws:s3/bucket:Bucket";
const urn = `urn:pulumi:staging::app::infra:index:Media$${type}::media`;

const shapes: [text: string, glob: string, nth: number | undefined, message: RegExp][] = [
  [type, type, undefined, /--fail aws:s3/],
  ["aws:s3/*", "aws:s3/*", undefined, /told to fail/],
  [`${type}@3`, type, 3, /told to fail/],
  [`${type}@1:SlowDown: try later`, type, 1, /^SlowDown: try later$/],
  [`${type}:SlowDown`, type, undefined, /^SlowDown$/],
  ["aws:s3/*:the bucket is gone", "aws:s3/*", undefined, /^the bucket is gone$/],
  [urn, urn, undefined, /told to fail/],
  [`${urn}:Boom`, urn, undefined, /^Boom$/],
  [`${urn}@2:Boom`, urn, 2, /^Boom$/],
  ["**::media", "**::media", undefined, /told to fail/],
];

describe("a fault", () => {
  for (const [text, glob, nth, message] of shapes)
    it(`${text} is of ${glob}`, () => {
      const fault = parseFault(text);
      assert.equal(fault.glob, glob);
      assert.equal(fault.nth, nth);
      assert.match(fault.message, message);
    });

  for (const text of ["", "@2", "aws:*@0", "a b"])
    it(`${JSON.stringify(text)} is refused with an example`, () => {
      assert.throws(() => parseFault(text), /write GLOB\[@NTH\]\[:MESSAGE\], for example/);
    });

  const hits: [text: string, hit: boolean][] = [
    ["*", true],
    ["aws:*", true],
    ["aws:s3/*", true],
    [type, true],
    ["*::media", true],
    ["urn:*Media*", true],
    ["aws:ec2/*", false],
    ["s3", false],
  ];
  for (const [text, hit] of hits)
    it(`${text} ${hit ? "hits" : "misses"} a bucket of a component`, () => {
      assert.equal(makeFaults([parseFault(text)]).next(type, urn) !== undefined, hit);
    });

  it("with a number fails that match alone", () => {
    const faults = makeFaults([parseFault(`${type}@2:Boom`)]);
    const found = [type, "aws:ec2/vpc:Vpc", type, type].map((one) => faults.next(one, `urn:pulumi:s::p::${one}::n`));
    assert.deepEqual(found, [undefined, undefined, "Boom", undefined]);
  });

  it("without one fails every match", () => {
    const faults = makeFaults([parseFault(`${type}:Boom`)]);
    assert.deepEqual([faults.next(type, urn), faults.next(type, urn)], ["Boom", "Boom"]);
  });
});

describe("drift", () => {
  it("changes what the cloud holds, as input and as output", () => {
    const directory = mkdtempSync(join(tmpdir(), "drift-"));
    const world = openWorld(directory, Buffer.alloc(32), () => false);
    try {
      const location = { partition: "aws", account: "1", region: "r" };
      const inputs = { tags: { Owner: "a", "x.y": "1" }, rules: [{ n: 1 }] };
      const resource = { type, id: "b", urn, location, inputs, outputs: { ...inputs, arn: "arn" } };
      world.insert({ resource, claims: [{ property: "bucket", scope: "", name: "b" }], companions: [], operation: "" });
      driftSet(world, urn, "tags.Owner", "b");
      driftSet(world, urn, 'tags["x.y"]', "2");
      driftSet(world, urn, "rules[0].n", 2);
      driftSet(world, urn, "arn", "other");
      const found = world.byId(type, "b");
      assert.deepEqual(found?.inputs, { tags: { Owner: "b", "x.y": "2" }, rules: [{ n: 2 }] });
      assert.deepEqual(found.outputs, { ...found.inputs, arn: "other" });
      assert.throws(() => driftSet(world, "urn:nothing", "a", 1), /no resource urn:nothing/);
      assert.throws(() => driftSet(world, urn, "tgas.Owner", 1), /no property "tgas\.Owner": it has arn, rules, tags/);
      const claims = [{ property: "bucket", scope: "", name: "b" }];
      assert.throws(
        () => world.insert({ resource: { ...resource, id: "c" }, claims, companions: [], operation: "" }),
        /taken/,
      );
    } finally {
      world.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
