import assert from "node:assert/strict";
import { formatProblem } from "./formats.ts";
import type { Limit } from "./facts.ts";

const cases: readonly [format: NonNullable<Limit["format"]>, right: readonly string[], wrong: readonly string[]][] = [
  [
    "arn",
    ["", "arn:aws:iam::111122223333:role/a", "arn:aws:s3:::bucket", "arn:aws-us-gov:sns:us-gov-west-1:111122223333:t"],
    ["role/a", "arn:aws:iam", "arn:aws:iam::12:role/a", "arn:aws:sns:us-mars:111122223333:t", "arn:x:s3:::b"],
  ],
  ["account", ["111122223333"], ["11112222333", "1111-2222-3333"]],
  ["json", ["", "{}", '{"a":[1]}'], ["{", "a"]],
  ["time", ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00+02:00"], ["2026-01-31", "tomorrow", "2026-13-01T00:00:00Z"]],
  ["budget time", ["2026-01-31_00:00"], ["2026-01-31", "2026-01-31T00:00:00Z"]],
  ["region", ["eu-west-1", "us-gov-west-1"], ["EU_WEST_1", "eu-west"]],
  ["ip protocol", ["tcp", "6", "-1", "all"], ["http", "256"]],
  ["ipv4", ["10.0.0.1"], ["10.0.0.0/8", "::1"]],
  ["ipv6", ["2001:db8::1"], ["10.0.0.1"]],
  ["count or off", ["off", "1"], ["0", "some"]],
  ["percentage or off", ["off", "100"], ["0", "101"]],
  ["daily window", ["03:00-04:00"], ["3am-4am", "24:00-25:00"]],
  ["weekly window", ["sun:04:30-sun:05:30", "Mon:00:00-mon:01:00"], ["sunday 04:30", "04:30-05:30"]],
];

describe("formats of texts", () => {
  for (const [format, right, wrong] of cases) {
    for (const text of right)
      it(`take ${JSON.stringify(text)} for ${format}`, () => {
        assert.equal(formatProblem(format, text), undefined);
      });
    for (const text of wrong)
      it(`refuse ${JSON.stringify(text)} for ${format}`, () => {
        assert.match(formatProblem(format, text) ?? "", new RegExp("must be"));
      });
  }
});
