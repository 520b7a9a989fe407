import type { RateLimiter } from "../src/http/services.ts";

/** Allows every request and counts none. */
export const noLimits: RateLimiter = Object.assign(
  () => Promise.resolve({ allowed: true, limit: 300, remaining: 299, resetSeconds: 60 }),
  { refuses: () => false },
);
