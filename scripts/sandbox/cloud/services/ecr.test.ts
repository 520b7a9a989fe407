import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Properties, Secret } from "../../values/value.ts";
import type { CloudResource, Location } from "../service.ts";
import { dockerBuild } from "./docker-build.ts";
import { ecr } from "./ecr.ts";
import { kms } from "./kms.ts";
import { PRODUCTION, STAGING, assertRefused, textIn, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const IMAGE = "docker-build:index:Image";
const TOKEN = "aws:ecr/getAuthorizationToken:getAuthorizationToken";
const GET_IMAGE = "aws:ecr/getImage:getImage";

/** Where docker-build's provider works: nowhere in AWS. */
const NOWHERE: Location = { partition: "", account: "", region: "" };

const world = (): TinyWorld => tinyWorld(ecr, dockerBuild, kms);
const immutable = (cloud: TinyWorld, over: Properties = {}): CloudResource =>
  cloud.create(REPOSITORY, "api", { name: "api", imageTagMutability: "IMMUTABLE", ...over });

function login(cloud: TinyWorld, location = PRODUCTION): Properties {
  const { proxyEndpoint = "", userName = "", password } = cloud.invoke(TOKEN, {}, location);
  assert.ok(password instanceof Secret);
  return { address: proxyEndpoint, username: userName, password: password.value };
}

describe("a repository of ECR", () => {
  it("has the address of its registry", () => {
    const { id, outputs } = immutable(world());
    assert.equal(id, "api");
    assert.equal(outputs["arn"], "arn:aws:ecr:us-east-1:111122223333:repository/api");
    assert.equal(outputs["repositoryUrl"], "111122223333.dkr.ecr.us-east-1.amazonaws.com/api");
    assert.equal(outputs["registryId"], "111122223333");
  });

  it("has a name of its own, in lower case", () => {
    const cloud = world();
    for (const name of ["Api", "a", "api/", "api--", "-api"])
      assertRefused(() => cloud.create(REPOSITORY, name, { name }), "InvalidParameterException", /repositoryName/);
    cloud.create(REPOSITORY, "a", { name: "team/api_v1.x" });
    immutable(cloud);
    assertRefused(() => cloud.create(REPOSITORY, "b", { name: "api" }), "RepositoryAlreadyExistsException");
    cloud.create(REPOSITORY, "c", { name: "api" }, STAGING);
  });

  it("is encrypted with a key that exists, where one is named", () => {
    const cloud = world();
    const encrypted = (encryptionType: string, kmsKey: string): Properties => ({
      name: "sealed",
      encryptionConfigurations: [{ encryptionType, kmsKey }],
    });
    const key = cloud.create("aws:kms/key:Key", "k", {});
    assertRefused(() => cloud.create(REPOSITORY, "x", encrypted("KMS", "none")), "KmsException");
    assertRefused(() => cloud.create(REPOSITORY, "x", encrypted("AES256", key.id)), "InvalidParameterException");
    cloud.create(REPOSITORY, "x", encrypted("KMS", key.id));
  });

  it("takes exceptions from immutability only where it may have them", () => {
    const cloud = world();
    const filters = [{ filter: "latest", filterType: "WILDCARD" }];
    const failing: readonly Properties[] = [
      { imageTagMutability: "IMMUTABLE", imageTagMutabilityExclusionFilters: filters },
      { imageTagMutabilityExclusionFilters: filters },
      { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
    ];
    for (const inputs of failing)
      assert.equal(cloud.check(REPOSITORY, inputs)[0]?.property, "imageTagMutabilityExclusionFilters");
    assert.deepEqual(cloud.check(REPOSITORY, { imageTagMutability: "IMMUTABLE" }), []);
    assert.deepEqual(
      cloud.check(REPOSITORY, {
        imageTagMutability: "MUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: filters,
      }),
      [],
    );
  });
});

describe("a lifecycle policy of ECR", () => {
  const expire = { type: "expire" };
  const untagged: Properties = {
    rulePriority: 1,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
    action: expire,
  };
  const newest: Properties = {
    rulePriority: 2,
    selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 30 },
    action: expire,
  };
  const selecting = (selection: Properties): Properties => ({ rulePriority: 1, selection, action: expire });
  const count: Properties = { countType: "imageCountMoreThan", countNumber: 1 };
  const policy = (...rules: Properties[]): Properties => ({ repository: "api", policy: JSON.stringify({ rules }) });

  const refused: readonly [what: string, inputs: Properties, message: RegExp][] = [
    ["no JSON", { repository: "api", policy: "{" }, /LifecyclePolicy/],
    ["no rules", { repository: "api", policy: "{}" }, /rules/],
    ["an empty list of rules", policy(), /1 to 50/],
    ["an unknown key", policy({ ...untagged, priority: 1 }), /not allowed: priority/],
    ["a priority of 0", policy({ ...untagged, rulePriority: 0 }), /minimum/],
    ["two rules for untagged images", policy(untagged, { ...untagged, rulePriority: 2 }), /untagged images/],
    ["one priority twice", policy(untagged, { ...newest, rulePriority: 1 }), /Duplicate priority/],
    ["tagged images without a pattern", policy(selecting({ tagStatus: "tagged", ...count })), /Must specify/],
    [
      "a pattern for untagged images",
      policy(selecting({ tagStatus: "untagged", tagPatternList: ["*"], ...count })),
      /Cannot specify/,
    ],
    [
      "prefixes and patterns",
      policy(selecting({ tagStatus: "tagged", tagPatternList: ["*"], tagPrefixList: ["v"], ...count })),
      /only one/,
    ],
    ["five wildcards", policy(selecting({ tagStatus: "tagged", tagPatternList: ["*****"], ...count })), /wildcards/],
    ["another tag status", policy(selecting({ tagStatus: "all", ...count })), /tagStatus/],
    [
      "a number of days without a unit",
      policy(selecting({ tagStatus: "any", countType: "sinceImagePushed", countNumber: 1 })),
      /countUnit/,
    ],
    [
      "a unit for a number of images",
      policy(selecting({ tagStatus: "any", ...count, countUnit: "days" })),
      /countUnit/,
    ],
    [
      "a count of 0",
      policy(selecting({ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 0 })),
      /countNumber/,
    ],
    ["another action", policy({ ...untagged, action: { type: "delete" } }), /action/],
    ["any images before others", policy(selecting({ tagStatus: "any", ...count }), newest), /highest/],
    [
      "two rules for any images",
      policy(selecting({ tagStatus: "any", ...count }), {
        ...selecting({ tagStatus: "any", ...count }),
        rulePriority: 2,
      }),
      /one rule/,
    ],
  ];
  for (const [what, inputs, message] of refused)
    it(`is refused with ${what}`, () => {
      const cloud = world();
      immutable(cloud);
      assertRefused(() => cloud.create(LIFECYCLE, "l", inputs), "InvalidParameterException", message);
      assert.equal(cloud.create(LIFECYCLE, "l", policy(untagged, newest)).id, "api");
    });

  it("is of a repository that exists", () => {
    assertRefused(() => world().create(LIFECYCLE, "l", policy(untagged)), "RepositoryNotFoundException", /'api'/);
  });

  it("is the same in another order", () => {
    const rules = ecr.resources[LIFECYCLE];
    const text = (inputs: Properties): string => textIn(inputs, "policy");
    assert.equal(rules?.equivalent?.("policy", text(policy(untagged, newest)), text(policy(newest, untagged))), true);
    assert.equal(rules.equivalent("policy", text(policy(untagged)), text(policy(newest))), false);
  });
});

describe("a repository policy of ECR", () => {
  const document = (Statement: Properties[]): Properties => ({
    repository: "api",
    policy: JSON.stringify({ Version: "2012-10-17", Statement }),
  });
  const pull = { Effect: "Allow", Principal: { AWS: "444455556666" }, Action: "ecr:BatchGetImage" };
  it("is a document that names no resource", () => {
    const cloud = world();
    immutable(cloud);
    assertRefused(
      () => cloud.create(POLICY, "p", document([{ Effect: "Allow", Action: "ecr:BatchGetImage" }])),
      "InvalidParameterException",
      /repository policy/,
    );
    cloud.create(POLICY, "p", document([pull]));
  });
});

describe("an image of docker-build", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "push-"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const url = "111122223333.dkr.ecr.us-east-1.amazonaws.com/api";
  const inputs = (cloud: TinyWorld, tag = "v1"): Properties => ({
    context: { location: folder },
    platforms: ["linux/arm64"],
    push: true,
    registries: [login(cloud)],
    tags: [`${url}:${tag}`],
  });
  const push = (cloud: TinyWorld, name: string, over: Properties = {}, tag = "v1"): CloudResource =>
    cloud.create(IMAGE, name, { ...inputs(cloud, tag), ...over }, NOWHERE);

  it("has a digest that follows from its files and settings, not from its tags", () => {
    const cloud = world();
    immutable(cloud);
    const digests = [push(cloud, "a"), push(cloud, "b", {}, "v2"), push(cloud, "c", { platforms: [] }, "v3")];
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nUSER 1\n");
    digests.push(push(cloud, "d", {}, "v4"));
    const [first, retagged, elsewhere, changed] = digests.map(({ outputs }) => textIn(outputs, "digest"));
    assert.match(first ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.equal(retagged, first);
    assert.notEqual(elsewhere, first);
    assert.notEqual(changed, first);
    assert.equal(digests[0]?.outputs["ref"], `${url}:v1@${first}`);
  });

  it("is not exported unless it is pushed", () => {
    const built = push(world(), "a", { push: false });
    assert.equal(built.outputs["digest"], "");
    assert.equal(built.outputs["ref"], `${url}:v1`);
  });

  it("cannot overwrite an immutable tag with another image", () => {
    const cloud = world();
    immutable(cloud);
    const first = push(cloud, "a");
    push(cloud, "again");
    writeFileSync(join(folder, "other"), "1");
    assertRefused(() => push(cloud, "b"), "TAG_INVALID", /'v1' already exists in the 'api'/);
    assertRefused(() => cloud.update(first, first.inputs), "TAG_INVALID");
    push(cloud, "b", {}, "v2");
  });

  it("overwrites a tag that may change", () => {
    const cloud = world();
    immutable(cloud, { imageTagMutability: "MUTABLE" });
    push(cloud, "a");
    writeFileSync(join(folder, "other"), "1");
    push(cloud, "b");
  });

  it("needs files, a repository, and its registry's password", () => {
    const cloud = world();
    assertRefused(() => push(cloud, "a"), "NAME_UNKNOWN", /'api'/);
    immutable(cloud);
    assertRefused(
      () => push(cloud, "a", { context: { location: join(folder, "none") } }),
      "InvalidArgument",
      /directory/,
    );
    assertRefused(() => push(cloud, "a", { dockerfile: { location: "none" } }), "InvalidArgument", /no such file/);
    assertRefused(() => push(cloud, "a", { registries: [] }), "UNAUTHORIZED");
    const foreign = { ...login(cloud, STAGING), address: login(cloud)["address"] ?? "" };
    assertRefused(() => push(cloud, "a", { registries: [foreign] }), "DENIED");
    push(cloud, "a");
  });

  it("does not change with the password, and is never replaced", () => {
    const rules = dockerBuild.resources[IMAGE];
    assert.equal(rules?.equivalent?.("registries[0].password", "a", "b"), true);
    assert.equal(rules.equivalent("registries[0].username", "a", "b"), false);
    assert.deepEqual(rules.replaces?.({ tags: ["a"] }, { tags: ["b"] }), []);
  });

  it("keeps its repository, unless that is deleted with all it holds", () => {
    const cloud = world();
    const repository = immutable(cloud);
    push(cloud, "a");
    assertRefused(() => cloud.delete(repository), "RepositoryNotEmptyException", /still contains images/);
    cloud.delete(cloud.update(repository, { ...repository.inputs, forceDelete: true }));
    assert.deepEqual(cloud.world.all(IMAGE), []);
  });

  it("is found by tag, by digest, and as the newest", () => {
    const cloud = world();
    immutable(cloud);
    const first = push(cloud, "a");
    writeFileSync(join(folder, "other"), "1");
    const second = push(cloud, "b", {}, "v2");
    const found = (args: Properties): string =>
      textIn(cloud.invoke(GET_IMAGE, { repositoryName: "api", ...args }), "imageDigest");
    assert.equal(found({ imageTag: "v1" }), first.outputs["digest"]);
    assert.equal(found({ imageDigest: second.id }), second.outputs["digest"]);
    assert.equal(found({ mostRecent: true }), second.outputs["digest"]);
    assertRefused(() => found({ imageTag: "v3" }), "ImageNotFoundException");
    assertRefused(() => cloud.invoke(GET_IMAGE, { repositoryName: "none" }), "RepositoryNotFoundException");
  });
});

describe("the password of a registry", () => {
  it("is a secret, the same in every run, and another in every account", () => {
    const cloud = world();
    const answer = cloud.invoke(TOKEN, {});
    assert.ok(answer["password"] instanceof Secret);
    assert.ok(answer["authorizationToken"] instanceof Secret);
    assert.deepEqual(cloud.invoke(TOKEN, {}), answer);
    assert.notDeepEqual(cloud.invoke(TOKEN, {}, STAGING)["password"], answer["password"]);
    assert.equal(answer["proxyEndpoint"], "https://111122223333.dkr.ecr.us-east-1.amazonaws.com");
  });
});
