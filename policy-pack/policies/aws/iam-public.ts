import { carriersOf } from "../../support/iam/policy-carriers.ts";
import { statementCheck, type Judge } from "../../support/iam/policy-check.ts";
import { isPublic } from "../../support/iam/policy-document.ts";
import type { Rule } from "../../support/rule.ts";

/** Types about whose policies a rule of their own service asks, and APIs, which ask who calls by their routes. */
const ASKED_ELSEWHERE =
  /^aws:(apigateway|backup|cloudwatch|ecr|ecrpublic|efs|elasticsearch|kms|lambda|opensearch|secretsmanager|sns|sqs)\/|^aws:s3\/(accessPoint|bucket|bucketPolicy|bucketV2):|^aws:s3control\/accessPointPolicy:/;

const publicPolicy: Judge = (statement) =>
  isPublic(statement)
    ? [
        {
          wrong: `${statement.id} allows every principal`,
          fix: "name the principal, or pin it by aws:SourceAccount or aws:PrincipalOrgID",
        },
      ]
    : [];

export const rules: readonly Rule[] = [
  {
    name: "iam-resource-policy-not-public",
    description: "No policy of a resource lets everybody in, whatever the service.",
    why: "Anyone with an account of AWS could use it.",
    severity: "critical",
    level: "mandatory",
    standards: ["CIS 2.21"],
    resources: [
      statementCheck(
        ["resource"],
        publicPolicy,
        carriersOf("resource").filter((type) => !ASKED_ELSEWHERE.test(type)),
      ),
    ],
  },
];
