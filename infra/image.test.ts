import assert from "node:assert/strict";
import { capture, only, valueOf } from "./capture.ts";
import { Cluster } from "./cluster.ts";
import { Image, type ImageArgs, runningImage } from "./image.ts";
import { apiImage } from "./settings/api-image.ts";
import { sourceHash } from "./image/source-hash.ts";

const IMAGE = "awsx:ecr:Image";
const repositoryUrl = "123456789012.dkr.ecr.us-east-1.amazonaws.com/groundwork-staging-images-api-0a1b2c3";
const imageDigest = `sha256:${"ab".repeat(32)}`;
const args: ImageArgs = { repositoryUrl, source: apiImage };

const built = (over: Partial<ImageArgs> = {}) =>
  capture(() => new Image("groundwork-staging-image", { ...args, ...over }));

describe("the image that is to run", () => {
  it("is built for ARM under the hash of its files", async () => {
    const { resources, result } = await built();
    assert.deepEqual(only(resources, IMAGE).inputs, {
      repositoryUrl,
      context: apiImage.context,
      dockerfile: apiImage.dockerfile,
      imageTag: sourceHash(apiImage),
      platform: "linux/arm64",
    });
    assert.match(
      await valueOf(result.reference),
      /^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/.+@sha256:[0-9a-f]{64}$/,
    );
  });

  it("has a tag of its own where stacks share a repository", async () => {
    const { resources } = await built({ tagPrefix: "preview-login-" });
    assert.equal(only(resources, IMAGE).inputs["imageTag"], `preview-login-${sourceHash(apiImage)}`);
  });

  it("is not built where a digest says which one runs", async () => {
    const { resources, result } = await built({ imageDigest });
    assert.equal(
      resources.some(({ type }) => type === IMAGE),
      false,
    );
    assert.equal(await valueOf(result.reference), `${repositoryUrl}@${imageDigest}`);
  });

  const refused: readonly [input: string, over: Partial<ImageArgs>][] = [
    ["imageDigest", { imageDigest: "latest" }],
    ["imageDigest", { imageDigest: `sha256:${"AB".repeat(32)}` }],
    ["tagPrefix", { tagPrefix: "Fix/Login" }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(built(over), new RegExp(`^(Resource)?Error: ${input}`));
    });
});

describe("the image of a stack that shares a repository", () => {
  const BUILD = "docker-build:index:Image";
  const made = (over: Partial<ImageArgs> = {}) =>
    capture(() =>
      runningImage(
        "groundwork-preview-login-image",
        { ...args, ...over, tagPrefix: "preview-login-" },
        new Cluster("parent"),
      ),
    );

  it("is built as awsx would, with a label that gives it a digest of its own", async () => {
    const { resources, result } = await made();
    const { registries, ...inputs } = only(resources, BUILD).inputs;
    assert.deepEqual(inputs, {
      // docker-build's own defaults.
      buildOnPreview: true,
      network: "default",
      context: { location: apiImage.context },
      dockerfile: { location: apiImage.dockerfile },
      platforms: ["linux/arm64"],
      tags: [`${repositoryUrl}:preview-login-${sourceHash(apiImage)}`],
      push: true,
      labels: { stack: "preview-login" },
    });
    assert.ok(!JSON.stringify(inputs).includes("registry-password"));
    assert.ok(JSON.stringify(registries).includes("registry-password"));
    assert.match(await valueOf(result), /^123456789012\.dkr\.ecr\..+@sha256:[0-9a-f]{64}$/);
  });

  it("is not built where a digest says which one runs", async () => {
    const { resources, result } = await made({ imageDigest });
    assert.deepEqual(
      resources.filter(({ type }) => type === BUILD),
      [],
    );
    assert.equal(await valueOf(result), `${repositoryUrl}@${imageDigest}`);
  });
});
