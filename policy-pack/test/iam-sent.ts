import type { Json, Sent } from "./analyzer.ts";

/** Documents and carriers of policies for cases, as an engine sends them. */

export const OWN = "111122223333";
export const PARTNER = "464622532012";

/** The provider of an environment: limited to one account, in the form of an explicit provider. */
export const PROVIDER = { allowedAccountIds: JSON.stringify([OWN]) };

type Statement = Record<string, Json>;

const filled = (statement: Statement): Statement => ({ Effect: "Allow", ...statement });

/** A document as JSON text. */
export const text = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map(filled) });

/** A document as an object, which may hold unknown values. */
export const object = (...statements: readonly Statement[]): Json => ({
  Version: "2012-10-17",
  Statement: statements.map(filled),
});

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
