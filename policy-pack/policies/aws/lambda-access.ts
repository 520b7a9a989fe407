import { notPublic } from "../../support/iam/public-policy.ts";
import { at, described, elements, expects, isSet, oneOf } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const PERMISSION = "aws:lambda/permission:Permission";
const LAYER_PERMISSION = "aws:lambda/layerVersionPermission:LayerVersionPermission";
const RESOURCE_POLICY = "aws:lambda/resourcePolicy:ResourcePolicy";
const URL = "aws:lambda/functionUrl:FunctionUrl";

const ACCOUNT = /^\d{12}$/;
const ARN_OF_ACCOUNT = /^arn:[^:*?]+:[^:*?]+:[^:]*:\d{12}:/;

/** What narrows a permission: the property, and whether its value does. */
const NARROWING: Readonly<Record<string, RegExp>> = {
  principalOrgId: /^o-/,
  organizationId: /^o-/,
  sourceAccount: ACCOUNT,
  sourceArn: ARN_OF_ACCOUNT,
};

/** Undefined where a permission is narrowed; what it waits for where an unknown value may narrow it. */
function unnarrowed({ props }: Resource, by: readonly string[]): readonly Finding[] | undefined {
  const values = by.map((property) => ({ property, value: props[property] }));
  if (values.some(({ property, value }) => typeof value === "string" && NARROWING[property]?.test(value)))
    return undefined;
  return values.flatMap(({ property, value }) => (value instanceof Unknown ? [{ property, unknown: value }] : []));
}

/** Permissions of everyone. */
function openPermission(resource: Resource): readonly Finding[] {
  const { principal } = resource.props;
  if (principal instanceof Unknown) return [{ property: "principal", unknown: principal }];
  if (isSet.is(principal) && principal !== "*") return [];
  const waiting = unnarrowed(resource, Object.keys(NARROWING));
  if (waiting === undefined || waiting.length > 0) return waiting ?? [];
  const wrong = principal === "*" ? "it is *, which is every account of AWS" : described(principal);
  return [{ property: "principal", wrong, fix: "name the account or the service, or set principalOrgId" }];
}

/** The name of a bucket has no account in its ARN, and whoever owns the name next could call the function. */
const neededOf = (principal: string): readonly string[] =>
  principal.startsWith("s3.") ? ["sourceAccount"] : ["sourceArn", "sourceAccount"];

/** Permissions of a service that do not say on whose behalf it may call. */
function deputy(resource: Resource): readonly Finding[] {
  const { principal, eventSourceToken } = resource.props;
  if (principal instanceof Unknown) return [{ property: "principal", unknown: principal }];
  if (typeof principal !== "string" || !/\.amazonaws\.com(\.cn)?$/.test(principal)) return [];
  if (isSet.is(eventSourceToken)) return [];
  const needed = neededOf(principal);
  const waiting = unnarrowed(resource, needed);
  if (waiting === undefined || waiting.length > 0) return waiting ?? [];
  const [property = "sourceArn"] = needed;
  const wrong = `${described(resource.props[property])}, so that ${principal} may call for any account`;
  return [{ property, wrong, fix: `set ${needed.join(", or ")} to what may cause the call` }];
}

/** Web pages of anybody may call the URL. */
const anyOrigin = ({ props }: Resource): readonly Finding[] =>
  elements({ property: "cors.allowOrigins", value: at(props, "cors.allowOrigins") }).flatMap(
    ({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      if (value !== "*") return [];
      return [
        { property, wrong: "it is *, which is every website", fix: "name the origins of the project's own sites" },
      ];
    },
  );

export const rules: readonly Rule[] = [
  {
    name: "lambda-not-public",
    description: "No Lambda function or layer can be used by every account of AWS.",
    why: "Anyone could run the function with its role, as often as the bill allows.",
    severity: "critical",
    level: "mandatory",
    standards: [
      ...["FSBP Lambda.1", "CKV_AWS_301", "cdk-nag LambdaFunctionPublicAccessProhibited"],
      ...["Prowler awslambda_function_not_publicly_accessible", "PCI DSS v4.0.1/7.2.1"],
    ],
    resources: [
      { types: [PERMISSION, LAYER_PERMISSION], unknown: "defer", find: openPermission },
      {
        types: [RESOURCE_POLICY],
        unknown: "defer",
        find: notPublic("policy", "name the principal, or pin aws:SourceAccount"),
      },
    ],
  },
  {
    name: "lambda-service-names-its-source",
    description: "A service of AWS may call a Lambda function only for a source that is named.",
    why: "Another account's topic or bucket could otherwise make the service call the function.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_364", "AWS-0067"],
    resources: [{ types: [PERMISSION], unknown: "defer", find: deputy }],
  },
  {
    name: "lambda-url-authenticated",
    description: "URLs of Lambda functions ask for credentials of IAM.",
    why: "Without them the whole internet runs the function, past load balancer and firewall.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_258", "cdk-nag LambdaFunctionUrlAuth", "Prowler awslambda_function_url_public"],
    resources: [
      {
        types: [URL],
        unknown: "refuse",
        find: expects("authorizationType", oneOf("AWS_IAM"), 'set authorizationType: "AWS_IAM"'),
      },
    ],
  },
  {
    name: "lambda-url-names-origins",
    description: "URLs of Lambda functions name the websites that may call them.",
    why: "Any page could otherwise call the function in the name of whoever visits it.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler awslambda_function_url_cors_policy"],
    resources: [{ types: [URL], unknown: "defer", find: anyOrigin }],
  },
];
