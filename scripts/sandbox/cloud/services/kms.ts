import type { Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, numberAt, textAt } from "../fields.ts";
import { allowsService, matches, policyProblem, policySize, policyStatements } from "../iam-policy.ts";
import {
  type CloudResource,
  type Invoke,
  type Location,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
  type World,
} from "../service.ts";
import { findBy, here, placeHex, policiesEquivalent, samePlace, uuid, valueOf } from "./lookup.ts";
import { principalRefusal } from "./principals.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";

/** A key by its id, its ARN, an alias's name, or an alias's ARN; only in the given account and region. */
export function findKey(world: World, location: Location, named: string): CloudResource | undefined {
  const near = (type: string): CloudResource[] => world.all(type).filter((one) => samePlace(one.location, location));
  const alias = findBy(near(ALIAS), named, "name", "arn");
  return findBy(near(KEY), textAt(alias?.outputs ?? {}, "targetKeyId") ?? named, "id", "arn");
}

/** Keys that AWS keeps for its services (`alias/aws/secretsmanager`) are always there. */
export const isAwsManaged = (named: string): boolean => /(^|:)alias\/aws\//.test(named);

/** For services that take a key: undefined where there is such a key. */
export function keyMissing(operation: Operation, named: string): boolean {
  return !isAwsManaged(named) && findKey(operation.world, operation.location, named) === undefined;
}

/** Whether the key's policy lets a service do the action for itself (as CloudWatch Logs needs). */
export function keyAllowsService(
  operation: Operation,
  key: CloudResource,
  services: readonly string[],
  action: string,
): boolean {
  const separate = here(operation, KEY_POLICY).find(({ inputs }) => {
    const named = textAt(inputs, "keyId") ?? "";
    return findKey(operation.world, operation.location, named)?.id === key.id;
  });
  const policy = textAt(separate?.inputs ?? {}, "policy") ?? valueOf(key, "policy") ?? "";
  return allowsService(policy, services, action);
}

const MAX_POLICY = 32_768;

/** The document KMS would not take, or one that would lock everybody out. */
function policyRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined) return undefined;
  const problem = policyProblem(text, "resource");
  if (problem !== undefined)
    return new Refusal("MalformedPolicyDocumentException", `${problem.path}: ${problem.reason}`);
  if (policySize(text) > MAX_POLICY)
    return new Refusal("LimitExceededException", `The key policy is larger than ${MAX_POLICY} bytes`);
  const missing = principalRefusal(operation, text, "MalformedPolicyDocumentException");
  if (missing !== undefined) return missing;
  if (flagAt(operation.inputs, "bypassPolicyLockoutSafetyCheck") === true) return undefined;
  return administered(text, operation.location)
    ? undefined
    : new Refusal(
        "MalformedPolicyDocumentException",
        "The new key policy will not allow you to update the key policy in the future.",
      );
}

/** Whether some principal of the account may change the policy again. */
function administered(text: string, { account }: Location): boolean {
  return policyStatements(text).some(
    ({ effect, principals, actions, notActions }) =>
      effect === "Allow" &&
      (principals["AWS"] ?? []).some(
        (name) => name === "*" || name === account || parseArn(name)?.account === account,
      ) &&
      (actions.some((pattern) => matches(pattern, "kms:PutKeyPolicy")) ||
        (notActions.length > 0 && !notActions.some((pattern) => matches(pattern, "kms:PutKeyPolicy")))),
  );
}

const rootPolicy = ({ partition, account }: Location): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });

const symmetric = (inputs: Properties): boolean =>
  (textAt(inputs, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";

function rotationRefusal({ inputs }: Operation): Refusal | undefined {
  return flagAt(inputs, "enableKeyRotation") === true && !symmetric(inputs)
    ? new Refusal(
        "UnsupportedOperationException",
        "Automatic key rotation is only for symmetric encryption keys with material made by KMS.",
      )
    : undefined;
}

/** Which uses a kind of key has. Source: the KMS API's CreateKey. */
const USES: readonly { readonly spec: RegExp; readonly usages: readonly string[] }[] = [
  { spec: /^SYMMETRIC_DEFAULT$/, usages: ["ENCRYPT_DECRYPT"] },
  { spec: /^HMAC_/, usages: ["GENERATE_VERIFY_MAC"] },
  { spec: /^RSA_/, usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"] },
  { spec: /^ECC_NIST_P/, usages: ["SIGN_VERIFY", "KEY_AGREEMENT"] },
  { spec: /^(ECC_SECG|ECC_NIST_EDWARDS|ML_DSA)/, usages: ["SIGN_VERIFY"] },
  { spec: /^SM2$/, usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"] },
];

const key: ResourceRules = {
  check(inputs) {
    const spec = textAt(inputs, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
    const usage = textAt(inputs, "keyUsage") ?? "ENCRYPT_DECRYPT";
    const usages = USES.find((one) => one.spec.test(spec))?.usages ?? [usage];
    return usages.includes(usage)
      ? []
      : [
          {
            property: "keyUsage",
            reason: `ValidationException: KeyUsage ${usage} is not compatible with KeySpec ${spec}; it takes ${usages.join(" or ")}`,
          },
        ];
  },
  refuseCreate: (operation) => policyRefusal(operation) ?? rotationRefusal(operation),
  refuseUpdate: (operation) => policyRefusal(operation) ?? rotationRefusal(operation),
  equivalent: policiesEquivalent("policy"),
  id: (operation) => {
    const id = uuid(operation.hex("key", 32));
    return flagAt(operation.inputs, "multiRegion") === true ? `mrk-${id.replaceAll("-", "")}` : id;
  },
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "kms", `key/${id}`),
    keyId: id,
    description: textAt(inputs, "description") ?? "",
    multiRegion: flagAt(inputs, "multiRegion") ?? false,
    policy: textAt(inputs, "policy") ?? rootPolicy(location),
    ...(flagAt(inputs, "enableKeyRotation") === true
      ? { rotationPeriodInDays: numberAt(inputs, "rotationPeriodInDays") ?? 365 }
      : {}),
  }),
};

const notFound = (named: string, { partition, region, account }: Location): Refusal =>
  new Refusal("NotFoundException", `Key 'arn:${partition}:kms:${region}:${account}:key/${named}' does not exist`);

function targetRefusal(property: string) {
  return ({ inputs, world, location }: Operation): Refusal | undefined => {
    const named = textAt(inputs, property) ?? "";
    return findKey(world, location, named) === undefined ? notFound(named, location) : undefined;
  };
}

const alias: ResourceRules = {
  autoName: { property: "name", maxLength: 256, prefix: "alias/" },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name, { location }) =>
        new Refusal(
          "AlreadyExistsException",
          `An alias with the name ${regionalArn(location, "kms", name)} already exists`,
        ),
    },
  ],
  check(inputs) {
    const name = textAt(inputs, "name");
    if (name === undefined) return [];
    if (name.startsWith("alias/aws"))
      return [{ property: "name", reason: "NotAuthorizedException: the prefix alias/aws is reserved" }];
    return /^alias\/[a-zA-Z0-9:/_-]+$/.test(name) && name.length <= 256
      ? []
      : [
          {
            property: "name",
            reason: `"${name}" must begin with 'alias/' and be comprised of only [a-zA-Z0-9:/_-], at most 256 characters`,
          },
        ];
  },
  refuseCreate: targetRefusal("targetKeyId"),
  refuseUpdate: targetRefusal("targetKeyId"),
  equivalent: (property, old, now) =>
    property === "targetKeyId" &&
    typeof old === "string" &&
    typeof now === "string" &&
    old.replace(/^.*:key\//, "") === now.replace(/^.*:key\//, ""),
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed(operation, id) {
    const { inputs, world, location } = operation;
    const target = findKey(world, location, textAt(inputs, "targetKeyId") ?? "");
    return {
      arn: regionalArn(location, "kms", id),
      targetKeyArn: textAt(target?.outputs ?? {}, "arn") ?? "",
      targetKeyId: target?.id ?? textAt(inputs, "targetKeyId") ?? "",
    };
  },
};

const keyPolicy: ResourceRules = {
  refuseCreate: (operation) => targetRefusal("keyId")(operation) ?? policyRefusal(operation),
  refuseUpdate: policyRefusal,
  equivalent: policiesEquivalent("policy"),
  id: ({ inputs, world, location }) => {
    const named = textAt(inputs, "keyId") ?? "";
    return findKey(world, location, named)?.id ?? named;
  },
};

const getAlias: Invoke = (args, { location, world }) => {
  const name = textAt(args, "name") ?? "";
  const target = findKey(world, location, name);
  if (target === undefined && !isAwsManaged(name))
    throw new Refusal("NotFoundException", `Alias ${regionalArn(location, "kms", name)} is not found.`);
  const keyId = target?.id ?? uuid(placeHex(location, name, 32));
  const arn = regionalArn(location, "kms", name);
  return {
    ...args,
    arn,
    id: arn,
    name,
    region: location.region,
    targetKeyArn: regionalArn(location, "kms", `key/${keyId}`),
    targetKeyId: keyId,
  };
};

export const kms: Service = {
  resources: { [KEY]: key, [ALIAS]: alias, [KEY_POLICY]: keyPolicy },
  invokes: { "aws:kms/getAlias:getAlias": getAlias },
};
