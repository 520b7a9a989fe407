import { UserError } from "../sandbox/user-error.ts";
import { stagingProof } from "./choose.ts";
import { type Deployer, deploy, type Deployment, locked, previewed } from "./deploy.ts";
import { type ReleaseRecord, releaseText } from "./record.ts";
import { rollBackWithin } from "./rollback.ts";
import { releaseStore } from "./store.ts";

export interface ReleaseRequest {
  readonly deployment: Deployment;
  /** Staging's records, for a release of production. */
  readonly staging: readonly ReleaseRecord[];
}

/** What came of a release. */
export interface ReleaseOutcome {
  readonly record: ReleaseRecord;
  /** Of a failed smoke: the release that runs again, good or not. */
  readonly rollback?: ReleaseRecord;
  /** Of a failed smoke that was not rolled back: why, and what to do. */
  readonly notRolledBack?: string;
}

/**
 * Brings a release to an environment. Production takes what staging has proven, and nothing else. A smoke that fails is
 * rolled back to the last known good; a failure before that leaves what the same command completes. Rejects with a
 * `UserError` where nothing was changed.
 */
export function release({ deployment, staging }: ReleaseRequest, deployer: Deployer): Promise<ReleaseOutcome> {
  const { environment, name } = deployment;
  if (environment === "production") {
    const proven = stagingProof(staging, { tree: deployment.tree, imageDigest: name.imageDigest });
    if ("reason" in proven) return Promise.reject(new UserError(proven.reason));
    deployer.say(`proven on staging by ${releaseText(proven.proof)}, ${proven.proof.finishedAt}`);
  }
  return locked(deployer, environment, `release ${name.version}`, async (lock) => {
    await previewed(deployer, deployment);
    const record = await deploy(deployer, deployment, lock);
    if (record.failure?.step !== "smoke") return { record };
    deployer.say(`the smoke failed: ${record.failure.reason}`);
    try {
      const choice = await rollBackWithin(deployer, environment, lock);
      return { record, rollback: choice };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { record, notRolledBack: error.message };
    }
  });
}

/** The newest record that proves a tree and a digest, read from staging's own store. */
export async function proofOf(
  objects: Deployer["objects"],
  proposed: Parameters<typeof stagingProof>[1],
): Promise<ReleaseRecord> {
  const proven = stagingProof(await releaseStore(objects).records("staging"), proposed);
  if ("reason" in proven) throw new UserError(proven.reason);
  return proven.proof;
}
