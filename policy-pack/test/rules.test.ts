import assert from "node:assert/strict";
import { rules } from "../policies/all.ts";
import type { Rule } from "../support/rule.ts";

/* The form of what every rule says of itself: messages, docs/policies.md, and configurations are made of it. */

/** The one spelling of each public standard and scanner. */
const STANDARDS: readonly RegExp[] = [
  // AWS Foundational Security Best Practices, the AWS benchmark of CIS, and the proactive controls of Control Tower.
  /^FSBP [A-Z][A-Za-z0-9]+\.\d+$/,
  /^CIS \d+\.\d+(\.\d+)?$/,
  /^PCI DSS v4\.0\.1\/\d+(\.\d+)+$/,
  /^Control Tower CT\.[A-Z]+\.PR\.\d+$/,
  // Checkov, Trivy, Prowler, and CloudFormation Guard by the ids of their checks.
  /^CKV2?_AWS_\d+$/,
  /^AWS-\d{4}$/,
  /^Prowler [a-z0-9]+(_[a-z0-9]+)+$/,
  /^cfn-guard [a-z0-9]+(_[a-z0-9]+)+$/,
  // cdk-nag by the ids of its AwsSolutions pack, or by the name of a rule that other packs of it hold.
  /^AwsSolutions-[A-Z]+[A-Z0-9]*\d$/,
  /^cdk-nag [A-Z][A-Za-z0-9]+$/,
  // Packs whose rules have no ids: Pulumi's two, and Infracost's.
  /^(awsguard|compliance-policies|Infracost tagging policy)$/,
];

const SENTENCE = /^[A-Z][^\n]*[^.\s]\.$/;

const textsOf = ({ description, why, settings = {} }: Rule): readonly string[] => [
  description,
  why,
  ...Object.values(settings).map((setting) => setting.description),
];

/** Rules for which something does not hold, by name. */
const wrong = (holds: (rule: Rule) => boolean): readonly string[] =>
  rules.filter((rule) => !holds(rule)).map(({ name }) => name);

describe("every rule", () => {
  it("has a name of its own, in kebab case, with more than its service in it", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    assert.deepEqual(
      wrong(({ name }) => /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name)),
      [],
    );
  });

  it("describes itself, its reason, and its settings in one sentence each", () => {
    assert.deepEqual(
      wrong((rule) => textsOf(rule).every((text) => SENTENCE.test(text) && !/[.!?] [A-Z]/.test(text))),
      [],
    );
  });

  it("says what holds and why in words of its own", () => {
    assert.equal(new Set(rules.map(({ description }) => description)).size, rules.length);
    assert.deepEqual(
      wrong(({ description, why }) => description !== why && !why.includes(": ")),
      [],
    );
  });

  it("names each standard once, in the one spelling of it", () => {
    assert.deepEqual(
      rules.flatMap(({ name, standards }) =>
        standards
          .filter(
            (standard, index) => !STANDARDS.some((form) => form.test(standard)) || standards.indexOf(standard) < index,
          )
          .map((standard) => `${name}: ${standard}`),
      ),
      [],
    );
  });

  it("is mandatory or advisory, and of some severity", () => {
    assert.deepEqual(
      wrong(({ level }) => level === "mandatory" || level === "advisory"),
      [],
    );
    assert.deepEqual(
      wrong(({ severity }) => ["low", "medium", "high", "critical"].includes(severity)),
      [],
    );
  });

  it("gives each setting a default of its type", () => {
    assert.deepEqual(
      rules.flatMap(({ name, settings = {} }) =>
        Object.entries(settings)
          .filter(([, { type, default: value }]) => (Array.isArray(value) ? "array" : typeof value) !== type)
          .map(([key]) => `${name}: ${key}`),
      ),
      [],
    );
  });

  it("checks something", () => {
    assert.deepEqual(
      wrong(({ resources, stack, run }) => (resources ?? []).length > 0 || stack !== undefined || run !== undefined),
      [],
    );
    assert.deepEqual(
      wrong(({ resources = [] }) => resources.every(({ types }) => typeof types === "function" || types.length > 0)),
      [],
    );
  });
});
