import http from "node:http";
import https from "node:https";
import { codeOf } from "../sandbox/user-error.ts";
import type { Agent } from "./agent.ts";
import { type Failure, failureOf } from "./failures.ts";
import type { Ending } from "./proxy.ts";

/** What became of a request: the time from asking to the last byte of its answer, or why there was none. */
export type Outcome = { readonly milliseconds: number } | { readonly failure: Failure };

export interface RequestOptions {
  readonly url: URL;
  readonly agent: Agent;
  readonly timeoutMilliseconds: number;
  readonly endingOf: (localPort: number) => Ending | undefined;
  /** Ends the run: what is under way then is forgotten. */
  readonly signal: AbortSignal;
}

const USER_AGENT = "groundwork-connectivity";

/** Makes that many requests, so many at a time, each once. Outcomes are in the order of asking, without those given up. */
export async function makeRequests(
  options: RequestOptions,
  { requests, concurrency }: { readonly requests: number; readonly concurrency: number },
): Promise<Outcome[]> {
  const outcomes: (Outcome | undefined)[] = [];
  let asked = 0;
  const ask = async (): Promise<void> => {
    while (asked < requests && !options.signal.aborted) {
      const number = asked++;
      outcomes[number] = await makeRequest(options);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests) }, ask));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** One request without a second try. Undefined where the signal ended it. */
function makeRequest({
  url,
  agent,
  timeoutMilliseconds,
  endingOf,
  signal,
}: RequestOptions): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    const started = performance.now();
    const { request: start } = url.protocol === "https:" ? https : http;
    const request = start(url, { agent: agent.http, headers: { accept: "*/*", "user-agent": USER_AGENT } });
    const finish = (outcome: Outcome | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      resolve(outcome);
    };
    const giveUp = (): void => {
      finish(undefined);
      request.destroy();
    };
    const timer = setTimeout(() => {
      finish({ failure: { kind: "timeout", detail: "" } });
      request.destroy();
    }, timeoutMilliseconds);
    const fail = (error: Error): void => {
      const { socket } = request;
      const ending = socket === null ? undefined : endingOf(agent.portOf(socket));
      finish({ failure: failureOf({ code: codeOf(error) ?? error.name, hasSystemCall: "syscall" in error }, ending) });
    };
    signal.addEventListener("abort", giveUp, { once: true });
    request.on("error", fail);
    request.on("response", (response) => {
      const { statusCode = 0 } = response;
      response.on("error", fail);
      response.on("end", () => {
        const milliseconds = performance.now() - started;
        const succeeded = statusCode >= 200 && statusCode < 300;
        finish(succeeded ? { milliseconds } : { failure: { kind: "status", detail: `${statusCode}` } });
      });
      response.resume();
    });
    request.end();
  });
}
