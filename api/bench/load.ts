import autocannon, { type Client, type Request, type Result } from "autocannon";
import { latencies, type Loaded } from "./latencies.ts";

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  /** How long, or how many requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** What each connection asks for, over and over. */
  readonly requestsOf: (connection: number) => Request[];
}

/** Asks one server for as much as it answers. Rejects only where autocannon itself fails. */
export async function load({ url, connections, until, requestsOf }: LoadOptions): Promise<Loaded> {
  const measured = latencies();
  let connection = 0;
  const { errors, duration } = await new Promise<Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        connections,
        ...("seconds" in until ? { duration: until.seconds } : { amount: until.requests }),
        setupClient: (client: Client) => client.setRequests(requestsOf(connection++)),
      },
      (error: unknown, result) => {
        if (error instanceof Error) reject(error);
        else resolve(result);
      },
    );
    running.on("response", (_client, status, _bytes, milliseconds) => measured.record({ status, milliseconds }));
  });
  return measured.loaded(duration, errors);
}
