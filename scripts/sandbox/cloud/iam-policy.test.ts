import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allowsService,
  matches,
  type PolicyKind,
  policyProblem,
  policySize,
  publicStatement,
  samePolicy,
} from "./iam-policy.ts";

const ROLE = "arn:aws:iam::111122223333:role/app";

/** A document of one statement that is right for its kind, with changes; undefined takes a field away. */
const BASE: Record<PolicyKind, object> = {
  identity: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*" },
  trust: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
  resource: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*", Principal: { AWS: ROLE } },
  owner: { Effect: "Allow", Action: "ecr:BatchGetImage", Principal: { AWS: ROLE } },
};
const one = (kind: PolicyKind, changes: object = {}): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ ...BASE[kind], ...changes }] });

describe("the validator of policy documents", () => {
  describe("takes", () => {
    const good: [string, PolicyKind, string][] = [
      ["a plain identity policy", "identity", one("identity")],
      ["a plain trust policy", "trust", one("trust")],
      ["a plain resource policy", "resource", one("resource")],
      ["an owner's policy without resources", "owner", one("owner")],
      ["a statement that is no list", "identity", JSON.stringify({ Statement: BASE.identity })],
      ["a document without Version", "identity", JSON.stringify({ Statement: [BASE.identity] })],
      ["wildcards in actions", "identity", one("identity", { Action: ["*", "s3:*", "s3:Get?bject*"] })],
      [
        "NotAction and NotResource",
        "identity",
        one("identity", { Action: undefined, NotAction: "iam:*", Resource: undefined, NotResource: "*" }),
      ],
      [
        "a policy variable in a resource",
        "identity",
        one("identity", { Resource: "arn:aws:s3:::media/${aws:username}/*" }),
      ],
      [
        "a web identity",
        "trust",
        one("trust", {
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
          Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
        }),
      ],
      ["tag sessions in a trust policy", "trust", one("trust", { Action: ["sts:AssumeRole", "sts:TagSession"] })],
      ['{"AWS": "*"} in a trust policy', "trust", one("trust", { Principal: { AWS: "*" } })],
      ["everyone in a resource policy", "resource", one("resource", { Principal: "*" })],
      [
        "an account as number, ARN, or deleted id",
        "resource",
        one("resource", {
          Principal: { AWS: ["111122223333", "arn:aws:iam::111122223333:root", "AROAEXAMPLEEXAMPLE12"] },
        }),
      ],
      [
        "a CloudFront access identity",
        "resource",
        one("resource", {
          Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEF2GHIJK" },
        }),
      ],
      ["a Sid with spaces in a resource policy", "resource", one("resource", { Sid: "Enable IAM User Permissions" })],
      [
        "qualified operators",
        "identity",
        one("identity", {
          Condition: {
            "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a*"] },
            Null: { "aws:PrincipalTag/team": "false" },
          },
        }),
      ],
      [
        "booleans and numbers as values",
        "identity",
        one("identity", {
          Condition: { Bool: { "aws:SecureTransport": false }, NumericLessThan: { "s3:max-keys": 10 } },
        }),
      ],
      [
        "addresses and blocks",
        "identity",
        one("identity", { Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::1"] } } }),
      ],
      [
        "a variable where a date is expected",
        "identity",
        one("identity", { Condition: { DateLessThan: { "aws:CurrentTime": "${aws:TokenIssueTime}" } } }),
      ],
    ];
    for (const [name, kind, text] of good) it(name, () => assert.deepEqual(policyProblem(text, kind), undefined));
  });

  describe("refuses", () => {
    const bad: [string, PolicyKind, string, string, RegExp][] = [
      ["text that is no JSON", "identity", "{", "", /not valid JSON/],
      ["JSON that is no object", "identity", "[]", "", /JSON object/],
      ["letters beyond Latin-1", "identity", one("identity", { Sid: "naïve✓" }), "", /character/],
      [
        "an unknown field, naming the right one",
        "identity",
        JSON.stringify({ version: "2012-10-17", Statement: [] }),
        "version",
        /did you mean Version/,
      ],
      [
        "an unknown field of a statement",
        "identity",
        one("identity", { Actions: "s3:*" }),
        "Statement[0].Actions",
        /known are/,
      ],
      [
        "a version that does not exist",
        "identity",
        JSON.stringify({ Version: "2012-10-18", Statement: [BASE.identity] }),
        "Version",
        /2012-10-17/,
      ],
      [
        "no statement at all",
        "identity",
        JSON.stringify({ Version: "2012-10-17" }),
        "Statement",
        /Missing required field/,
      ],
      ["an empty list of statements", "identity", JSON.stringify({ Statement: [] }), "Statement", /no statement/],
      ["a missing effect", "identity", one("identity", { Effect: undefined }), "Statement[0].Effect", /Allow or Deny/],
      [
        "an effect of other case",
        "identity",
        one("identity", { Effect: "allow" }),
        "Statement[0].Effect",
        /Allow or Deny/,
      ],
      ["no action", "identity", one("identity", { Action: undefined }), "Statement[0].Action", /must contain actions/],
      ["an empty list of actions", "identity", one("identity", { Action: [] }), "Statement[0].Action", /empty/],
      [
        "an action without a service",
        "identity",
        one("identity", { Action: ["s3:*", "GetObject"] }),
        "Statement[0].Action[1]",
        /prefaced by a vendor/,
      ],
      [
        "Action beside NotAction",
        "identity",
        one("identity", { NotAction: "s3:*" }),
        "Statement[0]",
        /exclude each other/,
      ],
      [
        "no resource",
        "identity",
        one("identity", { Resource: undefined }),
        "Statement[0].Resource",
        /must contain resources/,
      ],
      [
        "a resource that is a name",
        "identity",
        one("identity", { Resource: "media" }),
        "Statement[0].Resource",
        /must be in ARN format/,
      ],
      [
        "a resource of no partition",
        "identity",
        one("identity", { Resource: "arn:amazon:s3:::media" }),
        "Statement[0].Resource",
        /Partition "amazon"/,
      ],
      [
        "a bucket with a region",
        "identity",
        one("identity", { Resource: "arn:aws:s3:us-east-1:111122223333:media" }),
        "Statement[0].Resource",
        /region information/,
      ],
      [
        "a role with a region",
        "identity",
        one("identity", { Resource: "arn:aws:iam:us-east-1:111122223333:role/x" }),
        "Statement[0].Resource",
        /region information/,
      ],
      [
        "an unset value in a resource",
        "identity",
        one("identity", { Resource: ["arn:aws:s3:::media", null] }),
        "Statement[0].Resource[1]",
        /must be a string/,
      ],
      [
        "a principal in an identity policy",
        "identity",
        one("identity", { Principal: "*" }),
        "Statement[0].Principal",
        /should not specify a principal/,
      ],
      [
        "a trust policy without principal",
        "trust",
        one("trust", { Principal: undefined }),
        "Statement[0].Principal",
        /Missing required field Principal/,
      ],
      [
        "a resource in a trust policy",
        "trust",
        one("trust", { Resource: "*" }),
        "Statement[0].Resource",
        /prohibited field Resource/,
      ],
      [
        "a foreign action in a trust policy",
        "trust",
        one("trust", { Action: "s3:GetObject" }),
        "Statement[0].Action",
        /AssumeRole/,
      ],
      [
        "the bare star in a trust policy",
        "trust",
        one("trust", { Principal: "*" }),
        "Statement[0].Principal",
        /Invalid principal/,
      ],
      [
        "a resource policy without principal",
        "resource",
        one("resource", { Principal: undefined }),
        "Statement[0].Principal",
        /Missing required field Principal/,
      ],
      [
        "a principal of an unknown kind",
        "resource",
        one("resource", { Principal: { Role: ROLE } }),
        "Statement[0].Principal.Role",
        /unknown kind/,
      ],
      [
        "a wildcard within a principal",
        "resource",
        one("resource", { Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
        "Statement[0].Principal.AWS",
        /Invalid principal/,
      ],
      [
        "a principal's name for its ARN",
        "resource",
        one("resource", { Principal: { AWS: ["app"] } }),
        "Statement[0].Principal.AWS[0]",
        /Invalid principal/,
      ],
      [
        "a service that is none",
        "trust",
        one("trust", { Principal: { Service: "ecs-tasks" } }),
        "Statement[0].Principal.Service",
        /Invalid principal/,
      ],
      [
        "a federation by host name alone",
        "trust",
        one("trust", { Principal: { Federated: "token.actions.githubusercontent.com" } }),
        "Statement[0].Principal.Federated",
        /Invalid principal/,
      ],
      ["an empty principal", "resource", one("resource", { Principal: {} }), "Statement[0].Principal", /who is meant/],
      [
        "an operator that does not exist",
        "identity",
        one("identity", { Condition: { StringIs: { "aws:x": "y" } } }),
        "Statement[0].Condition.StringIs",
        /Invalid Condition type/,
      ],
      [
        "NullIfExists",
        "identity",
        one("identity", { Condition: { NullIfExists: { "aws:x": "true" } } }),
        "Statement[0].Condition.NullIfExists",
        /Invalid Condition type/,
      ],
      [
        "a key without prefix",
        "identity",
        one("identity", { Condition: { StringEquals: { username: "y" } } }),
        "Statement[0].Condition.StringEquals.username",
        /prefaced by a vendor/,
      ],
      [
        "an operator without keys",
        "identity",
        one("identity", { Condition: { StringEquals: "y" } }),
        "Statement[0].Condition.StringEquals",
        /map condition keys/,
      ],
      [
        "a value that is no address",
        "identity",
        one("identity", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/99" } } }),
        "Statement[0].Condition.IpAddress.aws:SourceIp",
        /can compare/,
      ],
      [
        "a value that is no boolean",
        "identity",
        one("identity", { Condition: { Bool: { "aws:SecureTransport": "no" } } }),
        "Statement[0].Condition.Bool.aws:SecureTransport",
        /can compare/,
      ],
      [
        "a Sid with spaces in an identity policy",
        "identity",
        one("identity", { Sid: "a b" }),
        "Statement[0].Sid",
        /alpha-numeric/,
      ],
      [
        "two statements of one Sid",
        "identity",
        JSON.stringify({
          Statement: [
            { Sid: "A", ...BASE.identity },
            { Sid: "A", ...BASE.identity },
          ],
        }),
        "Statement[1].Sid",
        /unique/,
      ],
    ];
    for (const [name, kind, text, path, reason] of bad)
      it(name, () => {
        const problem = policyProblem(text, kind);
        assert.equal(problem?.path, path);
        assert.match(problem.reason, reason);
      });
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"Statement":${json}}`),
        ),
        (text) => {
          for (const kind of ["identity", "trust", "resource", "owner"] as const) policyProblem(text, kind);
          publicStatement(text);
          samePolicy(text, "{}");
        },
      ),
    );
  });
});

describe("two policy documents", () => {
  const same: [string, object, object][] = [
    [
      "a list of one and its only item",
      { Statement: [BASE.identity] },
      { Statement: { ...BASE.identity, Action: ["s3:GetObject"] } },
    ],
    [
      "the order of statements",
      { Statement: [BASE.identity, { ...BASE.identity, Sid: "B" }] },
      { Statement: [{ ...BASE.identity, Sid: "B" }, BASE.identity] },
    ],
    [
      "an account's number and its root",
      { Statement: [{ ...BASE.resource, Principal: { AWS: "111122223333" } }] },
      { Statement: [{ ...BASE.resource, Principal: { AWS: ["arn:aws:iam::111122223333:root"] } }] },
    ],
    [
      '"*" and {"AWS": "*"}',
      { Statement: [{ ...BASE.resource, Principal: "*" }] },
      { Statement: [{ ...BASE.resource, Principal: { AWS: "*" } }] },
    ],
    [
      "a boolean and its text",
      { Statement: [{ ...BASE.identity, Condition: { Bool: { "aws:x": true } } }] },
      { Statement: [{ ...BASE.identity, Condition: { Bool: { "aws:x": ["true"] } } }] },
    ],
  ];
  for (const [name, a, b] of same)
    it(`mean the same but for ${name}`, () => assert.ok(samePolicy(JSON.stringify(a), JSON.stringify(b))));

  const different: [string, object, object][] = [
    ["effects", { Effect: "Allow" }, { Effect: "Deny" }],
    ["Sids", { Sid: "A" }, { Sid: "B" }],
    ["actions", { Action: ["s3:GetObject"] }, { Action: ["s3:GetObject", "s3:PutObject"] }],
    ["Action and NotAction", { Action: "s3:*" }, { Action: undefined, NotAction: "s3:*" }],
    ["conditions", {}, { Condition: { Bool: { "aws:SecureTransport": "true" } } }],
  ];
  for (const [name, a, b] of different)
    it(`differ by ${name}`, () => assert.ok(!samePolicy(one("identity", a), one("identity", b))));

  it("differ by version, and never equal what is no document", () => {
    assert.ok(!samePolicy(JSON.stringify({ Statement: [] }), JSON.stringify({ Version: "2012-10-17", Statement: [] })));
    assert.ok(!samePolicy("{", "}"));
  });

  it("mean the same in any order of lists", () => {
    const actions = fc.uniqueArray(fc.constantFrom("s3:Get*", "s3:Put*", "kms:*", "sqs:*", "logs:*"), { minLength: 1 });
    fc.assert(
      fc.property(actions, fc.infiniteStream(fc.nat()), (list, order) => {
        const ranks = new Map(list.map((item) => [item, order.next().value as number]));
        const shuffled = [...list].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
        assert.ok(samePolicy(one("identity", { Action: list }), one("identity", { Action: shuffled })));
      }),
    );
  });
});

describe("reading a policy document", () => {
  it("finds what is public", () => {
    const everyone = { ...BASE.resource, Principal: "*" };
    const open = (statement: object): boolean =>
      publicStatement(JSON.stringify({ Statement: [statement] })) !== undefined;
    assert.ok(open(everyone));
    assert.ok(open({ ...everyone, Principal: { AWS: ["*"] } }));
    assert.ok(open({ ...everyone, Condition: { Bool: { "aws:SecureTransport": "true" } } }));
    assert.ok(open({ ...everyone, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } } }));
    assert.ok(!open({ ...everyone, Effect: "Deny" }));
    assert.ok(!open({ ...everyone, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc" } } }));
    assert.ok(!open({ ...everyone, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }));
    assert.ok(!open({ ...everyone, Principal: { Service: "cloudfront.amazonaws.com" } }));
  });

  it("finds what a service may do", () => {
    const text = one("resource", { Principal: { Service: "logs.us-east-1.amazonaws.com" }, Action: ["kms:Encrypt*"] });
    assert.ok(allowsService(text, ["logs.us-east-1.amazonaws.com"], "kms:Encrypt"));
    assert.ok(!allowsService(text, ["logs.us-east-1.amazonaws.com"], "kms:Decrypt"));
    assert.ok(!allowsService(text, ["logs.eu-west-1.amazonaws.com"], "kms:Encrypt"));
  });

  it("knows IAM's wildcards, which take no other character for themselves", () => {
    assert.ok(matches("s3:Get*", "s3:getobject"));
    assert.ok(matches("s3:?etObject", "s3:GetObject"));
    assert.ok(!matches("s3.*", "s3:GetObject"));
    assert.ok(!matches("s3:Get", "s3:GetObject"));
  });

  it("counts no white space", () => assert.equal(policySize('{ "a" :\n\t"b" }'), 9));
});
