import assert from "node:assert/strict";
import { SIGNATURE_KEY } from "../sandbox/values/wire.ts";
import { eventOf, runOf } from "./pulumi-events.ts";
import { refreshValues } from "./refresh-values.ts";

const sealed = { [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const state = (outputs: Record<string, unknown>, inputs: Record<string, unknown> = {}) => ({ outputs, inputs });

describe("values of a refresh", () => {
  it("are read at their paths, from outputs first", () => {
    assert.deepEqual(
      refreshValues(
        ["tags.Owner", "rules[1].port", 'tags["a.b"]', "only"],
        state({ tags: { Owner: "platform" }, rules: [{ port: 1 }, { port: 2 }] }, { only: true }),
        state({ tags: { Owner: "nobody", "a.b": 1 }, rules: [{ port: 1 }, { port: 443 }] }),
      ),
      [
        { path: "tags.Owner", was: '"platform"', is: '"nobody"' },
        { path: "rules[1].port", was: "2", is: "443" },
        { path: 'tags["a.b"]', was: undefined, is: "1" },
        { path: "only", was: "true", is: undefined },
      ],
    );
  });

  it("are masked on both sides where one is secret, and inside what is shown whole", () => {
    assert.deepEqual(
      refreshValues(
        ["key", "text", "inner.deep", "all"],
        state({ key: sealed, text: "[secret]", inner: "[secret]", all: { a: 1, b: sealed } }),
        state({ key: "in clear", text: "in clear", inner: { deep: "in clear" }, all: { a: 2, b: "[secret]" } }),
      ),
      [
        { path: "key", was: "[secret]", is: "[secret]" },
        { path: "text", was: "[secret]", is: "[secret]" },
        { path: "inner.deep", was: "[secret]", is: "[secret]" },
        { path: "all", was: '{"a":1,"b":"[secret]"}', is: '{"a":2,"b":"[secret]"}' },
      ],
    );
  });

  it("are cut where they are long, and none where there is no such resource any more", () => {
    const [value] = refreshValues(["policy"], state({ policy: "p".repeat(5000) }), undefined);
    assert.ok((value?.was?.length ?? 0) <= 200);
    assert.equal(value?.is, undefined);
    assert.deepEqual(refreshValues(["constructor"], state({}), state({})), [
      { path: "constructor", was: undefined, is: undefined },
    ]);
  });

  it("come with a refresh's step as Pulumi's events tell it, and with no other step", () => {
    const event = (kind: "resourcePreEvent" | "resOutputsEvent", op: string) =>
      JSON.stringify({
        [kind]: {
          metadata: {
            op,
            urn: "urn:pulumi:staging::groundwork::aws:s3/bucket:Bucket::media",
            type: "aws:s3/bucket:Bucket",
            detailedDiff: { "tags.Owner": { diffKind: "update", inputDiff: true } },
            old: { id: "media-0a1b2c3", outputs: { tags: { Owner: "platform" } } },
            new: { id: "media-0a1b2c3", outputs: { tags: { Owner: "nobody" } } },
          },
        },
      });
    const stepsOf = (...lines: string[]) =>
      runOf(
        "staging",
        lines.flatMap((line) => eventOf(line) ?? []),
        true,
      ).steps;
    const [refreshed, ...others] = stepsOf(event("resourcePreEvent", "refresh"), event("resOutputsEvent", "update"));
    assert.deepEqual(others, []);
    assert.equal(refreshed?.op, "update");
    assert.equal(refreshed.id, "media-0a1b2c3");
    assert.deepEqual(refreshed.values, [{ path: "tags.Owner", was: '"platform"', is: '"nobody"' }]);
    const [updated] = stepsOf(event("resourcePreEvent", "update"), event("resOutputsEvent", "update"));
    assert.equal(updated?.values, undefined);
  });
});
