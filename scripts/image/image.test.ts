import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ts from "typescript";
import { z } from "zod";
import { contract } from "../../api/src/environment.ts";
import { ALLOWED_LICENSES, LICENSE_EXCEPTIONS } from "../licenses/allowed.ts";
import { findingsOf } from "../licenses/judge.ts";
import { licensesOf } from "../licenses/read.ts";
import { type Bill, billOf, packagesOf } from "../sbom/bill.ts";
import { assemble, type AssembledStage } from "./assemble.ts";
import { canSwitchUser, contain, type Container, type Ended, freePort, release } from "./container.ts";
import { execForm, readDockerfile } from "./dockerfile.ts";
import { apiContext } from "./production.ts";
import { runCommand } from "./npm.ts";

const policy = { allowed: ALLOWED_LICENSES, exceptions: LICENSE_EXCEPTIONS };
const deadlineMilliseconds = 60_000;

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** `name@version` of every package that a `node_modules` below holds. */
function packagesOnDisk(folder: string): readonly string[] {
  return globSync(["**/node_modules/*/package.json", "**/node_modules/@*/*/package.json"], { cwd: folder })
    .filter((path) => !path.includes("/node_modules/@groundwork/") && !path.startsWith("node_modules/@groundwork/"))
    .map((path) => manifestSchema.parse(JSON.parse(readFileSync(join(folder, path), "utf8"))))
    .map(({ name, version }) => `${name}@${version}`);
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)].sort();

/** The command of the image's HEALTHCHECK. */
function healthcheckCommand(): readonly string[] {
  const { stages } = readDockerfile(readFileSync(apiContext.dockerfile, "utf8"));
  const check = stages.at(-1)?.steps.find(({ keyword }) => keyword === "HEALTHCHECK");
  return execForm(check?.text.replace(/^CMD /, "") ?? "") ?? [];
}

describe("the API's image, without Docker", function () {
  this.timeout(240_000);
  let folder: string;
  let image: AssembledStage;
  let install: string;
  let container: Container;
  let api: Life | undefined;

  interface Life {
    readonly heartbeat: number;
    readonly healthy: Ended;
    readonly ended: Promise<Ended>;
  }

  /** The image's own command with databases that do not answer, up to SIGTERM; how it ends is still to come. */
  async function live(): Promise<Life> {
    const port = await freePort();
    const environment = {
      HOST: "127.0.0.1",
      PORT: String(port),
      MONGODB_URI: "mongodb://127.0.0.1:1",
      REDIS_URL: "redis://127.0.0.1:1",
    };
    const running = container.run(image.command, environment);
    let over: Ended | undefined;
    void running.ended.then((end) => (over = end));
    const heartbeat = await answerOf(`http://127.0.0.1:${port}${contract.paths.heartbeat}`, () => over);
    const healthy = await container.run(checkOn(port), {}).ended;
    running.signal("SIGTERM");
    return { heartbeat, healthy, ended: running.ended };
  }

  async function answerOf(url: string, over: () => Ended | undefined): Promise<number> {
    const deadline = Date.now() + deadlineMilliseconds;
    for (;;) {
      const end = over();
      if (end !== undefined) throw new Error(`the API ended with ${end.exitCode ?? end.signal ?? ""}: ${end.output}`);
      try {
        return (await fetch(url)).status;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  function checkOn(port: number): readonly string[] {
    const command = healthcheckCommand();
    assert.ok(command.some((word) => word.includes(`:${contract.port}/`)));
    return command.map((word) => word.replace(`:${contract.port}/`, `:${port}/`));
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "image-"));
    image = await assemble(apiContext, folder);
    install = join(folder, "0/app");
    container = await contain(image);
  });
  after(async () => {
    await release(folder);
    rmSync(folder, { recursive: true });
  });

  it("was made of every step but the one that takes the package managers away", () => {
    assert.equal(image.leftOut.length, 1);
    assert.match(image.leftOut[0] ?? "", /^rm -rf \/usr\/local\/lib\/node_modules /);
  });

  it("cannot write to its files, beside them, or to a folder for temporary files", async () => {
    const program = `
      const { accessSync, appendFileSync, mkdtempSync, writeFileSync } = require("node:fs");
      const tries = [
        () => writeFileSync("x", ""),
        () => writeFileSync("src/x", ""),
        () => appendFileSync("src/main.ts", " "),
        () => appendFileSync("package.json", " "),
        () => mkdtempSync(require("node:os").tmpdir() + "/x-"),
      ];
      console.log(JSON.stringify(tries.map((one) => { try { one(); } catch ({ code }) { return code; } })));`;
    // Root may write whatever the rights say; it never runs here, since the image's user is somebody else.
    const { output } = await container.run(["node", "-e", program], {}).ended;
    assert.deepEqual(JSON.parse(output), Array(5).fill("EACCES"));
  });

  it("holds what a migration runs", async () => {
    const [, script] = contract.migrateCommand;
    assert.ok(existsSync(join(image.root, image.workdir, script)), script);
    // Loads everything, and ends before it waits for a database.
    const { exitCode, output } = await container.run(contract.migrateCommand, { MONGODB_URI: "x" }).ended;
    assert.equal(exitCode, 1, output);
    assert.match(output, /MONGODB_URI/);
  });

  it("holds no tests, and every module that its own files import", () => {
    const own = join(image.root, image.workdir);
    const files = globSync("src/**/*.ts", { cwd: own });
    assert.deepEqual(
      files.filter((path) => path.endsWith(".test.ts")),
      [],
    );
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(own, "package.json"), "utf8")));
    const isThere = (specifier: string, from: string): boolean => {
      if (specifier.startsWith(".")) return existsSync(join(own, dirname(from), specifier));
      if (specifier.startsWith("node:")) return builtinModules.includes(specifier.slice("node:".length));
      const name = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1);
      return name.join("/") in dependencies;
    };
    const missing = files.flatMap((path) => {
      // Imports of types are gone by the time that Node loads a file.
      const { outputText } = ts.transpileModule(readFileSync(join(own, path), "utf8"), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true },
      });
      return ts
        .preProcessFile(outputText, true, true)
        .importedFiles.filter(({ fileName }) => !isThere(fileName, path))
        .map(({ fileName }) => `${path}: ${fileName}`);
    });
    assert.deepEqual(missing, []);
  });

  it("has the same files for ARM and x86: no package holds or builds code for a processor", () => {
    const native = globSync(["**/*.node", "**/binding.gyp", "**/*.{so,dylib,dll,exe}", "**/*.so.*"], { cwd: install });
    assert.deepEqual(native, []);
    const bound = z.looseObject({ os: z.unknown(), cpu: z.unknown(), libc: z.unknown() }).partial();
    const lock = z
      .object({ packages: z.record(z.string(), bound) })
      .parse(JSON.parse(readFileSync(join(install, "node_modules/.package-lock.json"), "utf8")));
    const some = Object.entries(lock.packages).filter(([, { os, cpu, libc }]) => (os ?? cpu ?? libc) !== undefined);
    assert.deepEqual(
      some.map(([path]) => path),
      [],
    );
  });

  // Before the longer tests, during which the API drains.
  describe("its process", () => {
    before(async () => {
      api = await live();
    });

    it(`starts ${canSwitchUser ? "as its user" : "(as this test's user, who may not change)"} and answers with no database up`, () => {
      assert.equal(api?.heartbeat, 200);
    });

    it("says by its own health check that it is alive, and that it is not", async () => {
      assert.deepEqual(api?.healthy, { exitCode: 0, signal: null, output: "" });
      const { exitCode } = await container.run(checkOn(await freePort()), {}).ended;
      assert.equal(exitCode, 1);
    });
  });

  describe("its bill of materials", () => {
    let bill: Bill;
    before(async () => {
      bill = await billOf(install, "@groundwork/api");
    });

    it("lists exactly the packages that are installed", () => {
      assert.deepEqual(unique(packagesOf(bill)), unique(packagesOnDisk(join(image.root, "app"))));
      assert.equal(new Set(packagesOf(bill)).size, bill.components.length);
    });

    it("is about the API, names its every direct dependency, and nothing that is only for development", () => {
      assert.equal(bill.metadata.component["bom-ref"].split("@").slice(0, 2).join("@"), "@groundwork/api");
      const { dependencies } = z
        .object({ dependencies: z.record(z.string(), z.string()) })
        .parse(JSON.parse(readFileSync(join(apiContext.folder, "api/package.json"), "utf8")));
      const direct = bill.dependencies.find(({ ref }) => ref === bill.metadata.component["bom-ref"])?.dependsOn ?? [];
      assert.deepEqual(
        [...direct].sort(),
        Object.entries(dependencies)
          .map(([name, version]) => `${name}@${version}`)
          .sort(),
      );
      assert.doesNotMatch(JSON.stringify(bill), /cdx:npm:package:(development|extraneous)/);
    });
  });

  describe("its licences", () => {
    it("are known for every package, and allowed", async () => {
      const packages = await licensesOf(install);
      assert.deepEqual(unique(packages.map((one) => one.package)), unique(packagesOnDisk(join(image.root, "app"))));
      assert.deepEqual(findingsOf(packages, policy), []);
    });
  });

  describe("on SIGTERM", () => {
    it("ends with 0", async () => {
      assert.ok(api, "it did not start");
      const { exitCode, signal, output } = await api.ended;
      assert.deepEqual([exitCode, signal], [0, null], output);
    });
  });
});

describe("npm run licenses", () => {
  it("ends with 1 and names a package whose licence is not allowed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "licenses-"));
    const write = (path: string, manifest: unknown): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), JSON.stringify(manifest));
    };
    try {
      write("package.json", {
        name: "app",
        version: "1.0.0",
        private: true,
        dependencies: { bad: "1.2.3", good: "1" },
      });
      write("node_modules/bad/package.json", { name: "bad", version: "1.2.3", license: "GPL-3.0-only" });
      write("node_modules/good/package.json", { name: "good", version: "1.0.0", license: "MIT" });
      const script = join(import.meta.dirname, "../licenses.ts");
      const words = [script, "--install", folder];
      const { exitCode, stderr } = await runCommand(process.execPath, words, folder);
      assert.equal(exitCode, 1);
      assert.equal(stderr, "licenses: bad@1.2.3 has the licence GPL-3.0-only, which is not allowed\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
