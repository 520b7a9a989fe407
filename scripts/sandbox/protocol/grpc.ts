import grpc from "@grpc/grpc-js";

// The engine's own limit: a deployment's largest message (an archive of a site) must fit.
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};

export const INSECURE = grpc.credentials.createInsecure();

/** One call as a promise. `onHeader` hears the server's initial metadata. */
export function unary<Request, Response>(
  client: grpc.Client,
  method: grpc.MethodDefinition<Request, Response>,
  request: Request,
  metadata: Readonly<Record<string, string>> = {},
  onHeader?: (header: grpc.Metadata) => void,
): Promise<Response> {
  const header = new grpc.Metadata();
  for (const [key, value] of Object.entries(metadata)) header.set(key, value);
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      header,
      (error, response) => {
        if (error !== null) reject(error);
        else if (response === undefined) reject(new Error(`${method.path} gave no answer`));
        else resolve(response);
      },
    );
    if (onHeader !== undefined) call.on("metadata", onHeader);
  });
}

export const GRPC_STATUS = grpc.status;

export const isServiceError = (error: unknown): error is grpc.ServiceError =>
  error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;

export const isUnimplemented = (error: unknown): boolean =>
  isServiceError(error) && error.code === grpc.status.UNIMPLEMENTED;

/** What the server said, without gRPC's own prefix ("2 UNKNOWN: "). */
export const serviceMessage = (error: unknown): string =>
  isServiceError(error) ? error.details || error.message : error instanceof Error ? error.message : String(error);

/** The answer that makes a program go quiet: it prints nothing and its outputs never resolve. */
export const unavailable = (message: string): grpc.ServiceError =>
  Object.assign(new Error(message), {
    code: grpc.status.UNAVAILABLE,
    details: message,
    metadata: new grpc.Metadata(),
  });

export const failure = (code: grpc.status, message: string): grpc.ServiceError =>
  Object.assign(new Error(message), { code, details: message, metadata: new grpc.Metadata() });

/** Starts a server on a free port of the loopback interface. */
export function listen(server: grpc.Server, address = "127.0.0.1:0"): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

export function newServer(): grpc.Server {
  return new grpc.Server(CHANNEL_OPTIONS);
}

export function answer<Response>(
  callback: grpc.sendUnaryData<Response>,
  work: () => Response | Promise<Response>,
): void {
  Promise.resolve()
    .then(work)
    .then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback(isServiceError(error) ? error : failure(grpc.status.UNKNOWN, serviceMessage(error)), null),
    );
}
