import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { type Environment, readEnvironment } from "../environment.ts";
import type { RouteContract } from "../http/route.ts";
import { defaultRuntimeConfig, type RuntimeConfig } from "../runtime-config.ts";
import { createTelemetry, type Telemetry } from "./telemetry.ts";

/** One field of a protobuf message: a whole number, 8 bytes, or what has a length. */
type Field = readonly [number: number, value: bigint | Buffer];

/** Reads the wire format, which is all that the receiver must know of protobuf. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    assert.ok(type === 0 || type === 1 || type === 2 || type === 5, `wire type ${type}`);
    const value = type === 0 ? varint() : bytes(type === 1 ? 8 : type === 5 ? 4 : Number(varint()));
    fields.push([tag >> 3, value]);
  }
  return fields;
}

const empty = Buffer.alloc(0);
const all = (message: Buffer, wanted: number): Buffer[] =>
  fieldsOf(message).flatMap(([number, value]) => (number === wanted && typeof value !== "bigint" ? [value] : []));
const one = (message: Buffer, wanted: number): Buffer => all(message, wanted)[0] ?? empty;
const numberOf = (message: Buffer, wanted: number): number =>
  Number(fieldsOf(message).find(([number, value]) => number === wanted && typeof value === "bigint")?.[1] ?? 0);
const below = (message: Buffer, ...path: readonly number[]): Buffer[] =>
  path.reduce((messages, number) => messages.flatMap((each) => all(each, number)), [message]);

type Values = Readonly<Record<string, string | number>>;

function anyValue(message: Buffer): string | number {
  const [field] = fieldsOf(message);
  if (field === undefined) return "";
  const [number, value] = field;
  if (typeof value === "bigint") return Number(value);
  return number === 4 ? value.readDoubleLE() : value.toString();
}

const attributesOf = (message: Buffer, number: number): Values =>
  Object.fromEntries(all(message, number).map((pair) => [one(pair, 1).toString(), anyValue(one(pair, 2))]));

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Values;
  readonly status: number;
  readonly resource: Values;
}

const spansOf = (request: Buffer): ReceivedSpan[] =>
  all(request, 1).flatMap((group) =>
    below(group, 2, 2).map((span) => ({
      traceId: one(span, 1).toString("hex"),
      spanId: one(span, 2).toString("hex"),
      parentId: one(span, 4).toString("hex"),
      name: one(span, 5).toString(),
      kind: numberOf(span, 6),
      attributes: attributesOf(span, 9),
      status: numberOf(one(span, 15), 3),
      resource: attributesOf(one(group, 1), 1),
    })),
  );

interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string;
  readonly kind: "gauge" | "sum" | "histogram";
  /** 1 is delta. */
  readonly temporality: number;
  readonly attributes: Values;
  /** Of a histogram, how many. */
  readonly value: number;
  readonly resource: Values;
}

const metricKinds = { gauge: 5, sum: 7, histogram: 9 } as const;

const pointsOf = (request: Buffer): ReceivedPoint[] =>
  all(request, 1).flatMap((group) =>
    below(group, 2, 2).flatMap((metric) =>
      (["gauge", "sum", "histogram"] as const).flatMap((kind) => {
        const data = one(metric, metricKinds[kind]);
        return all(data, 1).map((point) => ({
          metric: one(metric, 1).toString(),
          unit: one(metric, 3).toString(),
          kind,
          temporality: numberOf(data, 2),
          attributes: attributesOf(point, kind === "histogram" ? 9 : 7),
          value:
            kind === "histogram"
              ? Number(one(point, 4).readBigUInt64LE())
              : one(point, 4).length === 8
                ? one(point, 4).readDoubleLE()
                : Number(one(point, 6).readBigInt64LE()),
          resource: attributesOf(one(group, 1), 1),
        }));
      }),
    ),
  );

/** An agent: takes OTLP over HTTP and keeps what came. */
interface Agent {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly points: ReceivedPoint[];
  readonly contentTypes: Set<string | undefined>;
  close(): Promise<void>;
}

async function startAgent(): Promise<Agent> {
  const spans: ReceivedSpan[] = [];
  const points: ReceivedPoint[] = [];
  const contentTypes = new Set<string | undefined>();
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      contentTypes.add(request.headers["content-type"]);
      const body = Buffer.concat(parts);
      if (request.url === "/v1/traces") spans.push(...spansOf(body));
      else if (request.url === "/v1/metrics") points.push(...pointsOf(body));
      else response.statusCode = 404;
      response.setHeader("Content-Type", "application/x-protobuf").end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    contentTypes,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const contracts = {
  read: { id: "readMap", method: "get", path: "/map/{userId}", class: "read" },
  probe: { id: "heartbeat", method: "get", path: "/heartbeat", class: "probe" },
} as const;
const contract = (name: keyof typeof contracts): RouteContract => ({
  ...contracts[name],
  summary: "",
  tag: "",
  access: "anyone",
  answers: {},
});
const read = contract("read");
const probe = contract("probe");

const environmentWith = (url?: string): Environment => ({
  ...readEnvironment({ VERSION: "1.4.0", COMMIT: "0123456789abcdef" }),
  ENVIRONMENT: "staging",
  ...(url !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: url }),
});

const intervalsMs = { spans: 20, metrics: 100 };

describe("telemetry", () => {
  let agent: Agent;
  let telemetry: Telemetry;
  const logged: string[] = [];
  const log = {
    info: (...inputs: unknown[]) => void logged.push(`info ${String(inputs.at(-1))}`),
    warn: (...inputs: unknown[]) => void logged.push(`warn ${String(inputs.at(-1))}`),
  };
  let current: RuntimeConfig;
  const config = {
    get current() {
      return current;
    },
    onChange: () => () => undefined,
  };
  const start = async (url: string | undefined): Promise<Telemetry> =>
    (telemetry = await createTelemetry({ environment: environmentWith(url), log, config, intervalsMs }));

  beforeEach(async () => {
    agent = await startAgent();
    current = { ...defaultRuntimeConfig, traceSampleRatio: 1 };
    logged.length = 0;
  });
  afterEach(async () => {
    await telemetry.shutdown();
    await agent.close();
  });
  const request = (headers: Record<string, string> = {}, status = 200, of = read): void => {
    telemetry.end(telemetry.begin(of, headers), of, status, 12.5);
  };

  it("sends a span for a request, and for what it calls, by OpenTelemetry's conventions", async () => {
    await start(agent.url);
    const span = telemetry.begin(read, {});
    assert.ok(span);
    trace
      .getTracer("test")
      .startSpan("findOne maps", { kind: SpanKind.CLIENT }, trace.setSpan(ROOT_CONTEXT, span))
      .end();
    telemetry.end(span, read, 200, 12.5);
    await telemetry.shutdown();
    const [child, parent] = agent.spans;
    assert.equal(parent?.name, "GET /map/{userId}");
    // In OTLP 2 is a server and 3 a client.
    assert.deepEqual([parent.kind, child?.kind], [2, 3]);
    assert.deepEqual(parent.attributes, {
      "http.request.method": "GET",
      "http.route": "/map/{userId}",
      "url.path": "/map/{userId}",
      "http.response.status_code": 200,
      _sample_rate: 1,
    });
    assert.deepEqual([child?.parentId, child?.traceId], [parent.spanId, parent.traceId]);
    assert.deepEqual(parent.resource, {
      "service.name": "api",
      "service.version": "1.4.0",
      "deployment.environment.name": "staging",
      "git.commit.sha": "0123456789abcdef",
    });
    assert.deepEqual([...agent.contentTypes], ["application/x-protobuf"]);
  });

  it("calls 5xx an error, and a client's mistake none", async () => {
    await start(agent.url);
    request({}, 503);
    request({}, 404);
    await telemetry.shutdown();
    assert.deepEqual(
      agent.spans.map(({ status, attributes }) => [status, attributes["error.type"]]),
      [
        [2, "503"],
        [0, undefined],
      ],
    );
  });

  it("joins the caller's trace, and takes what is no traceparent for none", async () => {
    await start(agent.url);
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    request({ traceparent: `00-${traceId}-b7ad6b7169203331-00` });
    for (const traceparent of ["", "00-zz-1-01", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, "x".repeat(10_000)])
      request({ traceparent });
    await telemetry.shutdown();
    const [joined, ...others] = agent.spans;
    assert.deepEqual([joined?.traceId, joined?.parentId], [traceId, "b7ad6b7169203331"]);
    assert.equal(others.length, 4);
    for (const span of others) assert.equal(span.parentId, "");
  });

  it("draws who is sampled, whatever the caller's flag says, by the ratio of the moment", async () => {
    await start(agent.url);
    const sampled = (): number => {
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      const spans = Array.from({ length: 2_000 }, () => telemetry.begin(read, { traceparent }));
      return spans.filter((span) => span !== undefined).length;
    };
    current = { ...current, traceSampleRatio: 0.1 };
    const tenth = sampled();
    // Seven standard deviations.
    assert.ok(Math.abs(tenth - 200) < 95, String(tenth));
    current = { ...current, traceSampleRatio: 0 };
    assert.equal(sampled(), 0);
    current = { ...current, traceSampleRatio: 1 };
    assert.equal(sampled(), 2_000);
    assert.equal(telemetry.begin(probe, {}), undefined);
  });

  it("measures every request, traced or not, and every other thing, as what was new since the last time", async () => {
    await start(agent.url);
    current = { ...current, traceSampleRatio: 0 };
    request();
    request();
    request({}, 503);
    request({}, 200, probe);
    telemetry.end(undefined, undefined, 404, 1);
    const { metrics } = telemetry;
    metrics.dependencyCall("mongodb", "findOne", "deadline", 1_000);
    metrics.cacheLookup("map", "hit");
    metrics.cacheLookup("map", "hit");
    metrics.cacheLookup("map", "miss");
    metrics.limited("read");
    metrics.shed();
    const stop = metrics.observe("http.server.active_requests", {}, () => 7);
    metrics.observe("nodejs.eventloop.delay.max", { broken: 1 }, () => {
      throw new Error("a reader that fails spoils no other");
    });
    metrics.observeDependency({
      name: "redis",
      usage: () => ({ inFlight: 1, capacity: 2, connections: 3, waiting: 4 }),
    });
    await telemetry.shutdown();
    stop();

    const values = (metric: string) =>
      Object.fromEntries(
        agent.points
          .filter((point) => point.metric === metric)
          .map(({ attributes, value }) => [Object.values(attributes).join(" "), value]),
      );
    assert.deepEqual(values("http.server.request.duration"), {
      "GET /map/{userId} 2xx read": 2,
      "GET /map/{userId} 5xx read": 1,
      "GET /heartbeat 2xx probe": 1,
      "_OTHER unmatched 4xx unmatched": 1,
    });
    assert.deepEqual(values("db.client.operation.duration"), { "mongodb findOne deadline": 1 });
    assert.deepEqual(values("cache.lookups"), { "map hit": 2, "map miss": 1 });
    assert.deepEqual(values("http.server.limited"), { read: 1 });
    assert.deepEqual(values("http.server.shed"), { "": 1 });
    assert.deepEqual(values("http.server.active_requests"), { "": 7 });
    assert.deepEqual(values("db.client.connection.count"), { redis: 3 });
    assert.deepEqual(values("db.client.connection.pending_requests"), { redis: 4 });
    assert.deepEqual(values("dependency.calls"), { redis: 1 });
    assert.deepEqual(values("dependency.capacity"), { redis: 2 });
    for (const gauge of ["nodejs.eventloop.delay.p99", "nodejs.eventloop.utilization", "process.memory.usage"])
      assert.ok((values(gauge)[""] ?? -1) >= 0, gauge);
    for (const { kind, temporality, resource } of agent.points) {
      assert.equal(resource["deployment.environment.name"], "staging");
      if (kind !== "gauge") assert.equal(temporality, 1);
    }
  });

  it("says once that the agent is down, once that it is back, and goes on meanwhile", async () => {
    const { url } = agent;
    await agent.close();
    await start(url);
    const until = async (level: string): Promise<void> => {
      while (!logged.some((line) => line.startsWith(level))) {
        request();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await until("warn");
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(logged.length, 1);
    const again = createServer((incoming, response) => {
      incoming.resume().on("end", () => response.end());
    });
    again.listen(Number(new URL(url).port), "127.0.0.1");
    await once(again, "listening");
    await until("info");
    const told = logged.map((line) => line.slice(0, 4));
    await telemetry.shutdown();
    again.closeAllConnections();
    again.close();
    assert.deepEqual(told, ["warn", "info"]);
    agent = await startAgent();
  });

  it("ends in time though the agent does not answer", async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    await start(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    request();
    const before = performance.now();
    await telemetry.shutdown(200);
    assert.ok(performance.now() - before < 1_500);
    silent.closeAllConnections();
    silent.close();
  });

  it("does nothing where there is no agent and no Sentry", async () => {
    await start(undefined);
    assert.equal(telemetry.begin(read, {}), undefined);
    request();
    telemetry.metrics.cacheLookup("map", "hit");
    telemetry.metrics.observeDependency({ name: "redis", usage: () => assert.fail("asked") })();
    telemetry.unexpected(new Error("x"), { requestId: "r", route: "/" });
    assert.deepEqual(agent.spans, []);
  });
});
