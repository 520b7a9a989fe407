import { randomUUID } from "node:crypto";
import { startOwnCloud } from "../sandbox/cli/cloud.ts";
import { type Place, openSession } from "../sandbox/cli/session.ts";
import type { CloudStore, StoredResource } from "../sandbox/cloud/world.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { SecretsService } from "./commands.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

const text = (resource: StoredResource, property: string): string | undefined => {
  const value = resource.outputs[property];
  return typeof value === "string" ? value : undefined;
};

const hasStage = ({ outputs }: StoredResource, stage: string): boolean =>
  Array.isArray(outputs["versionStages"]) && outputs["versionStages"].includes(stage);

/**
 * The sandbox's Secrets Manager. It keeps that an entry has a value, and since when; not the value, which nothing there
 * reads.
 */
export function sandboxSecrets(place: Place): SecretsService {
  const withStore = async <Result>(work: (store: CloudStore) => Result): Promise<Result> => {
    const { project, stateDirectory } = await openSession(place);
    const cloud = await startOwnCloud({ project, stateDirectory, faults: [], latencyMilliseconds: 0 });
    try {
      return work(cloud.store);
    } finally {
      await cloud.stop();
    }
  };
  return {
    list: (prefix) =>
      withStore((store) => {
        const all = store.everything();
        return all
          .filter((one) => one.type === SECRET && text(one, "name")?.startsWith(prefix) === true)
          .map((secret) => {
            const currents = versionsOf(secret, all).filter((version) => hasStage(version, CURRENT));
            // What somebody put in counts before what the program made.
            const current = currents.find(({ urn }) => urn === "") ?? currents[0];
            const since = current && text(current, "createdDate");
            return {
              name: text(secret, "name") ?? "",
              arn: secret.id,
              hasValue: current !== undefined,
              rotates: all.some(({ type, id }) => type === ROTATION && id === secret.id),
              changed: since === undefined ? undefined : new Date(since),
            };
          });
      }),
    put: (arn) =>
      withStore((store) => {
        const all = store.everything();
        const secret = all.find(({ type, id }) => type === SECRET && id === arn);
        if (secret === undefined) throw new UserError("the secret is no longer in the sandbox: list what there is");
        const before = versionsOf(secret, all).find((version) => version.urn === "" && hasStage(version, CURRENT));
        if (before !== undefined)
          store.update(before.key, {
            resource: { ...before, outputs: { ...before.outputs, versionStages: [PREVIOUS] } },
          });
        const versionId = randomUUID();
        store.update(secret.key, {
          resource: secret,
          companions: [
            ...(before === undefined ? [] : [before]),
            {
              type: VERSION,
              id: `${arn}|${versionId}`,
              urn: "",
              location: secret.location,
              inputs: { secretId: arn },
              outputs: { secretArn: arn, versionId, versionStages: [CURRENT], createdDate: new Date().toISOString() },
            },
          ],
        });
      }),
    rotate: () =>
      Promise.reject(
        new UserError("the sandbox runs no functions, so none rotates a secret there: without --sandbox it does"),
      ),
  };
}

const versionsOf = (secret: StoredResource, all: readonly StoredResource[]): StoredResource[] =>
  all.filter((one) => one.type === VERSION && text(one, "secretArn") === secret.id);
