import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contract, readEnvironment } from "../../api/src/environment.ts";
import { sourceFiles } from "../../infra/image/source-hash.ts";
import { apiContainer } from "../../infra/service/container-definition.ts";
import { apiImage } from "../../infra/settings/api-image.ts";
import { contextFiles } from "../sandbox/cloud/build-context.ts";
import { execForm, readDockerfile, type Step } from "./dockerfile.ts";
import { apiContext } from "./production.ts";

describe("reading a Dockerfile", () => {
  const file = readDockerfile(
    [
      "# a comment",
      "ARG TAG=1.2.3",
      "FROM --platform=$BUILDPLATFORM example.org/a:${TAG} AS first",
      "RUN one \\",
      "  && two",
      "FROM first",
      "copy --from=first /x /y",
      'LABEL a="b c" d=e',
      "ARG NAME",
      'CMD ["node", "a b"]',
    ].join("\n"),
  );

  it("tells the stages apart, with build arguments put in", () => {
    assert.deepEqual(
      file.stages.map(({ name, base, platform, line }) => [name, base, platform, line]),
      [
        ["first", "example.org/a:1.2.3", "$BUILDPLATFORM", 3],
        [undefined, "first", undefined, 6],
      ],
    );
    assert.deepEqual(
      file.global.map(({ pairs }) => pairs),
      [{ TAG: "1.2.3" }],
    );
  });

  it("joins lines, and reads flags, words, and pairs", () => {
    assert.equal(file.stages[0]?.steps[0]?.text, "one   && two");
    const [copy, label, arg, command] = file.stages[1]?.steps ?? [];
    assert.deepEqual(
      [copy?.keyword, copy?.flags, copy?.words, copy?.line],
      ["COPY", { from: "first" }, ["/x", "/y"], 7],
    );
    assert.deepEqual(label?.pairs, { a: "b c", d: "e" });
    assert.deepEqual(arg?.pairs, { NAME: null });
    assert.deepEqual(execForm(command?.text ?? ""), ["node", "a b"]);
    assert.equal(execForm("node main.js"), undefined);
    assert.equal(execForm("[1]"), undefined);
  });
});

describe("api/Dockerfile", () => {
  const root = join(import.meta.dirname, "../..");
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const { global, stages } = readDockerfile(read("api/Dockerfile"));
  const steps = stages.flatMap((stage) => stage.steps);
  const image = stages.at(-1);
  const only = (keyword: string): Step => {
    const found = (image?.steps ?? []).filter((step) => step.keyword === keyword);
    assert.equal(found.length, 1, keyword);
    return found[0]!;
  };

  it("is built from the Node that the repository installs, by its whole version", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
    for (const { base } of stages)
      assert.equal(base.split("@")[0], `public.ecr.aws/docker/library/node:${devDependencies["node"]}-alpine`);
  });

  it("names its base in its labels, and its release as the API's own defaults do", () => {
    const { NODE_IMAGE, NODE_DIGEST } = Object.assign({}, ...global.map(({ pairs }) => pairs)) as Step["pairs"];
    for (const { base } of stages) assert.equal(base, `${NODE_IMAGE ?? ""}@${NODE_DIGEST ?? ""}`);
    const { VERSION, COMMIT } = readEnvironment({});
    const declared = Object.assign(
      {},
      ...(image?.steps ?? []).filter(({ keyword }) => keyword === "ARG").map(({ pairs }) => pairs),
    ) as Step["pairs"];
    assert.deepEqual(declared, { NODE_IMAGE: null, NODE_DIGEST: null, VERSION, COMMIT });
    const label = (name: string) => only("LABEL").pairs[`org.opencontainers.image.${name}`];
    assert.deepEqual(["base.name", "base.digest", "version", "revision"].map(label), [
      "${NODE_IMAGE}",
      "${NODE_DIGEST}",
      "${VERSION}",
      "${COMMIT}",
    ]);
  });

  it("copies what counts for the image's tag, and nothing else", () => {
    const copied = steps
      .filter(({ keyword, flags }) => keyword === "COPY" && !("from" in flags))
      .flatMap(({ words }) => words.slice(0, -1));
    assert.deepEqual(copied.sort(), [...apiImage.included].sort());
  });

  it("is sent by Docker the files that the image's tag is a hash of", () => {
    assert.deepEqual([...contextFiles(apiContext)].sort(), sourceFiles(apiImage));
    const ignored = read("api/Dockerfile.dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(ignored, ["*", ...apiImage.included.map((path) => `!${path}`), ...apiImage.excluded]);
  });

  it("installs for production, by the lock file, without running anything of a package", () => {
    const install = steps.find(({ keyword }) => keyword === "RUN");
    for (const word of ["ci", "--omit=dev", "--ignore-scripts", "--workspace=@groundwork/api"])
      assert.ok(install?.words.includes(word), word);
  });

  it("leaves the lock file and the other workspaces' names behind", () => {
    const copied = (image?.steps ?? [])
      .filter(({ flags }) => "from" in flags)
      .flatMap(({ words }) => words.slice(0, -1));
    assert.deepEqual(copied, ["/app/node_modules", "/app/api"]);
  });

  it("runs the API's own entry without a shell, as the user that the tasks have", () => {
    assert.deepEqual(execForm(only("ENTRYPOINT").text), []);
    assert.deepEqual(execForm(only("CMD").text), ["node", "src/main.ts"]);
    assert.equal(only("EXPOSE").text, String(contract.port));
    // The default of infra/service/args.ts.
    assert.equal(only("USER").text, "1000:1000");
    const keywords = (image?.steps ?? []).map(({ keyword }) => keyword);
    assert.ok(keywords.indexOf("USER") > Math.max(keywords.lastIndexOf("RUN"), keywords.lastIndexOf("COPY")));
  });

  it("is asked for its health as ECS asks its container", () => {
    const { healthCheck } = apiContainer(
      { image: "", user: "", environment: {}, secrets: {}, cpuUnits: 256, memoryMegabytes: 512 },
      { groupName: "", region: "" },
    );
    const { text, flags } = only("HEALTHCHECK");
    assert.match(text, /^CMD /);
    assert.deepEqual(
      {
        command: ["CMD", ...(execForm(text.slice("CMD ".length)) ?? [])],
        interval: Number.parseInt(flags["interval"] ?? ""),
        timeout: Number.parseInt(flags["timeout"] ?? ""),
        retries: Number(flags["retries"]),
        startPeriod: Number.parseInt(flags["start-period"] ?? ""),
      },
      healthCheck,
    );
  });
});
