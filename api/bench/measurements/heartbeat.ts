import { compare } from "../comparison.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import { standingRows } from "./standing-rows.ts";

const limit = { atLeast: 1 };

/** The API's heartbeat, with its headers, request id, and log, against servers that have none of these. */
export async function heartbeat(surroundings: Surroundings, { comparison }: Plan): Promise<readonly Row[]> {
  const api = await surroundings.startApi();
  const body = await (await fetch(`${api.url}/heartbeat`)).text();
  const express = await surroundings.startBare("express", body);
  const fastify = await surroundings.startBare("fastify", body);
  const requestsOf = () => [{ method: "GET", path: "/heartbeat" } as const];
  try {
    const standings = await compare(
      [
        { name: "bare Express", server: express, requestsOf },
        { name: "bare Fastify", server: fastify, requestsOf },
        { name: "API", server: api, requestsOf },
      ],
      comparison,
    );
    return standingRows("GET /heartbeat", standings, "API", limit);
  } finally {
    await Promise.all([api.stop(), express.stop(), fastify.stop()]);
  }
}
