import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { CLUSTER, LINK, PROJECT } from "./mongodbatlas-lookup.ts";
import { clusterInputs, makeProject, ORGANIZATION } from "./mongodbatlas-samples.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const AUDITING = "mongodbatlas:index/auditing:Auditing";
const WINDOW = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow";
const ACCESS_LIST = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList";

describe("projects of Atlas", () => {
  it("have 24 digits, and a name of their own in the organisation", () => {
    const cloud = tinyWorld(mongodbatlas);
    assert.match(makeProject(cloud).id, /^[0-9a-f]{24}$/);
    assertRefused(() => cloud.create(PROJECT, "other", { name: "shop", orgId: ORGANIZATION }), "GROUP_ALREADY_EXISTS");
    cloud.create(PROJECT, "elsewhere", { name: "shop", orgId: "0".repeat(24) });
  });

  const refused: readonly [inputs: Properties, code: string][] = [
    [{ name: "", orgId: ORGANIZATION }, "INVALID_GROUP_NAME"],
    [{ name: "a/b", orgId: ORGANIZATION }, "INVALID_GROUP_NAME"],
    [{ name: "10gen-shop", orgId: ORGANIZATION }, "INVALID_GROUP_NAME_10GEN"],
    [{ name: "shop", orgId: "organisation" }, "INVALID_ORG_ID"],
  ];
  for (const [inputs, code] of refused) {
    it(`answer ${code} to ${JSON.stringify(inputs)}`, () => {
      assertRefused(() => tinyWorld(mongodbatlas).create(PROJECT, "p", inputs), code);
    });
  }

  it("keep their first settings for default alerts", () => {
    const cloud = tinyWorld(mongodbatlas);
    const inputs = { name: "shop", orgId: ORGANIZATION, withDefaultAlertsSettings: false };
    const project = cloud.create(PROJECT, "shop", inputs);
    cloud.update(project, { ...inputs, name: "store" });
    const renamed = cloud.world.all(PROJECT)[0]!;
    assert.equal(renamed.outputs["name"], "store");
    assertRefused(
      () => cloud.update(renamed, { ...inputs, withDefaultAlertsSettings: true }),
      "InvalidConfiguration",
      /withDefaultAlertsSettings/,
    );
  });

  it("stay while a cluster or a private endpoint service is in them", () => {
    const cloud = tinyWorld(mongodbatlas);
    const project = makeProject(cloud);
    const cluster = cloud.create(CLUSTER, "c", clusterInputs(project.id));
    const link = cloud.create(LINK, "l", { projectId: project.id, providerName: "AWS", region: "US_EAST_1" });
    assertRefused(() => cloud.delete(project), "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
    cloud.delete(cluster);
    assertRefused(() => cloud.delete(project), "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_PRIVATE_ENDPOINT_SERVICES");
    cloud.delete(link);
    cloud.delete(project);
    assert.deepEqual(cloud.world.all(PROJECT), []);
  });

  it("take tags of 1 to 255 characters", () => {
    const cloud = tinyWorld(mongodbatlas);
    assert.equal(cloud.check(PROJECT, { tags: { Owner: "" } })[0]?.property, "tags.Owner");
    assert.deepEqual(cloud.check(PROJECT, { tags: { Owner: "x" } }), []);
  });
});

describe("auditing, maintenance, and access lists of Atlas", () => {
  it("belong to a project that exists", () => {
    const cloud = tinyWorld(mongodbatlas);
    for (const type of [AUDITING, WINDOW])
      assertRefused(() => cloud.create(type, "x", { projectId: "p" }), "GROUP_NOT_FOUND");
    assertRefused(() => cloud.create(ACCESS_LIST, "x", { projectId: "p", ipAddress: "192.0.2.1" }), "GROUP_NOT_FOUND");
    const { id } = makeProject(cloud);
    assert.equal(cloud.create(AUDITING, "x", { projectId: id, enabled: true }).id, id);
    assert.equal(cloud.create(WINDOW, "x", { projectId: id, dayOfWeek: 3, hourOfDay: 4 }).id, id);
  });

  it("take an audit filter that is a JSON object, and compare it as JSON", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { id } = makeProject(cloud);
    for (const auditFilter of ["{", "[]", '"authenticate"'])
      assertRefused(
        () => cloud.create(AUDITING, "x", { projectId: id, enabled: true, auditFilter }),
        "INVALID_JSON_ATTRIBUTE",
      );
    const made = cloud.create(AUDITING, "x", { projectId: id, enabled: true, auditFilter: '{"atype":"authenticate"}' });
    assert.equal(made.outputs["configurationType"], "FILTER_JSON");
    const same = (old: string, now: string) => mongodbatlas.resources[AUDITING]?.equivalent?.("auditFilter", old, now);
    assert.equal(same('{"a":1}', '{ "a": 1 }'), true);
    assert.equal(same('{"a":1}', '{"a":2}'), false);
  });

  it("refuse an empty range of protected hours", () => {
    const cloud = tinyWorld(mongodbatlas);
    const hours = (startHourOfDay: number, endHourOfDay: number) =>
      cloud.check(WINDOW, { protectedHours: { startHourOfDay, endHourOfDay } });
    assert.equal(hours(9, 9).length, 1);
    assert.equal(hours(9, 17).length, 0);
  });

  it("let anybody in who asks for it, and refuse what is no address", () => {
    const cloud = tinyWorld(mongodbatlas);
    const projectId = makeProject(cloud).id;
    const enter = (name: string, inputs: Properties) => cloud.create(ACCESS_LIST, name, { projectId, ...inputs });
    enter("everybody", { cidrBlock: "0.0.0.0/0" });
    assert.equal(enter("one", { ipAddress: "192.0.2.1" }).outputs["cidrBlock"], "192.0.2.1/32");
    assertRefused(() => enter("x", { cidrBlock: "everything" }), "INVALID_CIDR_BLOCK");
    assertRefused(() => enter("y", { cidrBlock: "10.0.0.0/40" }), "INVALID_CIDR_BLOCK");
    assertRefused(() => enter("x", { ipAddress: "192.0.2" }), "INVALID_IP_ADDRESS_OR_CIDR_NOTATION");
    assertRefused(
      () => enter("x", { awsSecurityGroup: "sg-1" }),
      "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION",
    );
    assertRefused(
      () => enter("x", { ipAddress: "192.0.2.2", comment: "x".repeat(81) }),
      "INVALID_NETWORK_PERMISSION_COMMENT",
    );
    assert.equal(cloud.check(ACCESS_LIST, { cidrBlock: "10.0.0.1/16" })[0]?.property, "cidrBlock");
    assert.deepEqual(cloud.check(ACCESS_LIST, { cidrBlock: "10.0.0.0/16" }), []);
  });
});
