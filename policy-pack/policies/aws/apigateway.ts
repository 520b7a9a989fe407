import { joinTo } from "../../support/join.ts";
import { expects, isSet, matching, oneOf, textOf } from "../../support/property.ts";
import type { Find, Finding, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const METHOD = "aws:apigateway/method:Method";
const ROUTE = "aws:apigatewayv2/route:Route";
const API = "aws:apigatewayv2/api:Api";
const STAGES = ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"];
const DOMAIN = "aws:apigateway/domainName:DomainName";
const DOMAIN_V2 = "aws:apigatewayv2/domainName:DomainName";

const METHOD_FIX = 'set authorization: "AWS_IAM", or an authorizer of the program';
const ROUTE_FIX = 'set authorizationType: "AWS_IAM", or "JWT" or "CUSTOM" with an authorizerId';

/** Browsers ask what they may do before they have anything to prove. */
const openMethod: Find = (resource, config) =>
  resource.props["httpMethod"] === "OPTIONS"
    ? []
    : expects("authorization", oneOf("AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"), METHOD_FIX)(resource, config);

const openRoute = expects("authorizationType", oneOf("AWS_IAM", "JWT", "CUSTOM"), ROUTE_FIX);

/** Routes that can ask: those of HTTP, and the one by which a WebSocket is opened. */
const namedRoute: Find = (resource, config) => {
  const { routeKey } = resource.props;
  if (routeKey instanceof Unknown) return [{ property: "routeKey", unknown: routeKey }];
  const key = textOf(routeKey) ?? "";
  const asks = key === "$connect" || (key.includes(" ") && !key.startsWith("OPTIONS "));
  return asks ? openRoute(resource, config) : [];
};

/** `$default` takes every other request of an HTTP API; of a WebSocket, who comes so far has been asked. */
function openDefaults(stack: Stack): readonly Finding[] {
  const apiOf = joinTo(stack.ofType([API]));
  return stack
    .ofType([ROUTE])
    .filter(({ props }) => props["routeKey"] === "$default")
    .filter((route) => !apiOf(route, "apiId").some(({ props }) => props["protocolType"] === "WEBSOCKET"))
    .flatMap((route) => openRoute(route, {}).map((finding) => ({ ...finding, urn: route.urn })));
}

/** The short form of an HTTP API makes a route of its own, which asks nobody. */
const quickRoute: Find = ({ props: { target } }) => {
  if (target instanceof Unknown || isSet.is(target))
    return [
      {
        property: "target",
        wrong: "it makes a route that asks nobody who they are",
        fix: "remove target and routeKey, and add an aws.apigatewayv2.Route with an authorizationType",
      },
    ];
  return [];
};

const MODERN_TLS = matching(/^(TLS_1_2$|SecurityPolicy_TLS1[23]_)/, "a policy of TLS 1.2 or newer");

export const rules: readonly Rule[] = [
  {
    name: "apigateway-authenticated",
    description: "Every method and route of API Gateway asks who calls it.",
    why: "Whoever finds the address otherwise uses what stands behind it, past the load balancer and its firewall.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP APIGateway.8", "CKV_AWS_59", "CKV_AWS_309", "AWS-0004"],
    resources: [
      { types: [METHOD], unknown: "refuse", find: openMethod },
      { types: [ROUTE], unknown: "refuse", find: namedRoute },
      { types: [API], unknown: "refuse", find: quickRoute },
    ],
    stack: openDefaults,
  },
  {
    name: "apigateway-access-logged",
    description: "Stages of API Gateway log every request.",
    why: "Without such a record nobody can say afterwards who asked for what.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP APIGateway.9", "CKV_AWS_76", "CKV_AWS_95", "AWS-0001"],
    resources: [
      {
        types: STAGES,
        unknown: "defer",
        find: expects(
          "accessLogSettings.destinationArn",
          isSet,
          "set accessLogSettings: { destinationArn, format } with the ARN of a log group",
        ),
      },
    ],
  },
  {
    name: "apigateway-tls-1-2",
    description: "Names of API Gateway take TLS 1.2 or newer.",
    why: "Older versions have known weaknesses, and a name may take them where nothing is said.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_206", "AWS-0005"],
    resources: [
      {
        types: [DOMAIN],
        unknown: "refuse",
        find: expects("securityPolicy", MODERN_TLS, 'set securityPolicy: "TLS_1_2"'),
      },
      {
        types: [DOMAIN_V2],
        unknown: "refuse",
        find: expects(
          "domainNameConfiguration.securityPolicy",
          MODERN_TLS,
          'set domainNameConfiguration.securityPolicy: "TLS_1_2"',
        ),
      },
    ],
  },
];
