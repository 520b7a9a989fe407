import { faultsIn } from "./policy-check.ts";
import { isPublic } from "./policy-document.ts";
import { locate } from "./property.ts";
import type { Find } from "./rule.ts";

/** The check that no statement of the resource policy at a path allows everyone. Without a policy nobody is let in. */
export const notPublic =
  (path: string, fix: string): Find =>
  ({ props }) =>
    locate(props, path)
      .filter(({ value }) => value !== undefined && value !== null && value !== "")
      .flatMap((policy) =>
        faultsIn(policy, (statement) =>
          isPublic(statement) ? [{ wrong: `${statement.id} allows every principal`, fix }] : [],
        ),
      );
