import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

type Props = Sent["props"];

const permission = (props: Props): Sent => ({
  type: "aws:lambda/permission:Permission",
  props: { action: "lambda:InvokeFunction", ...props },
});
const layer = (props: Props): Sent => ({ type: "aws:lambda/layerVersionPermission:LayerVersionPermission", props });
const policy = (document: Json): Sent => ({
  type: "aws:lambda/resourcePolicy:ResourcePolicy",
  props: { policy: document },
});
const url = (props: Props): Sent => ({ type: "aws:lambda/functionUrl:FunctionUrl", props });

const TOPIC = "arn:aws:sns:us-east-1:444455556666:alarms";
const fromTopic = permission({ function: "paging", principal: "sns.amazonaws.com", sourceArn: TOPIC });
const allow = (Principal: Json): string => text({ Principal, Action: "lambda:InvokeFunction" });

export const cases: readonly Case[] = [
  { rule: "lambda-not-public", when: "a topic may call", given: fromTopic, result: "passes" },
  {
    rule: "lambda-not-public",
    when: "an account may call",
    given: permission({ principal: "111122223333" }),
    result: "passes",
  },
  {
    rule: "lambda-not-public",
    when: "everyone may call",
    given: permission({ principal: "*" }),
    result: [/principal: it is \*, which is every account of AWS/],
  },
  {
    rule: "lambda-not-public",
    when: "no principal is named",
    given: permission({ function: "paging" }),
    result: [/principal: it is not set/],
  },
  {
    rule: "lambda-not-public",
    when: "everyone of the organisation may call",
    given: permission({ principal: "*", principalOrgId: "o-abc1234567" }),
    result: "passes",
  },
  {
    rule: "lambda-not-public",
    when: "a source without an account narrows nothing",
    given: permission({ principal: "*", sourceArn: "arn:aws:s3:::media" }),
    result: [/which is every account of AWS/],
  },
  {
    rule: "lambda-not-public",
    when: "what narrows it is unknown",
    given: permission({ principal: "*", sourceArn: UNKNOWN }),
    result: "waits",
  },
  {
    rule: "lambda-not-public",
    when: "the principal is unknown",
    given: permission({ principal: UNKNOWN }),
    result: "waits",
  },
  {
    rule: "lambda-not-public",
    when: "everyone may use a layer",
    given: layer({ principal: "*" }),
    result: [/principal: it is \*/],
  },
  {
    rule: "lambda-not-public",
    when: "the organisation may use a layer",
    given: layer({ principal: "*", organizationId: "o-abc1234567" }),
    result: "passes",
  },
  {
    rule: "lambda-not-public",
    when: "a policy allows everyone",
    given: policy(allow({ AWS: "*" })),
    result: [/policy: statement 1 allows every principal/],
  },
  {
    rule: "lambda-not-public",
    when: "a policy allows a service",
    given: policy(allow({ Service: "sns.amazonaws.com" })),
    result: "passes",
  },
  {
    rule: "lambda-not-public",
    when: "there is no policy",
    given: { type: "aws:lambda/resourcePolicy:ResourcePolicy", props: {} },
    result: "passes",
  },

  { rule: "lambda-service-names-its-source", when: "it does", given: fromTopic, result: "passes" },
  {
    rule: "lambda-service-names-its-source",
    when: "it names nothing",
    given: permission({ principal: "sns.amazonaws.com" }),
    result: [/sourceArn: it is not set, so that sns\.amazonaws\.com may call for any account/],
  },
  {
    rule: "lambda-service-names-its-source",
    when: "the source is everything",
    given: permission({ principal: "events.amazonaws.com", sourceArn: "*" }),
    result: [/sourceArn: it is "\*"/],
  },
  {
    rule: "lambda-service-names-its-source",
    when: "a bucket may call, whose ARN has no account",
    given: permission({ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::media" }),
    result: [/sourceAccount: it is not set/],
  },
  {
    rule: "lambda-service-names-its-source",
    when: "a bucket of an account may call",
    given: permission({
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::media",
      sourceAccount: "444455556666",
    }),
    result: "passes",
  },
  {
    rule: "lambda-service-names-its-source",
    when: "the source is unknown",
    given: permission({ principal: "sns.amazonaws.com", sourceArn: UNKNOWN }),
    result: "waits",
  },
  {
    rule: "lambda-service-names-its-source",
    when: "an account may call, which is its own source",
    given: permission({ principal: "111122223333" }),
    result: "passes",
  },
  {
    rule: "lambda-service-names-its-source",
    when: "the principal is unknown",
    given: permission({ principal: UNKNOWN }),
    result: "waits",
  },

  { rule: "lambda-url-authenticated", when: "it is", given: url({ authorizationType: "AWS_IAM" }), result: "passes" },
  {
    rule: "lambda-url-authenticated",
    when: "it is not",
    given: url({ authorizationType: "NONE" }),
    result: [/authorizationType: it is "NONE", and must be "AWS_IAM"/],
  },
  {
    rule: "lambda-url-authenticated",
    when: "nothing is said",
    given: url({}),
    result: [/authorizationType: it is not set/],
  },
  {
    rule: "lambda-url-authenticated",
    when: "it is unknown",
    given: url({ authorizationType: UNKNOWN }),
    result: [/authorizationType: its value is not known/],
  },

  { rule: "lambda-url-names-origins", when: "no page may call", given: url({}), result: "passes" },
  {
    rule: "lambda-url-names-origins",
    when: "own pages may",
    given: url({ cors: { allowOrigins: ["https://www.example.com"] } }),
    result: "passes",
  },
  {
    rule: "lambda-url-names-origins",
    when: "every page may",
    given: url({ cors: { allowOrigins: ["https://www.example.com", "*"] } }),
    result: [/cors\.allowOrigins\[1\]: it is \*, which is every website/],
  },
  {
    rule: "lambda-url-names-origins",
    when: "they are unknown",
    given: url({ cors: { allowOrigins: UNKNOWN } }),
    result: "waits",
  },
];
