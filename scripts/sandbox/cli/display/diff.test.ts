import assert from "node:assert/strict";
import fc from "fast-check";
import type { PropertyChange } from "../../engine/events.ts";
import { Asset, OutputValue, Secret, UNKNOWN, type Value } from "../../values/value.ts";
import { diffLines } from "./diff.ts";
import { cut, shown, valueText } from "./value-text.ts";

const change = (path: string, old: Value | undefined, now: Value | undefined): PropertyChange => ({
  path,
  kind: old === undefined ? "add" : now === undefined ? "delete" : "update",
  replaces: false,
  old,
  now,
});
const lines = (path: string, old: Value | undefined, now: Value | undefined, width = 60): string[] =>
  diffLines([change(path, old, now)], width).map(({ symbol, path: at, text }) => `${symbol} ${at}: ${text}`);

describe("a property diff", () => {
  const cases: readonly (readonly [string, string, Value | undefined, Value | undefined, readonly string[]])[] = [
    ["a text", "name", "a", "b", ['~ name: "a" → "b"']],
    ["what is new", "name", undefined, "b", ['+ name: "b"']],
    ["what is gone", "name", "a", undefined, ['- name: "a"']],
    ["null", "name", null, 3, ["~ name: null → 3"]],
    [
      "nested properties",
      "tags",
      { Owner: "a", Team: "x", Old: 1 },
      { Owner: "b", Team: "x", "a.b": true },
      ["- tags.Old: 1", '~ tags.Owner: "a" → "b"', '+ tags["a.b"]: true'],
    ],
    [
      "lists",
      "rules",
      [{ port: 80 }, { port: 22 }],
      [{ port: 443 }],
      ["~ rules[0].port: 80 → 443", '- rules[1]: {"port":22}'],
    ],
    ["a secret", "password", new Secret("old-one"), new Secret("new-one"), ["~ password: [secret] → [secret]"]],
    ["what becomes a secret", "password", "clear", new Secret("hidden"), ['~ password: "clear" → [secret]']],
    [
      "a secret inside",
      "auth",
      { token: new Secret("old-one"), user: "a" },
      { token: new Secret("new-one"), user: "a" },
      ["~ auth.token: [secret] → [secret]"],
    ],
    ["what is not known yet", "arn", "a", UNKNOWN, ['~ arn: "a" → [unknown]']],
    ["outputs", "arn", new OutputValue("a", false, []), new OutputValue("b", true, []), ['~ arn: "a" → [secret]']],
    [
      "assets",
      "code",
      new Asset("aa".repeat(32), {}),
      new Asset("bb".repeat(32), {}),
      ["~ code: asset aaaaaaaaaaaa → asset bbbbbbbbbbbb"],
    ],
    [
      "JSON documents by property",
      "policy",
      '{"Version":"2012","Statement":[{"Action":"s3:Get","Effect":"Allow"}]}',
      '{\n  "Version": "2012",\n  "Statement": [{"Action": ["s3:Get"], "Effect": "Allow"}]\n}',
      ['~ policy › Statement[0].Action: "s3:Get" → ["s3:Get"]'],
    ],
    ["documents that mean the same", "policy", '{"a":1}', '{ "a": 1 }', ['~ policy: "{\\"a\\":1}" → "{ \\"a\\": 1 }"']],
    ["a path without values", "x", undefined, undefined, ["+ x: "]],
  ];
  for (const [what, path, old, now, expected] of cases)
    it(`shows ${what}`, () => assert.deepEqual(lines(path, old, now), expected));

  it("cuts long texts round the first difference", () => {
    const [line = ""] = lines(
      "text",
      `${"a".repeat(500)}OLD${"b".repeat(500)}`,
      `${"a".repeat(500)}NEW${"b".repeat(500)}`,
    );
    assert.ok(line.includes("OLD") && line.includes("NEW"), line);
    assert.ok(line.length < 180, line);
  });

  it("never shows a secret, wherever it stands", () => {
    const secret = "s3cr3t-t3xt";
    const value = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Value>(null, true, 3, "plain", UNKNOWN, new Secret(secret), new OutputValue(secret, true, [])),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
        tie("value").map((inner) => new Secret([inner, secret])),
        tie("value").map((inner) => new OutputValue(inner, false, [])),
      ),
    })).value;
    fc.assert(
      fc.property(value, value, (old, now) => {
        const text = JSON.stringify([lines("p", old, now), shown(old), valueText(now, 50)]);
        assert.ok(!text.includes(secret), text);
      }),
    );
  });
});

describe("a value on one line", () => {
  it("is cut, and says how long it was", () => {
    assert.equal(cut("short", 10), "short");
    assert.equal(cut("x".repeat(100), 40), `${"x".repeat(22)}… (100 characters)`);
  });

  it("stands without quotes where it is a mark, with quotes where it only looks like one", () => {
    assert.equal(valueText(new Secret("x"), 40), "[secret]");
    assert.equal(valueText("[secret]", 40), '"[secret]"');
    assert.equal(valueText({ b: new Secret("x"), a: UNKNOWN }, 40), '{"a":"[unknown]","b":"[secret]"}');
  });
});
