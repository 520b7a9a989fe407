import type { Check } from "../check.ts";
import { canaryMapCheck } from "./canary-map.ts";
import { certificateCheck } from "./certificate.ts";
import { heartbeatCheck } from "./heartbeat.ts";
import { rateLimitCheck } from "./rate-limit.ts";
import { readinessCheck } from "./readiness.ts";
import { redirectCheck } from "./redirect.ts";
import { securityHeadersCheck } from "./security-headers.ts";
import { sitesCheck } from "./sites.ts";

/** In the order of the report. The first is the gate: nothing else is tried where it cannot be reached. */
export const checks: readonly [Check, ...Check[]] = [
  heartbeatCheck,
  readinessCheck,
  certificateCheck,
  redirectCheck,
  securityHeadersCheck,
  rateLimitCheck,
  canaryMapCheck,
  sitesCheck,
];
