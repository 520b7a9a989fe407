import { textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { keyMissing } from "./kms.ts";

const keyRefusal = (operation: Operation): Refusal | undefined => {
  const key = textAt(operation.inputs, "keyArn");
  return key !== undefined && keyMissing(operation, key)
    ? new Refusal("InvalidKmsKeyId.NotFound", `The KMS key ${key} does not exist in this account and region.`)
    : undefined;
};

/** Settings of an account in a region: the region is their id, so that no two resources set them. */
const ofRegion: ResourceRules = { id: ({ location }) => location.region };

export const ebs: Service = {
  resources: {
    "aws:ebs/encryptionByDefault:EncryptionByDefault": ofRegion,
    "aws:ebs/defaultKmsKey:DefaultKmsKey": {
      ...ofRegion,
      refuseCreate: keyRefusal,
      replaces: (olds, news) => (olds["keyArn"] === news["keyArn"] ? [] : ["keyArn"]),
    },
  },
};
