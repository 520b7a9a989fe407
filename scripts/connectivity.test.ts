import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Report } from "./connectivity/report.ts";

const ROOT = join(import.meta.dirname, "..");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(import.meta.dirname, "connectivity.ts"), ...args]);

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, out, errors };
}

const run = (...args: readonly string[]): Promise<Ended> => ended(start(args));

describe("npm run connectivity", () => {
  describe("against the API", () => {
    let api: ChildProcessWithoutNullStreams;
    let url: string;

    before(async () => {
      api = spawn(process.execPath, [join(ROOT, "api/src/main.ts")], { env: { HOST: "127.0.0.1", PORT: "0" } });
      const complaints = text(api.stderr);
      let out = "";
      const port = new Promise<string>((resolve) => {
        // For as long as it runs: a log that nobody reads would hold the API up.
        api.stdout.on("data", (chunk) => {
          out += String(chunk);
          const found = /"port":(\d+)/.exec(out)?.[1];
          if (found !== undefined) resolve(found);
        });
      });
      const gone = complaints.then((complaint) => Promise.reject(new Error(`the API does not listen: ${complaint}`)));
      // It loses the race, and rejects, when the API is ended.
      gone.catch(() => undefined);
      url = `http://127.0.0.1:${await Promise.race([port, gone])}`;
    });
    after(async () => {
      if (api.exitCode !== null) return;
      api.kill("SIGKILL");
      await once(api, "exit");
    });

    it("exits 0 where the verdict holds on Wi-Fi, and says so in a table with a histogram", async () => {
      const { code, out, errors } = await run("--url", url, "--requests", "200", "--profile", "wifi");
      assert.deepEqual([code, errors], [0, ""]);
      assert.match(out, new RegExp(`^200 requests to ${url}/heartbeat, 4 at a time, as on wifi\n`));
      assert.match(out, /^ {2}Success +100\.00 % +200 of 200 +at least 99\.5 % +kept$/m);
      assert.match(out, /^ {2}Median +\d+\.\d ms +below 200 ms +kept$/m);
      assert.match(out, /^ +min +p50 +p95 +p99 +max +mean +jitter$/m);
      assert.match(out, /^ +\d.* ms +\d+ +█+$/m);
      assert.match(out, /\nThe verdict holds\n$/);
    });
  });

  describe("against a server of its own", () => {
    const server = http.createServer((request, response) => {
      response.writeHead(request.url === "/" ? 200 : 404).end();
    });
    let url: string;
    before(async () => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    after(() => server.close());

    it("exits 1 where the verdict does not hold, and says why", async () => {
      const { code, out } = await run("--url", `${url}nothing-here`, "--requests", "3");
      assert.equal(code, 1);
      assert.match(
        out,
        /^ {2}Success +0\.00 % +0 of 3 +at least 99\.5 % +BROKEN\n {2}Median +none +below 200 ms +BROKEN$/m,
      );
      assert.match(out, /^Failures\n {2}3 +status +404 +an answer that is not 2xx$/m);
      assert.match(out, /\nThe verdict does not hold: 0 of 3 requests succeeded, which is below 99\.5 %\n$/);
    });

    it("reports as JSON in a shape that is documented", async () => {
      const { code, out } = await run("--url", url, "--requests", "10", "--median", "5000", "--seed", "7", "--json");
      assert.equal(code, 0);
      const report = JSON.parse(out) as Report;
      const keysOf = (value: object | null): string => Object.keys(value ?? {}).join(" ");
      assert.equal(
        keysOf(report),
        "url profile seed concurrency timeoutMilliseconds thresholds requests successPercent latency failures network histogram seconds verdict",
      );
      assert.equal(keysOf(report.latency), "min mean p50 p95 p99 max jitter");
      assert.deepEqual(
        [report.url, report.profile.name, report.seed, report.thresholds],
        [url, "wifi", 7, { successPercent: 99.5, medianMilliseconds: 5000 }],
      );
    });

    it("prints what it has on Ctrl-C", async () => {
      const asked = once(server, "request");
      const child = start(["--url", url, "--requests", "10000", "--profile", "slow-4g", "--json"]);
      const end = ended(child);
      await asked;
      // As npm does: the terminal's, and its own. By one call: between two of them the process may have ended.
      spawnSync("sh", ["-c", 'kill -INT "$0" "$0"', String(child.pid)]);
      const { code, out, errors } = await end;
      assert.deepEqual([code, errors], [1, ""]);
      const { requests, verdict } = JSON.parse(out) as Report;
      assert.equal(requests.failed, 0);
      assert.deepEqual(verdict.reasons, [`stopped after ${requests.succeeded} of 10000 requests`]);
    });
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    "connectivity: there is no URL: give --url https://HOST": [],
    'connectivity: --profile "wfi": did you mean "wifi"?': ["--url", "http://127.0.0.1:1", "--profile", "wfi"],
    'connectivity: there is no option --profil: did you mean "profile"?': ["--profil", "4g"],
    "connectivity: 127.0.0.1:1 cannot be reached: nothing listens there": ["--url", "http://127.0.0.1:1"],
  };
  for (const [line, args] of Object.entries(wrong))
    it(`exits 2 with one line for ${args.join(" ") || "nothing"}`, async () => {
      assert.deepEqual(await run(...args), { code: 2, out: "", errors: `${line}\n` });
    });

  it("has a command of that name, and help", async () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts["connectivity"], "node scripts/connectivity.ts");
    const { code, out } = await run("--help");
    assert.equal(code, 0);
    assert.match(out, /--profile NAME +wifi\|4g\|slow-4g\|lossy/);
  });
});
