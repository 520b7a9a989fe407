// Fastify as its guide begins: no plugins, every default.
import { fastify } from "fastify";
import { createClient } from "redis";
import { bareKey, heartbeatBody, port, redisUrl } from "./surroundings.ts";

const redis = createClient({ url: redisUrl });
await redis.connect();
const app = fastify();

app.get("/heartbeat", () => heartbeatBody);
app.get<{ Params: { userId: string } }>("/map/:userId", async (request, reply) => {
  const text = await redis.get(bareKey(request.params.userId));
  return text === null ? reply.code(404).send() : reply.type("application/json; charset=utf-8").send(text);
});
await app.listen({ port, host: "127.0.0.1" });
