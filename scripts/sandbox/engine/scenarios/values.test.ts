import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { changes, errors, play, preview, resource, up } from "./observe.ts";

const secret = (plaintext: string): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext,
});
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("values", () => {
  it("come through as they are: odd ones, nested secrets, files, and what transforms make of them", async () => {
    const [look, made, again] = await play("values", [preview(), up(), up()]);
    assert.deepEqual([errors(look), errors(made)], [[], []]);
    assert.deepEqual(resource(made, "odd")["inputs"], {
      "a.b": { "c d": true },
      big: 9007199254740994,
      defaulted: "d",
      empty: "",
      list: [],
      map: {},
      none: null,
      small: -0.5,
    });
    assert.deepEqual(resource(made, "deep")["inputs"], {
      defaulted: "d",
      list: [{ token: secret('"t0p"') }],
      map: { key: secret('{"inner":1}') },
    });
    assert.deepEqual(resource(made, "named")["outputs"], {
      defaulted: "d",
      out: secret('"out-of-named-1"'),
      value: "v",
    });
    const files = JSON.stringify(resource(made, "files")["inputs"]);
    for (const text of ["text", "hello"]) assert.ok(files.includes(sha256(text)), text);
    assert.ok(files.includes('"path":"files/folder"'));
    assert.equal(resource(made, "shielded")["protect"], true);
    assert.deepEqual(resource(made, "hushed")["inputs"], { defaulted: "d", value: secret('"quiet"') });
    assert.equal(resource(made, "loose")["retainOnDelete"], true);
    assert.deepEqual(resource(made, "late")["customTimeouts"], { create: 60, delete: 30 });
    const outputs = resource(made, "scenario-dev")["outputs"];
    assert.match(JSON.stringify(outputs), /"parts":\{"list":\[\{[^}]*"plaintext":"1"\},2\],"nothing":null\}/);
    assert.deepEqual(changes(again), []);
  });
});
