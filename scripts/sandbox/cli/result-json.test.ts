import assert from "node:assert/strict";
import fc from "fast-check";
import type { Step } from "../engine/events.ts";
import { Secret, UNKNOWN } from "../values/value.ts";
import { graphText } from "./graph.ts";
import { debugProvidersText, installedPackages, parseDebugProviders } from "./provider-list.ts";
import { canonicalOrder, resultJson } from "./result-json.ts";
import { failedResult, firstPhase } from "./run.ts";

const step = (urn: string, op: Step["op"] = "create", dependsOn: readonly string[] = []): Step => ({
  op,
  urn,
  type: "a:b:C",
  diffs: [],
  keys: [],
  changes: [],
  dependsOn,
});
const names = (steps: readonly Step[]): string[] => steps.map(({ op, urn }) => `${op} ${urn}`);

describe("the JSON of a run", () => {
  it("has the documented shape, masked and sorted", () => {
    const json = resultJson(
      {
        ...failedResult("staging", "preview", "the token hunter2 is wrong", 1.23456),
        changes: { update: 1, create: 2 },
        steps: [step("b"), step("a")],
        findings: [
          { pack: "p", policy: "z", level: "advisory", urn: "b", message: "m", severity: "" },
          { pack: "p", policy: "a", level: "mandatory", urn: "b", message: "hunter2", severity: "" },
        ],
        waiting: [
          { pack: "p", policy: "z", urn: "b", reason: "waits for hunter2" },
          { pack: "p", policy: "z", urn: "a", reason: "waits for arn" },
        ],
        outputs: { z: new Secret("hunter2"), a: { c: UNKNOWN, b: 1 } },
      },
      (text) => text.replaceAll("hunter2", "[secret]"),
    );
    assert.equal(
      JSON.stringify(json),
      JSON.stringify({
        stack: "staging",
        command: "preview",
        result: "failed",
        changes: { create: 2, update: 1 },
        operations: [
          { op: "create", urn: "a", diffs: [] },
          { op: "create", urn: "b", diffs: [] },
        ],
        policy: [
          { policy: "a", level: "mandatory", urn: "b", message: "[secret]" },
          { policy: "z", level: "advisory", urn: "b", message: "m" },
        ],
        waiting: [
          { policy: "z", urn: "a", reason: "waits for arn" },
          { policy: "z", urn: "b", reason: "waits for [secret]" },
        ],
        errors: [{ urn: "", message: "the token [secret] is wrong" }],
        outputs: { a: { b: 1, c: "[unknown]" }, z: "[secret]" },
        seconds: 1.235,
      }),
    );
  });

  it("keeps the order in which up did things", () => {
    const json = resultJson({ ...failedResult("s", "up", "", 0), steps: [step("b"), step("a")] }, (text) => text);
    assert.deepEqual(
      json.operations.map(({ urn }) => urn),
      ["b", "a"],
    );
  });
});

describe("the canonical order of steps", () => {
  it("puts what others depend on first, and deletes after what depended", () => {
    const steps = [
      step("z"),
      step("b", "create", ["z"]),
      step("a", "create", ["z"]),
      step("m", "delete", ["l"]),
      step("l", "delete"),
    ];
    assert.deepEqual(names(canonicalOrder(steps)), ["delete m", "create z", "create a", "create b", "delete l"]);
  });

  it("keeps the steps of one resource as they were", () => {
    const steps = [step("a", "delete-replaced"), step("a", "replace"), step("a", "create-replacement")];
    assert.deepEqual(names(canonicalOrder(steps)), names(steps));
  });

  it("is the same for every order in which independent steps may come", () => {
    const graph = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(graph, fc.array(fc.nat(1000), { minLength: 10, maxLength: 10 }), (edges, chance) => {
        const steps = edges.map((before, index) =>
          step(String(index), "create", before.filter((other) => other < index).map(String)),
        );
        // Another order that the same dependencies allow: always one of the steps that may come next.
        const left = new Set(steps);
        const shuffled: Step[] = [];
        while (left.size > 0) {
          const waiting = new Set([...left].map(({ urn }) => urn));
          const ready = [...left].filter(({ dependsOn = [] }) => !dependsOn.some((urn) => waiting.has(urn)));
          const next = ready[(chance[shuffled.length] ?? 0) % ready.length];
          if (next === undefined) break;
          left.delete(next);
          shuffled.push(next);
        }
        assert.equal(shuffled.length, steps.length);
        assert.deepEqual(names(canonicalOrder(shuffled)), names(canonicalOrder(steps)));
      }),
    );
  });
});

describe("what goes before a command", () => {
  for (const [command, skipPreview, expected] of [
    ["up", false, { command: "preview", dryRun: false }],
    ["up", true, undefined],
    ["preview", false, undefined],
    ["refresh", false, { command: "refresh", dryRun: true }],
    ["destroy", false, { command: "destroy", dryRun: true }],
    ["destroy", true, undefined],
  ] as const)
    it(`of ${command}${skipPreview ? " --skip-preview" : ""} is ${expected === undefined ? "nothing" : "a preview"}`, () =>
      assert.deepEqual(firstPhase({ command, skipPreview }), expected));
});

describe("PULUMI_DEBUG_PROVIDERS", () => {
  it("is read as Pulumi reads it", () => {
    assert.deepEqual(
      [...parseDebugProviders("aws:1234, docker-build:80,")],
      [
        ["aws", 1234],
        ["docker-build", 80],
      ],
    );
    assert.equal(parseDebugProviders(undefined).size, 0);
    assert.equal(
      debugProvidersText(
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
      ),
      "a:1,b:2",
    );
  });

  for (const text of ["aws", "aws:", ":80", "aws:x", "aws:70000"])
    it(`is refused as ${text}`, () =>
      assert.throws(() => parseDebugProviders(text), { name: "UserError", exitCode: 2 }));

  it("stands beside the packages that are installed", async () => {
    const packages = await installedPackages(import.meta.dirname);
    for (const name of ["aws", "awsx", "random"]) assert.ok(packages.includes(name), name);
    assert.ok(!packages.includes("pulumi") && !packages.includes("policy"));
  });
});

describe("the graph of a stack", () => {
  const node = (name: string, parent: string, dependencies: string[] = [], gone = false) => ({
    urn: `urn:pulumi:s::p::a:b:C::${name}`,
    parent: parent === "" ? "" : `urn:pulumi:s::p::a:b:C::${parent}`,
    dependencies: dependencies.map((other) => `urn:pulumi:s::p::a:b:C::${other}`),
    delete: gone,
  });
  const nodes = [
    node('b"x', "a", ["c", "c", "nowhere"]),
    node("a", ""),
    node("c", "", ["a"]),
    node("old", "a", [], true),
  ];

  it("is DOT", () => {
    assert.deepEqual(graphText("s", nodes, "dot").split("\n").slice(3), [
      '  n0 [label="a\\na:b:C"];',
      '  n1 [label="b\\"x\\na:b:C"];',
      '  n2 [label="c\\na:b:C"];',
      "  n1 -> n0 [style=dashed];",
      "  n1 -> n2;",
      "  n2 -> n0;",
      "}",
    ]);
  });

  it("is Mermaid", () => {
    assert.deepEqual(graphText("s", nodes, "mermaid").split("\n"), [
      "flowchart LR",
      '  n0["a<br/>a:b:C"]',
      '  n1["b#quot;x<br/>a:b:C"]',
      '  n2["c<br/>a:b:C"]',
      "  n1 -.-> n0",
      "  n1 --> n2",
      "  n2 --> n0",
    ]);
  });
});
