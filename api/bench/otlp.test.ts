import assert from "node:assert/strict";
import { readEnvironment } from "../src/environment.ts";
import { defaultRuntimeConfig } from "../src/runtime-config.ts";
import { createTelemetry } from "../src/telemetry/telemetry.ts";
import { eventually } from "../test/eventually.ts";
import { startAgent } from "./agent.ts";

describe("the bench's agent", () => {
  it("counts the lookups that the API's own telemetry sends, over several messages", async () => {
    const agent = await startAgent();
    const telemetry = await createTelemetry({
      environment: readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: agent.url }),
      log: { info: () => undefined, warn: () => undefined },
      config: { current: defaultRuntimeConfig, onChange: () => () => undefined },
      intervalsMs: { spans: 50, metrics: 50 },
    });
    for (let count = 0; count < 300; count++) telemetry.metrics.cacheLookup("maps", "hit");
    await eventually("all have come", () => agent.lookups.get("hit") === 300);
    telemetry.metrics.cacheLookup("maps", "hit");
    telemetry.metrics.cacheLookup("maps", "miss");
    telemetry.metrics.limited("read");
    await telemetry.shutdown(10_000);
    assert.deepEqual(Object.fromEntries(agent.lookups), { hit: 301, miss: 1 });
    await agent.close();
  });
});
