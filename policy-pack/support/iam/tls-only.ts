import { unnamed } from "../join.ts";
import { described, isAbsent } from "../property.ts";
import type { Find, Finding } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown } from "../unknown.ts";
import { deniesPlainHttp, statementsOf, type Part } from "./policy-document.ts";

/** Which resource it refuses does not matter: a policy is about the one that it is attached to. */
const DECIDING: readonly Part[] = ["Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"];

/** A service whose resources carry a policy, inline or by a resource of its own. */
export interface Carrier {
  /** Of the resource itself; its inline policy is `policy`. */
  readonly type: string;
  /** Of the split policy, and which of its properties names the resource. */
  readonly split: string;
  readonly path: string;
  /** What callers do, as a policy of this service may name it. */
  readonly action: string;
}

const fixFor = (action: string): string =>
  `deny Principal "*" the Action "${action}" with the Condition { Bool: { "aws:SecureTransport": "false" } }`;

/** The check that a policy refuses callers without TLS. What has no inline policy is the stack check's matter. */
export const tlsOnly =
  ({ type, action }: Carrier): Find =>
  (resource) => {
    const policy = resource.props["policy"];
    const property = "policy";
    const absent = isAbsent(policy);
    if (absent && resource.type === type) return [];
    const fix = fixFor(action);
    if (absent) return [{ property, wrong: described(policy), fix }];
    const statements = statementsOf(policy, DECIDING) ?? [];
    const known = statements.flatMap((statement) => (statement instanceof Unknown ? [] : [statement]));
    if (deniesPlainHttp(known, (named) => isEvery(named, action))) return [];
    const unknown = statements.find((statement) => statement instanceof Unknown);
    if (unknown !== undefined) return [{ property, unknown }];
    return [{ property, wrong: "it lets requests come over plain HTTP", fix }];
  };

const isEvery = (named: string, action: string): boolean =>
  /^(\*|[a-z0-9-]+:\*)$/.test(named) || named === action.toLowerCase();

/** Resources with no policy at all. */
export function withoutPolicy(stack: Stack, { type, split, path, action }: Carrier): readonly Finding[] {
  return unnamed(stack.ofType([type]), stack.ofType([split]), path)
    .filter(({ props }) => isAbsent(props["policy"]))
    .map(({ urn, name }) => ({
      urn,
      property: "policy",
      wrong: `"${name}" has no policy, so that requests may come over plain HTTP`,
      fix: `give it one: ${fixFor(action)}`,
    }));
}
