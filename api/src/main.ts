import closeWithGrace from "close-with-grace";
import { contract, EnvironmentError, readEnvironment } from "./environment.ts";
import { startServer } from "./server.ts";

/** A second less than the platform leaves, so that the last line says what happened. */
const closeMilliseconds = (contract.stopTimeoutSeconds - 1) * 1000;

try {
  const starting = startServer(readEnvironment(process.env));
  // Before it has started: whoever is stopped while it waits for its databases closes in order as well.
  closeWithGrace({ delay: closeMilliseconds, logger: false }, async ({ signal, err }) => {
    const server = await starting;
    if (err === undefined) server.log.info({ signal }, "stopping");
    else server.log.fatal({ error: err }, "stopping after an error that nothing caught");
    await server.stop();
  });
  const { log, port } = await starting;
  log.info({ port }, "listening");
} catch (error) {
  const message = error instanceof EnvironmentError ? error.message : `cannot start: ${String(error)}`;
  for (const line of message.split("\n")) console.error(JSON.stringify({ level: "fatal", message: line }));
  // A driver that was just asked to connect would keep the process for seconds.
  process.exit(1);
}
