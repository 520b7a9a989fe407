import type { Json } from "../analyzer.ts";

/* Policy documents, and the accounts in them, as an engine sends them. */

export const OWN = "111122223333";
export const PARTNER = "464622532012";

/** The provider of an environment: limited to one account, in the form of an explicit provider. */
export const PROVIDER = { allowedAccountIds: JSON.stringify([OWN]) };

export type Statement = Record<string, Json>;

const filled = (statement: Statement): Statement => ({ Effect: "Allow", ...statement });

/** A document as JSON text. */
export const text = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map(filled) });

/** A document as an object, which may hold unknown values. */
export const object = (...statements: readonly Statement[]): Json => ({
  Version: "2012-10-17",
  Statement: statements.map(filled),
});

/** The statement by which a resource refuses callers without TLS. */
export const denyPlainHttp = (action: string, resource: string | readonly string[]) => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: typeof resource === "string" ? resource : [...resource],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
