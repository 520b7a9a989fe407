import { at, isSet } from "./property.ts";
import type { Find } from "./rule.ts";
import { Unknown } from "./unknown.ts";

/** The check that at least one of some properties is set. The first is the one that the fix asks for. */
export const anySet =
  (paths: readonly [string, ...string[]], fix: string): Find =>
  ({ props }) => {
    const values = paths.map((property) => ({ property, value: at(props, property) }));
    if (values.some(({ value }) => !(value instanceof Unknown) && isSet.is(value))) return [];
    const undecided = values.flatMap(({ property, value }) =>
      value instanceof Unknown ? [{ property, unknown: value }] : [],
    );
    if (undecided.length > 0) return undecided.slice(0, 1);
    const [property, ...others] = paths;
    const wrong = others.length === 0 ? "it is not set" : `neither it nor ${others.join(", ")} is set`;
    return [{ property, wrong, fix }];
  };
