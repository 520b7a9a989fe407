import { accountIn, ownAccounts } from "../../support/iam/own-account.ts";
import { policiesOn } from "../../support/iam/policy-carriers.ts";
import { faultsIn, statementCheck, type Fault, type Judge } from "../../support/iam/policy-check.ts";
import { isAboutAction, isPublic, type Statement } from "../../support/iam/policy-document.ts";
import { unnamed } from "../../support/join.ts";
import {
  atLeast,
  expects,
  expectsAsked,
  isAbsent,
  isNotTrue,
  isTrue,
  numberOf,
  orAbsent,
} from "../../support/property.ts";
import { isUndecided, type Finding, type Resource, type Rule, type Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const KEY = "aws:kms/key:Key";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";
const OTHER_KEYS = [
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
  "aws:kms/replicaKey:ReplicaKey",
];
const WITH_POLICY = [KEY, KEY_POLICY, ...OTHER_KEYS];

/** Keys that KMS can rotate by itself: symmetric ones with its own material. */
function canRotate({ props }: Pick<Resource, "props">): boolean | Unknown {
  const { customerMasterKeySpec: spec, keyUsage: usage, customKeyStoreId: store } = props;
  for (const value of [spec, usage, store]) if (value instanceof Unknown) return value;
  const isDefault = (value: Plain, standard: string): boolean => isAbsent(value) || value === standard;
  return isDefault(spec, "SYMMETRIC_DEFAULT") && isDefault(usage, "ENCRYPT_DECRYPT") && isAbsent(store);
}

const rotationOn = expects("enableKeyRotation", isTrue, "set enableKeyRotation: true");

function unrotated(resource: Resource): readonly Finding[] {
  const able = canRotate(resource);
  if (able === false) return [];
  const findings = rotationOn(resource, {});
  // What kind of key it is does not matter where it is rotated.
  return able instanceof Unknown && findings.length > 0
    ? [{ property: "customerMasterKeySpec", unknown: able }]
    : findings;
}

function slowRotation({ props }: Resource, config: Resource["props"]): readonly Finding[] {
  const period = props["rotationPeriodInDays"];
  const most = numberOf(config["days"]) ?? 365;
  if (period instanceof Unknown) return [{ property: "rotationPeriodInDays", unknown: period }];
  // KMS rotates once a year where nothing is said.
  const days = period === undefined || period === null ? 365 : (numberOf(period) ?? Number.POSITIVE_INFINITY);
  if (days <= most) return [];
  return [
    {
      property: "rotationPeriodInDays",
      wrong: `the key stays the same for ${String(days)} days`,
      fix: `set rotationPeriodInDays: ${String(most)}`,
    },
  ];
}

const publicKey: Judge = (statement) =>
  isPublic(statement)
    ? [
        {
          wrong: `${statement.id} lets every principal use the key`,
          fix: "name the principal, or require kms:CallerAccount and kms:ViaService in a condition",
        },
      ]
    : [];

/** Statements that hand the key's own policy to somebody besides the own account. */
const administrators = (statement: Statement, own: ReadonlySet<string>): readonly Fault[] => {
  // A key for everybody is another rule's finding.
  if (!statement.allows || isPublic(statement) || !isAboutAction(statement, "kms:PutKeyPolicy")) return [];
  return statement.principals
    .filter(({ kind, value }) => kind === "Service" || !own.has(accountIn(value) ?? ""))
    .filter(
      ({ kind, value }) => !(kind === "AWS" && own.size === 0 && /^(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(value)),
    )
    .map(({ value }) => ({
      wrong: `${statement.id} lets ${value} change who may use the key`,
      fix: "list the actions that it needs, kms:Decrypt and kms:GenerateDataKey* for most, instead of kms:*",
    }));
};

function foreignAdministrators(resource: Resource): readonly Finding[] {
  const own = ownAccounts(resource);
  return policiesOn(resource, "resource").flatMap((policy) =>
    faultsIn(policy, (statement) => administrators(statement, own instanceof Unknown ? new Set() : own)).map(
      (finding) =>
        own instanceof Unknown && !isUndecided(finding) ? { property: policy.property, unknown: own } : finding,
    ),
  );
}

/** Keys whose policy is AWS's default, which leaves all to IAM. */
function withoutPolicy(stack: Stack): readonly Violation[] {
  return unnamed(stack.ofType([KEY]), stack.ofType([KEY_POLICY]), "keyId")
    .filter((key) => policiesOn(key, "resource").length === 0)
    .map(({ urn }) => ({
      urn,
      property: "policy",
      wrong: "it is not set",
      fix: "set policy to a document that names who uses the key, besides the account itself",
    }));
}

export const rules: readonly Rule[] = [
  {
    name: "kms-key-rotates",
    description: "Every symmetric KMS key rotates by itself.",
    why: "What one version of a key encrypts, a leak of that version opens.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "FSBP KMS.4",
      "CIS 4.6",
      "CKV_AWS_7",
      "AwsSolutions-KMS5",
      "AWS-0065",
      "Prowler kms_cmk_rotation_enabled",
      "awsguard",
      "compliance-policies",
    ],
    resources: [{ types: [KEY], unknown: "refuse", find: unrotated }],
    remedy: (resource) =>
      resource.type === KEY && unrotated(resource).length > 0 && canRotate(resource) === true
        ? [{ path: ["enableKeyRotation"], value: true }]
        : [],
  },
  {
    name: "kms-key-rotates-yearly",
    description: "KMS keys rotate at least once a year.",
    why: "A period of years makes rotation a word.",
    severity: "low",
    level: "mandatory",
    standards: [],
    settings: { days: { type: "number", description: "The longest period, in days.", default: 365 } },
    resources: [{ types: [KEY], unknown: "refuse", find: slowRotation }],
  },
  {
    name: "kms-key-policy-not-public",
    description: "No KMS key can be used by everybody.",
    why: "A key that anyone may use protects nothing.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP KMS.5", "CKV_AWS_33", "Prowler kms_key_not_publicly_accessible"],
    resources: [statementCheck(["resource"], publicKey, WITH_POLICY)],
  },
  {
    name: "kms-key-administered-by-own-account",
    description: "Only identities of the own account may change a KMS key's policy.",
    why: "Who may change the policy of a key owns the key, and all that it protects.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: WITH_POLICY, unknown: "defer", find: foreignAdministrators }],
  },
  {
    name: "kms-key-policy-defined",
    description: "Every KMS key has a policy of its own.",
    why: "The default one lets every identity use the key whose IAM policy says so, and names nobody.",
    severity: "low",
    level: "advisory",
    standards: ["CKV2_AWS_64"],
    stack: withoutPolicy,
  },
  {
    name: "kms-key-enabled",
    description: "KMS keys are enabled.",
    why: "With a disabled key nothing that it protects can be read.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_227"],
    resources: [
      {
        types: [KEY],
        unknown: "refuse",
        find: expects("isEnabled", orAbsent(isTrue), "set isEnabled: true, or remove it"),
      },
      {
        types: OTHER_KEYS,
        unknown: "refuse",
        find: expects("enabled", orAbsent(isTrue), "set enabled: true, or remove it"),
      },
    ],
  },
  {
    name: "kms-key-deletion-window",
    description: "A KMS key that is deleted can be taken back for long enough.",
    why: "With the key, everything that it protects is gone for good.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP KMS.3"],
    settings: { days: { type: "number", description: "Days in which a key can be taken back, 7 to 30.", default: 30 } },
    resources: [
      {
        types: [KEY, ...OTHER_KEYS],
        unknown: "refuse",
        find: expectsAsked("days", "deletionWindowInDays", (days) => orAbsent(atLeast(days))),
      },
    ],
  },
  {
    name: "kms-key-lockout-check-on",
    description: "KMS keys keep the check that somebody can still change their policy.",
    why: "A key whose policy nobody can change is lost to everybody but AWS's support.",
    severity: "high",
    level: "mandatory",
    standards: ["compliance-policies"],
    resources: [
      {
        types: WITH_POLICY,
        unknown: "refuse",
        find: expects("bypassPolicyLockoutSafetyCheck", isNotTrue, "remove bypassPolicyLockoutSafetyCheck"),
      },
    ],
  },
];
