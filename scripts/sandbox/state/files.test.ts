import assert from "node:assert/strict";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { showing } from "./deployment.ts";
import {
  readIfPresent,
  removeIfPresent,
  StateFileError,
  stackFiles,
  stateFileError,
  writeAll,
  writeAtomically,
} from "./files.ts";
import { Journal } from "./journal.ts";
import { acquireLock } from "./lock.ts";

const failing = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });

const toldOfFullDisk = (file: string): { name: string; message: RegExp } => ({
  name: "UserError",
  message: new RegExp(`^cannot .* ${file}: ENOSPC.*; free some space, then run the same command again$`),
});

describe("the files of a stack's state", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-files-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("stand together under the project's name", () => {
    assert.deepEqual(stackFiles("/state", "shop", "dev"), {
      snapshot: "/state/stacks/shop/dev.json",
      journal: "/state/stacks/shop/dev.journal",
      lock: "/state/stacks/shop/dev.lock",
    });
  });

  it("are written whole, readable by their owner alone, in folders that need not exist", () => {
    const file = join(directory, "a", "b", "state.json");
    for (const content of ["first", "", "a longer second one: äöü 🌍"]) {
      writeAtomically(file, content);
      assert.equal(readIfPresent(file), content);
    }
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(directory, "a", "b")), ["state.json"]);
  });

  it("are undefined where they do not exist", () => {
    assert.equal(readIfPresent(join(directory, "none.json")), undefined);
  });

  it("say where a file stands in a directory's place, when written, read, or begun", () => {
    writeFileSync(join(directory, "stacks"), "a file");
    const file = join(directory, "stacks", "dev.json");
    const told = (doing: string): { name: string; message: RegExp } => ({
      name: "UserError",
      message: new RegExp(
        `^cannot ${doing} ${file}: E(NOTDIR|EXIST).*; a file stands where a directory is needed: choose another directory with --state-dir$`,
      ),
    });
    assert.throws(() => writeAtomically(file, "x"), told("write"));
    assert.throws(() => readIfPresent(file), told("read"));
    assert.throws(() => new Journal(file, "", showing), told("write"));
    assert.throws(() => acquireLock(file, "dev"), told("(lock the stack with|read)"));
    assert.throws(() => removeIfPresent(file), told("remove"));
  });

  it("keep the old content, and no rest of the new one, where writing fails", () => {
    const file = join(directory, "state.json");
    mkdirSync(join(file, "child"), { recursive: true });
    assert.throws(() => writeAtomically(file, "x"), StateFileError);
    assert.ok(existsSync(join(file, "child")));
    assert.deepEqual(readdirSync(directory), ["state.json"]);
  });

  it("say that the disk is full, and stay as they were", () => {
    const file = join(directory, "state.json");
    writeAtomically(file, "old");
    // Whatever is written to this device meets a full disk.
    symlinkSync("/dev/full", `${file}.${process.pid}.tmp`);
    assert.throws(() => writeAtomically(file, "new"), toldOfFullDisk(file));
    assert.equal(readIfPresent(file), "old");
    assert.deepEqual(readdirSync(directory), ["state.json"]);
  });

  it("say that the disk is full when a journal or a lock is begun", () => {
    const { journal, lock } = stackFiles(directory, "shop", "dev");
    mkdirSync(dirname(journal), { recursive: true });
    symlinkSync("/dev/full", journal);
    assert.throws(() => new Journal(journal, "", showing), toldOfFullDisk(journal));
    symlinkSync("/dev/full", `${lock}.${process.pid}.tmp`);
    assert.throws(() => acquireLock(lock, "dev"), toldOfFullDisk(lock));
    assert.ok(!existsSync(lock));
  });

  it("say that a read-only directory is one", () => {
    // Root may write anywhere but into the kernel's own tree.
    const root = process.getuid?.() === 0;
    const closed = root ? "/proc/self" : join(directory, "closed");
    if (!root) {
      mkdirSync(closed);
      chmodSync(closed, 0o500);
    }
    assert.throws(
      () => writeAtomically(join(closed, "state.json"), "x"),
      (error: unknown) => {
        assert.ok(error instanceof StateFileError);
        assert.ok(error.message.startsWith(`cannot write ${join(closed, "state.json")}: E`), error.message);
        assert.match(error.message, /--state-dir/);
        return true;
      },
    );
  });

  const remedies: [string, RegExp][] = [
    ["ENOSPC", /free some space/],
    ["EDQUOT", /free some space/],
    ["EACCES", /make the directory writable, or choose another with --state-dir/],
    ["EPERM", /make the directory writable, or choose another with --state-dir/],
    ["EROFS", /read-only: choose another directory with --state-dir/],
    ["ENOTDIR", /a file stands where a directory is needed/],
    ["EIO", /check the state directory \(--state-dir\)/],
  ];
  for (const [code, remedy] of remedies)
    it(`say what to do about ${code}, and are a user's matter`, () => {
      const error = stateFileError("write", "dev.json", failing(code));
      assert.equal(error.exitCode, 1);
      assert.ok(error.message.startsWith(`cannot write dev.json: ${code}: it failed; `));
      assert.match(error.message, remedy);
    });
});

describe("a write that goes in parts", () => {
  it("goes on until all is written", () => {
    const directory = mkdtempSync(join(tmpdir(), "state-parts-"));
    const file = join(directory, "large");
    const content = "ä".repeat(3_000_000);
    const handle = openSync(file, "w");
    try {
      writeAll(handle, content);
      assert.equal(readFileSync(file, "utf8"), content);
    } finally {
      closeSync(handle);
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
