import { createClient } from "redis";
import { compare } from "../comparison.ts";
import { load } from "../load.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import { bareKey } from "../servers/surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { readOf, shareOf, userIds, usersOf } from "../users.ts";
import { standingRows } from "./standing-rows.ts";

const limit = { atLeast: 0.5 };
/** So many that no caller comes to its limit in a minute, and that each is asked for again before its entry is old. */
const users = 100;

/** A map from Redis, with tokens, limits, telemetry, and log, against servers that only read it. */
export async function cachedRead(surroundings: Surroundings, { comparison }: Plan): Promise<readonly Row[]> {
  const ids = userIds(users);
  await surroundings.emptyRedis();
  await surroundings.seedMaps(ids);
  const everyone = await usersOf(ids, surroundings);
  const api = await surroundings.startApi();
  const express = await surroundings.startBare("express", "{}");
  const fastify = await surroundings.startBare("fastify", "{}");
  const { connections } = comparison;
  const requestsOf = (connection: number) => shareOf(everyone, connection, connections).map(readOf);
  try {
    await load({ url: api.url, connections, until: { requests: 2 * users }, requestsOf });
    await copyForBare(surroundings, api.url, everyone);
    const standings = await compare(
      [
        { name: "bare Express", server: express, requestsOf },
        { name: "bare Fastify", server: fastify, requestsOf },
        { name: "API", server: api, requestsOf },
      ],
      comparison,
    );
    return standingRows("GET /map/{userId}, cached", standings, "API", limit);
  } finally {
    await Promise.all([api.stop(), express.stop(), fastify.stop()]);
  }
}

/** The API's own answers, so that all send the same bytes. */
async function copyForBare(
  { redis }: Surroundings,
  url: string,
  everyone: readonly { readonly id: string; readonly authorization: string }[],
): Promise<void> {
  const client = await createClient({ url: redis.url }).connect();
  for (const { id, authorization } of everyone) {
    const response = await fetch(`${url}/map/${id}`, { headers: { authorization } });
    if (!response.ok) throw new Error(`GET /map/${id} answered ${response.status}`);
    await client.set(bareKey(id), await response.text());
  }
  client.destroy();
}
