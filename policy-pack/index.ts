import { PolicyPack } from "@pulumi/policy";
import { exemptions } from "./exemptions.ts";
import { rules } from "./policies/all.ts";
import { policiesOf } from "./support/register.ts";

new PolicyPack("groundwork", {
  description: "Guardrails for groundwork. Unsafe configuration never lands.",
  policies: policiesOf(rules, exemptions),
});
