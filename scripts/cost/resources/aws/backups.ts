import { isProperties, type Value } from "../../../sandbox/values/value.ts";
import { type CostResource, type Entries, free, type Item, type Part, priced, type World } from "../entry.ts";
import { isUnknown, listOf, textOf } from "../read.ts";
import { shareAmong } from "../share.ts";
import { stated } from "../../usage.ts";

const setting = free("Charged by what the vaults keep.");

/** AWS Backup. */
export const backups: Entries = {
  "aws:backup/vault:Vault": priced(vaultParts),
  "aws:backup/plan:Plan": priced(planParts),
  "aws:backup/selection:Selection": setting,
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": setting,
  "aws:backup/vaultNotifications:VaultNotifications": setting,
  "aws:backup/vaultPolicy:VaultPolicy": setting,
  "aws:backup/regionSettings:RegionSettings": setting,
};

/** Each vault keeps all of its own: a copy in another region is charged again. */
function vaultParts(_vault: CostResource, { usage: { backupGb } }: World): readonly Part[] {
  return [{ price: "backup-s3-storage", quantity: backupGb, assumption: stated(backupGb) }];
}

function planParts(plan: CostResource, world: World): readonly Part[] {
  const rules = listOf(plan, "rules");
  const copies = shareAmong(world.usage.backupCopyGb, plan, world);
  const item: Item = { price: "data-other-region", property: "rules", taggable: false, ...copies };
  if (isUnknown(rules))
    return [
      {
        ...item,
        quantity: { ...copies.quantity, low: copies.quantity.low.times(0) },
        assumption: `${copies.assumption} Whether it copies anything is not known yet.`,
      },
    ];
  const region = textOf(plan, "region", "us-east-1");
  const elsewhere = rules.some(
    (rule) => isProperties(rule) && copiesTo(rule["copyActions"], isUnknown(region) ? "" : region),
  );
  return elsewhere ? [item] : [{ free: "Plans are free, and this one copies nothing to another region." }];
}

/** The region stands fourth in an ARN; a vault that is not known yet may be anywhere. */
const copiesTo = (actions: Value | undefined, region: string): boolean =>
  Array.isArray(actions) &&
  actions
    .filter(isProperties)
    .some(({ destinationVaultArn: arn }) => typeof arn !== "string" || arn.split(":")[3] !== region);
