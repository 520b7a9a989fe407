import type { Json, Sent } from "../analyzer.ts";
import type { Case } from "../case.ts";
import { PROVIDER, object, text, type Statement } from "./policy.ts";

/* What carries policies of IAM, as an engine sends it. */

export const rolePolicy = (policy: Json, more: Partial<Sent> = {}): Sent => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  props: { role: "api", policy },
  ...more,
});

export const customerPolicy = (policy: Json, more: Partial<Sent> = {}): Sent => ({
  type: "aws:iam/policy:Policy",
  props: { policy },
  ...more,
});

export const role = (props: Sent["props"], more: Partial<Sent> = {}): Sent => ({
  type: "aws:iam/role:Role",
  props,
  provider: PROVIDER,
  ...more,
});

/** A role that these statements let others assume. */
export const trusting = (...statements: readonly Statement[]): Sent =>
  role({ assumeRolePolicy: text(...statements.map((statement) => ({ Action: "sts:AssumeRole", ...statement }))) });

/** A role whose trust is an object, and so may hold unknown values. */
export const trustingObject = (statement: Statement): Sent =>
  role({ assumeRolePolicy: object({ Action: "sts:AssumeRole", ...statement }) });

/** Cases about one statement of a role's policy. */
export const aboutStatement =
  (rule: string) =>
  (when: string, statement: Statement, result: Case["result"]): Case => ({
    rule,
    when,
    given: rolePolicy(object(statement)),
    result,
  });
