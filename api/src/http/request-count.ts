import type { RequestCount } from "./services.ts";

export function createRequestCount(): RequestCount {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    begin() {
      inFlight++;
    },
    end() {
      inFlight--;
    },
  };
}
