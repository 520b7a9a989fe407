import { Secret } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, listAt, mapsAt, textAt } from "../fields.ts";
import { policyProblem } from "../iam-policy.ts";
import {
  type Invoke,
  type InvokeContext,
  type Location,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { imagesIn, registryHost, registryPassword, REPOSITORY } from "./ecr-images.ts";
import { lifecycleProblem, sameLifecycle } from "./ecr-lifecycle.ts";
import { registryResources } from "./ecr-registry.ts";
import { keyMissing } from "./kms.ts";
import { findBy, policiesEquivalent, samePlace } from "./lookup.ts";
import { principalRefusal } from "./principals.ts";

const invalid = (message: string): Refusal => new Refusal("InvalidParameterException", message);

const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

function repositoryRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "name") ?? "";
  if (!NAME.test(name) || name.length < 2 || name.length > 256)
    return invalid(
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}'' and have 2 to 256 characters: ${name}`,
    );
  const [encryption = {}] = mapsAt(operation.inputs, "encryptionConfigurations");
  const key = textAt(encryption, "kmsKey");
  if (key === undefined) return undefined;
  if ((textAt(encryption, "encryptionType") ?? "AES256") === "AES256")
    return invalid("A KMS key can only be given with encryptionType KMS or KMS_DSSE.");
  return keyMissing(operation, key)
    ? new Refusal("KmsException", `The KMS key ${key} does not exist in this account and region.`)
    : undefined;
}

const urlOf = (location: Location, name: string): string => `${registryHost(location)}/${name}`;

const repository: ResourceRules = {
  autoName: { property: "name", maxLength: 255, lowercase: true },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name, { location }) =>
        new Refusal(
          "RepositoryAlreadyExistsException",
          `The repository with name '${name}' already exists in the registry with id '${location.account}'`,
        ),
    },
  ],
  check(inputs) {
    const filters = listAt(inputs, "imageTagMutabilityExclusionFilters").length > 0;
    const mutability = inputs["imageTagMutability"] ?? "MUTABLE";
    if (typeof mutability !== "string" || mutability.endsWith("_WITH_EXCLUSION") === filters) return [];
    return [
      {
        property: "imageTagMutabilityExclusionFilters",
        reason: filters
          ? `are not allowed when imageTagMutability is ${mutability}`
          : `must be given when imageTagMutability is ${mutability}`,
      },
    ];
  },
  refuseCreate: repositoryRefusal,
  refuseDelete({ existing, inputs, location, world }) {
    const name = existing?.id ?? "";
    const images = imagesIn(world, urlOf(location, name));
    return images.length === 0 || flagAt(existing?.inputs ?? inputs, "forceDelete") === true
      ? undefined
      : new Refusal(
          "RepositoryNotEmptyException",
          `The repository with name '${name}' in registry with id '${location.account}' cannot be deleted because it still contains images: ${images.length}. Delete them, or set forceDelete.`,
        );
  },
  takes: ({ existing, location, world }) =>
    imagesIn(world, urlOf(location, existing?.id ?? "")).map(({ resource }) => resource),
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: ({ location }, id) => ({
    arn: regionalArn(location, "ecr", `repository/${id}`),
    registryId: location.account,
    repositoryUrl: urlOf(location, id),
  }),
};

const missing = (name: string, { account }: Location): Refusal =>
  new Refusal(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

/** What there is one of per repository, under its name. */
const ofRepository = (rules: ResourceRules): ResourceRules => ({
  references: [
    {
      property: "repository",
      types: [REPOSITORY],
      by: "name",
      refuse: (name, { location }) => missing(name, location),
    },
  ],
  id: ({ inputs }) => textAt(inputs, "repository") ?? "",
  computed: ({ location }) => ({ registryId: location.account }),
  ...rules,
});

function lifecycleRefusal({ inputs }: Operation): Refusal | undefined {
  const text = textAt(inputs, "policy");
  const problem = text === undefined ? undefined : lifecycleProblem(text);
  return problem === undefined
    ? undefined
    : invalid(
        `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${problem}'`,
      );
}

function policyRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined) return undefined;
  const problem = policyProblem(text, "owner");
  return problem === undefined
    ? principalRefusal(operation, text, "InvalidParameterException")
    : invalid(`Invalid repository policy provided: ${problem.path}: ${problem.reason}`);
}

const EXPIRES = "2025-01-01T12:00:00Z";

/** The token counts for the caller's own registry, whichever is asked for. */
const authorizationToken: Invoke = (args, { location }) => {
  const registryId = textAt(args, "registryId") ?? location.account;
  const password = registryPassword(location);
  return {
    authorizationToken: new Secret(Buffer.from(`AWS:${password}`).toString("base64")),
    expiresAt: EXPIRES,
    id: location.region,
    password: new Secret(password),
    proxyEndpoint: `https://${registryHost({ ...location, account: registryId })}`,
    region: location.region,
    userName: "AWS",
    ...(args["registryId"] === undefined ? {} : { registryId }),
  };
};

function repositoryNamed(name: string, { location, world }: InvokeContext) {
  const near = world.all(REPOSITORY).filter((one) => samePlace(one.location, location));
  const found = findBy(near, name, "name");
  if (found === undefined) throw missing(name, location);
  return found;
}

const image: Invoke = (args, context) => {
  const name = textAt(args, "repositoryName") ?? "";
  const url = textAt(repositoryNamed(name, context).outputs, "repositoryUrl") ?? "";
  const [digest, tag] = [textAt(args, "imageDigest"), textAt(args, "imageTag")];
  const found = imagesIn(context.world, url).findLast(
    (one) => (digest === undefined || one.digest === digest) && (tag === undefined || one.tags.includes(tag)),
  );
  if (found === undefined)
    throw new Refusal(
      "ImageNotFoundException",
      `The image with imageId {imageDigest:'${digest ?? "null"}', imageTag:'${tag ?? "null"}'} does not exist within the repository with name '${name}' in the registry with id '${context.location.account}'`,
    );
  return {
    ...args,
    id: found.digest,
    imageDigest: found.digest,
    imagePushedAt: 0,
    imageSizeInBytes: 0,
    imageTags: [...found.tags],
    imageUri: `${url}@${found.digest}`,
    region: context.location.region,
    registryId: context.location.account,
    repositoryName: name,
  };
};

export const ecr: Service = {
  resources: {
    [REPOSITORY]: repository,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ofRepository({
      refuseCreate: lifecycleRefusal,
      equivalent: (property, old, now) =>
        property === "policy" && typeof old === "string" && typeof now === "string" && sameLifecycle(old, now),
    }),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ofRepository({
      refuseCreate: policyRefusal,
      refuseUpdate: policyRefusal,
      equivalent: policiesEquivalent("policy"),
    }),
    ...registryResources,
  },
  invokes: {
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": authorizationToken,
    "aws:ecr/getCredentials:getCredentials": (args, context) => {
      const { authorizationToken: token, expiresAt, proxyEndpoint } = authorizationToken(args, context);
      return {
        authorizationToken: token ?? "",
        expiresAt: expiresAt ?? "",
        id: textAt(args, "registryId") ?? "",
        proxyEndpoint: proxyEndpoint ?? "",
        region: context.location.region,
        registryId: textAt(args, "registryId") ?? "",
      };
    },
    "aws:ecr/getImage:getImage": image,
    "aws:ecr/getRepository:getRepository": (args, context) => {
      const found = repositoryNamed(textAt(args, "name") ?? "", context);
      return {
        tags: {},
        imageTagMutability: "MUTABLE",
        imageScanningConfigurations: [],
        encryptionConfigurations: [],
        mostRecentImageTags: [],
        ...Object.fromEntries(
          ["arn", "registryId", "repositoryUrl", "name", "tags", "imageTagMutability"].flatMap((key) =>
            found.outputs[key] === undefined ? [] : [[key, found.outputs[key]]],
          ),
        ),
        id: found.id,
        region: context.location.region,
      };
    },
  },
};
