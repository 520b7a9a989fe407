import assert from "node:assert/strict";
import { UserError } from "../sandbox/user-error.ts";
import { type BranchOptions, branchOptions } from "./options.ts";

describe("the options of preview, up, and down", () => {
  const read = (args: readonly string[]): BranchOptions | undefined => branchOptions("up", args, () => "main");

  it("take the current branch's stack, another branch's, or a stack by name", () => {
    assert.equal(read([])?.stack, "production");
    assert.equal(read(["--branch", "develop"])?.stack, "staging");
    assert.equal(read(["--stack", "preview-x"])?.stack, "preview-x");
    assert.deepEqual(read(["-c", "imageDigest=sha256:a=b"])?.config, { imageDigest: "sha256:a=b" });
    assert.equal(read(["--help"]), undefined);
  });

  for (const [args, expected] of [
    [["--stak", "x"], /there is no option --stak: did you mean "stack"\?/],
    [["--stack", "a", "--branch", "b"], /give one of them/],
    [["--branch", ""], /--branch needs a name/],
    [["--allow-destroy", "media"], /is no URN/],
    [["--config", "imageDigest"], /expected KEY=VALUE/],
    [["staging"], /Unexpected argument 'staging'/],
  ] as const)
    it(`refuse ${args.join(" ")}`, () => {
      assert.throws(
        () => read(args),
        (error) => error instanceof UserError && error.exitCode === 2 && expected.test(error.message),
      );
    });
});
