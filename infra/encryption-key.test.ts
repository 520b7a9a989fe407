import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { EncryptionKey, logsMayEncrypt, type EncryptionKeyArgs } from "./encryption-key.ts";

const args: EncryptionKeyArgs = { description: "Log groups", accountId: "111122223333" };

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Principal: unknown; readonly Condition?: unknown }[];
}

describe("an encryption key", () => {
  let resources: readonly CapturedResource[];
  before(async () => {
    const serviceStatements = [logsMayEncrypt("us-east-1", "111122223333", "/groundwork-staging-")];
    ({ resources } = await capture(() => new EncryptionKey("groundwork-staging-logs", { ...args, serviceStatements })));
  });

  it("rotates, and can be restored for 30 days unless told otherwise", () => {
    const { inputs } = only(resources, "aws:kms/key:Key");
    assert.equal(inputs["enableKeyRotation"], true);
    assert.equal(inputs["deletionWindowInDays"], 30);
  });

  it("has an alias by which people find it", () => {
    const { inputs } = only(resources, "aws:kms/alias:Alias");
    assert.equal(inputs["name"], "alias/groundwork-staging-logs");
    assert.equal(inputs["targetKeyId"], "key-groundwork-staging-logs");
  });

  it("is used by this account and by CloudWatch Logs for this stack's groups", () => {
    const { Statement } = JSON.parse(only(resources, "aws:kms/key:Key").inputs["policy"] as string) as Policy;
    assert.deepEqual(
      Statement.map(({ Principal, Condition }) => ({ Principal, Condition })),
      [
        { Principal: { AWS: "arn:aws:iam::111122223333:root" }, Condition: undefined },
        {
          Principal: { Service: "logs.us-east-1.amazonaws.com" },
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn":
                "arn:aws:logs:us-east-1:111122223333:log-group:/groundwork-staging-*",
            },
          },
        },
      ],
    );
  });

  for (const [input, over] of [
    ["accountId", { accountId: "12" }],
    ["deletionWindowDays", { deletionWindowDays: 6 }],
    ["deletionWindowDays", { deletionWindowDays: 31 }],
  ] as const) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new EncryptionKey("k", { ...args, ...over })),
        new RegExp(`${input}: must be`),
      );
    });
  }
});
