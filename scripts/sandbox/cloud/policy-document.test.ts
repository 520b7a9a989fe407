import assert from "node:assert/strict";
import fc from "fast-check";
import type { Properties } from "../values/value.ts";
import { textAt } from "./fields.ts";
import { policyProblem } from "./iam-policy.ts";
import { getPolicyDocument } from "./policy-document.ts";
import { Refusal, type InvokeContext } from "./service.ts";

const CONTEXT: InvokeContext = {
  location: { partition: "aws", account: "111122223333", region: "us-east-1" },
  world: { byId: () => undefined, all: () => [] },
};

const ask = (args: Properties): Properties => getPolicyDocument(args, CONTEXT);
const minified = (args: Properties): string => textAt(ask(args), "minifiedJson") ?? "";
const statementOf = (statement: Properties): unknown =>
  (JSON.parse(minified({ statements: [statement] })) as { Statement: unknown[] }).Statement[0];

describe("getPolicyDocument", () => {
  it("prints two spaces, lists of one as text, and longer lists in descending order", () => {
    const { json, minifiedJson, id, version, statements } = ask({
      statements: [
        {
          sid: "Media",
          actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
          resources: ["arn:aws:s3:::media/*"],
        },
      ],
    });
    assert.equal(
      json,
      `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Media",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject",
        "s3:DeleteObject"
      ],
      "Resource": "arn:aws:s3:::media/*"
    }
  ]
}`,
    );
    assert.equal(
      minifiedJson,
      '{"Version":"2012-10-17","Statement":[{"Sid":"Media","Effect":"Allow","Action":["s3:PutObject","s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::media/*"}]}',
    );
    assert.ok(typeof id === "string" && /^\d+$/.test(id));
    assert.equal(version, "2012-10-17");
    assert.deepEqual(statements, [
      {
        effect: "Allow",
        sid: "Media",
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: ["arn:aws:s3:::media/*"],
      },
    ]);
  });

  it("gives the checksum of the text as id", () => {
    assert.equal(ask({})["id"], ask({ statements: [] })["id"]);
    assert.notEqual(ask({})["id"], ask({ policyId: "p" })["id"]);
  });

  const printed: [string, Properties, unknown][] = [
    ["no statements", {}, { Version: "2012-10-17" }],
    ["an id", { policyId: "p", version: "2008-10-17" }, { Version: "2008-10-17", Id: "p" }],
  ];
  for (const [name, args, expected] of printed)
    it(`prints a document with ${name}`, () => assert.deepEqual(JSON.parse(minified(args)), expected));

  const statements: [string, Properties, object][] = [
    [
      "all four lists",
      { effect: "Deny", notActions: ["iam:*"], notResources: ["b", "a", "b"] },
      { Effect: "Deny", NotAction: "iam:*", NotResource: ["b", "a"] },
    ],
    [
      "variables",
      { resources: ["arn:aws:s3:::b/&{aws:username}/*"] },
      { Effect: "Allow", Resource: "arn:aws:s3:::b/${aws:username}/*" },
    ],
    [
      "one principal",
      { principals: [{ type: "Service", identifiers: ["ecs.amazonaws.com"] }] },
      { Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" } },
    ],
    [
      "principals of two kinds, sorted",
      {
        principals: [
          { type: "Service", identifiers: ["b", "c"] },
          { type: "AWS", identifiers: ["a"] },
        ],
      },
      { Effect: "Allow", Principal: { AWS: "a", Service: ["c", "b"] } },
    ],
    [
      "principals of one kind given twice",
      {
        principals: [
          { type: "AWS", identifiers: ["a"] },
          { type: "AWS", identifiers: ["b"] },
        ],
      },
      { Effect: "Allow", Principal: { AWS: ["a", "b"] } },
    ],
    ["everyone", { principals: [{ type: "*", identifiers: ["*"] }] }, { Effect: "Allow", Principal: "*" }],
    [
      "every AWS account, which is another thing in a trust policy",
      { principals: [{ type: "AWS", identifiers: ["*"] }] },
      { Effect: "Allow", Principal: { AWS: "*" } },
    ],
    [
      "everyone but some",
      { notPrincipals: [{ type: "AWS", identifiers: ["a"] }] },
      { Effect: "Allow", NotPrincipal: { AWS: "a" } },
    ],
    [
      "conditions, grouped by test and key, values in their order",
      {
        conditions: [
          { test: "StringLike", variable: "s3:prefix", values: ["home/", "", "home/&{aws:username}/"] },
          { test: "Bool", variable: "aws:SecureTransport", values: ["true"] },
          { test: "StringLike", variable: "aws:x", values: ["1"] },
          { test: "StringLike", variable: "s3:prefix", values: ["more"] },
        ],
      },
      {
        Effect: "Allow",
        Condition: {
          Bool: { "aws:SecureTransport": "true" },
          StringLike: { "aws:x": "1", "s3:prefix": ["home/", "", "home/${aws:username}/", "more"] },
        },
      },
    ],
  ];
  for (const [name, statement, expected] of statements)
    it(`prints ${name}`, () => assert.deepEqual(statementOf(statement), expected));

  it("keeps the fields in the provider's order whatever order they come in", () => {
    const text = minified({
      statements: [
        {
          conditions: [{ test: "Bool", variable: "aws:x", values: ["true"] }],
          principals: [{ type: "AWS", identifiers: ["a"] }],
          resources: ["*"],
          actions: ["s3:*"],
          sid: "S",
        },
      ],
    });
    assert.deepEqual(
      [...text.matchAll(/"(Sid|Effect|Action|Resource|Principal|Condition)":/g)].map(([, key]) => key),
      ["Sid", "Effect", "Action", "Resource", "Principal", "Condition"],
    );
  });

  it("escapes as Go does", () => {
    assert.match(minified({ statements: [{ resources: ["<a>&b"] }] }), /"\\u003ca\\u003e\\u0026b"/);
    assert.deepEqual(statementOf({ resources: ["<a>&b"] }), { Effect: "Allow", Resource: "<a>&b" });
  });

  describe("merges", () => {
    const doc = (...list: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: list });
    const merged = (args: Properties): unknown => JSON.parse(minified(args));

    it("sources before its own statements, which replace those of the same Sid in place", () => {
      assert.deepEqual(
        merged({
          sourcePolicyDocuments: [
            doc({ Sid: "A", Effect: "Allow", Action: "a:*" }, { Effect: "Deny", Action: "x:*" }),
            doc({ Sid: "B", Effect: "Allow", Action: ["b:1", "b:2"] }),
          ],
          statements: [{ sid: "A", actions: ["own:*"] }, { actions: ["last:*"] }],
        }),
        {
          Version: "2012-10-17",
          Statement: [
            { Sid: "A", Effect: "Allow", Action: "own:*" },
            { Effect: "Deny", Action: "x:*" },
            { Sid: "B", Effect: "Allow", Action: ["b:1", "b:2"] },
            { Effect: "Allow", Action: "last:*" },
          ],
        },
      );
    });

    it("overrides last, the later one winning", () => {
      assert.deepEqual(
        merged({
          statements: [{ sid: "A", actions: ["own:*"] }],
          overridePolicyDocuments: [
            doc({ Sid: "A", Effect: "Deny", Action: "first:*" }, { Effect: "Allow", Action: "y:*" }),
            doc({ Sid: "A", Effect: "Deny", Action: "second:*" }),
          ],
        }),
        {
          Version: "2012-10-17",
          Statement: [
            { Sid: "A", Effect: "Deny", Action: "second:*" },
            { Effect: "Allow", Action: "y:*" },
          ],
        },
      );
    });

    it("principals and conditions of other documents in its own form", () => {
      assert.deepEqual(
        merged({
          sourcePolicyDocuments: [
            doc({
              Effect: "Allow",
              Principal: { Service: ["b", "a"], AWS: "x" },
              Condition: { StringEquals: { "aws:z": ["only"] }, Bool: { "aws:y": true } },
            }),
            doc({ Effect: "Allow", Principal: "*" }),
          ],
        }),
        {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "x", Service: ["b", "a"] },
              Condition: { Bool: { "aws:y": "true" }, StringEquals: { "aws:z": "only" } },
            },
            { Effect: "Allow", Principal: "*" },
          ],
        },
      );
    });

    it("ids and versions: a later id and a newer version win", () => {
      assert.deepEqual(
        merged({
          version: "2008-10-17",
          sourcePolicyDocuments: [JSON.stringify({ Version: "2012-10-17", Id: "source" })],
          overridePolicyDocuments: [JSON.stringify({ Version: "2008-10-17", Id: "override" })],
        }),
        { Version: "2012-10-17", Id: "override" },
      );
    });

    it("what it printed itself into the same document", () => {
      const text = fc.stringMatching(/^[a-z]{1,8}$/);
      const list = fc.uniqueArray(text, { minLength: 1, maxLength: 4 });
      const condition = fc.record({
        test: fc.constantFrom("StringLike", "StringEquals"),
        variable: text,
        values: list,
      });
      const principal = fc.record({ type: fc.constantFrom("AWS", "Service"), identifiers: list });
      const statement = fc.record(
        {
          actions: list,
          resources: list,
          effect: fc.constantFrom("Allow", "Deny"),
          principals: fc.uniqueArray(principal, { minLength: 1, selector: ({ type }) => type }),
          conditions: fc.uniqueArray(condition, { minLength: 1 }),
        },
        { requiredKeys: ["actions"] },
      );
      fc.assert(
        fc.property(fc.array(statement, { maxLength: 3 }), (list_) => {
          const first = textAt(ask({ statements: list_ }), "json") ?? "";
          assert.equal(ask({ sourcePolicyDocuments: [first] })["json"], first);
          assert.equal(ask({ overridePolicyDocuments: [first] })["json"], first);
        }),
      );
    });
  });

  it("prints a document that the validator takes", () => {
    const action = fc.constantFrom("s3:GetObject", "kms:*", "logs:Put*");
    const resource = fc.constantFrom("*", "arn:aws:s3:::b/*", "arn:aws:kms:us-east-1:111122223333:key/k");
    const statement = fc.record({
      actions: fc.uniqueArray(action, { minLength: 1 }),
      resources: fc.uniqueArray(resource, { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 3 }), (list) => {
        assert.equal(policyProblem(textAt(ask({ statements: list }), "json") ?? "", "identity"), undefined);
      }),
    );
  });

  describe("refuses", () => {
    const doc = JSON.stringify({ Statement: [{ Sid: "A", Effect: "Allow" }] });
    const bad: [string, Properties, RegExp][] = [
      ["two statements of one Sid", { statements: [{ sid: "A" }, { sid: "A" }] }, /duplicate Sid \(A\)/],
      [
        "two sources of one Sid",
        { sourcePolicyDocuments: [doc, doc] },
        /merging source document 1: duplicate Sid \(A\)/,
      ],
      ["a Sid with a hyphen", { statements: [{ sid: "a-b" }] }, /alphanumeric/],
      ["an effect of other case", { statements: [{ effect: "allow" }] }, /"Allow" "Deny"/],
      ["an unknown version", { version: "2020-01-01" }, /2012-10-17/],
      [
        "variables in the older version",
        { version: "2008-10-17", statements: [{ resources: ["&{aws:username}"] }] },
        /not supported in document version/,
      ],
      ["a source that is no JSON", { sourcePolicyDocuments: ["{"] }, /source document 0.*JSON/],
      [
        "an override whose statement is no list",
        { overridePolicyDocuments: ['{"Statement":{}}'] },
        /override document 0.*list/,
      ],
    ];
    for (const [name, args, message] of bad)
      it(name, () =>
        assert.throws(
          () => ask(args),
          (error: unknown) => error instanceof Refusal && message.test(error.message),
        ),
      );
  });
});
