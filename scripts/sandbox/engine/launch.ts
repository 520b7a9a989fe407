import type grpc from "@grpc/grpc-js";
import { type Child, stop } from "./child.ts";
import { answer, listen, newServer, unavailable } from "../protocol/grpc.ts";
import { MONITOR_SERVICE } from "./monitor.ts";
import type { RunRequest } from "./options.ts";
import { startProgram } from "./program.ts";
import type { Report } from "./report.ts";

/** A program that is starting, and the address at which it finds its monitor. */
export interface LaunchedProgram {
  readonly child: Child;
  readonly address: string;
  /** What it printed on stderr, to find the reason of a failure in. */
  readonly lines: readonly string[];
  /** Answers its calls from here on; those that came before have waited. */
  serve(service: grpc.UntypedServiceImplementation): void;
  close(): Promise<void>;
}

/** Starts the program before the engine is ready for it: it needs most of a second to load. */
export async function launchProgram(
  request: RunRequest,
  report: Report,
  engineAddress: string,
): Promise<LaunchedProgram> {
  let serve: (service: grpc.UntypedServiceImplementation) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const ready = new Promise<grpc.UntypedServiceImplementation>((resolve, reject) => {
    serve = resolve;
    refuse = reject;
  });
  ready.catch(() => undefined);
  const server = newServer();
  server.addService(MONITOR_SERVICE, waiting(ready));
  const address = `127.0.0.1:${await listen(server)}`;
  const lines: string[] = [];
  const child = startProgram(request, { monitor: address, engine: engineAddress }, (stream, line) => {
    if (stream === "stderr") lines.push(line);
    // Once the run has stopped, the SDK complains of its closed channel: the reason has been told already.
    report.log(report.stopped ? "debug" : "info", "", line);
  });
  return {
    child,
    address,
    lines,
    serve,
    async close() {
      refuse(new Error("the run has stopped"));
      await stop(child);
      server.forceShutdown();
    },
  };
}

/** Every method of the monitor, answered by a service that is not there yet. */
function waiting(ready: Promise<grpc.UntypedServiceImplementation>): grpc.UntypedServiceImplementation {
  const methods: grpc.UntypedServiceImplementation = {};
  for (const name of Object.keys(MONITOR_SERVICE)) {
    const handle: grpc.handleUnaryCall<unknown, unknown> = (call, callback) => {
      ready.then(
        (service) => (service[name] as grpc.handleUnaryCall<unknown, unknown>)(call, callback),
        () =>
          answer(callback, () => {
            throw unavailable("the run has stopped");
          }),
      );
    };
    methods[name] = handle;
  }
  return methods;
}
