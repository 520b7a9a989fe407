import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutputValue, type Properties, Secret, UNKNOWN } from "../../values/value.ts";
import type { ConstructRequest, RegisterOptions } from "../construct.ts";
import { Refusal } from "../service.ts";
import { constructImage } from "./construct-image.ts";

interface Call {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly options: RegisterOptions;
}

const HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const URL = `${HOST}/api`;
const DIGEST = `sha256:${"a".repeat(64)}`;

describe("constructing awsx:ecr:Image", () => {
  let folder: string;
  let calls: Call[];
  let invokes: Properties[];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "image-"));
    mkdirSync(join(folder, "api"));
    mkdirSync(join(folder, "infra"));
    writeFileSync(join(folder, "api/Dockerfile"), "FROM scratch\n");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    [calls, invokes] = [[], []];
  });

  const construct = (inputs: Properties, preview = false) => {
    const request: ConstructRequest = {
      type: "awsx:ecr:Image",
      name: "image",
      parent: "urn:stack",
      project: "p",
      stack: "dev",
      preview,
      programDirectory: join(folder, "infra"),
      inputs,
      options: { providers: {}, dependencies: [], protect: undefined, aliases: [] },
      registerComponent: () => Promise.resolve({ urn: "urn:component", id: "", state: {} }),
      register(type, name, properties, options) {
        calls.push({ type, name, inputs: properties, options });
        const state: Properties = preview ? {} : { digest: DIGEST };
        return Promise.resolve({ urn: "urn:child", id: preview ? UNKNOWN : DIGEST, state });
      },
      registerOutputs: () => Promise.resolve(),
      invoke(_token, args) {
        invokes.push(args);
        return Promise.resolve({
          userName: "AWS",
          password: new Secret("open sesame"),
          proxyEndpoint: `https://${HOST}`,
        });
      },
    };
    return constructImage(request);
  };
  const args: Properties = { repositoryUrl: URL, context: "../api", imageTag: "v1", platform: "linux/arm64" };

  it("makes one image, named after its tag, and pushes it", async () => {
    await construct({ ...args, args: { NODE_ENV: "production" }, target: "final" });
    assert.deepEqual(calls, [
      {
        type: "docker-build:index:Image",
        name: "v1",
        inputs: {
          buildArgs: { NODE_ENV: "production" },
          buildOnPreview: true,
          cacheFrom: [{ registry: { ref: `${URL}:v1` } }],
          cacheTo: [{ inline: {} }],
          context: { location: "../api" },
          dockerfile: {},
          network: "default",
          platforms: ["linux/arm64"],
          push: true,
          registries: [{ address: `https://${HOST}`, username: "AWS", password: new Secret("open sesame") }],
          tags: [`${URL}:v1`],
          target: "final",
        },
        options: { parent: "urn:component", dependsOn: [] },
      },
    ]);
    assert.deepEqual(invokes, [{ registryId: "111122223333" }]);
  });

  it("answers with the digest, and without a tag", async () => {
    const { urn, state } = await construct(args);
    assert.equal(urn, "urn:component");
    assert.deepEqual(state, { imageUri: new OutputValue(`${URL}@${DIGEST}`, false, ["urn:child"]) });
  });

  it("does not know the digest in preview", async () => {
    const { state } = await construct(args, true);
    assert.deepEqual(state, { imageUri: new OutputValue(undefined, false, ["urn:child"]) });
  });

  it("makes no child while an argument is not known, and keeps what it waits for", async () => {
    const { state } = await construct(
      { ...args, repositoryUrl: new OutputValue(undefined, false, ["urn:repo"]) },
      true,
    );
    assert.deepEqual(calls, []);
    assert.deepEqual(state, { imageUri: new OutputValue(undefined, false, ["urn:repo"]) });
  });

  it("hangs the child on what its arguments come from", async () => {
    await construct({ ...args, repositoryUrl: new OutputValue(URL, false, ["urn:repo"]) });
    assert.deepEqual(calls[0]?.options.dependsOn, ["urn:repo"]);
  });

  it("keeps one name for all builds where no tag is given", async () => {
    const { imageTag: _, ...untagged } = args;
    await construct(untagged);
    await construct(untagged);
    await construct({ ...untagged, args: { A: "1" } });
    const [first, second, third] = calls.map(({ name }) => name);
    assert.match(first ?? "", /^[0-9a-f]{8}-container$/);
    assert.equal(second, first);
    assert.notEqual(third, first);
  });

  it("prefers a name to a tag, and caches that are given", async () => {
    await construct({ ...args, imageName: "named", cacheFrom: [`${URL}:old`] });
    assert.equal(calls[0]?.name, "named");
    assert.deepEqual(calls[0].inputs["cacheFrom"], [{ registry: { ref: `${URL}:old` } }]);
  });

  it("keeps secret build arguments secret", async () => {
    const secret = { TOKEN: new Secret("s") };
    const { state } = await construct({ ...args, args: secret });
    assert.deepEqual(calls[0]?.inputs["buildArgs"], secret);
    assert.equal((state["imageUri"] as OutputValue).secret, true);
  });

  const refused: readonly [what: string, over: Properties, message: RegExp][] = [
    ["a context that is no folder", { context: "../none" }, /context "\.\.\/none" is no folder/],
    ["a context without instructions", { context: "." }, /no Dockerfile .*infra\/Dockerfile/],
    ["instructions that are not there", { dockerfile: "../api/Other" }, /no Dockerfile .*api\/Other/],
    ["an argument that does not exist", { tag: "v1" }, /tag is not an argument/],
    ["a secret tag", { imageTag: new Secret("v1") }, /imageTag is a secret/],
    ["a repository that is no URL", { repositoryUrl: "a b" }, /repositoryUrl/],
  ];
  for (const [what, over, message] of refused)
    it(`refuses ${what}`, async () => {
      await assert.rejects(construct({ ...args, ...over }), (error: unknown) => {
        assert.ok(error instanceof Refusal);
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(calls, []);
    });
});
