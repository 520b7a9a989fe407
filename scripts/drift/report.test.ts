import assert from "node:assert/strict";
import type { EngineRun, PlannedStep } from "../engines/engine.ts";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { issueOf, markerOf } from "./issue.ts";
import { markdownText } from "./markdown.ts";
import { driftReport, type WhoChanged } from "./report.ts";
import { tableText } from "./text.ts";

const urn = (type: string, name: string): string => `urn:pulumi:staging::groundwork::${type}::${name}`;

const bucket: PlannedStep = {
  op: "update",
  urn: urn("aws:s3/bucket:Bucket", "media"),
  type: "aws:s3/bucket:Bucket",
  changed: ["tags.Owner"],
  replaces: [],
  id: "media-0a1b2c3",
  values: [{ path: "tags.Owner", was: '"platform"', is: '"no|body` <b>@all"' }],
};
const record: PlannedStep = {
  op: "delete",
  urn: urn("cloudflare:index/dnsRecord:DnsRecord", "api"),
  type: "cloudflare:index/dnsRecord:DnsRecord",
  changed: [],
  replaces: [],
};

const runOf = (...steps: readonly PlannedStep[]): EngineRun => ({
  stack: "staging",
  result: "succeeded",
  steps,
  findings: [],
  errors: [],
});

const nobody: WhoChanged = { changedBy: () => [], lookups: () => [] };
const known: WhoChanged = {
  changedBy: ({ op }) =>
    op === "update" ? [{ time: "2026-11-21T10:00:00.000Z", by: "alice", action: "PutBucketTagging" }] : [],
  lookups: ({ op }) =>
    op === "update" ? [{ kind: "command", text: "aws cloudtrail ..." }] : [{ kind: "page", text: "https://a.page" }],
  unknownWho: "CloudTrail was not asked: there are no AWS credentials",
};

describe("a drift report", () => {
  it("says nothing of a stack that is as its state says", () => {
    const report = driftReport(runOf(), "pulumi", known);
    assert.deepEqual(report, {
      stack: "staging",
      engine: "pulumi",
      result: "none",
      resources: [],
      accept: [],
      undo: [],
    });
    assert.equal(tableText(report, noColors), "staging: no drift");
  });

  it("has what changed and what is gone, in the order of their URNs", () => {
    const { result, resources, unknownWho } = driftReport(runOf(record, bucket), "pulumi", known);
    assert.equal(result, "drifted");
    assert.deepEqual(
      resources.map(({ name, kind, properties, changedBy, lookups }) => ({
        name,
        kind,
        properties: properties.length,
        by: changedBy.map(({ by }) => by),
        lookups: lookups.length,
      })),
      [
        { name: "media", kind: "changed", properties: 1, by: ["alice"], lookups: 1 },
        { name: "api", kind: "missing", properties: 0, by: [], lookups: 1 },
      ],
    );
    assert.match(unknownWho ?? "", /no AWS credentials/);
  });

  it("leads out by commands of the engine that was asked, a refresh first", () => {
    const real = driftReport(runOf(bucket), "pulumi", nobody);
    assert.deepEqual(real.undo, ["pulumi refresh --stack staging", "npm run up -- --stack staging"]);
    const sandbox = driftReport(runOf(bucket), "sandbox", nobody);
    assert.deepEqual(sandbox.undo, [
      "npm run sandbox -- refresh --stack staging",
      "npm run up -- --stack staging --sandbox",
    ]);
    assert.match(sandbox.accept[0] ?? "", /change the program/);
  });

  it("names properties whose values the engine does not say", () => {
    const { values: _values, ...bare } = bucket;
    const [resource] = driftReport(runOf(bare), "pulumi", nobody).resources;
    assert.deepEqual(resource?.properties, [{ path: "tags.Owner", was: undefined, is: undefined }]);
  });

  it("is a table of at most 80 columns, commands aside", () => {
    const long = { path: "a".repeat(60), was: `"${"b".repeat(300)}"`, is: undefined };
    const lines = tableText(
      driftReport(runOf({ ...bucket, values: [...(bucket.values ?? []), long] }, record), "pulumi", known),
      noColors,
    ).split("\n");
    for (const line of lines.filter((one) => !one.includes("who: "))) assert.ok(line.length <= 80, line);
    assert.ok(lines.some((line) => line.includes("likely by alice: PutBucketTagging")));
    assert.ok(lines.some((line) => line.includes("is gone from the cloud")));
  });
});

describe("a drift report as Markdown", () => {
  const markdown = markdownText(driftReport(runOf(bucket, record), "pulumi", known));

  it("shows values as text, whatever they look like", () => {
    assert.ok(!markdown.includes("<b>"));
    assert.ok(!markdown.includes("@all"));
    assert.match(markdown, /\| tags\.Owner \| "platform" \| "no\\\|body\\`/);
  });

  it("has the ways out as commands to copy", () => {
    assert.match(markdown, /### Undo\n\n```sh\npulumi refresh --stack staging\nnpm run up -- --stack staging\n```/);
    assert.match(markdown, /### Accept\n\nchange the program .*, then:\n\n```sh\npulumi refresh/);
  });
});

describe("the issue of a drift", () => {
  const drifted = issueOf(driftReport(runOf(bucket, record), "pulumi", known));
  const none = issueOf(driftReport(runOf(), "pulumi", nobody));

  it("is found again by a hidden marker of its stack", () => {
    assert.equal(drifted.title, "Drift in staging: 2 resources");
    assert.ok(drifted.body.startsWith(`${markerOf("staging")}\n\n`));
    assert.notEqual(markerOf("staging"), markerOf("production"));
  });

  it("is to be open while there is drift, and closed afterwards", () => {
    assert.equal(drifted.open, true);
    assert.deepEqual([none.open, none.marker], [false, drifted.marker]);
  });

  it("is the same as long as the drift is, so that an update changes nothing", () => {
    assert.deepEqual(issueOf(driftReport(runOf(record, bucket), "pulumi", known)), drifted);
  });

  it("fits into what GitHub takes, and says what it leaves out", () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...bucket, urn: `${bucket.urn}-${index}` }));
    const { title, body } = issueOf(driftReport(runOf(...many), "pulumi", known));
    assert.equal(title, "Drift in staging: 1000 resources");
    assert.ok(body.length < 65_536, `${body.length}`);
    assert.match(body, /And \d+ more: `npm run drift -- --stack staging` shows them\./);
  });
});
