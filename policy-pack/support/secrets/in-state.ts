import { isSet, locate } from "../property.ts";
import type { Find, Finding } from "../rule.ts";
import { Unknown } from "../unknown.ts";

/**
 * The check that the program sets no secret itself: what it sets stands in the state, whether its value is known yet
 * or not, and is never shown. A block that is unknown as a whole may hold one or none.
 */
export const notInState =
  (path: string, fix: string): Find =>
  ({ props }) =>
    locate(props, path).flatMap(({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown && property !== path) return [{ property, unknown: value }];
      if (!(value instanceof Unknown) && !isSet.is(value)) return [];
      return [{ property, wrong: "it is set, and so stands in the state", fix }];
    });
