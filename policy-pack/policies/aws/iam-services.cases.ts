import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { role, trusting, trustingObject } from "../../test/sent/iam.ts";
import { OWN, PARTNER, text } from "../../test/sent/policy.ts";

type Row = readonly [when: string, given: Sent, result: Case["result"]];
const rows = (rule: string, list: readonly Row[]): readonly Case[] =>
  list.map(([when, given, result]): Case => ({ rule, when, given, result }));

const own = { AWS: `arn:aws:iam::${OWN}:role/deploy` };
const partner = { AWS: `arn:aws:iam::${PARTNER}:root` };
const service = (...names: readonly string[]): Json => ({
  Service: names.length === 1 ? (names[0] ?? "") : [...names],
});
const federated = { Federated: `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com` };

const grant = (statement: Record<string, Json>): Sent => ({
  type: "aws:sqs/queuePolicy:QueuePolicy",
  props: { policy: { Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", ...statement }] } },
});
const keyGrant = (statement: Record<string, Json>): Sent => ({
  type: "aws:kms/key:Key",
  props: { policy: text({ Action: "kms:Decrypt", Resource: "*", ...statement }) },
});
const ACCOUNT = { StringEquals: { "aws:SourceAccount": OWN } };

export const cases: readonly Case[] = [
  ...rows("iam-service-trust-names-source", [
    ["a role says nothing of who assumes it", role({}), "passes"],
    ["the document is unknown", role({ assumeRolePolicy: UNKNOWN }), "waits"],
  ]),
  ...rows("iam-service-trust-names-source", [
    [
      "a service assumes it for anyone",
      trusting({ Principal: service("ecs-tasks.amazonaws.com") }),
      [/assumeRolePolicy: statement 1 lets ecs-tasks\.amazonaws\.com assume the role for any customer/],
    ],
    [
      "two services do",
      trusting({ Principal: service("ecs-tasks.amazonaws.com", "lambda.amazonaws.com") }),
      [/ecs-tasks/, /lambda/],
    ],
    ["the account is named", trusting({ Principal: service("lambda.amazonaws.com"), Condition: ACCOUNT }), "passes"],
    [
      "the resource is named",
      trusting({
        Principal: service("ecs-tasks.amazonaws.com"),
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:ecs:us-east-1:${OWN}:*` } },
      }),
      "passes",
    ],
    [
      "any resource is named",
      trusting({
        Principal: service("ecs-tasks.amazonaws.com"),
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:ecs:*:*:*" } },
      }),
      [/ecs-tasks/],
    ],
    [
      "the account may be absent",
      trusting({
        Principal: service("lambda.amazonaws.com"),
        Condition: { StringEqualsIfExists: { "aws:SourceAccount": OWN } },
      }),
      [/lambda/],
    ],
    [
      "the account is unknown",
      trustingObject({
        Principal: service("lambda.amazonaws.com"),
        Condition: { StringEquals: { "aws:SourceAccount": UNKNOWN } },
      }),
      "waits",
    ],
    ["the service is unknown", trustingObject({ Principal: { Service: UNKNOWN } }), "waits"],
    [
      "an unknown service stands beside another",
      trustingObject({ Principal: { Service: ["lambda.amazonaws.com", UNKNOWN] } }),
      [/lambda/],
    ],
    ["the service sends no source", trusting({ Principal: service("ec2.amazonaws.com") }), "passes"],
    ["a role assumes it", trusting({ Principal: own }), "passes"],
  ]),
  {
    rule: "iam-service-trust-names-source",
    when: "another service is said to send no source",
    given: trusting({ Principal: service("lambda.amazonaws.com") }),
    config: { servicesWithout: ["lambda.amazonaws.com"] },
    result: "passes",
  },

  ...(
    [
      [
        "a service is let in for anyone",
        grant({ Principal: service("sns.amazonaws.com") }),
        [/policy: statement 1 lets sns\.amazonaws\.com use it for any customer/],
      ],
      ["the account is named", grant({ Principal: service("sns.amazonaws.com"), Condition: ACCOUNT }), "passes"],
      [
        "the account is unknown",
        grant({
          Principal: service("sns.amazonaws.com"),
          Condition: { StringEquals: { "aws:SourceAccount": UNKNOWN } },
        }),
        "waits",
      ],
      ["a role is let in", grant({ Principal: own }), "passes"],
      ["the service is denied", grant({ Effect: "Deny", Principal: service("sns.amazonaws.com") }), "passes"],
      [
        "events reach a topic, where they cannot be told apart",
        {
          type: "aws:sns/topicPolicy:TopicPolicy",
          props: { policy: text({ Action: "sns:Publish", Resource: "*", Principal: service("events.amazonaws.com") }) },
        },
        "passes",
      ],
      [
        "a key is used for one account's log groups",
        keyGrant({
          Principal: service("logs.us-east-1.amazonaws.com"),
          Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${OWN}:log-group:*` } },
        }),
        "passes",
      ],
      [
        "a key is used for anyone's log groups",
        keyGrant({ Principal: service("logs.us-east-1.amazonaws.com") }),
        [/policy: statement 1 lets logs/],
      ],
      [
        "a bucket's path names the account",
        {
          type: "aws:s3/bucketPolicy:BucketPolicy",
          props: {
            policy: text({
              Action: "s3:PutObject",
              Resource: `arn:aws:s3:::logs/AWSLogs/${OWN}/*`,
              Principal: service("logdelivery.elasticloadbalancing.amazonaws.com"),
            }),
          },
        },
        "passes",
      ],
      ["a queue has no policy", { type: "aws:sqs/queuePolicy:QueuePolicy", props: {} }, "passes"],
      ["a key has no policy", { type: "aws:kms/key:Key", props: {} }, "passes"],
      ["a policy is unknown", { type: "aws:kms/key:Key", props: { policy: UNKNOWN } }, "waits"],
    ] as const satisfies readonly Row[]
  ).map(([when, given, result]): Case => ({ rule: "iam-service-grant-names-source", when, given, result })),

  ...(
    [
      [
        "a service's role has one",
        role({
          permissionsBoundary: "arn:b",
          assumeRolePolicy: text({ Principal: service("ecs-tasks.amazonaws.com") }),
        }),
        "passes",
      ],
      [
        "a service's role has none",
        trusting({ Principal: service("ecs-tasks.amazonaws.com") }),
        [/permissionsBoundary: it is not set/],
      ],
      ["a partner's role has none", trusting({ Principal: partner }), [/permissionsBoundary/]],
      [
        "it is empty",
        role({ permissionsBoundary: "", assumeRolePolicy: text({ Principal: own }) }),
        [/permissionsBoundary/],
      ],
      [
        "it is AWS's policy for administrators",
        role({
          permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
          assumeRolePolicy: text({ Principal: own }),
        }),
        [/permissionsBoundary: it is \S+, which bounds nothing/],
      ],
      ["it is unknown", role({ permissionsBoundary: UNKNOWN, assumeRolePolicy: text({ Principal: own }) }), "waits"],
      [
        "whoever deploys comes from outside",
        trusting({ Principal: federated, Action: "sts:AssumeRoleWithWebIdentity" }),
        "passes",
      ],
      ["who assumes it is unknown", role({ assumeRolePolicy: UNKNOWN }), "waits"],
    ] as const satisfies readonly Row[]
  ).map(([when, given, result]): Case => ({ rule: "iam-role-has-boundary", when, given, result })),
];
