import type { EngineRun } from "../engines/engine.ts";
import { UserError } from "../sandbox/user-error.ts";
import { blockersOf, rollbackTarget } from "./choose.ts";
import { type Deployer, deploy, type Deployment, locked, previewed } from "./deploy.ts";
import type { DeployLock } from "./lock.ts";
import { isSameRelease, nameOf, type ReleaseEnvironment, type ReleaseRecord, releaseText } from "./record.ts";
import { releaseStore } from "./store.ts";

/** What a rollback will change, for whoever decides. */
export interface RollbackPlan {
  readonly current: ReleaseRecord;
  readonly target: ReleaseRecord;
  readonly run: EngineRun;
}

export interface RollbackRequest {
  readonly environment: ReleaseEnvironment;
  /** A good release of this version. Default: the last known good that is not what runs. */
  readonly version?: string | undefined;
  /** Asked once everything is known and nothing has changed. */
  readonly agree: (plan: RollbackPlan) => Promise<boolean>;
}

/** Resolves with the record of the rollback; undefined where it was not agreed to. Rejects with a `UserError` where there is nothing to go back to, or no way. */
export function rollback(
  { environment, version, agree }: RollbackRequest,
  deployer: Deployer,
): Promise<ReleaseRecord | undefined> {
  return locked(deployer, environment, `rollback${version === undefined ? "" : ` to ${version}`}`, (lock) =>
    backTo(deployer, environment, lock, agree, version),
  );
}

/** The same inside a deploy that has failed: nobody is asked. */
export async function rollBackWithin(
  deployer: Deployer,
  environment: ReleaseEnvironment,
  lock: DeployLock,
): Promise<ReleaseRecord> {
  const record = await backTo(deployer, environment, lock, () => Promise.resolve(true));
  if (record === undefined) throw new UserError("the rollback was not made");
  return record;
}

async function backTo(
  deployer: Deployer,
  environment: ReleaseEnvironment,
  lock: DeployLock,
  agree: RollbackRequest["agree"],
  version?: string,
): Promise<ReleaseRecord | undefined> {
  const records = await releaseStore(deployer.objects).records(environment);
  const choice = rollbackTarget(records, version);
  if ("reason" in choice) throw new UserError(choice.reason);
  const { target, current } = choice;
  const [blocker, ...more] = blockersOf(records, target);
  if (blocker !== undefined)
    throw new UserError(
      `${releaseText(target)} cannot run on the database as it is now: migration ${blocker.fileName} cannot be undone, ${blocker.reason}` +
        `${more.length === 0 ? "" : ` (and ${more.length} more)`}. Bring the fix as a new release`,
    );
  deployer.say(`rollback of ${environment} to ${releaseText(target)}`);
  return deployer.checkout(target.commit, async (directory) => {
    const deployment: Deployment = {
      environment,
      name: nameOf(target),
      tree: target.tree,
      settingsHash: target.settingsHash,
      migrations: target.migrations.map(({ fileName, irreversible }) => ({ fileName, irreversible })),
      directory,
      // Of a rollback that broke off and is made again: what that one took away.
      rolledBackFrom: (isSameRelease(current, target) ? current.rolledBackFrom : undefined) ?? nameOf(current),
    };
    const run = await previewed(deployer, deployment);
    return (await agree({ current, target, run })) ? deploy(deployer, deployment, lock) : undefined;
  });
}
