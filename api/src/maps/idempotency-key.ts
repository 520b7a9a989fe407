import { fingerprintOf } from "./canonical.ts";
import type { PracticeData } from "./practice-data.ts";

/** The value of the header: bare, or the quoted string of structured fields. Both are the same key. */
export const idempotencyKey = /^(?:"[A-Za-z0-9._:-]{1,64}"|[A-Za-z0-9._:-]{1,64})$/;

/** What makes two requests the same one. */
export interface KeyedRequest {
  readonly callerId: string;
  readonly userId: string;
  readonly patch: PracticeData;
  readonly ifMatch: string | undefined;
}

/** A key, as far as it may be stored: what a client put into it stays with the client. */
export interface Key {
  /** Callers do not share keys. */
  readonly id: string;
  readonly fingerprint: string;
}

export function keyOf(header: string, request: KeyedRequest): Key {
  const { callerId, userId, patch, ifMatch } = request;
  return {
    id: fingerprintOf([callerId, header.replaceAll('"', "")]),
    fingerprint: fingerprintOf([callerId, "POST", "/map", ifMatch ?? null, { userId, practiceData: patch }]),
  };
}
