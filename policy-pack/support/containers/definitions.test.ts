import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import { isTrue } from "../property.ts";
import type { Resource } from "../rule.ts";
import type { Plain } from "../unknown.ts";
import { containersOf, eachContainer, expectsOfContainers, inContainer } from "./definitions.ts";

const task = (containerDefinitions: Plain): Resource =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "api", { containerDefinitions });
const text = (...containers: unknown[]): Resource => task(JSON.stringify(containers));

describe("the containers of a task definition", () => {
  it("are read from text", () => {
    const [first] = containersOf(text({ name: "api", image: "a" })) as readonly unknown[];
    assert.deepEqual(first, {
      property: "containerDefinitions[0]",
      name: "api",
      definition: { name: "api", image: "a" },
    });
  });

  it("are parsed once", () => {
    assert.equal(containersOf(text({ name: "once" })), containersOf(text({ name: "once" })));
  });

  it("are read in both spellings, but for maps of data", () => {
    const [container] = containersOf(
      text({ Name: "api", LogConfiguration: { LogDriver: "awslogs", Options: { Name: "kept" } } }),
    ) as readonly { definition: unknown }[];
    assert.deepEqual(container?.definition, {
      name: "api",
      logConfiguration: { logDriver: "awslogs", options: { Name: "kept" } },
    });
  });

  it("have a number where they have no name", () => {
    assert.deepEqual(
      (containersOf(text({ name: "api" }, {})) as readonly { name: string }[]).map(({ name }) => name),
      ["api", "2"],
    );
  });

  for (const [what, value] of [
    ["no JSON", "["],
    ["no list", '{ "name": "api" }'],
    ["absent", undefined],
  ] as const)
    it(`are none where the text is ${what}`, () => {
      assert.deepEqual(containersOf(task(value)), []);
    });

  it("are unknown where the text is", () => {
    assert.equal(containersOf(task(unknown)), unknown);
    assert.deepEqual(eachContainer(() => [])(task(unknown), {}), [{ property: "containerDefinitions", unknown }]);
  });
});

describe("a check of each container", () => {
  it("names the container and the place", () => {
    const check = expectsOfContainers("privileged", isTrue, "set it");
    assert.deepEqual(check(text({ name: "a", privileged: true }, { name: "b" }), {}), [
      {
        property: "containerDefinitions[1].privileged",
        wrong: 'in container "b" it is not set, and must be true',
        fix: "set it",
      },
    ]);
  });

  it("sees its neighbours", () => {
    const check = eachContainer((container, _, __, all) => [inContainer(container, "name", `of ${all.length}`, "x")]);
    assert.deepEqual(
      check(text({ name: "a" }, { name: "b" }), {}).map((finding) => "wrong" in finding && finding.wrong),
      ['in container "a" of 2', 'in container "b" of 2'],
    );
  });
});
