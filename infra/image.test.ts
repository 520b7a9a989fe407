import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contract as api } from "../api/src/environment.ts";
import { capture, only, valueOf } from "./capture.ts";
import { Image, type ImageArgs } from "./image.ts";
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

describe("api/Dockerfile", () => {
  const root = join(import.meta.dirname, "..");
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const lines = read("api/Dockerfile")
    .replaceAll("\\\n", "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const instructions = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it("is built from the Node that the repository installs, by its whole version", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
    const bases = instructions("FROM").map((base) => base.split(" ")[0] ?? "");
    assert.deepEqual(
      bases.map((base) => base.split(":")[1]),
      bases.map(() => `${devDependencies["node"]}-alpine`),
    );
  });

  it("copies what counts for the image's tag, and nothing else", () => {
    const copied = instructions("COPY")
      .filter((copy) => !copy.startsWith("--from"))
      .flatMap((copy) => copy.split(" ").slice(0, -1));
    assert.deepEqual(copied.sort(), [...apiImage.included].sort());
  });

  it("is sent the same files by Docker", () => {
    const ignored = read("api/Dockerfile.dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(ignored, ["*", ...apiImage.included.map((path) => `!${path}`), ...apiImage.excluded]);
  });

  it("installs for production, by the lock file, without running anything of a package", () => {
    const [install = ""] = instructions("RUN");
    for (const word of ["npm ci", "--omit=dev", "--ignore-scripts", "--workspace=@groundwork/api"])
      assert.ok(install.includes(word), word);
  });

  it("runs the API's own entry without a shell, as nobody in particular", () => {
    assert.deepEqual(instructions("CMD"), ['["node", "src/main.ts"]']);
    assert.deepEqual(instructions("USER"), ["node"]);
    assert.deepEqual(instructions("EXPOSE"), [String(api.port)]);
    assert.ok(
      lines.findIndex((line) => line.startsWith("USER")) > lines.findLastIndex((line) => line.startsWith("RUN")),
    );
  });
});
