import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { UserError } from "../sandbox/user-error.ts";
import type { Failure } from "./failures.ts";
import { measure } from "./measure.ts";
import { type PlanOptions, planOf } from "./plan.ts";
import type { Report } from "./report.ts";
import { selfSigned } from "./test-certificate.ts";

const never = (): AbortSignal => new AbortController().signal;

describe("measuring a server", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  async function against(handler: http.RequestListener, options: PlanOptions = {}): Promise<Report> {
    const port = await listening(http.createServer(handler));
    return measure(planOf({ url: `http://127.0.0.1:${port}`, ...options }), { stopped: never });
  }

  it("asks each request once, at the URL given, on connections that it keeps", async () => {
    const asked: string[] = [];
    const report = await against(
      (request, response) => {
        asked.push(`${request.method} ${request.headers.host} ${request.url}`);
        response.end("ok");
      },
      { requests: "20", concurrency: "3" },
    );
    const { host } = new URL(report.url);
    assert.deepEqual(asked, Array(20).fill(`GET ${host} /heartbeat`));
    assert.deepEqual(report.requests, { planned: 20, succeeded: 20, failed: 0 });
    assert.equal(report.network.connections, 3);
    assert.equal(
      report.histogram.reduce((sum, { count }) => sum + count, 0),
      20,
    );
    assert.ok(report.network.bytesDown > 20 * 100 && report.network.bytesUp > 20 * 50);
    assert.deepEqual(report.verdict, { holds: true, reasons: [] });
  });

  it("holds with 199 of 200, and counts the one that failed", async () => {
    let count = 0;
    const report = await against((_request, response) => {
      response.statusCode = ++count === 100 ? 503 : 200;
      response.end();
    });
    assert.deepEqual(report.requests, { planned: 200, succeeded: 199, failed: 1 });
    assert.equal(report.successPercent, 99.5);
    assert.deepEqual(report.failures, [{ kind: "status", detail: "503", count: 1 }]);
    assert.ok(report.verdict.holds);
  });

  it("works with more connections than there are listeners without a warning", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): number => warnings.push(warning);
    process.on("warning", warn);
    const report = await against((_request, response) => response.end(), { requests: "100", concurrency: "50" });
    await new Promise(setImmediate);
    process.off("warning", warn);
    assert.equal(report.network.connections, 50);
    assert.deepEqual(warnings, []);
  });

  it("adds the profile's round trip to each answer, and one more to the first", async () => {
    const report = await against((_request, response) => response.end(), {
      profile: "4g",
      requests: "3",
      concurrency: "1",
    });
    const { latency } = report;
    assert.ok(latency !== null);
    // A round trip of 70 ms, of which jitter takes at most 20, less what a timer fires early.
    assert.ok(latency.min >= 48, `${latency.min}`);
    assert.ok(latency.max >= 98, `${latency.max}`);
  });

  const failing: Readonly<Record<string, readonly [http.RequestListener, Failure]>> = {
    "an answer that never comes": [() => undefined, { kind: "timeout", detail: "" }],
    "an answer that never ends": [
      (_request, response) => {
        response.write("a");
      },
      { kind: "timeout", detail: "" },
    ],
    "a close before the answer": [(request) => request.socket.end(), { kind: "closed", detail: "" }],
    "a close within the answer": [
      (request, response) => {
        response.writeHead(200, { "content-length": 10 });
        response.write("a", () => request.socket.end());
      },
      { kind: "closed", detail: "" },
    ],
    "a reset": [(request) => request.socket.resetAndDestroy(), { kind: "reset", detail: "" }],
    "a redirect, which is not followed": [
      (_request, response) => response.writeHead(301, { location: "/" }).end(),
      { kind: "status", detail: "301" },
    ],
    "what is no HTTP": [
      (request) => request.socket.end("nonsense\r\n\r\n"),
      { kind: "protocol", detail: "HPE_INVALID_CONSTANT" },
    ],
  };
  for (const [what, [handler, failure]] of Object.entries(failing))
    it(`counts ${what}`, async () => {
      const timeout = failure.kind === "timeout" ? "300" : "10000";
      const report = await against(handler, { requests: "2", timeout });
      assert.deepEqual(report.failures, [{ ...failure, count: 2 }]);
      assert.deepEqual([report.latency, report.successPercent, report.verdict.holds], [null, 0, false]);
    });

  it("counts requests after the server has gone", async () => {
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { connection: "close" }).end();
      server.close();
    });
    const port = await listening(server);
    const plan = planOf({ url: `http://127.0.0.1:${port}`, requests: "3", concurrency: "1" });
    const report = await measure(plan, { stopped: never });
    assert.equal(report.requests.succeeded, 1);
    assert.deepEqual(report.failures, [{ kind: "refused", detail: "ECONNREFUSED", count: 2 }]);
  });

  it("reports on what it has where it is stopped, and counts nothing that was under way", async () => {
    const controller = new AbortController();
    let count = 0;
    const port = await listening(
      http.createServer((_request, response) => {
        if (++count <= 5) response.end();
        else controller.abort();
      }),
    );
    const plan = planOf({ url: `http://127.0.0.1:${port}`, requests: "50", concurrency: "1" });
    const report = await measure(plan, { stopped: () => controller.signal });
    assert.deepEqual(report.requests, { planned: 50, succeeded: 5, failed: 0 });
    assert.deepEqual(report.verdict, { holds: false, reasons: ["stopped after 5 of 50 requests"] });
  });

  it("cannot begin where nothing listens", async () => {
    const server = createTcpServer();
    const port = await listening(server);
    servers.pop();
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(
      measure(planOf({ url: `http://127.0.0.1:${port}` }), { stopped: never }),
      (error) =>
        error instanceof UserError &&
        error.exitCode === 2 &&
        error.message === `127.0.0.1:${port} cannot be reached: nothing listens there`,
    );
  });

  describe("over TLS", () => {
    const { cert, key } = selfSigned("localhost");

    async function overTls(host: string, ca?: string): Promise<{ report: Report; names: unknown[] }> {
      const names: unknown[] = [];
      const server = https.createServer({ cert, key }, (_request, response) => response.end());
      server.on("secureConnection", (socket) => names.push(socket.servername));
      const port = await listening(server);
      const plan = planOf({ url: `https://${host}:${port}`, requests: "5", concurrency: "2" });
      return { report: await measure(plan, { stopped: never, ...(ca !== undefined && { ca }) }), names };
    }

    it("ends at the server, which is asked by its name and shows its certificate", async () => {
      const { report, names } = await overTls("localhost", cert);
      assert.deepEqual(report.failures, []);
      assert.deepEqual(report.requests, { planned: 5, succeeded: 5, failed: 0 });
      assert.deepEqual(names, ["localhost", "localhost"]);
    });

    it("trusts no certificate that nobody vouches for", async () => {
      const { report } = await overTls("localhost");
      assert.deepEqual(report.failures, [{ kind: "tls", detail: "DEPTH_ZERO_SELF_SIGNED_CERT", count: 5 }]);
    });

    it("trusts no certificate of another name", async () => {
      const { report } = await overTls("127.0.0.1", cert);
      assert.deepEqual(report.failures, [{ kind: "tls", detail: "ERR_TLS_CERT_ALTNAME_INVALID", count: 5 }]);
    });
  });
});
