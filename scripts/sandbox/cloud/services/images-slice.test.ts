import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderClient } from "../../engine/provider-client.ts";
import { type Properties, Secret } from "../../values/value.ts";
import { type RunningCloud, startCloud } from "../server.ts";
import { services } from "../services.ts";
import { textIn } from "./tiny-world.ts";

const seed = Buffer.alloc(32, 7);
const IMAGE = "docker-build:index:Image";

describe("images behind the cloud's server", () => {
  let directory: string;
  let cloud: RunningCloud;
  let aws: ProviderClient;
  let builder: ProviderClient;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "images-"));
    mkdirSync(join(directory, "program"));
    mkdirSync(join(directory, "api"));
    writeFileSync(join(directory, "api/Dockerfile"), "FROM scratch\n");
    cloud = await startCloud({
      directory,
      cacheDirectory: join(directory, "cache"),
      key: Buffer.alloc(32, 1),
      services,
      programDirectory: join(directory, "program"),
    });
    aws = new ProviderClient("aws", cloud.port);
    builder = new ProviderClient("docker-build", cloud.port);
    await aws.start("", "/", "/");
    await builder.start("", "/", "/");
    const settings = { region: "us-east-1", allowedAccountIds: JSON.stringify(["111122223333"]) };
    await aws.configure("urn:pulumi:test::app::pulumi:providers:aws::main", "provider", settings);
    await builder.configure("urn:pulumi:test::app::pulumi:providers:docker-build::main", "provider", {});
  });
  afterEach(async () => {
    aws.close();
    builder.close();
    await cloud.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function create(client: ProviderClient, type: string, name: string, inputs: Properties) {
    const urn = `urn:pulumi:test::app::${type}::${name}`;
    const checked = await client.check(urn, undefined, inputs, seed);
    assert.deepEqual(checked.failures, [], urn);
    const { id, outputs } = await client.create(urn, checked.inputs, false, 0, "");
    return { urn, id, inputs: checked.inputs, outputs };
  }

  const repository = () =>
    create(aws, "aws:ecr/repository:Repository", "api", { imageTagMutability: "IMMUTABLE", forceDelete: true });

  async function push(name: string, url: string) {
    const { result } = await aws.invoke("aws:ecr/getAuthorizationToken:getAuthorizationToken", {}, false);
    assert.ok(result["password"] instanceof Secret);
    return create(builder, IMAGE, name, {
      context: { location: "../api" },
      push: true,
      registries: [
        { address: result["proxyEndpoint"] ?? "", username: "AWS", password: new Secret(result["password"].value) },
      ],
      tags: [`${url}:${name}`],
    });
  }

  it("are built from the program's folder, and may be pushed under two tags", async () => {
    const { outputs } = await repository();
    const first = await push("one", textIn(outputs, "repositoryUrl"));
    const second = await push("two", textIn(outputs, "repositoryUrl"));
    assert.equal(second.id, first.id);
    assert.equal(cloud.store.all(IMAGE).length, 2);
    await builder.delete(second.urn, second.id, second.inputs, second.outputs, 0);
    assert.deepEqual(
      cloud.store.all(IMAGE).map(({ urn }) => urn),
      [first.urn],
    );
  });

  it("keep the registry's password secret, and do not change with it", async () => {
    const { outputs } = await repository();
    const made = await push("one", textIn(outputs, "repositoryUrl"));
    assert.ok(made.outputs["registries"] instanceof Secret);
    const { value } = made.outputs["registries"];
    assert.ok(Array.isArray(value));
    const renewed = { ...made.inputs, registries: [{ ...(value[0] as Properties), password: new Secret("other") }] };
    const { changes } = await builder.diff(made.urn, made.id, made.inputs, made.outputs, renewed, []);
    assert.equal(changes, "none");
  });

  it("go with the repository that is deleted with all it holds", async () => {
    const made = await repository();
    await push("one", textIn(made.outputs, "repositoryUrl"));
    await push("two", textIn(made.outputs, "repositoryUrl"));
    await aws.delete(made.urn, made.id, made.inputs, made.outputs, 0);
    assert.deepEqual(cloud.store.everything(), []);
  });
});
