import assert from "node:assert/strict";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { assertRefused, PRODUCTION, STAGING, textIn, tinyWorld } from "./tiny-world.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";

const policy = (principal: unknown, action = "kms:*", more: object[] = []): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: action, Resource: "*" }, ...more],
  });
const ROOT = { AWS: "arn:aws:iam::111122223333:root" };

describe("KMS: a key", () => {
  it("has a UUID as id and the default policy where none is given", () => {
    const key = tinyWorld(kms).create(KEY, "main", {});
    assert.match(key.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(key.outputs["keyId"], key.id);
    assert.equal(key.outputs["arn"], `arn:aws:kms:us-east-1:111122223333:key/${key.id}`);
    assert.match(textIn(key.outputs, "policy"), /111122223333:root/);
  });

  it("of several regions has another kind of id", () => {
    assert.match(tinyWorld(kms).create(KEY, "main", { multiRegion: true }).id, /^mrk-[0-9a-f]{32}$/);
  });

  const refused: [string, object, string, RegExp][] = [
    ["a statement without principal", { policy: policy(undefined) }, "MalformedPolicyDocumentException", /principal/i],
    [
      "a policy that locks everybody out",
      { policy: policy({ Service: "logs.us-east-1.amazonaws.com" }) },
      "MalformedPolicyDocumentException",
      /update the key policy in the future/,
    ],
    [
      "a policy for another account alone",
      { policy: policy({ AWS: "arn:aws:iam::444455556666:root" }) },
      "MalformedPolicyDocumentException",
      /future/,
    ],
    [
      "a policy that cannot change the policy",
      { policy: policy(ROOT, "kms:Encrypt") },
      "MalformedPolicyDocumentException",
      /future/,
    ],
    [
      "a role that does not exist",
      { policy: policy({ AWS: "arn:aws:iam::111122223333:role/none" }) },
      "MalformedPolicyDocumentException",
      /does not exist/,
    ],
    [
      "rotation of what cannot rotate",
      { customerMasterKeySpec: "RSA_2048", enableKeyRotation: true },
      "UnsupportedOperationException",
      /rotation/,
    ],
    ["a use that its kind does not have", { customerMasterKeySpec: "HMAC_256" }, "CheckFailure", /GENERATE_VERIFY_MAC/],
  ];
  for (const [name, inputs, code, message] of refused)
    it(`is not made with ${name}`, () => {
      assertRefused(() => tinyWorld(kms, iam).create(KEY, "main", { ...inputs }), code, message);
    });

  it("may lock everybody out where that is asked for", () => {
    const locked = policy({ Service: "logs.us-east-1.amazonaws.com" });
    tinyWorld(kms).create(KEY, "main", { policy: locked, bypassPolicyLockoutSafetyCheck: true });
  });

  it("gets another policy by a resource of its own", () => {
    const cloud = tinyWorld(kms);
    const key = cloud.create(KEY, "main", {});
    assert.equal(cloud.create(KEY_POLICY, "p", { keyId: key.id, policy: policy(ROOT) }).id, key.id);
    assertRefused(
      () => cloud.create(KEY_POLICY, "q", { keyId: key.id, policy: "{}" }),
      "MalformedPolicyDocumentException",
    );
    assertRefused(() => cloud.create(KEY_POLICY, "r", { keyId: "none", policy: policy(ROOT) }), "NotFoundException");
  });
});

describe("KMS: an alias", () => {
  it("names a key by id or ARN, once per account and region", () => {
    const cloud = tinyWorld(kms);
    const key = cloud.create(KEY, "main", {});
    const alias = cloud.create(ALIAS, "a", { name: "alias/app", targetKeyId: textIn(key.outputs, "arn") });
    assert.equal(alias.id, "alias/app");
    assert.equal(alias.outputs["targetKeyId"], key.id);
    assert.equal(alias.outputs["targetKeyArn"], key.outputs["arn"]);
    assertRefused(() => cloud.create(ALIAS, "b", { name: "alias/app", targetKeyId: key.id }), "AlreadyExistsException");
    assert.equal(cloud.invoke("aws:kms/getAlias:getAlias", { name: "alias/app" })["targetKeyId"], key.id);
  });

  it("does not name a key of another account or region", () => {
    const cloud = tinyWorld(kms);
    const key = cloud.create(KEY, "main", {});
    for (const location of [STAGING, { ...PRODUCTION, region: "eu-west-1" }])
      assertRefused(
        () => cloud.create(ALIAS, "a", { name: "alias/app", targetKeyId: key.id }, location),
        "NotFoundException",
      );
  });

  for (const name of ["app", "alias/aws/app", "alias/a b"])
    it(`is not called ${name}`, () => {
      assert.equal(tinyWorld(kms).check(ALIAS, { name })[0]?.property, "name");
    });

  it("is the same for the key's id and the key's ARN", () => {
    const equivalent = kms.resources[ALIAS]?.equivalent?.bind(kms.resources[ALIAS]);
    assert.equal(equivalent?.("targetKeyId", "k", "arn:aws:kms:us-east-1:111122223333:key/k"), true);
    assert.equal(equivalent("targetKeyId", "k", "l"), false);
  });

  it("of AWS itself is always there, and no other is", () => {
    const cloud = tinyWorld(kms);
    assert.match(textIn(cloud.invoke("aws:kms/getAlias:getAlias", { name: "alias/aws/s3" }), "targetKeyArn"), /:key\//);
    assertRefused(() => cloud.invoke("aws:kms/getAlias:getAlias", { name: "alias/none" }), "NotFoundException");
  });
});
