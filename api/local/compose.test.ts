import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contract, readEnvironment, variables } from "../src/environment.ts";
import { runtimeConfig } from "../src/runtime-config.ts";
import { type ComposeService, parseCompose } from "./compose-file.ts";

const ROOT = join(import.meta.dirname, "../..");
const file = parseCompose(readFileSync(join(ROOT, "compose.yaml"), "utf8"));
const services = Object.entries(file.services);
const service = (name: string): ComposeService => {
  const found = file.services[name];
  assert.ok(found, name);
  return found;
};
const words = ({ command = [] }: ComposeService): readonly string[] =>
  typeof command === "string" ? [command] : command;
const sources = ({ volumes = [] }: ComposeService): string[] => volumes.map((volume) => volume.split(":")[0] ?? "");
const runsOnce = ({ restart }: ComposeService): boolean => restart === "no";
const seconds = (text = ""): number => Number(/^(\d+)s$/.exec(text)?.[1]);
const apiEnvironment = (): Record<string, string> => service("api").environment as Record<string, string>;

describe("compose.yaml", () => {
  it("has the API, MongoDB, Redis, and what runs once", () => {
    assert.deepEqual(Object.keys(file.services).sort(), ["api", "migrate", "mongodb", "redis", "seed"]);
    assert.deepEqual(
      services.filter(([, one]) => runsOnce(one)).map(([name]) => name),
      ["migrate", "seed"],
    );
  });

  it("gives the API only variables that it knows, with values that it takes", () => {
    for (const [name, { environment = {} }] of services) {
      const known = Object.keys(variables.shape);
      for (const variable of Object.keys(environment)) assert.ok(known.includes(variable), `${name}: ${variable}`);
      readEnvironment(Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])));
    }
    const { MONGODB_URI, REDIS_URL, PORT } = readEnvironment(apiEnvironment());
    assert.ok(file.services[new URL(MONGODB_URI).hostname], MONGODB_URI);
    assert.ok(file.services[new URL(REDIS_URL).hostname], REDIS_URL);
    assert.equal(PORT, contract.port);
  });

  it("mounts and builds from what is there", () => {
    for (const [name, one] of services) {
      for (const source of sources(one))
        if (source.startsWith(".")) assert.ok(existsSync(join(ROOT, source)), `${name}: ${source}`);
      if (one.build !== undefined)
        assert.ok(existsSync(join(ROOT, one.build.context, one.build.dockerfile ?? "Dockerfile")), name);
      for (const word of words(one)) if (word.endsWith(".ts")) assert.ok(existsSync(join(ROOT, "api", word)), word);
    }
    const dockerfile = readFileSync(join(ROOT, "api/Dockerfile"), "utf8");
    for (const target of ["/app/api", "src"]) assert.ok(dockerfile.includes(target), target);
  });

  it("migrates as a release does", () => {
    assert.deepEqual(words(service("migrate")), contract.migrateCommand);
  });

  it("gives the API files that are where it looks for them", () => {
    const { JWT_KEYS_FILE, RUNTIME_CONFIG_FILE = "" } = readEnvironment(apiEnvironment());
    const mounted = (file: string): string | undefined =>
      service("api").volumes?.find((volume) => file.startsWith(`${volume.split(":")[1] ?? ""}/`));
    assert.equal(JWT_KEYS_FILE, "/keys/keys.json");
    assert.equal(mounted("/keys/keys.json"), "keys:/keys:ro");
    assert.equal(mounted(RUNTIME_CONFIG_FILE), "./api/local:/app/api/local:ro");
    runtimeConfig.parse(JSON.parse(readFileSync(join(ROOT, RUNTIME_CONFIG_FILE.replace("/app/", "")), "utf8")));
  });

  it("declares the volumes that it uses, and uses those", () => {
    const used = services.flatMap(([, one]) => sources(one).filter((source) => !source.startsWith(".")));
    assert.deepEqual([...new Set(used)].sort(), Object.keys(file.volumes ?? {}).sort());
  });

  it("confines every container", () => {
    for (const [name, one] of services) {
      assert.equal(one.read_only, true, name);
      assert.deepEqual(one.cap_drop, ["ALL"], name);
      assert.deepEqual(one.security_opt, ["no-new-privileges:true"], name);
    }
    assert.ok(service("api").volumes?.every((volume) => volume.endsWith(":ro")));
  });

  it("can be reached from this machine alone", () => {
    const ports = services.flatMap(([, one]) => one.ports ?? []);
    assert.ok(ports.length > 0);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:(\d+):\1$/);
  });

  it("takes images by digest, beside its own", () => {
    for (const [name, { image = "", build }] of services)
      if (build === undefined) assert.match(image, /^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/, name);
  });

  it("asks what stays whether it is well, with what the image holds", () => {
    for (const [name, one] of services) {
      assert.equal(one.healthcheck === undefined, runsOnce(one), name);
      assert.doesNotMatch(one.healthcheck?.test.join(" ") ?? "", /curl|wget|nc /, name);
    }
    assert.ok(
      service("api").healthcheck?.test.some((word) =>
        word.includes(`127.0.0.1:${contract.port}${contract.paths.live}`),
      ),
    );
  });

  it("begins in an order that can be kept", () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const expected = runsOnce(service(other)) ? "service_completed_successfully" : "service_healthy";
        assert.equal(condition, expected, `${name} on ${other}`);
      }
    assert.deepEqual(Object.keys(service("api").depends_on ?? {}).sort(), ["mongodb", "redis", "seed"]);
  });

  it("gives the API the time to stop that it promises to take", () => {
    assert.ok(seconds(service("api").stop_grace_period) >= contract.stopTimeoutSeconds);
  });

  it("reloads the API when its source changes", () => {
    assert.ok(words(service("api")).includes("--watch"));
    assert.ok(sources(service("api")).includes("./api/src"));
  });

  const refused: readonly (readonly [what: string, text: string])[] = [
    ["an unknown word", "name: x\nservices: { a: { image: b, privileged: true } }"],
    ["an unknown word at the top", "name: x\nservices: {}\nservice: {}"],
    ["a duration without a unit", "name: x\nservices: { a: { stop_grace_period: 10 } }"],
    ["no YAML", "name: [x"],
  ];
  for (const [what, text] of refused)
    it(`would be refused with ${what}`, () => {
      assert.throws(() => parseCompose(text));
    });

  // Only some clients have the plugin; what is tested above holds for all.
  if (spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0)
    it("is one that docker compose reads", () => {
      const { status, stderr } = spawnSync("docker", ["compose", "config", "--quiet"], { cwd: ROOT, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
});
