import { amount } from "../../money.ts";
import { between, exactly } from "../../range.ts";
import { type CostResource, type Entries, free, type Item, type Part, priced, type World } from "../entry.ts";
import { flagOf, isUnknown, listOf, textOf } from "../read.ts";
import { shareAmong } from "../share.ts";

/** AWS KMS and Secrets Manager. */
export const keysAndSecrets: Entries = {
  "aws:kms/key:Key": priced(keyParts),
  "aws:kms/replicaKey:ReplicaKey": priced(keyParts),
  "aws:kms/alias:Alias": free("A name of the key."),
  "aws:kms/grant:Grant": free("A permission of the key."),
  "aws:kms/keyPolicy:KeyPolicy": free("A setting of the key."),
  "aws:secretsmanager/secret:Secret": priced(secretParts),
  "aws:secretsmanager/secretPolicy:SecretPolicy": free("A setting of the secret."),
  "aws:secretsmanager/secretRotation:SecretRotation": free("The function that rotates is charged by its runs."),
  "aws:secretsmanager/secretVersion:SecretVersion": free("Versions are part of the secret's price."),
};

/**
 * Each of a key's first two rotations adds the price of a key, and later ones nothing:
 * https://aws.amazon.com/kms/pricing/, since May 2024.
 */
const paidRotations = 2;

function keyParts(key: CostResource, world: World): readonly Part[] {
  const spec = textOf(key, "customerMasterKeySpec", "SYMMETRIC_DEFAULT");
  const rotates = flagOf(key, "enableKeyRotation", false);
  const keys: Item =
    rotates === false
      ? { price: "kms-key", quantity: exactly(1) }
      : {
          price: "kms-key",
          quantity: between(1, 1, 1 + paidRotations),
          property: "enableKeyRotation",
          assumption: "A key in its first year. The first two yearly rotations add the price of a key each.",
        };
  const requests: Part =
    isUnknown(spec) || spec === "SYMMETRIC_DEFAULT"
      ? { price: "kms-requests", ...shareAmong(world.usage.keyRequests, key, world, 10_000) }
      : { notPriced: `Requests to a key of kind ${spec} are not in prices.csv.` };
  return [keys, requests];
}

/** A replica in another region is charged as a secret of its own. */
function secretParts(secret: CostResource, world: World): readonly Part[] {
  const replicas = listOf(secret, "replicas");
  const count: Item = isUnknown(replicas)
    ? {
        price: "secret-month",
        quantity: between(1, 1, 2),
        property: "replicas",
        assumption: "Whether it is copied to another region is not known yet.",
      }
    : { price: "secret-month", quantity: exactly(amount(1).plus(replicas.length)), property: "replicas" };
  return [count, { price: "secret-requests", ...shareAmong(world.usage.secretRequests, secret, world, 10_000) }];
}
