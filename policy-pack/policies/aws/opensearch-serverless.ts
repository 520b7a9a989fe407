import { parse } from "../../support/iam/policy-document.ts";
import { at, elements, isTrue, locate } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, isList, type Plain } from "../../support/unknown.ts";

const SERVERLESS_SECURITY = "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy";
const SERVERLESS_ACCESS = "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy";

/** Rules of a serverless policy, which is JSON text that holds a list. */
function serverlessRules({ props }: Resource): readonly { property: string; value: Plain }[] {
  const policy = props["policy"];
  const property = "policy";
  if (policy instanceof Unknown) return [{ property, value: policy }];
  const parsed = typeof policy === "string" ? parse(policy) : policy;
  return (isList(parsed) ? parsed : [parsed]).map((value) => ({ property, value }));
}

/** Network policies that open a collection to the internet. */
function publicCollections(resource: Resource): readonly Finding[] {
  const type = resource.props["type"];
  if (type instanceof Unknown) return [{ property: "type", unknown: type }];
  if (type !== "network") return [];
  return serverlessRules(resource).flatMap(({ property, value }): readonly Finding[] => {
    const open = at(value, "AllowFromPublic");
    if (open instanceof Unknown) return [{ property, unknown: open }];
    if (!isTrue.is(open)) return [];
    return [
      {
        property,
        wrong: "AllowFromPublic is true",
        fix: "set AllowFromPublic to false, and SourceVPCEs to the endpoints that need it",
      },
    ];
  });
}

/** Data access policies that give every permission. */
function wideAccess(resource: Resource): readonly Finding[] {
  return serverlessRules(resource).flatMap(({ property, value }) =>
    locate(value, "Rules[].Permission")
      .flatMap(elements)
      .flatMap(({ value: permission }): readonly Finding[] => {
        if (permission instanceof Unknown) return [{ property, unknown: permission }];
        if (permission !== "aoss:*" && permission !== "*") return [];
        return [
          {
            property,
            wrong: `it gives the permission "${permission}"`,
            fix: 'name the permissions, such as "aoss:ReadDocument"',
          },
        ];
      }),
  );
}

export const rules: readonly Rule[] = [
  {
    name: "opensearch-serverless-not-public",
    description: "No OpenSearch Serverless collection is open to the internet.",
    why: "Only its data access policy would keep strangers out.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SERVERLESS_SECURITY], unknown: "defer", find: publicCollections }],
  },
  {
    name: "opensearch-serverless-access-limited",
    description: "Data access policies of OpenSearch Serverless name the permissions that they give.",
    why: "Whoever may only search could otherwise delete every index.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SERVERLESS_ACCESS], unknown: "defer", find: wideAccess }],
  },
];
