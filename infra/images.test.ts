import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contract as api } from "../api/src/environment.ts";
import { capture, only, type CapturedResource, valueOf } from "./capture.ts";
import { Images, type ImagesArgs } from "./images.ts";
import { apiImage } from "./settings/api-image.ts";
import { sourceHash } from "./source-hash.ts";

const args: ImagesArgs = { source: apiImage };
const imageDigest = `sha256:${"ab".repeat(32)}`;
const name = "groundwork-staging-images";

const IMAGE = "awsx:ecr:Image";
const REPOSITORY = "aws:ecr/repository:Repository";

interface Rule {
  readonly selection: Readonly<Record<string, unknown>>;
}

const built = (over: Partial<ImagesArgs> = {}) => capture(() => new Images(name, { ...args, ...over }));

describe("the images, left to their defaults", () => {
  let resources: readonly CapturedResource[];
  let images: Images;
  before(async () => {
    ({ resources, result: images } = await built());
  });

  it("keep their tags, are scanned, encrypted, and protected", () => {
    const { inputs, protect } = only(resources, REPOSITORY);
    assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
    assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true });
    assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS" }]);
    assert.equal(inputs["forceDelete"], false);
    assert.equal(protect, true);
  });

  it("forget what is untagged after a day, and all but the newest 30", () => {
    const { policy } = only(resources, "aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs;
    const { rules } = JSON.parse(policy as string) as { rules: readonly Rule[] };
    assert.deepEqual(
      rules.map(({ selection }) => selection),
      [
        { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
        { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 30 },
      ],
    );
  });

  it("are built for ARM under the hash of their files", async () => {
    const { inputs } = only(resources, IMAGE);
    assert.deepEqual(inputs, {
      repositoryUrl: await valueOf(images.repositoryUrl),
      context: apiImage.context,
      dockerfile: apiImage.dockerfile,
      imageTag: sourceHash(apiImage),
      platform: "linux/arm64",
    });
    assert.match(
      await valueOf(images.image),
      /^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/.+@sha256:[0-9a-f]{64}$/,
    );
  });
});

describe("the images, as settings ask for them", () => {
  it("are not built where a digest says which one runs", async () => {
    const { resources, result } = await built({ imageDigest });
    assert.equal(
      resources.some(({ type }) => type === IMAGE),
      false,
    );
    assert.equal(await valueOf(result.image), `${await valueOf(result.repositoryUrl)}@${imageDigest}`);
  });

  it("go with their repository, unprotected, under a customer's key", async () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/images";
    const { resources } = await built({ deleteImagesWithRepository: true, protect: false, encryptionKeyArn: key });
    const { inputs, protect } = only(resources, REPOSITORY);
    assert.equal(inputs["forceDelete"], true);
    assert.equal(protect, false);
    assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS", kmsKey: key }]);
  });

  const refused: readonly [input: string, over: Partial<ImagesArgs>][] = [
    ["imageDigest", { imageDigest: "latest" }],
    ["imageDigest", { imageDigest: `sha256:${"AB".repeat(32)}` }],
    ["keep", { keep: 1 }],
    ["keep", { keep: 2.5 }],
  ];
  for (const [input, over] of refused) {
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(built(over), new RegExp(`^ResourceError: ${input}|^Error: ${input}`));
    });
  }
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
