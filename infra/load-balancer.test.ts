import assert from "node:assert/strict";
import { capture, only, type CapturedResource } from "./capture.ts";
import { LoadBalancer, type LoadBalancerArgs } from "./load-balancer.ts";

const args: LoadBalancerArgs = {
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-1",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
  trustStoreArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/t/1",
  accountId: "123456789012",
};

const listener = "aws:lb/listener:Listener";

describe("the load balancer", () => {
  let resources: readonly CapturedResource[];
  const balancer = () => only(resources, "aws:lb/loadBalancer:LoadBalancer").inputs;
  const onPort = (port: number) =>
    resources.find(({ type, inputs }) => type === listener && inputs["port"] === port)?.inputs ?? {};
  before(async () => {
    ({ resources } = await capture(() => new LoadBalancer("edge", args)));
  });

  it("faces the internet, protected, strict with what it reads", () => {
    assert.equal(balancer()["internal"], false);
    assert.equal(balancer()["enableDeletionProtection"], true);
    assert.equal(balancer()["dropInvalidHeaderFields"], true);
    assert.equal(balancer()["desyncMitigationMode"], "strictest");
    assert.deepEqual(balancer()["securityGroups"], ["sg-1"]);
  });

  it("asks for a client certificate and answers nothing by itself", () => {
    const https = onPort(443);
    assert.equal(https["protocol"], "HTTPS");
    assert.match(https["sslPolicy"] as string, /^ELBSecurityPolicy-TLS13-1-2-Res-/);
    assert.deepEqual(https["mutualAuthentication"], {
      mode: "verify",
      trustStoreArn: args.trustStoreArn,
      ignoreClientCertificateExpiry: false,
    });
    const [action, ...others] = https["defaultActions"] as { type: string; fixedResponse: { statusCode: string } }[];
    assert.equal(others.length, 0);
    assert.equal(action?.type, "fixed-response");
    assert.equal(action.fixedResponse.statusCode, "404");
  });

  it("redirects HTTP, and has no further port", () => {
    assert.deepEqual(onPort(80)["defaultActions"], [
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
    assert.equal(resources.filter(({ type }) => type === listener).length, 2);
  });

  it("logs requests and connections to a bucket of its own, which only ELB writes, under this account's number", () => {
    for (const kind of ["accessLogs", "connectionLogs"])
      assert.equal((balancer()[kind] as { bucket: string }).bucket, "edge-logs-0a1b2c3");
    const { policy } = only(resources, "aws:s3/bucketPolicy:BucketPolicy").inputs;
    const [allowed, ...denied] = (
      JSON.parse(policy as string) as { Statement: { Effect: string; Principal: unknown; Resource: string[] }[] }
    ).Statement;
    assert.deepEqual(allowed?.Principal, { Service: "logdelivery.elasticloadbalancing.amazonaws.com" });
    for (const path of allowed.Resource) assert.match(path, /\/(requests|connections)\/AWSLogs\/123456789012\/\*$/);
    assert.ok(denied.every(({ Effect }) => Effect === "Deny"));
  });

  const refused: readonly [input: string, over: Partial<LoadBalancerArgs>][] = [
    ["subnetIds", { subnetIds: ["subnet-a"] }],
    ["accountId", { accountId: "1" }],
    ["certificateArn", { certificateArn: "certificate" }],
    ["trustStoreArn", { trustStoreArn: args.certificateArn }],
    ["accessLogDays", { accessLogDays: 0 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new LoadBalancer("edge", { ...args, ...over })),
        new RegExp(`${input}: must be`),
      );
    });
  }
});
