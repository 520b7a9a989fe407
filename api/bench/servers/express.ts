// Express as its guide begins: no middleware, every default.
import express from "express";
import { createClient } from "redis";
import { bareKey, heartbeatBody, port, redisUrl } from "./surroundings.ts";

const redis = createClient({ url: redisUrl });
await redis.connect();
const app = express();

app.get("/heartbeat", (_request, response) => {
  response.json(heartbeatBody);
});
app.get("/map/:userId", async (request, response) => {
  const text = await redis.get(bareKey(request.params.userId));
  // What is stored is JSON already: to parse it and write it again would only slow this side down.
  if (text === null) response.sendStatus(404);
  else response.type("json").send(text);
});
app.listen(port, "127.0.0.1");
