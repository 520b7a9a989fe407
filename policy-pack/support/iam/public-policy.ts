import { isAbsent, locate } from "../property.ts";
import type { Find } from "../rule.ts";
import { faultsIn, type Fault } from "./policy-check.ts";
import { isPublic, type Statement } from "./policy-document.ts";

/** What is wrong with a statement that lets everybody in. */
export const publicStatement = (statement: Statement, fix: string): readonly Fault[] =>
  isPublic(statement) ? [{ wrong: `${statement.id} allows every principal`, fix }] : [];

/** The check that no statement of the resource policy at a path allows everyone. Without a policy nobody is let in. */
export const notPublic =
  (path: string, fix: string): Find =>
  ({ props }) =>
    locate(props, path)
      .filter(({ value }) => !isAbsent(value))
      .flatMap((policy) => faultsIn(policy, (statement) => publicStatement(statement, fix)));
