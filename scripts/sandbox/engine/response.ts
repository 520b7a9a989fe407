import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { WireOptions } from "../values/wire.ts";

/** What the caller of a registration understands in its answer. */
export const responseOptions = (request: messages.RegisterResourceRequest): WireOptions => ({
  secrets: request.getAcceptsecrets(),
  references: request.getAcceptresources(),
  outputs: false,
  unknowns: request.getSupportspartialvalues(),
});
