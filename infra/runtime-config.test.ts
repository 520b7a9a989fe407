import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defaultRuntimeConfig, runtimeConfigJsonSchema } from "../api/src/runtime-config.ts";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { RuntimeConfig, type RuntimeConfigArgs } from "./runtime-config.ts";

const args: RuntimeConfigArgs = {
  accountId: "123456789012",
  region: "us-east-1",
  schema: runtimeConfigJsonSchema,
  initial: { ...defaultRuntimeConfig },
};
const name = "groundwork-staging-config";
const alarmArn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:api-5xx";

describe("the configuration at run time", () => {
  let config: RuntimeConfig;
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  before(async () => {
    ({ result: config, resources } = await capture(() => new RuntimeConfig(name, args)));
  });

  it("is JSON that AppConfig validates with the API's own schema", () => {
    const { type, locationUri, validators } = inputsOf("aws:appconfig/configurationProfile:ConfigurationProfile");
    assert.deepEqual([type, locationUri], ["AWS.Freeform", "hosted"]);
    const [validator] = validators as { type: string; content: string }[];
    assert.equal(validator?.type, "JSON_SCHEMA");
    assert.deepEqual(JSON.parse(validator.content), runtimeConfigJsonSchema);
  });

  it("begins with the API's defaults, deployed at once and watched for ten minutes", () => {
    const version = inputsOf("aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion");
    assert.equal(version["contentType"], "application/json");
    // The SDK takes any content for a secret.
    const content = pulumi.runtime.unwrapRpcSecret(version["content"]) as string;
    assert.deepEqual(JSON.parse(content), defaultRuntimeConfig);
    const strategy = inputsOf("aws:appconfig/deploymentStrategy:DeploymentStrategy");
    assert.equal(strategy["deploymentDurationInMinutes"], 0);
    assert.equal(strategy["growthFactor"], 100);
    assert.equal(strategy["finalBakeTimeInMinutes"], 10);
    const deployment = inputsOf("aws:appconfig/deployment:Deployment");
    assert.equal(deployment["configurationVersion"], "1");
    assert.equal(deployment["environmentId"], "env1234");
  });

  it("is read through one ARN, which names application, environment, and profile", async () => {
    assert.equal(
      await valueOf(config.configurationArn),
      `arn:aws:appconfig:us-east-1:123456789012:application/${name}-api-id/environment/env1234/configuration/prof123`,
    );
  });

  it("is watched by an alarm only where there is one, with a role of AppConfig's own", async () => {
    assert.ok(!("monitors" in inputsOf("aws:appconfig/environment:Environment")));
    const watched = await capture(() => new RuntimeConfig(name, { ...args, alarmArn }));
    const role = only(watched.resources, "aws:iam/role:Role");
    assert.deepEqual(only(watched.resources, "aws:appconfig/environment:Environment").inputs["monitors"], [
      { alarmArn, alarmRoleArn: `arn:aws:iam::123456789012:role/${role.name}` },
    ]);
    const { Statement } = JSON.parse(role.inputs["assumeRolePolicy"] as string) as {
      Statement: { Principal: unknown; Condition: unknown }[];
    };
    assert.deepEqual(
      Statement.map(({ Principal, Condition }) => ({ Principal, Condition })),
      [
        {
          Principal: { Service: "appconfig.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:appconfig:us-east-1:123456789012:*" },
          },
        },
      ],
    );
  });

  for (const [input, over] of [
    ["accountId", { accountId: "12" }],
    ["bakeMinutes", { bakeMinutes: -1 }],
    ["bakeMinutes", { bakeMinutes: 1441 }],
  ] as const) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new RuntimeConfig("c", { ...args, ...over })),
        new RegExp(`${input}: must be`),
      );
    });
  }
});
