import type { Properties } from "../../values/value.ts";
import { flagAt, mapsAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal } from "../service.ts";
import { findKey, isAwsManaged } from "./kms.ts";
import { valueOf } from "./lookup.ts";
import { REGIONS } from "./zones.ts";

const SECRET = "aws:secretsmanager/secret:Secret";

/** Regions each once, none the secret's own, each with its key there. */
export function replicaRefusal(operation: Operation): Refusal | undefined {
  const { inputs, location, world } = operation;
  const regions = mapsAt(inputs, "replicas").map((replica) => textAt(replica, "region") ?? "");
  const wrong = regions.find((region, index) => region === location.region || regions.indexOf(region) !== index);
  if (wrong !== undefined)
    return new Refusal(
      "InvalidParameterException",
      `Invalid replica region: ${wrong} is ${wrong === location.region ? "the secret's own region" : "named twice"}.`,
    );
  const unknown = regions.find((region) => REGIONS[region] === undefined);
  if (unknown !== undefined)
    return new Refusal("InvalidParameterException", `Invalid replica region: ${unknown} is no region.`);
  for (const replica of mapsAt(inputs, "replicas")) {
    const [region, key] = [textAt(replica, "region") ?? "", textAt(replica, "kmsKeyId")];
    if (key !== undefined && !isAwsManaged(key) && findKey(world, { ...location, region }, key) === undefined)
      return new Refusal("InvalidParameterException", `The KMS key ${key} does not exist in the region ${region}.`);
  }
  return undefined;
}

/** A copy fails quietly where its region has a secret of the name already. */
export function replicaStates(operation: Operation, name: string): Properties[] {
  const { inputs, location, world } = operation;
  return mapsAt(inputs, "replicas").map((replica) => {
    const taken = world
      .all(SECRET)
      .some(
        (other) =>
          other.location.account === location.account &&
          other.location.region === textAt(replica, "region") &&
          valueOf(other, "name") === name,
      );
    const failed = taken && flagAt(inputs, "forceOverwriteReplicaSecret") !== true;
    return {
      kmsKeyId: "alias/aws/secretsmanager",
      ...replica,
      lastAccessedDate: "",
      status: failed ? "Failed" : "InSync",
      statusMessage: failed
        ? `Replication failed: Secret name ${name} already exists in this region.`
        : "Replication succeeded.",
    };
  });
}

/** A secret that lies here as the copy of another region's. */
export function replicaHere({ location, world }: Operation, name: string): CloudResource | undefined {
  return world
    .all(SECRET)
    .find(
      (other) =>
        other.location.account === location.account &&
        other.location.region !== location.region &&
        valueOf(other, "name") === name &&
        mapsAt(other.inputs, "replicas").some((replica) => textAt(replica, "region") === location.region),
    );
}
