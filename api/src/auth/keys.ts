import type { CryptoKey, JWSHeaderParameters } from "jose";
import { createPoller } from "../configuration/poller.ts";
import type { Logger } from "../telemetry/log.ts";
import type { KeyRing } from "./key-ring.ts";
import type { KeySource } from "./key-source.ts";

export interface KeyTimes {
  /** Far below a rotation: a key is known one whole rotation before it signs and one after. */
  readonly refreshMs: number;
  readonly retryMs: number;
  readonly deadlineMs: number;
  /** How often an unknown key may lead to a read: anybody can invent one. */
  readonly unknownMs: number;
}

export const defaultKeyTimes: KeyTimes = { refreshMs: 300_000, retryMs: 3_000, deadlineMs: 2_000, unknownMs: 10_000 };

/** Whether a token is valid cannot be told: nothing was read yet, or what is known may be too old. */
export class KeysUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "KeysUnavailable";
  }
}

/** No key fits the token's header. */
export class UnknownKey extends Error {
  constructor() {
    super("the token names no key that is known");
    this.name = "UnknownKey";
  }
}

export interface Keys {
  /** Rejects with KeysUnavailable, with UnknownKey, or with jose's own error. */
  readonly keyFor: (header: JWSHeaderParameters) => Promise<CryptoKey>;
  /** Another number after each change of the keys. */
  readonly version: number;
  /** Resolves when the first read has ended, well or not. */
  warm(): Promise<void>;
  close(): void;
}

/**
 * The keys in force: read again at intervals and when a token names a key that is not known; the last good ones stay
 * while the source cannot be read. jose's own remote set forgets its keys once they are old, whether or not there are
 * newer ones, and asks at every unknown key while the source fails.
 */
export function createKeys(source: KeySource, log: Pick<Logger, "info" | "warn">, times: KeyTimes): Keys {
  let ring: KeyRing | undefined;
  let version = 0;
  const poller = createPoller<KeyRing>({
    ...times,
    name: source.name,
    read: source.read,
    accept: (read) => {
      if (ring?.identity === read.identity) return;
      ring = read;
      version++;
      log.info({ kids: [...read.kids] }, "the keys of access tokens have changed");
    },
    intervalMs: () => times.refreshMs,
    log,
  });
  const first = poller.refresh();

  /** Joins a read that is under way; begins one where the last is long enough ago. */
  const readAgain = async (): Promise<void> => {
    if (poller.reading || performance.now() - poller.readAt >= times.unknownMs) await poller.refresh();
  };

  return {
    async keyFor(header) {
      const { kid } = header;
      if (kid === undefined) throw new UnknownKey();
      if (ring?.kids.has(kid) !== true) await readAgain();
      if (ring === undefined) throw new KeysUnavailable("there are no keys yet");
      if (ring.kids.has(kid)) return ring.keyFor({ ...header, kid });
      if (poller.failing) throw new KeysUnavailable("the key is unknown, and the newest keys cannot be read");
      throw new UnknownKey();
    },
    get version() {
      return version;
    },
    warm: () => first,
    close() {
      poller.close();
      source.close();
    },
  };
}
