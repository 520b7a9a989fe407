import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { iamAccount } from "./iam-account.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const POLICY = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";

describe("the password policy of an account", () => {
  const refused: readonly [property: string, over: Properties][] = [
    ["minimumPasswordLength", { minimumPasswordLength: 5 }],
    ["passwordReusePrevention", { passwordReusePrevention: 25 }],
    ["maxPasswordAge", { maxPasswordAge: 1096 }],
  ];
  for (const [property, inputs] of refused)
    it(`refuses ${JSON.stringify(inputs)}`, () => {
      const cloud = tinyWorld(iamAccount);
      assertRefused(() => cloud.create(POLICY, "p", inputs), "ValidationError", new RegExp(property));
      const made = cloud.create(POLICY, "p", { minimumPasswordLength: 14 });
      assertRefused(() => cloud.update(made, inputs), "ValidationError");
    });

  it("is there once, and says whether passwords expire", () => {
    const { id, outputs } = tinyWorld(iamAccount).create(POLICY, "p", { maxPasswordAge: 90 });
    assert.equal(id, "iam-account-password-policy");
    assert.equal(outputs["expirePasswords"], true);
    assert.equal(tinyWorld(iamAccount).create(POLICY, "p", { maxPasswordAge: 0 }).outputs["expirePasswords"], false);
  });
});
