import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt } from "../fields.ts";
import type { CloudResource } from "../service.ts";
import { ec2 } from "./ec2.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { CLUSTER, LINK, LINK_SERVICE } from "./mongodbatlas-lookup.ts";
import { clusterInputs, makeCluster, makeProject } from "./mongodbatlas-samples.ts";
import { assertRefused, STAGING, textIn, tinyWorld, type TinyWorld } from "./tiny-world.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const GET = "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster";
const EAST: Properties = { providerName: "AWS", region: "US_EAST_1" };

/** A VPC with a subnet in each of two zones, and a security group. */
function network(cloud: TinyWorld): { vpcId: string; subnetIds: string[]; securityGroupIds: string[] } {
  const vpcId = cloud.create("aws:ec2/vpc:Vpc", "v", {
    cidrBlock: "10.0.0.0/16",
    enableDnsHostnames: true,
    enableDnsSupport: true,
  }).id;
  const subnetIds = ["a", "b"].map(
    (zone, index) =>
      cloud.create("aws:ec2/subnet:Subnet", zone, {
        vpcId,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `us-east-1${zone}`,
      }).id,
  );
  const group = cloud.create("aws:ec2/securityGroup:SecurityGroup", "g", {
    name: "g",
    vpcId,
    description: "Database.",
  });
  return { vpcId, subnetIds, securityGroupIds: [group.id] };
}

const endpointInputs = (cloud: TinyWorld, serviceName: string): Properties => ({
  ...network(cloud),
  serviceName,
  vpcEndpointType: "Interface",
});

const serviceNameOf = (link: CloudResource): string => textIn(link.outputs, "endpointServiceName");
const linkIdOf = (link: CloudResource): string => textIn(link.outputs, "privateLinkId");

describe("a private link of Atlas", () => {
  it("opens an endpoint service in AWS, one per project and region", () => {
    const cloud = tinyWorld(mongodbatlas);
    const projectId = makeProject(cloud).id;
    const link = cloud.create(LINK, "east", { projectId, ...EAST });
    assert.match(serviceNameOf(link), /^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-0[0-9a-f]{16}$/);
    assert.match(linkIdOf(link), /^[0-9a-f]{24}$/);
    assertRefused(
      () => cloud.create(LINK, "again", { projectId, ...EAST, region: "us-east-1" }),
      "PRIVATELINK_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION",
    );
    cloud.create(LINK, "west", { projectId, ...EAST, region: "US_WEST_2" });
  });

  const refused: readonly [inputs: Properties, code: string][] = [
    [{ region: "US_EAST" }, "INVALID_REGION"],
    [{ portMappingEnabled: true }, "InvalidConfiguration"],
    [{ supportedRemoteRegions: ["US_EAST_1"] }, "INVALID_ATTRIBUTE"],
    [{ projectId: "0" }, "GROUP_NOT_FOUND"],
  ];
  for (const [over, code] of refused) {
    it(`answers ${code} to ${JSON.stringify(over)}`, () => {
      const cloud = tinyWorld(mongodbatlas);
      const projectId = makeProject(cloud).id;
      assertRefused(() => cloud.create(LINK, "x", { projectId, ...EAST, ...over }), code);
    });
  }

  it("is asked for by its name in AWS, where no other such service exists", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const link = cloud.create(LINK, "east", { projectId: makeProject(cloud).id, ...EAST });
    const inputs = endpointInputs(cloud, serviceNameOf(link));
    const other = { ...inputs, serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" };
    assertRefused(() => cloud.create(ENDPOINT, "other", other), "InvalidServiceName");
    assertRefused(
      () => cloud.create(ENDPOINT, "named", { ...inputs, privateDnsEnabled: true }),
      "InvalidParameter",
      /private DNS name/,
    );
    const endpoint = cloud.create(ENDPOINT, "right", inputs);
    assert.equal(endpoint.outputs["state"], "pendingAcceptance");
    assert.equal(endpoint.location.account, "111122223333");
  });

  it("opens it in its own region alone", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const link = cloud.create(LINK, "east", { projectId: makeProject(cloud).id, ...EAST });
    assertRefused(
      () =>
        cloud.create(
          ENDPOINT,
          "west",
          { serviceName: serviceNameOf(link), vpcEndpointType: "Interface" },
          {
            ...STAGING,
            region: "us-west-2",
          },
        ),
      "InvalidServiceName",
    );
  });
});

describe("a private endpoint of Atlas", () => {
  function attached(cloud: TinyWorld) {
    const { projectId, cluster } = makeCluster(cloud);
    const link = cloud.create(LINK, "east", { projectId, ...EAST });
    const endpoint = cloud.create(ENDPOINT, "e", endpointInputs(cloud, serviceNameOf(link)));
    const inputs = {
      projectId,
      providerName: "AWS",
      privateLinkId: linkIdOf(link),
      endpointServiceId: endpoint.id,
    };
    return { projectId, cluster, link, endpoint, inputs };
  }

  it("gives the cluster its private connection string, and only then", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const { projectId, cluster, endpoint, inputs } = attached(cloud);
    const strings = () =>
      mapsAt(
        mapAt(cloud.invoke(GET, { projectId, name: textIn(cluster.inputs, "name") }), "connectionStrings"),
        "privateEndpoints",
      );
    assert.deepEqual(strings(), []);
    const service = cloud.create(LINK_SERVICE, "s", inputs);
    assert.equal(service.outputs["awsConnectionStatus"], "AVAILABLE");
    const [one = {}, ...others] = strings();
    assert.equal(others.length, 0);
    assert.match(
      textIn(one, "srvConnectionString"),
      /^mongodb\+srv:\/\/orders-0a1b2c3-pl-0\.[0-9a-f]{5}\.mongodb\.net$/,
    );
    assert.match(textIn(one, "connectionString"), /:1024,.*:1025,.*:1026/);
    assert.deepEqual(one["endpoints"], [{ endpointId: endpoint.id, providerName: "AWS", region: "US_EAST_1" }]);
    cloud.delete(service);
    assert.deepEqual(strings(), []);
  });

  it("is there for a cluster that is made after it", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const { projectId, inputs } = attached(cloud);
    cloud.create(LINK_SERVICE, "s", inputs);
    const later = cloud.create(CLUSTER, "later", clusterInputs(projectId, { name: "later" }));
    assert.equal(mapsAt(mapAt(later.outputs, "connectionStrings"), "privateEndpoints").length, 1);
  });

  it("takes an endpoint of AWS that exists and asks for this link", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const { inputs } = attached(cloud);
    const attach = (over: Properties) => () => cloud.create(LINK_SERVICE, "x", { ...inputs, ...over });
    assertRefused(attach({ privateLinkId: "0".repeat(24) }), "PRIVATELINK_NOT_FOUND");
    assertRefused(attach({ endpointServiceId: "endpoint" }), "PRIVATELINK_INTERFACE_ENDPOINT_ID_MALFORMED");
    assertRefused(attach({ endpointServiceId: "vpce-0123456789abcdef0" }), "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND");
    assertRefused(attach({ providerName: "AZURE" }), "InvalidConfiguration", /privateEndpointIpAddress/);
    const s3 = cloud.create(ENDPOINT, "s3", {
      vpcId: cloud.world.all("aws:ec2/vpc:Vpc")[0]!.id,
      serviceName: "com.amazonaws.us-east-1.s3",
      vpcEndpointType: "Interface",
    });
    assertRefused(attach({ endpointServiceId: s3.id }), "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND");
    attach({})();
    assertRefused(attach({}), "PRIVATELINK_INTERFACE_ENDPOINT_ALREADY_EXISTS");
  });

  it("is replaced, never changed, and keeps its link", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const { link, inputs } = attached(cloud);
    const service = cloud.create(LINK_SERVICE, "s", inputs);
    assertRefused(() => cloud.update(service, { ...inputs, endpointServiceId: "vpce-1" }), "InvalidConfiguration");
    assertRefused(() => cloud.delete(link), "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS");
    cloud.delete(service);
    cloud.delete(link);
    assert.deepEqual(cloud.world.all(LINK), []);
  });

  it("is accepted in AWS from then on", () => {
    const cloud = tinyWorld(ec2, mongodbatlas);
    const { endpoint, inputs } = attached(cloud);
    cloud.create(LINK_SERVICE, "s", inputs);
    assert.equal(cloud.update(endpoint, endpoint.inputs).outputs["state"], "available");
  });
});
