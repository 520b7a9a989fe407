import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { UserError } from "../sandbox/user-error.ts";
import { readValue } from "./input.ts";

/** Something to read from, and everything that is written to the screen. */
function terminal(isTTY: boolean) {
  const source = Object.assign(new PassThrough(), { isTTY });
  const written: string[] = [];
  return { source, written, screen: { write: (text: string) => written.push(text) > 0 } };
}

describe("a secret's value", () => {
  it("is read whole from a pipe, without a question", async () => {
    const { source, written, screen } = terminal(false);
    source.end("line 1\nline 2\n");
    assert.equal(await readValue("mail-api-key", source, screen), "line 1\nline 2\n");
    assert.deepEqual(written, []);
  });

  it("is asked for where a person sits, and not shown", async () => {
    const { source, written, screen } = terminal(true);
    const reading = readValue("mail-api-key", source, screen);
    source.write("hunter2\r");
    assert.equal(await reading, "hunter2");
    assert.match(written.join(""), /^Value of mail-api-key/);
    assert.ok(!written.join("").includes("hunter2"));
  });

  for (const [what, keys] of [
    ["leaves with Ctrl+C", "hun\u0003"],
    ["leaves with Ctrl+D", "\u0004"],
  ] as const)
    it(`is not given where the person ${what}`, async () => {
      const { source, screen } = terminal(true);
      const reading = readValue("mail-api-key", source, screen);
      source.write(keys);
      await assert.rejects(reading, (error) => error instanceof UserError && error.message.includes("nothing was set"));
    });
});
