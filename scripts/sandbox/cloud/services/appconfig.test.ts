import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { difference } from "../diff.ts";
import type { CloudResource } from "../service.ts";
import { appconfig } from "./appconfig.ts";
import { APPLICATION, DEPLOYMENT, ENVIRONMENT, PROFILE, STRATEGY, VERSION } from "./appconfig-lookup.ts";
import { trust } from "./ecs-samples.ts";
import { iam } from "./iam.ts";
import { assertRefused, STAGING, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const schema = JSON.stringify({ type: "object", required: ["on"], properties: { on: { type: "boolean" } } });

interface Configured {
  readonly cloud: TinyWorld;
  readonly application: CloudResource;
  readonly environment: CloudResource;
  readonly profile: CloudResource;
  readonly strategy: CloudResource;
  readonly version: (content?: string, over?: Properties) => CloudResource;
  readonly deploy: (over?: Properties) => CloudResource;
}

function configured(): Configured {
  const cloud = tinyWorld(appconfig, iam);
  const application = cloud.create(APPLICATION, "a", { name: "api" });
  const applicationId = application.id;
  const environment = cloud.create(ENVIRONMENT, "e", { applicationId, name: "staging" });
  const profile = cloud.create(PROFILE, "p", {
    applicationId,
    name: "flags",
    locationUri: "hosted",
    validators: [{ type: "JSON_SCHEMA", content: schema }],
  });
  const strategy = cloud.create(STRATEGY, "s", {
    name: "at-once",
    deploymentDurationInMinutes: 0,
    growthFactor: 100,
    replicateTo: "NONE",
  });
  const parts = { applicationId, configurationProfileId: textIn(profile.outputs, "configurationProfileId") };
  let count = 0;
  return {
    cloud,
    application,
    environment,
    profile,
    strategy,
    version: (content = '{"on":true}', over = {}) =>
      cloud.create(VERSION, `v${count++}`, { ...parts, content, contentType: "application/json", ...over }),
    deploy: (over = {}) =>
      cloud.create(DEPLOYMENT, `d${count++}`, {
        ...parts,
        environmentId: textIn(environment.outputs, "environmentId"),
        deploymentStrategyId: strategy.id,
        configurationVersion: "1",
        ...over,
      }),
  };
}

describe("AppConfig: applications and their parts", () => {
  it("have ids of seven letters and digits, which their parts' ids carry", () => {
    const { application, environment, profile } = configured();
    assert.match(application.id, /^[a-z0-9]{7}$/);
    assert.equal(environment.id, `${textIn(environment.outputs, "environmentId")}:${application.id}`);
    assert.equal(profile.id, `${textIn(profile.outputs, "configurationProfileId")}:${application.id}`);
    assert.match(
      textIn(environment.outputs, "arn"),
      /^arn:aws:appconfig:us-east-1:111122223333:application\/[a-z0-9]{7}\/environment\/[a-z0-9]{7}$/,
    );
  });

  for (const type of [ENVIRONMENT, PROFILE])
    it(`are parts of an application that is there: ${type}`, () => {
      const { cloud, application } = configured();
      const make = (applicationId: string, place = application.location) =>
        cloud.create(type, "x", { applicationId, name: "x", locationUri: "hosted" }, place);
      make(application.id);
      assertRefused(() => make("abcdefg"), "ResourceNotFoundException");
      assertRefused(() => make(application.id, STAGING), "ResourceNotFoundException");
    });

  it("stay while they have parts: applications", () => {
    const { cloud, application, environment, profile } = configured();
    assertRefused(() => cloud.delete(application), "BadRequestException", /environments or configuration profiles/);
    cloud.delete(environment);
    assertRefused(() => cloud.delete(application), "BadRequestException");
    cloud.delete(profile);
    cloud.delete(application);
  });

  it("stay while they have versions: profiles", () => {
    const { cloud, profile, version } = configured();
    const hosted = version();
    assertRefused(() => cloud.delete(profile), "BadRequestException", /still hosted configuration versions/);
    cloud.delete(hosted);
    cloud.delete(profile);
  });

  it("are validated by JSON, or by a Lambda", () => {
    const { cloud } = configured();
    const check = (type: string, content: string) => cloud.check(PROFILE, { validators: [{ type, content }] });
    assert.deepEqual(check("JSON_SCHEMA", schema), []);
    assert.deepEqual(check("LAMBDA", "arn:aws:lambda:us-east-1:111122223333:function:f"), []);
    assert.equal(check("JSON_SCHEMA", "{")[0]?.property, "validators[0].content");
    assert.equal(check("LAMBDA", "f")[0]?.property, "validators[0].content");
  });

  const role = "arn:aws:iam::111122223333:role/reader";
  for (const [what, over, good] of [
    ["hosted", {}, true],
    ["hosted, and read by a role", { retrievalRoleArn: role }, false],
    ["in a bucket, and read by a role", { locationUri: "s3://b/k", retrievalRoleArn: role }, true],
    ["in a bucket, and read by nobody", { locationUri: "s3://b/k" }, false],
    ["nowhere", { locationUri: "s3" }, false],
    [
      "flags in a bucket",
      { type: "AWS.AppConfig.FeatureFlags", locationUri: "s3://b/k", retrievalRoleArn: role },
      false,
    ],
    [
      "validated by no function",
      { validators: [{ type: "LAMBDA", content: "arn:aws:lambda:us-east-1:111122223333:function:none" }] },
      false,
    ],
  ] as const)
    it(`${good ? "may" : "may not"} be ${what}: profiles`, () => {
      const { cloud, application } = configured();
      const inputs = { applicationId: application.id, name: "x", locationUri: "hosted", ...over } as Properties;
      const make = () => cloud.create(PROFILE, "x", inputs);
      if (good) make();
      else assertRefused(make, "BadRequestException");
    });

  it("are watched by an alarm that is there, with a role that AppConfig may take", () => {
    const { cloud, application, environment } = configured();
    const alarmArn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors";
    const watch = (monitor: Properties) =>
      cloud.update(environment, { applicationId: application.id, name: "staging", monitors: [monitor] });
    assertRefused(() => watch({ alarmArn }), "BadRequestException", /does not exist/);
    cloud.create("aws:cloudwatch/metricAlarm:MetricAlarm", "errors", { name: "errors", arn: alarmArn });
    const role = (name: string, assumeRolePolicy: string) =>
      textIn(cloud.create("aws:iam/role:Role", name, { name, assumeRolePolicy }).outputs, "arn");
    const tasks = role("tasks", trust());
    assertRefused(() => watch({ alarmArn, alarmRoleArn: tasks }), "BadRequestException", /Unable to assume role/);
    watch({ alarmArn, alarmRoleArn: role("right", trust("appconfig.amazonaws.com", "111122223333", "appconfig")) });
  });
});

describe("AppConfig: versions and deployments", () => {
  it("are numbered from 1, and no number is given twice", () => {
    const { cloud, version, deploy } = configured();
    const first = version();
    assert.equal(first.outputs["versionNumber"], 1);
    assert.match(first.id, /^[a-z0-9]{7}\/[a-z0-9]{7}\/1$/);
    assert.equal(deploy().outputs["deploymentNumber"], 1);
    cloud.delete(first);
    assert.equal(version().outputs["versionNumber"], 2);
    const second = deploy({ configurationVersion: "2" });
    cloud.delete(second);
    assert.equal(deploy({ configurationVersion: "2" }).outputs["deploymentNumber"], 3);
  });

  it("name what is there", () => {
    const { version, deploy } = configured();
    assertRefused(() => version("{}", { configurationProfileId: "abcdefg" }), "ResourceNotFoundException", /profile/);
    version();
    deploy();
    deploy({ deploymentStrategyId: "AppConfig.AllAtOnce" });
    for (const [key, what] of [
      ["applicationId", /Application/],
      ["configurationProfileId", /Configuration profile/],
      ["environmentId", /Environment/],
      ["deploymentStrategyId", /Deployment strategy/],
      ["configurationVersion", /Configuration version/],
    ] as const)
      assertRefused(() => deploy({ [key]: "abcdefg" }), "ResourceNotFoundException", what);
  });

  it("are deployed only where the profile's schema takes the content", () => {
    const { version, deploy } = configured();
    version();
    version('{"on":"yes"}');
    version("on: true");
    deploy();
    assertRefused(() => deploy({ configurationVersion: "2" }), "BadRequestException", /#\/on: expected type: boolean/);
    assertRefused(() => deploy({ configurationVersion: "3" }), "BadRequestException", /not JSON/);
  });

  it("do not change: another content is another version, another version another deployment", () => {
    const replaces = (type: string, key: string, old: string, now: string) =>
      difference({
        type,
        olds: { [key]: old },
        news: { [key]: now },
        outputs: {},
        ignored: [],
        rules: appconfig.resources[type],
        naming: undefined,
      }).replaces;
    assert.deepEqual(replaces(VERSION, "content", "{}", "[]"), ["content"]);
    assert.deepEqual(replaces(DEPLOYMENT, "configurationVersion", "1", "2"), ["configurationVersion"]);
    assert.deepEqual(replaces(STRATEGY, "name", "a", "b"), ["name"]);
    assert.deepEqual(replaces(STRATEGY, "description", "a", "b"), []);
  });

  it("have sizes and strategies in AppConfig's limits", () => {
    const { cloud } = configured();
    const strategy = (over: Properties) => cloud.check(STRATEGY, over).map(({ property }) => property);
    assert.deepEqual(strategy({ growthFactor: 100, deploymentDurationInMinutes: 0, growthType: "LINEAR" }), []);
    assert.deepEqual(strategy({ growthFactor: 0 }), ["growthFactor"]);
    assert.deepEqual(strategy({ finalBakeTimeInMinutes: 1441 }), ["finalBakeTimeInMinutes"]);
    assert.deepEqual(strategy({ growthType: "SLOW" }), ["growthType"]);
    assert.deepEqual(strategy({ replicateTo: "S3" }), ["replicateTo"]);
    assert.match(cloud.check(VERSION, { content: "x".repeat(2_097_153) })[0]?.reason ?? "", /PayloadTooLarge/);
  });
});
