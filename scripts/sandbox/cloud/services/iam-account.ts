import { numberAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";

/** Limits of the IAM API's UpdateAccountPasswordPolicy. */
const LIMITS: readonly { readonly property: string; readonly min: number; readonly max: number }[] = [
  { property: "minimumPasswordLength", min: 6, max: 128 },
  { property: "passwordReusePrevention", min: 1, max: 24 },
  { property: "maxPasswordAge", min: 1, max: 1095 },
];

function limitRefusal({ inputs }: Operation): Refusal | undefined {
  for (const { property, min, max } of LIMITS) {
    const value = numberAt(inputs, property);
    // The provider leaves out what is 0.
    if (value !== undefined && value !== 0 && (value < min || value > max))
      return new Refusal("ValidationError", `${property} is ${value}: it must have a value between ${min} and ${max}`);
  }
  return undefined;
}

/** One per account: all have the id. */
const passwordPolicy: ResourceRules = {
  refuseCreate: limitRefusal,
  refuseUpdate: limitRefusal,
  replaces: () => [],
  id: () => "iam-account-password-policy",
  computed: ({ inputs }) => ({ expirePasswords: (numberAt(inputs, "maxPasswordAge") ?? 0) > 0 }),
};

export const iamAccount: Service = {
  resources: { "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": passwordPolicy },
};
