import { EnvironmentError, readEnvironment } from "./environment.ts";
import { startServer } from "./server.ts";

try {
  const server = await startServer(readEnvironment(process.env));
  console.log(JSON.stringify({ level: "info", message: "listening", port: server.port }));
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      void server.stop();
    });
  }
} catch (error) {
  const message = error instanceof EnvironmentError ? error.message : `cannot start: ${String(error)}`;
  for (const line of message.split("\n")) console.error(JSON.stringify({ level: "fatal", message: line }));
  process.exitCode = 1;
}
