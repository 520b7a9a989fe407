import { notPublic } from "../../support/iam/public-policy.ts";
import { unnamed } from "../../support/join.ts";
import {
  at,
  atLeast,
  expects,
  expectsAsked,
  isAbsent,
  isTrue,
  locate,
  numberOf,
  orAbsent,
  textsOf,
} from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** Secrets that nothing rotates, other than those whose values somebody else makes. */
function unrotated(stack: Stack, config: Config): readonly Finding[] {
  const elsewhere = new Set(textsOf(config["changedByHand"]));
  return unnamed(stack.ofType([SECRET]), stack.ofType([ROTATION]), "secretId")
    .filter((secret) => !elsewhere.has(entryOf(secret)))
    .map(({ urn, name }) => ({
      urn,
      property: "name",
      wrong: `nothing rotates "${name}"`,
      fix: "add an aws.secretsmanager.SecretRotation for it; where only people can change it, name it in changedByHand with the reason",
    }));
}

/** "mail-api-key" of "groundwork-production-secrets/mail-api-key". */
const entryOf = ({ name }: StackResource): string => name.slice(name.lastIndexOf("/") + 1);

/** How often a rotation happens, at its longest. */
function slowRotation({ props }: Resource, config: Config): readonly Finding[] {
  const most = numberOf(config["days"]) ?? 90;
  const days = at(props, "rotationRules.automaticallyAfterDays");
  const schedule = at(props, "rotationRules.scheduleExpression");
  const property = schedule === undefined ? "rotationRules.automaticallyAfterDays" : "rotationRules.scheduleExpression";
  const value = schedule ?? days;
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const longest = schedule === undefined ? numberOf(days) : daysBetween(schedule);
  if (longest !== undefined && longest > 0 && longest <= most) return [];
  return [
    {
      property,
      wrong:
        longest === undefined ? "it names no interval" : `the value stays the same for up to ${String(longest)} days`,
      fix: `set rotationRules.automaticallyAfterDays: ${String(most)} or less`,
    },
  ];
}

const MOST_DAYS_OF_A_MONTH = 31;
const UNITS: Readonly<Record<string, number>> = { hour: 1 / 24, day: 1 };

/** The longest time between two runs of `rate(30 days)` or `cron(0 8 1 * ? *)`, in days. */
function daysBetween(schedule: Plain): number | undefined {
  if (typeof schedule !== "string") return undefined;
  const [, count, unit = ""] = /^rate\(\s*(\d+)\s+(hour|day)s?\s*\)$/.exec(schedule) ?? [];
  if (count !== undefined) return Number(count) * (UNITS[unit] ?? 1);
  const [, , , month] = /^cron\(\s*\S+\s+(\S+)\s+(\S+)\s+(\S+)\s+\S+\s+\S+\s*\)$/.exec(schedule) ?? [];
  if (month === undefined) return undefined;
  if (month === "*") return MOST_DAYS_OF_A_MONTH;
  const step = /^(?:\*|1|JAN)\/(\d+)$/i.exec(month)?.[1];
  return step === undefined ? 366 : Number(step) * MOST_DAYS_OF_A_MONTH;
}

const DEFAULT_KEY = /(^|[:/])alias\/aws\/secretsmanager$/;

/** Secrets, and their copies in other regions, under the key that AWS makes for all of them. */
function withoutOwnKey({ props }: Resource): readonly Finding[] {
  return [...locate(props, "kmsKeyId"), ...locate(props, "replicas[].kmsKeyId")].flatMap(
    ({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      const isSet = typeof value === "string" && value !== "";
      if (isSet && !DEFAULT_KEY.test(value)) return [];
      return [
        {
          property,
          wrong: isSet ? "it is the key that AWS makes for every secret" : "it is not set",
          fix: `set ${property} to the ARN of a KMS key of this program`,
        },
      ];
    },
  );
}

/** Values that stand in the state, be it encrypted. An unknown one is one too. */
function valuesInState({ props }: Resource): readonly Finding[] {
  return ["secretString", "secretBinary"]
    .filter((property) => !isAbsent(props[property]))
    .map((property) => ({
      property,
      wrong: "the value is kept in the stack's state",
      fix: "set secretStringWo and secretStringWoVersion instead, which the state does not keep",
    }));
}

export const rules: readonly Rule[] = [
  {
    name: "secretsmanager-secret-rotates",
    description: "Every secret rotates by itself, other than those that the configuration names with its reason.",
    why: "A secret that leaked once works until somebody changes it.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "FSBP SecretsManager.1",
      "CKV2_AWS_57",
      "AwsSolutions-SMG4",
      "Prowler secretsmanager_automatic_rotation_enabled",
    ],
    settings: {
      changedByHand: {
        type: "array",
        description:
          "Names of secrets that people change: another service issues the value, or a release must accept both.",
        default: [],
      },
    },
    stack: unrotated,
  },
  {
    name: "secretsmanager-rotation-interval",
    description: "A rotation runs at least every 90 days.",
    why: "The interval is the longest that a leaked value can be used.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP SecretsManager.4", "CKV_AWS_304"],
    settings: { days: { type: "number", description: "The longest interval, in days.", default: 90 } },
    resources: [
      { types: [ROTATION], unknown: "refuse", find: slowRotation },
      {
        types: [ROTATION],
        unknown: "refuse",
        find: expects("rotationEnabled", orAbsent(isTrue), "set rotationEnabled: true, or remove it"),
      },
    ],
  },
  {
    name: "secretsmanager-secret-own-key",
    description: "Every secret, and every copy of it, is under a KMS key of the program.",
    why: "A key of its own has a policy that says who may read, and a record of each reading.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_149", "cdk-nag SecretsManagerUsingKMSKey", "AWS-0098", "compliance-policies"],
    resources: [{ types: [SECRET], unknown: "defer", find: withoutOwnKey }],
  },
  {
    name: "secretsmanager-policy-not-public",
    description: "No secret's policy allows everybody, and Secrets Manager refuses one that does.",
    why: "A public secret is no secret.",
    severity: "critical",
    level: "mandatory",
    standards: ["CIS 2.21", "Prowler secretsmanager_not_publicly_accessible"],
    resources: [
      { types: [SECRET, POLICY], unknown: "defer", find: notPublic("policy", "name the role that reads the secret") },
      { types: [POLICY], unknown: "refuse", find: expects("blockPublicPolicy", isTrue, "set blockPublicPolicy: true") },
    ],
    remedy: ({ type, props }) =>
      type === POLICY && !isTrue.is(props["blockPublicPolicy"]) ? [{ path: ["blockPublicPolicy"], value: true }] : [],
  },
  {
    name: "secretsmanager-recovery-window",
    description: "A deleted secret can be taken back for days.",
    why: "A secret that is deleted by mistake, with no way back, takes down all that reads it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      days: { type: "number", description: "Days in which a secret can be taken back, 7 to 30.", default: 7 },
    },
    resources: [
      {
        types: [SECRET],
        unknown: "refuse",
        find: expectsAsked("days", "recoveryWindowInDays", (days) => orAbsent(atLeast(days))),
      },
    ],
  },
  {
    name: "secretsmanager-value-not-in-state",
    description: "A secret's value reaches Secrets Manager without being kept in the state.",
    why: "Who can read the state, or an old copy of it, reads every secret in it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [VERSION], unknown: "refuse", find: valuesInState }],
  },
];
