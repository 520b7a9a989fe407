import type { Properties } from "../../values/value.ts";
import { parseArn } from "../arn.ts";
import { flagAt, mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { findBy, here, inAccount, samePlace } from "./lookup.ts";
import { cronProblem } from "./schedule-expression.ts";

export const VAULT = "aws:backup/vault:Vault";
export const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";

/** Limits of the CreateBackupPlan API: days of retention, and minutes of the windows. */
export const MOST_DAYS = 36_500;
const MOST_CONTINUOUS_DAYS = 35;
const COLD_DAYS = 90;
const LEAST_WINDOW = 60;

export const invalid = (message: string): Refusal => new Refusal("InvalidParameterValueException", message);

/** 0 counts as not set. */
function daysAt(lifecycle: Properties, property: string): number | undefined {
  const days = numberAt(lifecycle, property);
  return days === 0 ? undefined : days;
}

function lifecycleProblem(lifecycle: Properties, continuous: boolean): string | undefined {
  const cold = daysAt(lifecycle, "coldStorageAfter");
  const days = daysAt(lifecycle, "deleteAfter");
  const most = continuous ? MOST_CONTINUOUS_DAYS : MOST_DAYS;
  if (continuous && cold !== undefined) return "Invalid lifecycle. MoveToColdStorageAfterDays is unavailable";
  if (continuous && days === undefined) return "Lifecycle must be specified for backup rule enabled continuous backup";
  if (days !== undefined && (days < 1 || days > most))
    return `Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than ${most} days`;
  return days !== undefined && cold !== undefined && days < cold + COLD_DAYS
    ? "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays"
    : undefined;
}

function scheduleProblem(rule: Properties): string | undefined {
  const schedule = textAt(rule, "schedule");
  if (schedule === undefined) return undefined;
  const problem = cronProblem(schedule);
  if (problem !== undefined) return `Invalid schedule expression: ${problem}`;
  return /^cron\(\d+ /.test(schedule) ? undefined : "Invalid schedule. The frequency cannot be less than one hour";
}

function windowProblem(rule: Properties): string | undefined {
  const [start, completion] = [numberAt(rule, "startWindow"), numberAt(rule, "completionWindow")];
  if (start !== undefined && start < LEAST_WINDOW) return `StartWindowMinutes must be at least ${LEAST_WINDOW}`;
  return start !== undefined && completion !== undefined && completion < start + LEAST_WINDOW
    ? `CompletionWindowMinutes must be at least ${LEAST_WINDOW} more than StartWindowMinutes`
    : undefined;
}

/**
 * Whether the vault's lock allows the retention. The service takes such a plan and then fails its every job; the
 * sandbox says so at once.
 */
function lockProblem(operation: Operation, vaultResource: CloudResource, lifecycle: Properties): string | undefined {
  const locked = operation.world
    .all(LOCK)
    .find(
      (one) =>
        textAt(one.inputs, "backupVaultName") === vaultResource.id && samePlace(one.location, vaultResource.location),
    );
  if (locked === undefined) return undefined;
  const days = daysAt(lifecycle, "deleteAfter");
  const least = numberAt(locked.inputs, "minRetentionDays");
  const most = numberAt(locked.inputs, "maxRetentionDays");
  const fits = (least ?? 0) <= (days ?? Infinity) && (days ?? Infinity) <= (most ?? Infinity);
  return fits
    ? undefined
    : `Retention of ${days ?? "for ever"} day(s) is outside the lock of vault ${vaultResource.id}: ${least ?? 1} to ${most ?? MOST_DAYS} days`;
}

function copyProblem(operation: Operation, copy: Properties): string | undefined {
  const arn = textAt(copy, "destinationVaultArn") ?? "";
  const lifecycle = mapAt(copy, "lifecycle");
  const problem = lifecycleProblem(lifecycle, false);
  // A vault of another account is not for the sandbox to know.
  if (problem !== undefined || parseArn(arn)?.account !== operation.location.account) return problem;
  const destination = findBy(inAccount(operation, VAULT), arn, "arn");
  return destination === undefined
    ? `Backup vault ${arn} does not exist`
    : lockProblem(operation, destination, lifecycle);
}

function ruleProblem(operation: Operation, rule: Properties): string | undefined {
  const name = textAt(rule, "targetVaultName") ?? "";
  const target = findBy(here(operation, VAULT), name, "name");
  if (target === undefined) return `Backup vault ${name} does not exist`;
  const lifecycle = mapAt(rule, "lifecycle");
  return (
    lifecycleProblem(lifecycle, flagAt(rule, "enableContinuousBackup") === true) ??
    scheduleProblem(rule) ??
    windowProblem(rule) ??
    lockProblem(operation, target, lifecycle) ??
    mapsAt(rule, "copyActions")
      .map((copy) => copyProblem(operation, copy))
      .find((problem) => problem !== undefined)
  );
}

/** Names of plans and of their rules. */
const NAME = /^[A-Za-z0-9_.-]{1,50}$/;

/** The first rule of a plan that the service would not take. */
export function planRefusal(operation: Operation): Refusal | undefined {
  const planRules = mapsAt(operation.inputs, "rules");
  const name = textAt(operation.inputs, "name") ?? "";
  if (planRules.length === 0) return invalid("A backup plan needs at least one rule.");
  const wrong = [name, ...planRules.map((rule) => textAt(rule, "ruleName") ?? "")].find((one) => !NAME.test(one));
  if (wrong !== undefined)
    return invalid(`Invalid name: "${wrong}" must have 1 to 50 letters, digits, hyphens, underscores, or periods`);
  const names = planRules.map((rule) => textAt(rule, "ruleName") ?? "");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return invalid(`Rule names must be unique: ${twice}`);
  for (const rule of planRules) {
    const problem = ruleProblem(operation, rule);
    if (problem !== undefined) return invalid(`Error in rule ${textAt(rule, "ruleName") ?? ""} : ${problem}`);
  }
  return undefined;
}
