/** What the bare servers are told by whoever starts them. */
export const port = Number(process.env["PORT"]);
export const redisUrl = process.env["REDIS_URL"] ?? "";
/** The API's own answer, so that all send the same bytes. */
export const heartbeatBody = JSON.parse(process.env["HEARTBEAT_BODY"] ?? "{}") as object;

/** Where the bare servers find a map, as the text that they answer with. */
export const bareKey = (userId: string): string => `bare:map:${userId}`;
