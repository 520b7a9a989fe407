import type grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import semver from "semver";
import { answer } from "../protocol/grpc.ts";
import type { Report } from "./report.ts";

const SEVERITIES: readonly ("debug" | "info" | "warning" | "error")[] = ["debug", "info", "warning", "error"];

/** The CLI whose behaviour this engine gives: what `requirePulumiVersion` is checked against. */
export const PULUMI_VERSION = "3.260.0";

/** What the program tells the engine outside the monitor: log lines, and which resource is the root. */
export function engineService(report: Report): grpc.UntypedServiceImplementation {
  let root = "";
  const service: services.IEngineServer = {
    log(call, callback) {
      answer(callback, () => {
        const severity = SEVERITIES[call.request.getSeverity()] ?? "info";
        const message = call.request.getMessage();
        if (severity === "error" && report.stopped && isAftermath(message))
          report.log("debug", call.request.getUrn(), message);
        else if (severity === "error") report.error(call.request.getUrn(), message);
        else report.log(severity, call.request.getUrn(), message);
        return new empty.Empty();
      });
    },
    getRootResource(_call, callback) {
      answer(callback, () => {
        const response = new messages.GetRootResourceResponse();
        response.setUrn(root);
        return response;
      });
    },
    setRootResource(call, callback) {
      answer(callback, () => {
        root = call.request.getUrn();
        return new messages.SetRootResourceResponse();
      });
    },
    startDebugging(_call, callback) {
      answer(callback, () => new empty.Empty());
    },
    requirePulumiVersion(call, callback) {
      answer(callback, () => {
        const range = call.request.getPulumiVersionRange();
        if (!semver.satisfies(PULUMI_VERSION, range))
          throw new Error(
            `Pulumi CLI version ${PULUMI_VERSION} does not satisfy the version range ${JSON.stringify(range)}`,
          );
        return new messages.RequirePulumiVersionResponse();
      });
    },
  };
  return { ...service };
}

/** The SDK closes its channel when the engine has stopped, and complains of calls that come too late. */
const AFTERMATH = ["Channel has been shut down", "Resource monitor is terminating", "the run has stopped"];
const isAftermath = (message: string): boolean => AFTERMATH.some((phrase) => message.includes(phrase));

export const ENGINE_SERVICE: grpc.ServiceDefinition = services.EngineService;
