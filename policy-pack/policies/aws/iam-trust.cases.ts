import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { role, trusting, trustingObject } from "../../test/sent/iam.ts";
import { OWN, PARTNER, text } from "../../test/sent/policy.ts";

const GITHUB = "token.actions.githubusercontent.com";
const FEDERATED = { Federated: `arn:aws:iam::${OWN}:oidc-provider/${GITHUB}` };
const SUBJECT = "repo:example-org/groundwork:environment:production";

const own = { AWS: `arn:aws:iam::${OWN}:role/deploy` };
const ownAccount = { AWS: `arn:aws:iam::${OWN}:root` };
const partner = { AWS: `arn:aws:iam::${PARTNER}:root` };

/** A role that GitHub's tokens may assume, with these conditions. */
const github = (condition: Record<string, Json>, principal: Json = FEDERATED): Sent =>
  role({
    assumeRolePolicy: {
      Statement: [
        { Effect: "Allow", Principal: principal, Action: "sts:AssumeRoleWithWebIdentity", Condition: condition },
      ],
    },
  });
const AUDIENCE = { [`${GITHUB}:aud`]: "sts.amazonaws.com" };
const subject = (value: Json): Record<string, Json> => ({
  StringLike: { [`${GITHUB}:sub`]: value },
  StringEquals: AUDIENCE,
});

/** What holds for every rule about trust. */
const bare = (rule: string): readonly Case[] => [
  { rule, when: "a role says nothing of who assumes it", given: role({}), result: "passes" },
  { rule, when: "the document is unknown", given: role({ assumeRolePolicy: UNKNOWN }), result: "waits" },
  {
    rule,
    when: "an unknown statement hides nothing that is right",
    given: role({ assumeRolePolicy: { Statement: [UNKNOWN] } }),
    result: "waits",
  },
];

type Row = readonly [when: string, given: Sent, result: Case["result"]];
const rows = (rule: string, list: readonly Row[]): readonly Case[] => [
  ...bare(rule),
  ...list.map(([when, given, result]): Case => ({ rule, when, given, result })),
];

export const cases: readonly Case[] = [
  ...rows("iam-trust-not-public", [
    [
      "anyone may assume it",
      trusting({ Principal: "*" }),
      [/assumeRolePolicy: statement 1 lets anyone assume the role/],
    ],
    ["anyone may, as a map", trusting({ Principal: { AWS: "*" } }), [/assumeRolePolicy/]],
    ["anyone may, in a list", trusting({ Principal: { AWS: [own.AWS, "*"] } }), [/assumeRolePolicy/]],
    ["any account may", trusting({ Principal: { AWS: "arn:aws:iam::*:root" } }), [/assumeRolePolicy/]],
    ["any provider may", trusting({ Principal: { Federated: "*" } }), [/assumeRolePolicy/]],
    [
      "anyone with an external id may",
      trusting({ Principal: "*", Condition: { StringEquals: { "sts:ExternalId": "a" } } }),
      [/assumeRolePolicy/],
    ],
    [
      "anyone of the organisation may",
      trusting({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } } }),
      "passes",
    ],
    ["one role may", trusting({ Principal: own }), "passes"],
    ["a service may", trusting({ Principal: { Service: "ecs-tasks.amazonaws.com" } }), "passes"],
    ["everybody is denied", trusting({ Effect: "Deny", Principal: "*" }), "passes"],
    ["one of the principals is unknown", trustingObject({ Principal: { AWS: [own.AWS, UNKNOWN] } }), "waits"],
    ["an unknown stands beside anyone", trustingObject({ Principal: { AWS: [UNKNOWN, "*"] } }), [/assumeRolePolicy/]],
  ]),

  ...rows("iam-trust-not-whole-account", [
    [
      "everybody in the account may assume it",
      trusting({ Principal: ownAccount }),
      [/assumeRolePolicy: statement 1 lets everybody in account 111122223333/],
    ],
    ["the account is a number", trusting({ Principal: { AWS: OWN } }), [/assumeRolePolicy/]],
    [
      "a second factor is required of all",
      trusting({ Principal: ownAccount, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      [/assumeRolePolicy/],
    ],
    [
      "the role is named in a condition",
      trusting({
        Principal: ownAccount,
        Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OWN}:role/deploy-*` } },
      }),
      "passes",
    ],
    [
      "the condition names any role",
      trusting({ Principal: ownAccount, Condition: { ArnLike: { "aws:PrincipalArn": "*" } } }),
      [/assumeRolePolicy/],
    ],
    ["one role may", trusting({ Principal: own }), "passes"],
    ["it is another account, which is another rule's", trusting({ Principal: partner }), "passes"],
    ["the principal is unknown", trustingObject({ Principal: { AWS: UNKNOWN } }), "waits"],
  ]),

  ...rows("iam-foreign-trust-has-external-id", [
    [
      "a partner's account may assume it",
      trusting({ Principal: partner }),
      [/assumeRolePolicy: statement 1 lets account 464622532012 assume the role without an external id/],
    ],
    [
      "a partner's role may",
      trusting({ Principal: { AWS: `arn:aws:iam::${PARTNER}:role/reader` } }),
      [/assumeRolePolicy/],
    ],
    [
      "a partner's number may, beside its own role",
      trusting({ Principal: { AWS: [own.AWS, PARTNER] } }),
      [/account 464622532012/],
    ],
    [
      "the external id is any",
      trusting({ Principal: partner, Condition: { StringLike: { "sts:ExternalId": "*" } } }),
      [/assumeRolePolicy/],
    ],
    [
      "the external id may be absent",
      trusting({ Principal: partner, Condition: { StringEqualsIfExists: { "sts:ExternalId": "a1b2" } } }),
      [/assumeRolePolicy/],
    ],
    [
      "the external id is fixed",
      trusting({ Principal: partner, Condition: { StringEquals: { "sts:ExternalId": "a1b2" } } }),
      "passes",
    ],
    [
      "the external id is unknown",
      trustingObject({ Principal: partner, Condition: { StringEquals: { "sts:ExternalId": UNKNOWN } } }),
      "waits",
    ],
    ["the own account may", trusting({ Principal: ownAccount }), "passes"],
    [
      "nothing says which account is its own",
      { ...trusting({ Principal: partner }), provider: {} },
      [/assumeRolePolicy/],
    ],
    [
      "the boundary says which account is its own",
      role(
        {
          assumeRolePolicy: text({ Action: "sts:AssumeRole", Principal: own }),
          permissionsBoundary: `arn:aws:iam::${OWN}:policy/b`,
        },
        { provider: {} },
      ),
      "passes",
    ],
    [
      "the provider's accounts are unknown",
      { ...trusting({ Principal: partner }), provider: { allowedAccountIds: UNKNOWN } },
      "waits",
    ],
  ]),

  ...rows("iam-oidc-trust-pinned", [
    [
      "one environment of one repository may assume it",
      github({ StringEquals: { ...AUDIENCE, [`${GITHUB}:sub`]: SUBJECT } }),
      "passes",
    ],
    [
      "branches of one repository may",
      github(subject("repo:example-org/groundwork:ref:refs/heads/release-*")),
      "passes",
    ],
    [
      "the subject is not tested",
      github({ StringEquals: AUDIENCE }),
      [/assumeRolePolicy: statement 1 accepts tokens of more than one repository/],
    ],
    [
      "the audience is not tested",
      github({ StringLike: { [`${GITHUB}:sub`]: SUBJECT } }),
      [/accepts tokens that were made for others/],
    ],
    ["nothing is tested", trusting({ Principal: FEDERATED }), [/made for others/, /more than one repository/]],
    ["any repository of the owner may", github(subject("repo:example-org/*")), [/more than one repository/]],
    ["any repository of such a name may", github(subject("repo:*/groundwork:ref:refs/heads/main")), [/more than one/]],
    ["any branch may, and pull requests", github(subject("repo:example-org/groundwork:*")), [/more than one/]],
    ["one of two subjects is wide", github(subject([SUBJECT, "repo:*"])), [/more than one/]],
    [
      "the subject may be absent",
      github({ StringEquals: AUDIENCE, StringEqualsIfExists: { [`${GITHUB}:sub`]: SUBJECT } }),
      [/more than one/],
    ],
    [
      "the subject is compared with all values, and there may be none",
      github({ StringEquals: AUDIENCE, "ForAllValues:StringEquals": { [`${GITHUB}:sub`]: SUBJECT } }),
      [/more than one/],
    ],
    [
      "the provider is unknown, and all is pinned",
      github({ StringEquals: { ...AUDIENCE, [`${GITHUB}:sub`]: SUBJECT } }, { Federated: UNKNOWN }),
      "passes",
    ],
    ["the provider is unknown, and nothing is tested", github({}, { Federated: UNKNOWN }), "waits"],
    ["the subject is unknown", github(subject(UNKNOWN)), "waits"],
    [
      "another provider's subject is fixed",
      github(
        { StringLike: { "accounts.example.com:sub": "project:groundwork:*" } },
        { Federated: `arn:aws:iam::${OWN}:oidc-provider/accounts.example.com` },
      ),
      "passes",
    ],
    [
      "only another provider's audience is fixed",
      github(
        { StringEquals: { "accounts.example.com:aud": "https://accounts.example.com" } },
        { Federated: `arn:aws:iam::${OWN}:oidc-provider/accounts.example.com` },
      ),
      [/accepts every token that accounts\.example\.com signs/],
    ],
    [
      "the audience is a pool of its own",
      github(
        { StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:1a2b" } },
        { Federated: "cognito-identity.amazonaws.com" },
      ),
      "passes",
    ],
    [
      "an enterprise's own issuer of GitHub is not pinned",
      github(
        { StringEquals: { [`${GITHUB}/example:aud`]: "sts.amazonaws.com" } },
        { Federated: `arn:aws:iam::${OWN}:oidc-provider/${GITHUB}/example` },
      ),
      [/more than one repository/],
    ],
    [
      "another provider's tokens are not tested",
      github({}, { Federated: `arn:aws:iam::${OWN}:oidc-provider/accounts.example.com` }),
      [/accepts every token that accounts\.example\.com signs/],
    ],
    ["people come through SAML", github({}, { Federated: `arn:aws:iam::${OWN}:saml-provider/staff` }), "passes"],
    ["a service assumes it", trusting({ Principal: { Service: "ecs-tasks.amazonaws.com" } }), "passes"],
  ]),
];
