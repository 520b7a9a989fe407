import type { Profile } from "./profiles.ts";
import type { Random } from "./random.ts";

/** Payload of a TCP segment over Ethernet, in bytes: 1,500 less the headers of IPv4 and TCP. */
export const SEGMENT_BYTES = 1460;

/** Before anything is measured, in milliseconds: RFC 6298, section 2.1. What a lost SYN costs. */
const INITIAL_TIMEOUT = 1000;
/** The least that Linux adds to the round trip, in milliseconds (TCP_RTO_MIN); RFC 6298 would have 1 s. */
const LEAST_VARIANCE = 200;
/** After so many losses in a row a segment arrives: more would be an outage, which is no matter of a rate. */
const MOST_LOSSES = 6;

/** Where a segment's last bit leaves, in milliseconds of the clock. */
export type Line = (bytes: number, now: number) => number;

/** One direction's bandwidth, shared by all connections: whoever comes later waits for those before. */
export function createLine(kbitPerSecond: number): Line {
  let free = 0;
  return (bytes, now) => {
    // A kilobit per second is a bit per millisecond.
    free = Math.max(free, now) + (bytes * 8) / kbitPerSecond;
    return free;
  };
}

/** What becomes of a segment. */
export interface Passage {
  /** When it arrives, in milliseconds of the clock, never before the one sent before it. */
  readonly at: number;
  /** How often it was lost on the way. */
  readonly losses: number;
  /** The connection is reset instead. */
  readonly reset: boolean;
}

export type Way = (bytes: number, now: number) => Passage;

/** One direction of one connection. */
export function createWay(profile: Profile, line: Line, random: Random): Way {
  let last = 0;
  return (bytes, now) => {
    const reset = random() < profile.resetRate;
    const losses = lossesOf(profile, random);
    const arrival = line(bytes, now) + latencyOf(profile, random) + waitAfter(losses, retransmissionTimeout(profile));
    last = Math.max(last, arrival);
    return { at: last, losses, reset };
  };
}

/** What opening a connection costs before the first byte is sent: SYN there, SYN and ACK back. In milliseconds. */
export function handshake(
  profile: Profile,
  random: Random,
): { readonly milliseconds: number; readonly losses: number } {
  const losses = [lossesOf(profile, random), lossesOf(profile, random)];
  const waits = losses.map((count) => waitAfter(count, INITIAL_TIMEOUT) + latencyOf(profile, random));
  return { milliseconds: sum(waits), losses: sum(losses) };
}

/** The round trip and four times its variation (RFC 6298, section 2), in milliseconds. */
export const retransmissionTimeout = ({ latencyMilliseconds, jitterMilliseconds }: Profile): number =>
  2 * latencyMilliseconds + Math.max(LEAST_VARIANCE, 4 * jitterMilliseconds);

const latencyOf = ({ latencyMilliseconds, jitterMilliseconds }: Profile, random: Random): number =>
  latencyMilliseconds + jitterMilliseconds * (2 * random() - 1);

function lossesOf({ lossRate }: Profile, random: Random): number {
  let losses = 0;
  while (random() < lossRate && losses < MOST_LOSSES) losses++;
  return losses;
}

/** The timeout doubles with each loss of the same segment: RFC 6298, section 5.5. */
const waitAfter = (losses: number, timeout: number): number => timeout * (2 ** losses - 1);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
