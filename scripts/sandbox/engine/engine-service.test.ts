import assert from "node:assert/strict";
import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { ENGINE_SERVICE, engineService, PULUMI_VERSION } from "./engine-service.ts";
import type { EngineEvent } from "./events.ts";
import { INSECURE, isServiceError, listen, newServer, unary } from "../protocol/grpc.ts";
import { Report } from "./report.ts";

const URN = "urn:pulumi:dev::p::t:i:T::n";
const RPC = services.EngineService;

describe("the engine's service", () => {
  let server: grpc.Server;
  let client: services.EngineClient;
  let report: Report;
  let events: EngineEvent[];
  beforeEach(async () => {
    events = [];
    report = new Report((event) => events.push(event));
    server = newServer();
    server.addService(ENGINE_SERVICE, engineService(report));
    client = new services.EngineClient(`127.0.0.1:${await listen(server)}`, INSECURE);
  });
  afterEach(() => {
    client.close();
    server.forceShutdown();
  });

  const log = async (severity: messages.LogSeverity, message: string): Promise<void> => {
    const request = new messages.LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(URN);
    await unary(client, RPC.log, request);
  };
  const requireVersion = async (range: string): Promise<void> => {
    const request = new messages.RequirePulumiVersionRequest();
    request.setPulumiVersionRange(range);
    await unary(client, RPC.requirePulumiVersion, request);
  };

  for (const range of [PULUMI_VERSION, ">=3.0.0", "^3.100.0", ">=3.1.0 <4.0.0", "<2.0.0 || >=3.0.0"])
    it(`is of a version that satisfies ${range}`, () => requireVersion(range));

  for (const range of ["<3.0.0", ">=4.0.0", "3.1.0", "no version at all"])
    it(`refuses a program that requires ${range}, with both versions`, async () => {
      await assert.rejects(requireVersion(range), (error: unknown) => {
        assert.ok(isServiceError(error));
        assert.equal(
          error.details,
          `Pulumi CLI version ${PULUMI_VERSION} does not satisfy the version range ${JSON.stringify(range)}`,
        );
        return true;
      });
    });

  const severities: [messages.LogSeverity, string][] = [
    [messages.LogSeverity.DEBUG, "debug"],
    [messages.LogSeverity.INFO, "info"],
    [messages.LogSeverity.WARNING, "warning"],
    [messages.LogSeverity.ERROR, "error"],
  ];
  for (const [severity, name] of severities)
    it(`passes on what the program logs: ${name}`, async () => {
      await log(severity, "message");
      assert.deepEqual(events, [{ kind: "log", severity: name, urn: URN, message: "message" }]);
      assert.equal(report.failing, name === "error");
    });

  it("takes what the program complains of after the run has stopped for no error of its own", async () => {
    report.bail(URN, "the real error");
    await log(messages.LogSeverity.ERROR, "Error: Resource monitor is terminating");
    await log(messages.LogSeverity.ERROR, "another error");
    assert.deepEqual(
      report.errors.map(({ message }) => message),
      ["the real error", "another error"],
    );
  });

  it("takes the same words for an error while the run goes on", async () => {
    await log(messages.LogSeverity.ERROR, "Error: Resource monitor is terminating");
    assert.equal(report.errors.length, 1);
  });

  it("remembers the root resource", async () => {
    const root = async (): Promise<string> =>
      (await unary(client, RPC.getRootResource, new messages.GetRootResourceRequest())).getUrn();
    assert.equal(await root(), "");
    const request = new messages.SetRootResourceRequest();
    request.setUrn(URN);
    await unary(client, RPC.setRootResource, request);
    assert.equal(await root(), URN);
  });

  it("has no debugger to start", async () => {
    const answer = await unary(client, RPC.startDebugging, new messages.StartDebuggingRequest());
    assert.ok(answer instanceof empty.Empty);
  });
});
