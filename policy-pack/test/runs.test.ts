import assert from "node:assert/strict";
import { join } from "node:path";
import { UNKNOWN, startPack, type Diagnostic, type Json, type RunningPack, type Sent } from "./analyzer.ts";

const FIXTURE = join(import.meta.dirname, "fixtures/runs");
const about = ["exemption-current", "exemption-used", "exemption-narrow", "checks-decided"];

const acl = (name: string, stack: string, value: Json = "public-read"): Sent => ({
  type: "aws:s3/bucketAcl:BucketAcl",
  name,
  stack,
  props: { acl: value },
});

/** What a whole run says of some resources: of each before its operation, then of the stack. */
async function run(pack: RunningPack, resources: readonly Sent[], judged = resources): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const resource of judged) found.push(...(await pack.analyze(resource)).diagnostics);
  found.push(...(await pack.analyzeStack(resources)).diagnostics);
  return found.filter(({ policy }) => [...about, "s3-bucket-not-public"].includes(policy));
}

const texts = (found: readonly Diagnostic[]): readonly string[] =>
  found.map(({ policy, level, message }) => `${level} ${policy}: ${message.split("\n")[1] ?? ""}`);

describe("a run with exemptions", () => {
  let pack: RunningPack;
  beforeEach(async () => {
    pack = await startPack(FIXTURE);
  });
  afterEach(() => pack.stop());

  it("lists what is exempt, until when, and who answers for it, as an advisory", async () => {
    const [only, ...more] = texts(await run(pack, [acl("press", "staging")]));
    assert.deepEqual(more, []);
    assert.match(
      only ?? "",
      /^advisory s3-bucket-not-public: Exempt until 2026-12-31 \(platform: The press kit is public\.\)\. acl: "public-read"/,
    );
  });

  it("does not exempt another resource, or the same one elsewhere", async () => {
    for (const resource of [acl("brochure", "staging"), acl("press", "production")]) {
      const { diagnostics } = await pack.analyze(resource);
      assert.deepEqual(
        diagnostics.filter(({ policy }) => policy === "s3-bucket-not-public").map(({ level }) => level),
        ["mandatory"],
      );
    }
  });

  it("fails on one that covers nothing", async () => {
    const found = texts(await run(pack, [acl("press", "staging", "private")]));
    assert.equal(found.length, 1);
    assert.match(
      found[0] ?? "",
      /^mandatory exemption-used: policy-pack\/exemptions\.ts: the exemption of urn:.*covers nothing/,
    );
  });

  it("does not call one unused that a run with targets has not asked about", async () => {
    const resources = [acl("brochure", "staging", "private"), acl("press", "staging")];
    assert.deepEqual(texts(await run(pack, resources, resources.slice(0, 1))), []);
  });

  it("does not call one unused whose finding waits for a value", async () => {
    const policy: Sent = {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: "late",
      stack: "qa",
      props: { bucket: "b", policy: UNKNOWN },
    };
    const found = texts(await run(pack, [policy]));
    assert.deepEqual(
      found.filter((text) => !text.startsWith("advisory checks-decided: unknown values: ")),
      [],
    );
    assert.match(found.join(), /s3-bucket-not-public 1/);
  });

  it("fails on one that is over, which no longer covers, and on one that lasts too long", async () => {
    const found = texts(await run(pack, [acl("over", "production"), acl("endless", "production")]));
    assert.equal(found.filter((text) => text.startsWith("mandatory s3-bucket-not-public")).length, 2);
    assert.ok(
      found.some((text) => /^mandatory exemption-current: .*over.* expired on 2026-10-31/.test(text)),
      found.join("\n"),
    );
    assert.ok(found.some((text) => /^mandatory exemption-current: .*no day within 90 days/.test(text)));
  });

  it("fails on one whose pattern is about a resource that needs none", async () => {
    const found = texts(
      await run(pack, [acl("wide-open", "preview-login"), acl("wide-closed", "preview-login", "private")]),
    );
    assert.ok(
      found.some((text) => /^mandatory exemption-narrow: .*is also about wide-closed/.test(text)),
      found.join("\n"),
    );
  });
});
