import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { StackResource } from "../rule.ts";
import { stackFrom } from "../stack.ts";
import { Unknown, type Plain, type PlainMap } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";
import { boundariesIn, identitiesIn, mayUse } from "./identity.ts";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail";
const secret = resource("aws:secretsmanager/secret:Secret", "mail", { arn: ARN });
const READ = "secretsmanager:GetSecretValue";

const document = (...statements: readonly PlainMap[]): string => JSON.stringify({ Statement: statements });
const allow = (Resource: Plain, more: PlainMap = {}): PlainMap => ({
  Effect: "Allow",
  Action: READ,
  Resource,
  ...more,
});

const api = (props: PlainMap = {}): StackResource => resource("aws:iam/role:Role", "api", { name: "api-1a", ...props });
const given = (policy: Plain): StackResource =>
  resource("aws:iam/rolePolicy:RolePolicy", "given", { role: "api-1a", policy });

/** Whether the one role of a stack may read the secret. */
function mayRead(resources: readonly StackResource[], target = secret): Verdict | "nobody" {
  const [identity] = identitiesIn(stackFrom(resources));
  return identity === undefined ? "nobody" : mayUse(identity, READ, target);
}

describe("mayUse", () => {
  const rows: readonly (readonly [string, readonly StackResource[], Verdict])[] = [
    ["a policy names it", [api(), given(document(allow(ARN)))], true],
    [
      "a policy covers it",
      [api(), given(document(allow(`${ARN.slice(0, -2)}*`, { Action: "secretsmanager:Get*" })))],
      true,
    ],
    ["a policy names another", [api(), given(document(allow(`${ARN}-b`)))], false],
    ["a policy allows another action", [api(), given(document(allow(ARN, { Action: "secretsmanager:List*" })))], false],
    ["it is denied as well", [api(), given(document(allow("*"), { ...allow(ARN), Effect: "Deny" }))], false],
    ["all but it is allowed", [api(), given(document({ Effect: "Allow", Action: READ, NotResource: ARN }))], false],
    ["it stands inside the role", [api({ inlinePolicies: [{ policy: document(allow(ARN)) }] })], true],
    ["the policy is unknown", [api(), given(unknown)], unknown],
    [
      "the boundary leaves it out",
      [
        api({ permissionsBoundary: "arn:b" }),
        given(document(allow(ARN))),
        resource("aws:iam/policy:Policy", "b", { arn: "arn:b", policy: document(allow("x")) }),
      ],
      false,
    ],
    [
      "the boundary has it",
      [
        api({ permissionsBoundary: "arn:b" }),
        given(document(allow(ARN))),
        resource("aws:iam/policy:Policy", "b", { arn: "arn:b", policy: document(allow("*")) }),
      ],
      true,
    ],
    ["there is no policy", [api()], false],
  ];
  for (const [when, resources, expected] of rows)
    it(`says ${expected instanceof Unknown ? "unknown" : String(expected)} when ${when}`, () => {
      assert.equal(mayRead(resources), expected);
    });

  it("follows an attachment, by ARN and while the ARN is unknown", () => {
    const policy = (arn: Plain): StackResource =>
      resource("aws:iam/policy:Policy", "reads", { arn, policy: document(allow(ARN)) });
    const attachment = (policyArn: Plain): StackResource =>
      resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "a",
        { role: "api-1a", policyArn },
        { policyArn: [policy("")] },
      );
    assert.equal(mayRead([api(), policy("arn:p"), attachment("arn:p")]), true);
    assert.equal(mayRead([api(), policy(unknown), attachment(unknown)]), true);
    assert.equal(mayRead([api(), attachment(unknown)]), unknown);
  });

  it("waits while the ARN of the resource is unknown, unless everything is allowed", () => {
    const late = resource("aws:secretsmanager/secret:Secret", "mail", { arn: unknown });
    assert.equal(mayRead([api(), given(document(allow(ARN)))], late), unknown);
    assert.equal(mayRead([api(), given(document(allow("*")))], late), true);
  });
});

describe("boundariesIn", () => {
  it("are what bounds a role, and is attached to none", () => {
    const policy = resource("aws:iam/policy:Policy", "b", { arn: "arn:b" });
    const bounded = api({ permissionsBoundary: "arn:b" });
    const attachment = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
      role: "x",
      policyArn: "arn:b",
    });
    assert.deepEqual([...boundariesIn(stackFrom([policy, bounded]))], [policy.urn]);
    assert.deepEqual([...boundariesIn(stackFrom([policy, bounded, attachment]))], []);
    assert.deepEqual([...boundariesIn(stackFrom([policy]))], []);
  });
});
