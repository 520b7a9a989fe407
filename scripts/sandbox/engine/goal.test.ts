import assert from "node:assert/strict";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import aliases from "@pulumi/pulumi/proto/alias_pb.js";
import { type Alias, aliasUrns, decodeAliases, decodeTimeouts, parseDuration } from "./goal.ts";

const STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const COMPONENT = "urn:pulumi:dev::p::a:i:C::web";
const CHILD = "urn:pulumi:dev::p::a:i:C$t:i:T::web-logs";

/** The SDK fills the parts of a spec that did not change with "". */
const spec = (parts: Partial<Exclude<Alias, { urn: string }>>): Alias => ({
  name: "",
  type: "",
  stack: "",
  project: "",
  parent: undefined,
  ...parts,
});

describe("the URNs that a resource may have had", () => {
  const cases: {
    title: string;
    urn: string;
    parent: string;
    own?: Alias[];
    parents?: string[];
    urns: string[];
  }[] = [
    { title: "none without aliases", urn: CHILD, parent: COMPONENT, urns: [] },
    { title: "a whole URN", urn: CHILD, parent: COMPONENT, own: [{ urn: "urn:x" }], urns: ["urn:x"] },
    {
      title: "another name",
      urn: CHILD,
      parent: COMPONENT,
      own: [spec({ name: "old" })],
      urns: ["urn:pulumi:dev::p::a:i:C$t:i:T::old"],
    },
    {
      title: "another type",
      urn: CHILD,
      parent: COMPONENT,
      own: [spec({ type: "t:i:Old" })],
      urns: ["urn:pulumi:dev::p::a:i:C$t:i:Old::web-logs"],
    },
    {
      title: "another stack and project",
      urn: CHILD,
      parent: COMPONENT,
      own: [spec({ stack: "test", project: "q" })],
      urns: ["urn:pulumi:test::q::a:i:C$t:i:T::web-logs"],
    },
    {
      title: "no parent",
      urn: CHILD,
      parent: COMPONENT,
      own: [spec({ parent: "" })],
      urns: ["urn:pulumi:dev::p::t:i:T::web-logs"],
    },
    {
      title: "another parent, whose own former URNs do not count here",
      urn: "urn:pulumi:dev::p::t:i:T::n",
      parent: STACK,
      own: [spec({ parent: COMPONENT })],
      parents: ["urn:pulumi:dev::p::x:i:X::y"],
      urns: ["urn:pulumi:dev::p::a:i:C$t:i:T::n", "urn:pulumi:dev::p::x:i:X$t:i:T::n"],
    },
    {
      title: "the parent's former type",
      urn: CHILD,
      parent: COMPONENT,
      parents: ["urn:pulumi:dev::p::a:i:Old::web"],
      urns: ["urn:pulumi:dev::p::a:i:Old$t:i:T::web-logs"],
    },
    {
      title: "the parent's former name as the own name's prefix",
      urn: CHILD,
      parent: COMPONENT,
      parents: ["urn:pulumi:dev::p::a:i:C::site"],
      urns: ["urn:pulumi:dev::p::a:i:C$t:i:T::site-logs"],
    },
    {
      title: "nothing new where the parent's former name is no prefix and its type the same",
      urn: "urn:pulumi:dev::p::a:i:C$t:i:T::logs",
      parent: COMPONENT,
      parents: ["urn:pulumi:dev::p::a:i:C::site"],
      urns: [],
    },
    {
      title: "an own alias under every former URN of the parent, duplicates once",
      urn: CHILD,
      parent: COMPONENT,
      own: [spec({ name: "web-old" }), spec({ name: "web-old", parent: COMPONENT })],
      parents: ["urn:pulumi:dev::p::a:i:Old::site"],
      urns: [
        "urn:pulumi:dev::p::a:i:C$t:i:T::web-old",
        "urn:pulumi:dev::p::a:i:Old$t:i:T::site-old",
        "urn:pulumi:dev::p::a:i:Old$t:i:T::site-logs",
      ],
    },
    { title: "never its own", urn: CHILD, parent: COMPONENT, own: [spec({ name: "web-logs" })], urns: [] },
  ];
  for (const { title, urn, parent, own = [], parents = [], urns } of cases)
    it(`are: ${title}`, () => {
      assert.deepEqual(aliasUrns(urn, parent, own, parents), urns);
    });

  it("reach a grandchild through its parent's", () => {
    const parents = aliasUrns(CHILD, COMPONENT, [], ["urn:pulumi:dev::p::a:i:C::site"]);
    assert.deepEqual(aliasUrns("urn:pulumi:dev::p::a:i:C$t:i:T$u:i:U::web-logs-key", CHILD, [], parents), [
      "urn:pulumi:dev::p::a:i:C$t:i:T$u:i:U::site-logs-key",
    ]);
  });
});

describe("aliases in a request", () => {
  const decode = (change: (alias: aliases.Alias) => void): Alias | undefined => {
    const alias = new aliases.Alias();
    change(alias);
    return decodeAliases([alias])[0];
  };
  const withSpec = (change: (part: aliases.Alias.Spec) => void): Alias | undefined =>
    decode((alias) => {
      const part = new aliases.Alias.Spec();
      change(part);
      alias.setSpec(part);
    });

  it("are a URN or the parts that were different", () => {
    assert.deepEqual(
      decode((alias) => alias.setUrn("urn:x")),
      { urn: "urn:x" },
    );
    assert.deepEqual(
      withSpec((part) => part.setName("old").setType("t:i:Old")),
      spec({ name: "old", type: "t:i:Old" }),
    );
    assert.deepEqual(
      withSpec((part) => part.setStack("s").setProject("q")),
      spec({ stack: "s", project: "q" }),
    );
  });

  it("tell another parent, no parent, and the same parent apart", () => {
    assert.deepEqual(
      withSpec((part) => part.setParenturn(COMPONENT)),
      spec({ parent: COMPONENT }),
    );
    assert.deepEqual(
      withSpec((part) => part.setNoparent(true)),
      spec({ parent: "" }),
    );
    assert.deepEqual(
      withSpec((part) => part.setNoparent(false)),
      spec({}),
    );
    assert.deepEqual(
      withSpec(() => undefined),
      spec({}),
    );
  });
});

describe("a duration", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["30s", 30],
    ["5m", 300],
    ["2h", 7200],
    ["1h30m", 5400],
    ["1h0m0.5s", 3600.5],
    ["1.5h", 5400],
    ["250ms", 0.25],
    ["1m250ms", 60.25],
  ];
  for (const [text, seconds] of cases)
    it(`${JSON.stringify(text)} is ${seconds} seconds`, () => {
      assert.equal(parseDuration(text), seconds);
    });

  it("of every operation may be empty, as the SDK sends it where none is set", () => {
    const timeouts = new messages.RegisterResourceRequest.CustomTimeouts();
    assert.equal(decodeTimeouts(undefined), undefined);
    assert.equal(decodeTimeouts(timeouts), undefined);
    timeouts.setDelete("1m");
    assert.deepEqual(decodeTimeouts(timeouts), { create: 0, update: 0, delete: 60 });
  });
});
