import assert from "node:assert/strict";
import { capture, type CapturedResource, only } from "./capture.ts";
import { DatadogIntegration, type DatadogIntegrationArgs } from "./datadog-integration.ts";
import { tagsOf } from "./tags.ts";

const args: DatadogIntegrationArgs = {
  accountId: "123456789012",
  site: "datadoghq.com",
  regions: ["us-east-1"],
  tags: tagsOf({
    project: "groundwork",
    stack: "staging",
    environment: "staging",
    owner: "platform",
    costCenter: "engineering",
  }),
};

interface Statement {
  readonly Principal: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}
const statementOf = (document: unknown): Statement =>
  (JSON.parse(document as string) as { Statement: readonly Statement[] }).Statement[0] ?? assert.fail("no statement");

const build = (over: Partial<DatadogIntegrationArgs> = {}) =>
  new DatadogIntegration("groundwork-staging-datadog", { ...args, ...over });

describe("Datadog's integration with the account", () => {
  let resources: readonly CapturedResource[];
  const integration = () => only(resources, "datadog:aws/integrationAccount:IntegrationAccount").inputs;
  before(async () => {
    ({ resources } = await capture(() => build()));
  });

  it("takes a role with the external id of this organisation", () => {
    const trust = statementOf(only(resources, "aws:iam/role:Role").inputs["assumeRolePolicy"]);
    assert.deepEqual(trust.Principal, { AWS: "arn:aws:iam::464622532012:root" });
    assert.deepEqual(trust.Condition, { StringEquals: { "sts:ExternalId": "groundwork-staging-datadog-id" } });
    assert.deepEqual(integration()["authConfig"], {
      awsAuthConfigRole: {
        roleName: "groundwork-staging-datadog-datadog-0a1b2c3",
        externalId: "groundwork-staging-datadog-id",
      },
    });
  });

  it("comes from the account of the site's own", async () => {
    const other = await capture(() => build({ site: "ap1.datadoghq.com" }));
    const trust = statementOf(only(other.resources, "aws:iam/role:Role").inputs["assumeRolePolicy"]);
    assert.deepEqual(trust.Principal, { AWS: "arn:aws:iam::417141415827:root" });
  });

  it("reads, one named action at a time, and changes nothing", () => {
    const { Action } = statementOf(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs["policy"]);
    for (const action of Action as readonly string[])
      assert.match(action, /^[a-z0-9]+:(Get|List|Describe|View)[A-Za-z]+$/);
  });

  it("takes metrics of this account and its region, and no logs, traces, or resources", () => {
    const inputs = integration();
    assert.equal(inputs["awsAccountId"], "123456789012");
    assert.deepEqual(inputs["awsRegions"], { includeOnlies: ["us-east-1"] });
    assert.deepEqual(inputs["logsConfig"], { lambdaForwarder: { lambdas: [], sources: [] } });
    assert.deepEqual(inputs["resourcesConfig"], {
      extendedCollection: false,
      cloudSecurityPostureManagementCollection: false,
    });
    const tags = inputs["accountTags"] as string[];
    assert.ok(tags.includes("env:staging") && tags.includes("project:groundwork"));
    assert.ok(!tags.some((tag) => tag.startsWith("service:")));
  });

  for (const [input, over] of [
    ["accountId", { accountId: "1" }],
    ["regions", { regions: [] }],
  ] as const)
    it(`refuses ${JSON.stringify(over)}, by the input's name`, async () => {
      await assert.rejects(
        capture(() => build(over as Partial<DatadogIntegrationArgs>)),
        new RegExp(`Error: ${input}: `),
      );
    });
});
