// The API as main.ts runs it, but with the draining time that it is told: on a developer's machine it has none.
import closeWithGrace from "close-with-grace";
import { setTimeout as sleep } from "node:timers/promises";
import { contract, readEnvironment } from "../../src/environment.ts";
import { startServer } from "../../src/server.ts";

const { BENCH_DRAIN_SECONDS, ...variables } = process.env;
const server = await startServer(readEnvironment(variables), {
  drained: () => sleep(Number(BENCH_DRAIN_SECONDS) * 1000),
});
closeWithGrace({ delay: (contract.stopTimeoutSeconds - 1) * 1000, logger: false }, () => server.stop());
