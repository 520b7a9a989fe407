import { expects, textOf, type Expectation } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { plainSecret } from "../../support/secrets/plain-variables.ts";
import { Unknown } from "../../support/unknown.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";
const DOCUMENT = "aws:ssm/document:Document";

/** Secrets in parameters that are not encrypted. */
function plainParameters({ props }: Resource): readonly Finding[] {
  const { type, name } = props;
  if (type === "SecureString") return [];
  const found = ["value", "insecureValue"].flatMap((property) =>
    plainSecret(
      { property, value: props[property] },
      textOf(name) ?? "",
      "the parameter",
      'keep it in Secrets Manager, or set type: "SecureString" and valueWo',
    ),
  );
  return type instanceof Unknown && found.length > 0 ? [{ property: "type", unknown: type }] : found;
}

const notEverybody: Expectation = {
  is: (value) => !(textOf(value) ?? "").split(",").some((account) => account.trim().toLowerCase() === "all"),
  expected: "a list of accounts",
};

export const rules: readonly Rule[] = [
  {
    name: "ssm-no-plain-secrets",
    description: "No SSM parameter holds a secret in plain text.",
    why: "Whoever may read parameters, and the history of each, reads it without a right to any key.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV2_AWS_34"],
    resources: [{ types: [PARAMETER], unknown: "defer", find: plainParameters }],
  },
  {
    name: "ssm-document-not-public",
    description: "No SSM document is shared with every AWS account.",
    why: "A document shows how machines are set up, and what they run.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP SSM.4", "CKV_AWS_303"],
    resources: [
      {
        types: [DOCUMENT],
        unknown: "defer",
        find: expects("permissions.accountIds", notEverybody, "name the accounts, or remove permissions"),
      },
    ],
  },
];
