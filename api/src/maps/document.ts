import { ProblemError } from "../http/problem.ts";
import type { Key } from "./idempotency-key.ts";
import { mapLimits } from "./limits.ts";
import { merge } from "./merge.ts";
import type { PracticeData } from "./practice-data.ts";
import { remember, type RememberedKey, restore } from "./remembered.ts";

/** A map at one version. */
export interface MapState {
  readonly userId: string;
  /** As JSON: nothing in it can be an operator or a type of BSON, and it comes back as it was sent. */
  readonly practiceData: string;
  /** 1 for the first, one more with every write. */
  readonly version: number;
  readonly updatedAt: Date;
}

/** One map in the collection `maps`. */
export interface MapDocument extends Omit<MapState, "userId"> {
  readonly _id: string;
  /** Tells a map from one that was removed before it, whose versions may be the same. */
  readonly createdAt: Date;
  readonly keys: readonly RememberedKey[];
}

export const stateOf = ({
  _id,
  practiceData,
  version,
  updatedAt,
}: Omit<MapDocument, "createdAt" | "keys">): MapState => ({
  userId: _id,
  practiceData,
  version,
  updatedAt,
});

/** The body of every answer that shows a map. */
export const bodyOf = ({ userId, practiceData, version, updatedAt }: MapState): string =>
  `{"success":true,"data":{"userId":${JSON.stringify(userId)},"practiceData":${practiceData},` +
  `"version":${version},"updatedAt":"${updatedAt.toISOString()}"}}`;

export interface Write {
  readonly userId: string;
  readonly patch: PracticeData;
  readonly key: Key | undefined;
  readonly at: Date;
  /** The version before the first, where an earlier map of this user is known to have been removed; else 0. */
  readonly floor: number;
}

const dataOf = (document: MapDocument | undefined): PracticeData =>
  document === undefined ? {} : (JSON.parse(document.practiceData) as PracticeData);

/** What a write makes of a map, or of none. Throws a ProblemError `too-large`. */
export function nextDocument(current: MapDocument | undefined, { userId, patch, key, at, floor }: Write): MapDocument {
  const before = dataOf(current);
  const after = merge(before, patch);
  const practiceData = JSON.stringify(after);
  requireFit(Object.keys(after).length, Buffer.byteLength(practiceData));
  const version = (current?.version ?? floor) + 1;
  return {
    _id: userId,
    practiceData,
    version,
    createdAt: current?.createdAt ?? at,
    updatedAt: at,
    keys: remember(current?.keys ?? [], { before, patch, after, version, updatedAt: at, key }),
  };
}

/** The map that the key's request answered with. */
export const stateOfKey = (document: MapDocument, key: RememberedKey): MapState => ({
  userId: document._id,
  practiceData: JSON.stringify(restore(dataOf(document), document.keys, key)),
  version: key.version,
  updatedAt: key.updatedAt,
});

function requireFit(entries: number, bytes: number): void {
  const tooMany = entries > mapLimits.entries && `${mapLimits.entries} entries`;
  const tooLong = bytes > mapLimits.mapBytes && `${mapLimits.mapBytes} bytes of JSON`;
  const most = tooMany || tooLong;
  if (most === false) return;
  const errors = [
    { in: "body", pointer: "/practiceData", detail: `with what is stored, the map may have ${most}` },
  ] as const;
  throw new ProblemError("too-large", "The map would grow larger than a map may be.", { errors });
}
