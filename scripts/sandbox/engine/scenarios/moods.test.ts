import assert from "node:assert/strict";
import { calls, changes, errors, names, operations, play, preview, resource, text, up } from "./observe.ts";

const provider = "moody.mjs";

describe("a provider", () => {
  it("may make a resource that does not come up: it is kept, and updated until it does", async () => {
    const [first, second, third, fourth, fifth, sixth, seventh, eighth, ninth] = await play(
      "moods",
      [up(), up(), up(), up(), up(), up(), up(), up(), up()],
      { provider },
    );
    assert.deepEqual(errors(first), [": update failed", "cold: 2 errors occurred:"]);
    assert.deepEqual(
      first?.failed.map(({ op }) => op),
      ["create"],
    );
    assert.deepEqual(resource(first, "cold")["initErrors"], ["it is cold", "it is late"]);
    assert.equal(resource(first, "cold")["id"], "cold-1");
    assert.deepEqual(changes(second), ["update cold"]);
    assert.deepEqual(resource(second, "cold")["initErrors"], ["it is still cold"]);
    assert.deepEqual(changes(third), ["create-replacement cold !#initerror"]);
    assert.deepEqual(changes(fourth), ["update cold [unwell]", "delete-replaced cold", "delete well"]);
    assert.equal(resource(fourth, "cold")["initErrors"], undefined);
    assert.deepEqual(changes(fifth), ["create detailed", "create unsure"]);
    assert.deepEqual(changes(sixth), [
      "create-replacement detailed [tree]",
      "replace detailed [tree]",
      "delete-replaced detailed",
      "update unsure [value]",
    ]);
    assert.deepEqual(errors(seventh), [
      "doubly: thing:index:Thing resource 'doubly': property bad value {1} has a problem: bad is not allowed",
      "doubly: thing:index:Thing resource 'doubly': property worse value {[{x}]} has a problem: worse is not allowed",
    ]);
    assert.equal(eighth?.exit, 0);
    assert.equal(ninth?.exit, 1);
    assert.match(errors(ninth).join(), /^undiffable: .*no diff/);
  });

  it("may give no id, or die: nothing is recorded, and the next run makes it", async () => {
    const [nameless, doomed, again] = await play("failing", [up(), up(), up()], { provider });
    assert.deepEqual(errors(nameless), [": update failed", "nameless: provider did not return an ID from Create"]);
    assert.equal(errors(doomed).length, 2);
    for (const step of [nameless, doomed]) {
      assert.deepEqual(names(step), []);
      assert.deepEqual(step?.pending, []);
    }
    assert.deepEqual(changes(again), ["create doomed"]);
  });

  it("decides itself whether another configuration replaces what it manages", async () => {
    const [, step] = await play("moving", [up(), up()], { provider });
    assert.deepEqual(changes(step), [
      "create-replacement home !region",
      "replace home !region",
      "delete-replaced home",
      "delete leaving",
      "create-replacement moved !provider",
      "replace moved !provider",
      "delete-replaced moved",
      "create new",
      "delete old",
      "delete orphan",
    ]);
    assert.deepEqual(
      operations(step).filter((text) => text.startsWith("same")),
      ["same stays", "same versioned"],
    );
    assert.match(text(resource(step, "versioned")["provider"]), /::default_2_0_0_rc_1::/);
    assert.deepEqual(calls(step, "Delete"), ["Delete moved moved-1", "Delete orphan orphan-1"]);
    assert.ok(calls(step, "Configure").includes("Configure leaving east"), "to delete what it manages");
  });

  it("tells what really exists: what is gone leaves no trace, what only came out different is taken over", async () => {
    const store = { "there-1": { value: 1 } };
    const [, step, next] = await play(
      "drifting",
      [
        { ...up(), store },
        {
          command: "refresh",
          store: {
            "child-1": null as never,
            "silent-1": { seen: 2 },
            "drifted-1": { value: 2 },
            "sick-1": { sick: true },
            "there-1": { value: 3 },
          },
        },
        { ...up(), store: { "sick-1": { sick: null } } },
      ],
      { provider },
    );
    assert.deepEqual(step?.changes, { same: 6, update: 2, delete: 1 });
    assert.equal(step.exit, 0);
    assert.match(text(resource(step, "grandchild")["parent"]), /::parent$/);
    assert.deepEqual(resource(step, "silent")["outputs"], { seen: 2 });
    assert.deepEqual(resource(step, "drifted")["inputs"], { value: 2 });
    assert.deepEqual(resource(step, "sick")["initErrors"], ["it is sick"]);
    assert.deepEqual(changes(next), ["create child", "update drifted [value]", "read found", "update sick"]);
  });

  it("is asked by functions and methods; what they refuse is the program's to catch", async () => {
    const [first, second, third] = await play("asking", [up(), up(), up()], { provider });
    const [call] = first?.calls.filter((one) => one["call"] === "Call") ?? [];
    assert.deepEqual(call?.["dependencies"], { said: ["other"] });
    const outputs = first?.resources[0]?.["outputs"];
    assert.ok(typeof outputs === "object" && outputs !== null && !Array.isArray(outputs));
    assert.equal(outputs["echoed"], "other-1");
    assert.equal(outputs["caught"], "invocation of thing:index:ask returned an error: it would not say");
    assert.match(JSON.stringify(outputs["hidden"]), /"plaintext":"42"/);
    for (const step of [second, third]) {
      assert.equal(step?.exit, 1);
      assert.equal(step.errors.length, 1);
    }
    assert.match(errors(second).join("\n"), /unhandled (exception|rejection)|it would not say/i);
  });
});

describe("a preview", () => {
  it("calls no provider that is not configured yet", async () => {
    const [step] = await play("moving", [preview()], { provider });
    assert.equal(step?.exit, 0);
  });
});
