import { notPublic } from "../../support/iam/public-policy.ts";
import { unnamed } from "../../support/join.ts";
import {
  atLeast,
  elements,
  expects,
  expectsAsked,
  firstUnknown,
  isNotTrue,
  isSet,
  judged,
  locate,
} from "../../support/property.ts";
import type { Find, Finding, Resource, Rule, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const VAULT = "aws:backup/vault:Vault";
const AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const VAULT_POLICY = "aws:backup/vaultPolicy:VaultPolicy";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";

/** Vaults without a lock. A logically air-gapped vault is always locked. */
function unlockedVaults(stack: Stack): readonly Violation[] {
  return unnamed(stack.ofType([VAULT]), stack.ofType([LOCK]), "backupVaultName").map(({ urn, name }) => ({
    urn,
    property: "name",
    wrong: `nothing locks "${name}"`,
    fix: "add an aws.backup.VaultLockConfiguration for it with minRetentionDays",
  }));
}

/** Rules, and their copies, that keep nothing for long enough; without an end they would keep everything for ever. */
const keeps: Find = (resource, config) => [
  ...ruleless(resource),
  ...expectsAsked("days", "rules[].lifecycle.deleteAfter", atLeast)(resource, config),
  ...expectsAsked("days", "rules[].copyActions[].lifecycle.deleteAfter", atLeast)(resource, config),
];

function ruleless({ props }: Resource): readonly Finding[] {
  return isSet.is(props["rules"]) ? [] : judged({ property: "rules", value: props["rules"] }, isSet, "add a rule");
}

const REGION = /^arn:[^:]*:backup:([^:]+):/;

/** Plans none of whose copies goes to another region than the plan's own. */
function onlyHere({ props, provider }: Resource): readonly Finding[] {
  const here = props["region"] ?? provider?.["region"];
  const copies = locate(props, "rules[].copyActions[].destinationVaultArn");
  const regions = copies.flatMap(
    ({ value }) => (typeof value === "string" ? REGION.exec(value)?.slice(1, 2) : []) ?? [],
  );
  if (typeof here === "string" && regions.some((region) => region !== here)) return [];
  const unknown = firstUnknown([...copies.map(({ value }) => value), ...(regions.length > 0 ? [here] : [])]);
  if (unknown !== undefined) return [{ property: copies[0]?.property ?? "region", unknown }];
  return [
    {
      property: copies[0]?.property ?? "rules",
      wrong: copies.length === 0 ? "no rule copies what it backs up" : "every copy stays in the plan's own region",
      fix: "give a rule copyActions: [{ destinationVaultArn }] with the ARN of a vault in another region",
    },
  ];
}

/** Plans that nothing is assigned to. */
function emptyPlans(stack: Stack): readonly Violation[] {
  return unnamed(stack.ofType([PLAN]), stack.ofType([SELECTION]), "planId").map(({ urn, name }) => ({
    urn,
    property: "name",
    wrong: `nothing is assigned to "${name}"`,
    fix: "add an aws.backup.Selection with its id as planId",
  }));
}

const SELECTORS = ["resources", "selectionTags", "conditions"];

/** Selections by which nothing is chosen; `notResources` alone chooses all else. */
function emptySelections({ props }: Resource): readonly Finding[] {
  const values = [...SELECTORS, "notResources"].map((key) => ({ property: key, value: props[key] }));
  const chosen = values.flatMap(elements);
  if (chosen.some(({ value }) => !(value instanceof Unknown) && isSet.is(value))) return [];
  const unknown = chosen.find(({ value }) => value instanceof Unknown);
  if (unknown?.value instanceof Unknown) return [{ property: unknown.property, unknown: unknown.value }];
  return [
    {
      property: "resources",
      wrong: "it chooses nothing",
      fix: "set resources to the ARNs to back up, or selectionTags to the tags that they carry",
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "backup-vault-uses-own-key",
    description: "Backup vaults are encrypted with a KMS key of the account's own.",
    why: "AWS's own key cannot be shared, so that such a backup is lost with its account.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP Backup.1", "CKV_AWS_166"],
    resources: [
      {
        types: [VAULT],
        unknown: "defer",
        find: expects("kmsKeyArn", isSet, "set kmsKeyArn to the ARN of an aws.kms.Key"),
      },
      {
        types: [AIR_GAPPED],
        unknown: "defer",
        find: expects("encryptionKeyArn", isSet, "set encryptionKeyArn to the ARN of an aws.kms.Key"),
      },
    ],
  },
  {
    name: "backup-vault-locked",
    description: "Recovery points in backup vaults cannot be deleted before their time.",
    why: "Whoever extorts a company deletes its backups first.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: { days: { type: "number", description: "Days for which nothing may be deleted.", default: 7 } },
    resources: [
      {
        types: [LOCK, AIR_GAPPED],
        unknown: "defer",
        find: expectsAsked("days", "minRetentionDays", atLeast),
      },
    ],
    stack: unlockedVaults,
  },
  {
    name: "backup-vault-not-force-destroyed",
    description: "No backup vault is emptied in order to delete it.",
    why: "With it, one removed line deletes every recovery point.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [VAULT], unknown: "refuse", find: expects("forceDestroy", isNotTrue, "set forceDestroy: false") },
    ],
  },
  {
    name: "backup-vault-policy-not-public",
    description: "No policy of a backup vault lets in everybody.",
    why: "Whoever may copy from a vault has all the data that it holds.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [VAULT_POLICY],
        unknown: "defer",
        find: notPublic("policy", "name the accounts or roles, or add a Condition on aws:PrincipalOrgID"),
      },
    ],
  },
  {
    name: "backup-plan-keeps-long-enough",
    description: "Every rule of a backup plan keeps its recovery points long enough, and not for ever.",
    why: "A mistake is often noticed days later, and what is kept for ever is billed for ever.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    settings: { days: { type: "number", description: "Days for which recovery points must be kept.", default: 30 } },
    resources: [{ types: [PLAN], unknown: "defer", find: keeps }],
  },
  {
    name: "backup-plan-copies-to-another-region",
    description: "Backup plans copy recovery points to another region.",
    why: "A backup in the region of its source is lost with that region.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [PLAN], unknown: "defer", find: onlyHere }],
  },
  {
    name: "backup-plan-backs-something-up",
    description: "Every backup plan has a selection, and every selection chooses something.",
    why: "A plan without resources looks like a backup, and is none.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [SELECTION], unknown: "defer", find: emptySelections }],
    stack: emptyPlans,
  },
];
