import { firstUnknown, type Located } from "../property.ts";
import type { Config, Finding, Resource, ResourceCheck } from "../rule.ts";
import { Unknown, isList, isMap, type Plain, type PlainMap } from "../unknown.ts";
import { carriersOf, policiesOn, type PolicyKind } from "./policy-carriers.ts";
import { sourcesOf, statementFrom, type Part, type Statement } from "./policy-document.ts";

/** What is wrong with a statement; the property is the document's. */
export interface Fault {
  readonly wrong: string;
  readonly fix: string;
}

/** What a rule says of one statement. It must find no less the more the statement allows. */
export type Judge = (statement: Statement, resource: Resource, config: Config) => readonly Fault[];

const WIDENING: readonly Part[] = ["Action", "Resource", "Principal"];
const EXCLUDING: readonly Part[] = ["NotAction", "NotResource", "NotPrincipal"];
const NARROWING: readonly Part[] = ["Effect", "Condition", ...EXCLUDING];

/** A check of every statement in the policies of these kinds, on the types that carry them or on some of those. */
export const statementCheck = (
  kinds: readonly PolicyKind[],
  judge: Judge,
  types = carriersOf(...kinds),
): ResourceCheck => ({
  types,
  // A policy names ARNs, so that it is rarely known at preview; up checks it before it exists.
  unknown: "defer",
  find: (resource, config) =>
    policiesOn(resource, ...kinds).flatMap((policy) =>
      faultsIn(policy, (statement) => judge(statement, resource, config)),
    ),
});

/**
 * What a judgement of single statements finds in a document. A part that is unknown is read in both ways: as nothing,
 * what is still wrong then is wrong for certain; and as all that it could be, what is right even then needs no wait.
 */
export function faultsIn(
  { property, value }: Located,
  judge: (statement: Statement) => readonly Fault[],
): readonly Finding[] {
  return (sourcesOf(value) ?? []).flatMap((source, index): readonly Finding[] => {
    if (source instanceof Unknown) return [{ property, unknown: source }];
    const unknown = firstUnknown([...WIDENING, ...NARROWING].map((part) => source[part]));
    if (unknown === undefined) return certain(property, judge(statementFrom(source, index)));
    const mayBeWrong = ["*", SOMEBODY].some(
      (principal) => judge(statementFrom(atWorst(source, principal), index)).length > 0,
    );
    if (!mayBeWrong) return [];
    const decided = firstUnknown(NARROWING.map((part) => source[part])) === undefined;
    const sure = decided ? judge(statementFrom(source, index)) : [];
    return [...certain(property, sure), { property, unknown }];
  });
}

const certain = (property: string, faults: readonly Fault[]): readonly Finding[] =>
  faults.map((fault) => ({ property, ...fault }));

/** In place of an action that is not known: it covers all, and no policy is written like that. */
export const ANY_ACTION = "?*";

/** In place of a principal that is not known: no ARN, no account, no service that a rule would let pass. */
export const SOMEBODY = "somebody";

// What an exclusion holds in place of an unknown: it is still an exclusion, and leaves nothing out.
const NOTHING = "-";

/** The statement with its unknown parts as wide as they could turn out. */
function atWorst(source: PlainMap, principal: string): PlainMap {
  const anyone = source["Principal"] instanceof Unknown;
  const inPlace: readonly (readonly [Part, string])[] = [
    ["Action", ANY_ACTION],
    ["Resource", "*"],
    ["Principal", principal],
    ...EXCLUDING.map((part) => [part, NOTHING] as const),
  ];
  return {
    ...source,
    ...Object.fromEntries(
      inPlace.flatMap(([part, text]) => (source[part] === undefined ? [] : [[part, withUnknown(source[part], text)]])),
    ),
    ...(anyone ? { Principal: { AWS: principal, Federated: principal, Service: principal } } : {}),
    Effect: source["Effect"] instanceof Unknown ? "Allow" : source["Effect"],
    Condition: withoutUnknown(source["Condition"]),
  };
}

function withUnknown(value: Plain, rest: Plain): Plain {
  if (value instanceof Unknown) return rest;
  if (isList(value)) return value.map((element) => withUnknown(element, rest));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([kind, child]) => [kind, withUnknown(child, rest)]));
}

/** Conditions whose values are all known: another one may turn out to narrow nothing. */
function withoutUnknown(conditions: Plain): Plain {
  if (!isMap(conditions)) return undefined;
  const known = (keys: Plain): Plain =>
    isMap(keys)
      ? Object.fromEntries(Object.entries(keys).filter(([, values]) => firstUnknown(values) === undefined))
      : undefined;
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, known(keys)]));
}
