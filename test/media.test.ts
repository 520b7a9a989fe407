import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, only } from "../infra/capture.ts";
import { Media } from "../infra/media.ts";

interface Rule {
  readonly filter?: { readonly prefix?: string };
  readonly expiration?: { readonly days?: number };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays?: number };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number };
}

describe("docs/media.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../docs/media.md"), "utf8");

  it("says how long the component keeps what", async () => {
    const { resources } = await capture(() => new Media("m", { allowedOrigins: ["https://www.example.com"] }));
    const { inputs } = only(resources, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    const rules = inputs["rules"] as readonly Rule[];
    const temporary = rules.find(({ filter }) => filter?.prefix === "temp/");
    const old = temporary?.noncurrentVersionExpiration?.noncurrentDays;
    assert.match(text, new RegExp(`expires ${temporary?.expiration?.days} day after .*${old} day after that`));
    const kept = rules.map((rule) => rule.noncurrentVersionExpiration?.noncurrentDays).filter((days) => days !== old);
    assert.match(text, new RegExp(`default ${kept.find((days) => days !== undefined)}\\)`));
    const parts = rules.map((rule) => rule.abortIncompleteMultipartUpload?.daysAfterInitiation);
    assert.match(text, new RegExp(`never finished are deleted after ${parts.find((days) => days !== undefined)} day`));
  });
});
