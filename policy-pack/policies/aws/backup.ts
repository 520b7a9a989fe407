import type { Config, Find, Finding, Resource, Rule, Violation } from "../../support/rule.ts";
import { companions } from "../../support/companions.ts";
import { statementCheck, type Judge } from "../../support/policy-check.ts";
import { isPublic } from "../../support/policy-document.ts";
import {
  atLeast,
  elements,
  expects,
  firstUnknown,
  isNotTrue,
  isSet,
  judged,
  locate,
  numberOf,
} from "../../support/property.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const VAULT = "aws:backup/vault:Vault";
const AIR_GAPPED = "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const VAULT_POLICY = "aws:backup/vaultPolicy:VaultPolicy";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";

/** Vaults without a lock. A logically air-gapped vault is always locked. */
export function unlockedVaults(stack: Stack): readonly Violation[] {
  const vaults = stack.ofType([VAULT]);
  const locksOf = companions(vaults, stack.ofType([LOCK]), "backupVaultName");
  return vaults
    .filter((vault) => locksOf(vault).length === 0)
    .map((vault) => ({
      urn: vault.urn,
      property: "name",
      wrong: `nothing locks "${vault.name}"`,
      fix: "add an aws.backup.VaultLockConfiguration for it with minRetentionDays",
    }));
}

const least = (config: Config): number => numberOf(config["days"]) ?? 1;

const keepsAtLeast =
  (path: string): Find =>
  (resource, config) =>
    expects(
      path,
      atLeast(least(config)),
      `set ${path.replaceAll("[]", "[0]")}: ${String(least(config))}`,
    )(resource, config);

/** Rules, and their copies, that keep nothing for long enough; without an end they would keep everything for ever. */
const keeps: Find = (resource, config) => [
  ...ruleless(resource),
  ...keepsAtLeast("rules[].lifecycle.deleteAfter")(resource, config),
  ...keepsAtLeast("rules[].copyActions[].lifecycle.deleteAfter")(resource, config),
];

function ruleless({ props }: Resource): readonly Finding[] {
  return isSet.is(props["rules"]) ? [] : judged({ property: "rules", value: props["rules"] }, isSet, "add a rule");
}

const REGION = /^arn:[^:]*:backup:([^:]+):/;

/** Plans none of whose copies goes to another region than the plan's own. */
export function onlyHere({ props, provider }: Resource): readonly Finding[] {
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
export function emptyPlans(stack: Stack): readonly Violation[] {
  const plans = stack.ofType([PLAN]);
  const selectionsOf = companions(plans, stack.ofType([SELECTION]), "planId");
  return plans
    .filter((plan) => selectionsOf(plan).length === 0)
    .map((plan) => ({
      urn: plan.urn,
      property: "name",
      wrong: `nothing is assigned to "${plan.name}"`,
      fix: "add an aws.backup.Selection with its id as planId",
    }));
}

const SELECTORS = ["resources", "selectionTags", "conditions"];

/** Selections by which nothing is chosen; `notResources` alone chooses all else. */
export function emptySelections({ props }: Resource): readonly Finding[] {
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

/** Statements of a vault's policy that let anyone in. */
const publicVault: Judge = (statement) =>
  isPublic(statement)
    ? [
        {
          wrong: `${statement.id} allows every principal`,
          fix: "name the accounts or roles, or add a Condition on aws:PrincipalOrgID",
        },
      ]
    : [];

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
        find: (resource, config) =>
          expects(
            "minRetentionDays",
            atLeast(least(config)),
            `set minRetentionDays: ${String(least(config))}`,
          )(resource, config),
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
    resources: [statementCheck(["resource"], publicVault, [VAULT_POLICY])],
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
