import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../test/eventually.ts";
import { defaultRuntimeConfig } from "../runtime-config.ts";
import { createRuntimeConfigSource, type ConfigSourceOptions, type RunningConfigSource } from "./source.ts";

interface Line {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly facts: unknown;
}

function recordingLog() {
  const lines: Line[] = [];
  const add = (level: Line["level"]) => (facts: unknown, message?: string) =>
    void lines.push({ level, message: message ?? "", facts });
  return { lines, log: { info: add("info"), warn: add("warn"), error: add("error") } };
}

const outages = (lines: readonly Line[]) => lines.filter(({ level }) => level === "warn").length;

describe("the source of the configuration", () => {
  const opened: RunningConfigSource[] = [];
  let recorded: ReturnType<typeof recordingLog>;
  const open = async (environment: ConfigSourceOptions["environment"], times: ConfigSourceOptions["times"] = {}) => {
    const source = await createRuntimeConfigSource({
      environment,
      log: recorded.log,
      times: { intervalMs: 20, retryMs: 20, ...times },
    });
    opened.push(source);
    return source;
  };
  beforeEach(() => {
    recorded = recordingLog();
  });
  afterEach(() => {
    for (const source of opened.splice(0)) source.close();
  });

  it("has the defaults where there is neither a file nor AppConfig", async () => {
    const source = await open({});
    assert.deepEqual(source.current, defaultRuntimeConfig);
    assert.deepEqual(recorded.lines, []);
  });

  describe("a file", () => {
    const directory = mkdtempSync(join(tmpdir(), "runtime-config-"));
    const file = join(directory, "config.json");
    const write = (config: unknown) =>
      writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
    beforeEach(() => write({ logLevel: "warn" }));
    after(() => rmSync(directory, { recursive: true }));

    it("is read before the start, and again once it has changed", async () => {
      const source = await open({ RUNTIME_CONFIG_FILE: file });
      assert.deepEqual(source.current, { ...defaultRuntimeConfig, logLevel: "warn" });
      const seen: unknown[] = [];
      const stop = source.onChange(({ logLevel }) => seen.push(logLevel));
      write({ logLevel: "debug", flags: { solo: { enabled: true } } });
      await eventually("the level is debug", () => source.current.logLevel === "debug");
      assert.deepEqual(recorded.lines.at(-1)?.facts, { changed: ["logLevel", "flags"] });
      // Other text, the same configuration.
      write({ flags: { solo: { enabled: true } }, logLevel: "debug", readOnly: false });
      await sleep(60);
      stop();
      write({ logLevel: "error" });
      await eventually("the level is error", () => source.current.logLevel === "error");
      assert.deepEqual(seen, ["debug"]);
    });

    it("is refused where it does not fit the schema: the last good one stays, and what is wrong is logged once", async () => {
      const source = await open({ RUNTIME_CONFIG_FILE: file });
      write({ logLevel: "loud", requestsPerMinute: 0, colour: "red" });
      await eventually("an error is logged", () => recorded.lines.some(({ level }) => level === "error"));
      await sleep(60);
      const errors = recorded.lines.filter(({ level }) => level === "error");
      assert.equal(errors.length, 1);
      const { problems } = errors[0]?.facts as { problems: string[] };
      assert.equal(problems.length, 3);
      assert.ok(problems.some((problem) => problem.startsWith("logLevel: ")));
      assert.ok(problems.every((problem) => !problem.includes("loud")));
      assert.equal(source.current.logLevel, "warn");
      write("{");
      await eventually(
        "two errors are logged",
        () => recorded.lines.filter(({ level }) => level === "error").length === 2,
      );
      write({ logLevel: "info" });
      await eventually("the level is info", () => source.current.logLevel === "info");
    });

    it("keeps its last value while it is away, which is logged once, and its return too", async () => {
      const source = await open({ RUNTIME_CONFIG_FILE: file });
      rmSync(file);
      await eventually("one outage is logged", () => outages(recorded.lines) === 1);
      await sleep(80);
      assert.equal(source.current.logLevel, "warn");
      write({ logLevel: "error" });
      await eventually("the level is error", () => source.current.logLevel === "error");
      assert.equal(outages(recorded.lines), 1);
      assert.ok(recorded.lines.some(({ message }) => message.endsWith("can be read again")));
    });

    it("tells the others where one who listens throws", async () => {
      const source = await open({ RUNTIME_CONFIG_FILE: file });
      const seen: unknown[] = [];
      source.onChange(() => {
        throw new Error("no");
      });
      source.onChange(({ logLevel }) => seen.push(logLevel));
      write({ logLevel: "error" });
      await eventually("one change is seen", () => seen.length === 1);
      assert.equal(recorded.lines.filter(({ level }) => level === "error").length, 1);
    });
  });

  describe("AppConfig", () => {
    const place = {
      APPCONFIG_APPLICATION_ID: "app1234",
      APPCONFIG_ENVIRONMENT_ID: "env1234",
      APPCONFIG_PROFILE_ID: "prof123",
      AWS_REGION: "us-east-1",
    };
    const appConfig = createAppConfig();
    const kept = { ...process.env };
    before(async () => {
      const endpoint = await appConfig.listen();
      Object.assign(process.env, {
        AWS_ENDPOINT_URL_APPCONFIGDATA: endpoint,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      });
    });
    beforeEach(() => appConfig.reset());
    after(async () => {
      for (const name of ["AWS_ENDPOINT_URL_APPCONFIGDATA", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
        if (kept[name] === undefined) delete process.env[name];
        else process.env[name] = kept[name];
      }
      await appConfig.close();
    });

    it("is asked in one session, with a new token each time, and for no more than what is new", async () => {
      appConfig.content = JSON.stringify({ logLevel: "warn" });
      const source = await open(place);
      assert.equal(source.current.logLevel, "warn");
      await eventually("it has polled four times", () => appConfig.polls >= 4);
      assert.equal(appConfig.bodies, 1);
      appConfig.content = JSON.stringify({ logLevel: "debug" });
      await eventually("the level is debug", () => source.current.logLevel === "debug");
      assert.deepEqual(appConfig.sessions, [
        {
          ApplicationIdentifier: "app1234",
          EnvironmentIdentifier: "env1234",
          ConfigurationProfileIdentifier: "prof123",
          RequiredMinimumPollIntervalInSeconds: 15,
        },
      ]);
      assert.deepEqual(
        recorded.lines.map(({ level }) => level),
        ["info", "info"],
      );
    });

    it("begins another session where the token has expired, and loses no change by it", async () => {
      const source = await open(place);
      appConfig.expireTokens();
      appConfig.content = JSON.stringify({ logLevel: "error" });
      await eventually("the level is error", () => source.current.logLevel === "error");
      assert.equal(appConfig.sessions.length, 2);
      assert.equal(outages(recorded.lines), 0);
    });

    for (const fault of ["error", "silence", "reset"] as const) {
      it(`keeps the last good value through ${fault}, logs it once, and goes on`, async () => {
        appConfig.content = JSON.stringify({ logLevel: "warn" });
        const source = await open(place, { deadlineMs: 100 });
        await eventually("the level is warn", () => source.current.logLevel === "warn");
        appConfig.fault = fault;
        await eventually("one outage is logged", () => outages(recorded.lines) === 1);
        await sleep(250);
        assert.equal(source.current.logLevel, "warn");
        appConfig.fault = undefined;
        appConfig.content = JSON.stringify({ logLevel: "debug" });
        await eventually("the level is debug", () => source.current.logLevel === "debug");
        assert.equal(outages(recorded.lines), 1);
      });
    }

    it("does not hold up the start, and counts once it answers", async () => {
      appConfig.fault = "silence";
      appConfig.content = JSON.stringify({ logLevel: "warn" });
      const source = await open(place, { startMs: 50, deadlineMs: 500 });
      assert.deepEqual(source.current, defaultRuntimeConfig);
      appConfig.fault = undefined;
      await eventually("the level is warn", () => source.current.logLevel === "warn");
    });

    it("is refused where it does not fit the schema", async () => {
      appConfig.content = JSON.stringify({ logLevel: "loud" });
      const source = await open(place);
      assert.deepEqual(source.current, defaultRuntimeConfig);
      assert.equal(recorded.lines.filter(({ level }) => level === "error").length, 1);
    });
  });
});

/** The two calls of AppConfigData, as AWS describes them. */
function createAppConfig() {
  let tokens = new Map<string, string | undefined>();
  let issued = 0;
  const issue = (delivered: string | undefined): string => {
    const token = `token-${issued++}`;
    tokens.set(token, delivered);
    return token;
  };
  const state = {
    content: "{}",
    fault: undefined as "error" | "silence" | "reset" | undefined,
    polls: 0,
    bodies: 0,
    sessions: [] as unknown[],
    expireTokens: () => {
      tokens = new Map();
    },
    reset() {
      Object.assign(state, { content: "{}", fault: undefined, polls: 0, bodies: 0, sessions: [] });
      tokens = new Map();
    },
    async listen() {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (state.fault === "silence") return;
    if (state.fault === "reset") return void request.socket.resetAndDestroy();
    if (state.fault === "error")
      return void response.writeHead(500, { "x-amzn-errortype": "InternalServerException" }).end("{}");
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method === "POST" && url.pathname === "/configurationsessions") {
      state.sessions.push(await json(request));
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ InitialConfigurationToken: issue(undefined) }));
      return;
    }
    assert.equal(`${request.method ?? ""} ${url.pathname}`, "GET /configuration");
    const token = url.searchParams.get("configuration_token") ?? "";
    if (!tokens.has(token)) {
      response.writeHead(400, { "x-amzn-errortype": "BadRequestException", "content-type": "application/json" });
      response.end(JSON.stringify({ Message: "the token has expired", Reason: "InvalidParameters" }));
      return;
    }
    const isNew = tokens.get(token) !== state.content;
    tokens.delete(token);
    state.polls++;
    if (isNew) state.bodies++;
    response.writeHead(200, {
      "content-type": "application/json",
      "next-poll-configuration-token": issue(state.content),
      "next-poll-interval-in-seconds": "15",
    });
    response.end(isNew ? state.content : "");
  };
  const server: Server = createServer((request, response) => void answer(request, response));
  return state;
}
