import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { PlannedStep } from "../engines/engine.ts";
import { accountsWho } from "./accounts-who.ts";
import { type AskCloudTrail, askCloudTrail, changesOf } from "./cloudtrail.ts";
import { lookupsOf, trailCommand, trailQuery } from "./lookups.ts";

const step = (type: string, id?: string): PlannedStep => ({
  op: "update",
  urn: `urn:pulumi:staging::groundwork::${type}::x`,
  type,
  changed: [],
  replaces: [],
  ...(id !== undefined && { id }),
});

const SECRET_KEY = "aws-secret-that-nobody-sees";

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** CloudTrail on loopback: its JSON protocol, one answer after another. */
async function cloudTrail(answers: readonly { status: number; body: unknown }[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answers[asked.length];
      asked.push({ headers: request.headers, body: JSON.parse(body) });
      response.writeHead(answer?.status ?? 500, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answer?.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = askCloudTrail({
    credentials: () => Promise.resolve({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: SECRET_KEY }),
    environment: { AWS_ENDPOINT_URL_CLOUDTRAIL: `http://127.0.0.1:${port}` },
    deadlineMilliseconds: 5000,
  });
  return { ask, asked, stop: () => server.close() };
}

const limits = { resources: 10, gapMilliseconds: 0, changes: 3 };
const event = (EventName: string, seconds: number, more: object = {}) => ({
  EventName,
  EventTime: seconds,
  Username: "alice",
  ReadOnly: "false",
  ...more,
});

describe("CloudTrail, asked who changed a resource", () => {
  const query = { region: "us-east-1", resourceName: "media-0a1b2c3" };

  it("is asked by the resource's name in a signed request, and tells changes alone", async () => {
    const { ask, asked, stop } = await cloudTrail([
      {
        status: 200,
        body: {
          Events: [
            event("PutBucketTagging", 1_700_000_100),
            event("GetBucketTagging", 1_700_000_090, { ReadOnly: "true" }),
            event("PutBucketAcl", 1_700_000_000.5, { Username: undefined }),
          ],
        },
      },
    ]);
    try {
      assert.deepEqual(await ask(query), [
        { time: "2023-11-14T22:15:00.000Z", by: "alice", action: "PutBucketTagging" },
        { time: "2023-11-14T22:13:20.500Z", by: "unknown", action: "PutBucketAcl" },
      ]);
      const [request] = asked;
      assert.equal(request?.headers["x-amz-target"], "CloudTrail_20131101.LookupEvents");
      assert.match(
        request.headers.authorization ?? "",
        /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/cloudtrail\/aws4_request/,
      );
      assert.deepEqual(request.body, {
        LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: "media-0a1b2c3" }],
        MaxResults: 50,
      });
    } finally {
      stop();
    }
  });

  it("says why it did not answer, and is not asked again", async () => {
    const { ask, asked, stop } = await cloudTrail([
      { status: 200, body: {} },
      { status: 400, body: { __type: "com.amazon#AccessDeniedException", Message: "no" } },
    ]);
    try {
      const names = ["a", "b", "c"].map((resourceName) => ({ ...query, resourceName }));
      const { unknownWho } = await changesOf(names, ask, limits);
      assert.equal(unknownWho, "CloudTrail was not asked: AWS says AccessDeniedException");
      assert.equal(asked.length, 2);
    } finally {
      stop();
    }
    const after = await changesOf([query], ask, limits);
    assert.match(after.unknownWho ?? "", /^CloudTrail was not asked: AWS was not reached \(ECONNREFUSED\)$/);
  });

  it("is asked once of each, and of no more than the limit", async () => {
    const seen: string[] = [];
    const ask: AskCloudTrail = ({ resourceName }) => {
      seen.push(resourceName);
      return Promise.resolve([]);
    };
    const names = ["a", "a", "b", "c"].map((resourceName) => ({ ...query, resourceName }));
    const { unknownWho } = await changesOf(names, ask, { ...limits, resources: 2 });
    assert.deepEqual(seen, ["a", "b"]);
    assert.equal(unknownWho, "CloudTrail was asked of 2 resources, not of 1 more");
  });

  it("is not asked where there are no credentials, nor of what is none of AWS's", async () => {
    const none = Object.assign(new Error("Could not load credentials"), { name: "CredentialsProviderError" });
    const steps = [step("aws:s3/bucket:Bucket", "media"), step("cloudflare:index/zone:Zone", "z")];
    const who = await accountsWho(steps, "us-east-1", () => Promise.reject(none), limits);
    assert.equal(who.unknownWho, "CloudTrail was not asked: there are no AWS credentials");
    const quiet = await accountsWho(steps.slice(1), "us-east-1", () => assert.fail("it asked"), limits);
    assert.equal(quiet.unknownWho, undefined);
  });
});

describe("where to look who changed a resource", () => {
  const cases: readonly [type: string, id: string, region: string, name: string][] = [
    ["aws:s3/bucket:Bucket", "media-0a1b2c3", "eu-west-1", "media-0a1b2c3"],
    ["aws:iam/rolePolicy:RolePolicy", "deploy:inline", "us-east-1", "deploy"],
    ["aws:cloudfront/distribution:Distribution", "E1", "us-east-1", "E1"],
    [
      "aws:secretsmanager/secretVersion:SecretVersion",
      "arn:aws:secretsmanager:us-west-2:111122223333:secret:a|v1",
      "us-west-2",
      "arn:aws:secretsmanager:us-west-2:111122223333:secret:a",
    ],
    [
      "aws:sns/topic:Topic",
      "arn:aws:sns:us-gov-west-1:111122223333:t",
      "us-gov-west-1",
      "arn:aws:sns:us-gov-west-1:111122223333:t",
    ],
  ];
  for (const [type, id, region, resourceName] of cases)
    it(`is CloudTrail of ${region} for ${type}`, () => {
      assert.deepEqual(trailQuery(step(type, id), "eu-west-1"), { region, resourceName });
    });

  it("is an exact command, safe to paste", () => {
    assert.equal(
      trailCommand({ region: "us-east-1", resourceName: "media-0a1b2c3" }),
      `aws cloudtrail lookup-events --region us-east-1 --lookup-attributes 'AttributeKey=ResourceName,AttributeValue=media-0a1b2c3' --query "Events[?ReadOnly=='false'].[EventTime,Username,EventName]" --output table`,
    );
    assert.match(trailCommand({ region: "us-east-1", resourceName: "a'; rm -rf /" }), /=a'\\''; rm -rf \/'/);
  });

  it("is the provider's log for others, and nowhere for what has none", () => {
    assert.deepEqual(
      [
        "mongodbatlas:index/project:Project",
        "cloudflare:index/zone:Zone",
        "datadog:index/monitor:Monitor",
        "random:index/randomId:RandomId",
      ].map((type) => lookupsOf(step(type, "x"), "us-east-1").map(({ kind }) => kind)),
      [["page"], ["page"], ["page"], []],
    );
    assert.deepEqual(lookupsOf(step("aws:s3/bucket:Bucket"), "us-east-1"), []);
  });
});
