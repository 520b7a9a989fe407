import { PolicyPack } from "@pulumi/policy";
import { exemptions } from "./exemptions.ts";
import { rules } from "./policies/all.ts";
import { decodeOnce } from "./support/decode-once.ts";
import { policiesOf } from "./support/register.ts";

decodeOnce();

new PolicyPack("groundwork", {
  description: "Guardrails for groundwork. Unsafe configuration never lands.",
  policies: policiesOf(rules, exemptions),
});
