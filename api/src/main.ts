import closeWithGrace from "close-with-grace";
import { contract, EnvironmentError, readEnvironment } from "./environment.ts";
import { startServer } from "./server.ts";

/** A second less than the platform leaves, so that the last line says what happened. */
const closeMilliseconds = (contract.stopTimeoutSeconds - 1) * 1000;

try {
  const server = await startServer(readEnvironment(process.env));
  server.log.info({ port: server.port }, "listening");
  closeWithGrace({ delay: closeMilliseconds, logger: false }, async ({ signal, err }) => {
    if (err === undefined) server.log.info({ signal }, "stopping");
    else server.log.fatal({ error: err }, "stopping after an error that nothing caught");
    await server.stop();
  });
} catch (error) {
  const message = error instanceof EnvironmentError ? error.message : `cannot start: ${String(error)}`;
  for (const line of message.split("\n")) console.error(JSON.stringify({ level: "fatal", message: line }));
  process.exitCode = 1;
}
