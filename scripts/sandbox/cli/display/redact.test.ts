import assert from "node:assert/strict";
import { redactor } from "./redact.ts";

describe("a redactor", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----\n";
  const table: { title: string; secrets: string[]; text: string; shown: string }[] = [
    { title: "hides nothing where nothing is secret", secrets: [], text: "plain", shown: "plain" },
    { title: "leaves what is too short to tell", secrets: ["on"], text: "on and on", shown: "on and on" },
    { title: "hides every occurrence", secrets: ["hush"], text: "hush, hush", shown: "[secret], [secret]" },
    { title: "hides the longer of two", secrets: ["hush", "hush-hush"], text: "a hush-hush b", shown: "a [secret] b" },
    { title: "never hides its own mask", secrets: ["hush", "secret"], text: "hush", shown: "[secret]" },
    { title: "takes a secret as it is", secrets: ["a.c$&"], text: "abc$& a.c$&", shown: "abc$& [secret]" },
    {
      title: "hides a secret as JSON has it",
      secrets: ['a"b\nc'],
      text: '{"x":"a\\"b\\nc"}',
      shown: '{"x":"[secret]"}',
    },
    { title: "hides a secret's lines", secrets: [key], text: "key MIIEvQIBADAN", shown: "key [secret]" },
  ];
  for (const { title, secrets, text, shown } of table) it(title, () => assert.equal(redactor(secrets)(text), shown));

  it("takes secrets of any size", () => {
    const secret = "x".repeat(5_000_000);
    assert.equal(redactor([secret, "hush"])(`a ${secret} b hush`), "a [secret] b [secret]");
    assert.equal(redactor([secret])("x"), "x");
  });
});
