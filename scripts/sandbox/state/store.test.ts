import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SecretsManager } from "./secrets-manager.ts";
import { Secret } from "../values/value.ts";
import { encrypting } from "./deployment.ts";
import { type StackFiles, stackFiles } from "./files.ts";
import { Journal } from "./journal.ts";
import { resourceOf, urnOf } from "./resource.arbitrary.ts";
import { newSecrets } from "./secrets.ts";
import { emptyDeployment, openSnapshot, parseDeployment, readState, recoverState, writeSnapshot } from "./store.ts";

const VALID = JSON.stringify({ version: 3, deployment: emptyDeployment() });

describe("a deployment read from a file", () => {
  const refused: { title: string; text: string; message: RegExp }[] = [
    {
      title: "empty",
      text: "",
      message: /is not complete JSON .*; restore it from a copy, or start over with `npm run sandbox -- reset`$/,
    },
    { title: "cut in half", text: VALID.slice(0, VALID.length / 2), message: /is not complete JSON/ },
    { title: "no object", text: "[]", message: /holds no deployment: expected a JSON object$/ },
    { title: "null", text: "null", message: /holds no deployment/ },
    { title: "without version", text: "{}", message: /is a deployment of version null; this sandbox reads version 3$/ },
    { title: "older", text: '{"version":2}', message: /version 2; this sandbox reads version 3$/ },
    {
      title: "newer",
      text: '{"version":4}',
      message: /version 4; this sandbox reads version 3: it was written by something newer$/,
    },
    {
      title: "of a version that is no number",
      text: '{"version":"3"}',
      message: /version "3"; this sandbox reads version 3$/,
    },
    { title: "without deployment", text: '{"version":3}', message: /has no "deployment"$/ },
    {
      title: "with resources that are no list",
      text: '{"version":3,"deployment":{"resources":{}}}',
      message: /"deployment.resources" must be a list of objects$/,
    },
    {
      title: "with a resource that is no object",
      text: '{"version":3,"deployment":{"resources":[null]}}',
      message: /"deployment.resources" must be a list of objects$/,
    },
    {
      title: "with a resource without URN",
      text: '{"version":3,"deployment":{"resources":[{"urn":"u","type":"t"},{"type":"t"}]}}',
      message: /"deployment.resources\[1\]" has no urn or no type$/,
    },
    {
      title: "with pending operations that are no list",
      text: '{"version":3,"deployment":{"pending_operations":1}}',
      message: /"deployment.pending_operations" must be a list of objects$/,
    },
  ];
  for (const { title, text, message } of refused)
    it(`is refused where it is ${title}, with the file's name`, () => {
      assert.throws(
        () => parseDeployment(text, "dev.json"),
        (error: unknown) => {
          assert.ok(error instanceof Error && error.name === "UserError");
          assert.match(error.message, /^dev\.json/);
          assert.match(error.message, message);
          return true;
        },
      );
    });

  it("is refused at whatever byte it is cut off", () => {
    for (let end = 0; end < VALID.length; end++)
      assert.throws(() => parseDeployment(VALID.slice(0, end), "dev.json"), { name: "UserError" });
    assert.deepEqual(parseDeployment(VALID, "dev.json").resources, []);
  });

  it("may leave out everything but its version, as `pulumi stack export` of an empty stack does", () => {
    assert.deepEqual(parseDeployment('{"version":3,"deployment":{}}', "dev.json"), {
      ...emptyDeployment(),
      manifest: {},
      pending_operations: [],
    });
  });
});

describe("the state of a stack", () => {
  let directory: string;
  let files: StackFiles;
  let secrets: SecretsManager;
  before(async () => {
    secrets = await newSecrets("passphrase");
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-store-"));
    files = stackFiles(directory, "shop", "dev");
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const made = resourceOf(urnOf("made"), { inputs: { password: new Secret("hunter2") } });

  /** A run that made one resource and was killed. */
  const interrupt = (): void => {
    const journal = new Journal(files.journal, recoverState(files).text, encrypting(secrets));
    journal.put(0, made);
    journal.close();
  };

  it("is empty where there is none", () => {
    assert.deepEqual(readState(files), { deployment: emptyDeployment(), text: "", interrupted: false });
  });

  it("is read as it was written, secrets sealed on disk", () => {
    writeSnapshot(files, { resources: [made], pending: [] }, secrets);
    assert.ok(!readFileSync(files.snapshot, "utf8").includes("hunter2"));
    assert.deepEqual(openSnapshot(readState(files).deployment, secrets), { resources: [made], pending: [] });
  });

  it("holds what an interrupted run recorded; reading alone changes nothing on disk", () => {
    interrupt();
    const { deployment, text, interrupted } = readState(files);
    assert.equal(interrupted, true);
    assert.equal(text, "");
    assert.deepEqual(openSnapshot(deployment, secrets).resources, [made]);
    assert.ok(existsSync(files.journal) && !existsSync(files.snapshot));
  });

  it("is put in order after an interrupted run, so that the next journal builds on it", () => {
    interrupt();
    const recovered = recoverState(files);
    assert.equal(recovered.text, readFileSync(files.snapshot, "utf8"));
    assert.ok(!existsSync(files.journal));
    assert.deepEqual(openSnapshot(recovered.deployment, secrets).resources, [made]);
    assert.deepEqual(recoverState(files), { deployment: readState(files).deployment, text: recovered.text });
  });

  it("is not folded twice where a kill came between the snapshot and the journal's removal", () => {
    interrupt();
    const journal = readFileSync(files.journal);
    const { text } = recoverState(files);
    writeFileSync(files.journal, journal);
    assert.equal(readState(files).interrupted, false);
    assert.equal(recoverState(files).text, text);
    assert.ok(!existsSync(files.journal));
  });

  it("stays untouched where its file is damaged, and so does the journal", () => {
    mkdirSync(dirname(files.snapshot), { recursive: true });
    writeFileSync(files.snapshot, VALID.slice(0, 40));
    writeFileSync(files.journal, "{}");
    assert.throws(() => recoverState(files), {
      name: "UserError",
      message: new RegExp(`^${files.snapshot} is not complete`),
    });
    assert.equal(readFileSync(files.snapshot, "utf8"), VALID.slice(0, 40));
    assert.ok(existsSync(files.journal));
  });
});
