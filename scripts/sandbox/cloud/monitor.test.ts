import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import resourceService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { failure, listen, newServer } from "../protocol/grpc.ts";
import { OutputValue, Secret, UNKNOWN } from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import { type Constructor, idOf, outputOf } from "./construct.ts";
import { construct } from "./monitor.ts";

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

describe("a constructor's client", () => {
  let server: grpc.Server;
  let request: provider.ConstructRequest;
  let registrations: resource.RegisterResourceRequest[];
  let outputs: resource.RegisterResourceOutputsRequest[];
  let invokes: resource.ResourceInvokeRequest[];

  beforeEach(async () => {
    [registrations, outputs, invokes] = [[], [], []];
    const registerResource: Unary<resource.RegisterResourceRequest, resource.RegisterResourceResponse> = (
      call,
      done,
    ) => {
      registrations.push(call.request);
      const name = call.request.getName();
      if (name === "broken") {
        done(failure(grpc.status.UNKNOWN, "no such luck"), null);
        return;
      }
      const response = new resource.RegisterResourceResponse();
      response.setUrn(`urn:${name}`);
      if (call.request.getCustom() && !request.getDryrun()) response.setId(`${name}-id`);
      response.setObject(toStruct({ arn: "arn", password: new Secret("p") }, FULL));
      done(null, response);
    };
    const registerResourceOutputs: Unary<resource.RegisterResourceOutputsRequest, empty.Empty> = (call, done) => {
      outputs.push(call.request);
      done(null, new empty.Empty());
    };
    const invoke: Unary<resource.ResourceInvokeRequest, resource.ResourceInvokeResponse> = (call, done) => {
      invokes.push(call.request);
      const response = new resource.ResourceInvokeResponse();
      response.setReturn(toStruct({ names: ["a"] }, FULL));
      done(null, response);
    };
    server = newServer();
    server.addService(resourceService.ResourceMonitorService, { registerResource, registerResourceOutputs, invoke });
    const port = await listen(server);
    request = new provider.ConstructRequest();
    request.setMonitorendpoint(`127.0.0.1:${port}`);
    request.setType("test:index:Component");
    request.setName("component");
    request.setParent("urn:parent");
    request.setDependenciesList(["urn:before"]);
    request.setProtect(true);
    request.getProvidersMap().set("aws", "urn:provider::id");
    request.setInputs(toStruct({ size: 2, cidr: new OutputValue("10.0.0.0/16", false, ["urn:source"]) }, FULL));
  });
  afterEach(() => server.forceShutdown());

  const build: Constructor = async (component) => {
    const self = await component.registerComponent({ size: 2 });
    const first = await component.register(
      "aws:x/y:Y",
      "first",
      { cidr: component.inputs["cidr"] ?? null },
      { parent: self.urn },
    );
    const second = await component.register(
      "other:index:Z",
      "second",
      {
        of: idOf(first),
        deep: [{ arn: outputOf(first, "arn", component.preview) }],
        key: outputOf(first, "password", component.preview),
      },
      { parent: first.urn, dependsOn: [self.urn], version: "1.2.3", provider: "urn:explicit::id" },
    );
    const state = { firstId: idOf(first), list: [idOf(second)], none: outputOf(first, "missing", component.preview) };
    await component.registerOutputs(self.urn, state);
    return { urn: self.urn, state, stateDependencies: { list: ["urn:more"] } };
  };

  it("registers the component with what the program gave it", async () => {
    await construct(request, build);
    const [self] = registrations;
    assert.equal(self?.getCustom(), false);
    assert.equal(self.getParent(), "urn:parent");
    assert.equal(self.getProtect(), true);
    assert.deepEqual(self.getDependenciesList(), ["urn:before"]);
    assert.deepEqual(self.getProvidersMap().getEntryList(), [["aws", "urn:provider::id"]]);
  });

  it("registers children with parent, provider, and dependencies by property", async () => {
    await construct(request, build);
    const [, first, second] = registrations;
    assert.equal(first?.getParent(), "urn:component");
    assert.equal(first.getProvider(), "urn:provider::id");
    assert.deepEqual(fromStruct(first.getObject()), { cidr: "10.0.0.0/16" });
    assert.deepEqual(first.getDependenciesList(), ["urn:source"]);
    assert.equal(second?.getProvider(), "urn:explicit::id");
    assert.equal(second.getVersion(), "1.2.3");
    assert.deepEqual(fromStruct(second.getObject()), { of: "first-id", deep: [{ arn: "arn" }], key: new Secret("p") });
    assert.deepEqual(second.getDependenciesList().sort(), ["urn:component", "urn:first"]);
    assert.deepEqual(second.getPropertydependenciesMap().get("deep")?.getUrnsList(), ["urn:first"]);
  });

  it("answers with the state and its dependencies", async () => {
    const response = await construct(request, build);
    assert.equal(response.getUrn(), "urn:component");
    assert.deepEqual(fromStruct(response.getState())["firstId"], new OutputValue("first-id", false, ["urn:first"]));
    assert.deepEqual(response.getStatedependenciesMap().get("list")?.getUrnsList(), ["urn:second", "urn:more"]);
    assert.deepEqual(fromStruct(outputs[0]?.getOutputs()), { firstId: "first-id", list: ["second-id"], none: null });
  });

  it("knows no ids in preview, and what is missing is unknown there", async () => {
    request.setDryrun(true);
    await construct(request, build);
    assert.deepEqual(fromStruct(registrations[2]?.getObject())["of"], UNKNOWN);
    assert.deepEqual(fromStruct(outputs[0]?.getOutputs()), { firstId: UNKNOWN, list: [UNKNOWN], none: UNKNOWN });
  });

  it("invokes through the component's provider, and not with what is unknown", async () => {
    await construct(request, async (component) => {
      assert.deepEqual(await component.invoke("aws:index/getZones:getZones", { state: "available" }), { names: ["a"] });
      assert.equal(await component.invoke("aws:index/getZones:getZones", { state: UNKNOWN }), UNKNOWN);
      return { urn: "u", state: {} };
    });
    assert.equal(invokes.length, 1);
    assert.equal(invokes[0]?.getProvider(), "urn:provider::id");
  });

  it("fails as the engine does", async () => {
    await assert.rejects(
      construct(request, async (component) => {
        await component.register("aws:x/y:Y", "broken", {}, {});
        return { urn: "u", state: {} };
      }),
      /no such luck/,
    );
  });
});
