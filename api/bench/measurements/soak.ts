import { failureRows } from "./failure-rows.ts";
import { steadyLoad } from "../steady.ts";
import { startMix } from "../mix.ts";
import { slope } from "../numbers.ts";
import type { Plan } from "../plan.ts";
import type { Row } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";

/**
 * What is kept of tokens, limits, and series grows until all users were there: the time before the first look is for
 * that. A leak of 100 bytes a request would be 20 MiB a minute at 3,500 requests a second.
 */
const limit = { atMost: 1 };
const mebibyte = 1_048_576;

/** Memory after full collections, between pieces of a mixed load. */
export async function soak(surroundings: Surroundings, plan: Plan): Promise<readonly Row[]> {
  const { warmSeconds, pieces, pieceSeconds } = plan.soak;
  const mix = await startMix(surroundings, plan.mix);
  const { perSecond } = mix;
  const api = await surroundings.startApi();
  const piece = (seconds: number) =>
    steadyLoad({ url: api.url, perSecond, requests: mix.requests, until: { seconds } });
  try {
    const loads = [await piece(warmSeconds)];
    const looks = [await api.usage("collected-usage")];
    for (let index = 0; index < pieces; index++) {
      loads.push(await piece(pieceSeconds));
      looks.push(await api.usage("collected-usage"));
    }
    const perPiece = slope(looks.map(({ heapBytes }, index) => [index, heapBytes / mebibyte]));
    const heaps = looks.map(({ heapBytes }) => heapBytes / mebibyte);
    return [
      {
        what: `soak of ${pieces * pieceSeconds} s: growth of the heap`,
        value: perPiece * (60 / pieceSeconds),
        unit: "mebibytesPerMinute",
        limit,
      },
      { what: "  heap at the beginning", value: heaps.at(0) ?? 0, unit: "mebibytes" },
      { what: "  heap at the end", value: heaps.at(-1) ?? 0, unit: "mebibytes" },
      { what: "  resident at the end", value: (looks.at(-1)?.residentBytes ?? 0) / mebibyte, unit: "mebibytes" },
      { what: "  asked for", value: perSecond, unit: "perSecond" },
      { what: "  requests", value: loads.reduce((sum, { requests }) => sum + requests, 0), unit: "count" },
      ...failureRows("  failed requests", loads, mix.expected),
    ];
  } finally {
    await api.stop();
  }
}
