import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import { stackFrom } from "../stack.ts";
import { ADVANCED_CLUSTER, FLEX_CLUSTER, LEGACY_CLUSTER, clustersWithout } from "./atlas.ts";

const violation = { property: "projectId", wrong: "it has no private endpoint", fix: "add one" };
const project = resource("mongodbatlas:index/project:Project", "project", { id: unknown });
const endpoint = resource("mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint", "endpoint", {
  projectId: "p1",
});

describe("clusters without something of their project", () => {
  it("are those of another project, and none that is shared", () => {
    const other = resource(LEGACY_CLUSTER, "other", { projectId: "p2" });
    const stack = stackFrom([
      resource(ADVANCED_CLUSTER, "own", { projectId: "p1" }),
      other,
      resource(FLEX_CLUSTER, "shared", { projectId: "p2" }),
    ]);
    assert.deepEqual(clustersWithout(stack, [endpoint], violation), [{ urn: other.urn, ...violation }]);
  });

  it("are joined by where the project's id comes from while it is not known", () => {
    const cluster = resource(ADVANCED_CLUSTER, "own", { projectId: unknown }, { projectId: [project] });
    const way = resource(endpoint.type, "way", { projectId: unknown }, { projectId: [project] });
    assert.deepEqual(clustersWithout(stackFrom([cluster]), [way], violation), []);
    assert.equal(clustersWithout(stackFrom([cluster]), [endpoint], violation).length, 1);
  });
});
