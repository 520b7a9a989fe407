import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { bcmdata } from "./bcmdata.ts";
import { s3 } from "./s3.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const EXPORT = "aws:bcmdata/export:Export";
const BUCKET = "aws:s3/bucket:Bucket";
const INVALID = "ValidationException";
const WEST = { ...PRODUCTION, region: "us-west-2" };

const policy = (account: string = PRODUCTION.account, action = "s3:PutObject"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "bcm-data-exports.amazonaws.com" },
        Action: action,
        Resource: "arn:aws:s3:::bills/*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });

const query = {
  queryStatement: "SELECT BilledCost, Tags FROM FOCUS_1_2_AWS",
  tableConfigurations: { FOCUS_1_2_AWS: { TIME_GRANULARITY: "DAILY" } },
};
const output = { compression: "GZIP", format: "TEXT_OR_CSV", outputType: "CUSTOM", overwrite: "OVERWRITE_REPORT" };

interface Over {
  readonly export?: Properties;
  readonly query?: Properties;
  readonly destination?: Properties;
}

const inputs = (over: Over = {}): Properties => ({
  export: {
    name: "bill",
    dataQueries: [{ ...query, ...over.query }],
    destinationConfigurations: [
      {
        s3Destinations: [
          {
            s3Bucket: "bills",
            s3Prefix: "focus",
            s3Region: "us-west-2",
            s3OutputConfigurations: [output],
            ...over.destination,
          },
        ],
      },
    ],
    refreshCadences: [{ frequency: "SYNCHRONOUS" }],
    ...over.export,
  },
});

describe("AWS Data Exports", () => {
  let tiny: TinyWorld;
  beforeEach(() => {
    tiny = tinyWorld(bcmdata, s3);
    tiny.create(BUCKET, "bills", { bucket: "bills" }, WEST);
  });
  const allow = (text = policy()): void => {
    tiny.create("aws:s3/bucketPolicy:BucketPolicy", "bills", { bucket: "bills", policy: text }, WEST);
  };

  it("exports to a bucket of any region that lets it write", () => {
    allow();
    const made = tiny.create(EXPORT, "bill", inputs());
    assert.match(made.id, /^arn:aws:bcm-data-exports:us-east-1:111122223333:export\/bill-[0-9a-f-]{36}$/);
    assert.equal(made.outputs["arn"], made.id);
    assertRefused(() => tiny.create(EXPORT, "other", inputs()), INVALID, /already exists/);
  });

  it("is in us-east-1 alone", () => {
    allow();
    assertRefused(() => tiny.create(EXPORT, "bill", inputs(), WEST), "RequestError", /no such host/);
  });

  it("needs a policy that lets it write for this account", () => {
    const says = /S3 bucket permission validation failed/;
    assertRefused(() => tiny.create(EXPORT, "bill", inputs()), INVALID, says);
    allow(policy(STAGING.account));
    assertRefused(() => tiny.create(EXPORT, "bill", inputs()), INVALID, says);
  });

  it("needs a policy that lets it write, not read", () => {
    allow(policy(PRODUCTION.account, "s3:GetObject"));
    assertRefused(() => tiny.create(EXPORT, "bill", inputs()), INVALID, /permission validation failed/);
  });

  const refused: readonly (readonly [what: string, over: Over, says: RegExp])[] = [
    ["a bucket that is not there", { destination: { s3Bucket: "none" } }, /does not exist/],
    ["another region than the bucket's", { destination: { s3Region: "us-east-1" } }, /is in us-west-2/],
    [
      "a compression that the format has not",
      { destination: { s3OutputConfigurations: [{ ...output, compression: "PARQUET" }] } },
      /no compression PARQUET/,
    ],
    ["every column", { query: { queryStatement: "SELECT * FROM FOCUS_1_2_AWS" } }, /SELECT \*/],
    ["an unknown table", { query: { queryStatement: "SELECT a FROM BILLS", tableConfigurations: {} } }, /Table BILLS/],
    ["no query", { query: { queryStatement: "BilledCost" } }, /must be SELECT/],
    ["a long query", { query: { queryStatement: `SELECT ${"a, ".repeat(13_000)}b FROM FOCUS_1_2_AWS` } }, /longer/],
    ["the settings of another table", { query: { tableConfigurations: { FOCUS_1_0_AWS: {} } } }, /is for FOCUS_1_0/],
  ];
  for (const [what, over, says] of refused)
    it(`refuses ${what}, when it is made and when it is changed`, () => {
      allow();
      assertRefused(() => tiny.create(EXPORT, "bill", inputs(over)), INVALID, says);
      const made = tiny.create(EXPORT, "bill", inputs());
      assertRefused(() => tiny.update(made, inputs(over)), INVALID, says);
    });

  it("takes names in its alphabet", () => {
    assert.equal(tiny.check(EXPORT, inputs({ export: { name: "a b" } }))[0]?.property, "export.name");
    assert.deepEqual(tiny.check(EXPORT, inputs()), []);
  });
});
