import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const rule = "apigateway-authenticated";

const method = (props: Sent["props"]): Sent => ({
  type: "aws:apigateway/method:Method",
  props: { httpMethod: "GET", ...props },
});
const route = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:apigatewayv2/route:Route",
  name: "orders",
  props: { apiId: "a1b2c3", routeKey: "GET /orders", ...props },
  references,
});
const api = (props: Sent["props"] = {}): Sent => ({
  type: "aws:apigatewayv2/api:Api",
  name: "public",
  props: { id: "a1b2c3", protocolType: "HTTP", ...props },
});
const stage = (type: string): Sent => ({ type: `aws:${type}/stage:Stage`, props: {} });

export const cases: readonly Case[] = [
  ...aboutProperty({
    rule,
    sound: method({}),
    property: "authorization",
    passes: ["AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"],
    fails: ["NONE", ""],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule,
    sound: route({}),
    property: "authorizationType",
    passes: ["AWS_IAM", "JWT", "CUSTOM"],
    fails: ["NONE"],
    absent: "fails",
    unknown: "refused",
  }),
  ...casesOf(rule, [
    ["a browser asks first", method({ httpMethod: "OPTIONS", authorization: "NONE" }), "passes"],
    ["a browser asks first, on a route", route({ routeKey: "OPTIONS /orders" }), "passes"],
    ["a WebSocket is opened by anybody", route({ routeKey: "$connect" }), [/authorizationType: it is not set/]],
    ["a message comes on an open WebSocket", route({ routeKey: "send" }), "passes"],
    ["the key of a route is unknown", route({ routeKey: UNKNOWN }), [/routeKey: its value is not known/]],
    [
      "a route has no key, which the provider refuses itself",
      { type: "aws:apigatewayv2/route:Route", props: {} },
      "passes",
    ],
    ["an API has routes of its own", api(), "passes"],
    ["an API makes its route by itself", api({ target: "arn:aws:lambda:x" }), [/target: it makes a route that asks/]],
    ["an API leads to what is not known yet", api({ target: UNKNOWN }), [/target: it makes a route that asks nobody/]],
    [
      "anybody may ask for the rest",
      [api(), route({ routeKey: "$default" })],
      [/authorizationType: it is not set, and must be one of/],
    ],
    ["who asks for the rest proves it", [api(), route({ routeKey: "$default", authorizationType: "JWT" })], "passes"],
    [
      "how the rest is asked for is unknown",
      [api(), route({ routeKey: "$default", authorizationType: UNKNOWN })],
      "waits",
    ],
    [
      "the rest of an open WebSocket comes",
      [
        api({ id: UNKNOWN, protocolType: "WEBSOCKET" }),
        route({ apiId: UNKNOWN, routeKey: "$default" }, { apiId: ["public"] }),
      ],
      "passes",
    ],
  ]),
  ...["apigateway", "apigatewayv2"].flatMap((type) =>
    aboutProperty({
      rule: "apigateway-access-logged",
      sound: stage(type),
      property: "accessLogSettings.destinationArn",
      passes: ["arn:aws:logs:us-east-1:111122223333:log-group:orders"],
      fails: [""],
      absent: "fails",
      unknown: "waits",
    }),
  ),
  ...aboutProperty({
    rule: "apigateway-tls-1-2",
    sound: { type: "aws:apigateway/domainName:DomainName", props: {} },
    property: "securityPolicy",
    passes: ["TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09"],
    fails: ["TLS_1_0"],
    absent: "fails",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: "apigateway-tls-1-2",
    sound: { type: "aws:apigatewayv2/domainName:DomainName", props: {} },
    property: "domainNameConfiguration.securityPolicy",
    passes: ["TLS_1_2"],
    fails: ["TLS_1_0"],
    absent: "fails",
    unknown: "refused",
  }),
];
