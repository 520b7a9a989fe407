import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Props = Sent["props"];

const repository = (props: Props = {}): Sent => ({
  type: "aws:ecr/repository:Repository",
  name: "api",
  props: { ...props, tags },
});
const template = (props: Props): Sent => ({
  type: "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
  props: { prefix: "cache", appliedFors: ["PULL_THROUGH_CACHE"], ...props },
});
const lifecycle = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  name: "lifecycle",
  props,
  references,
});
const policy = (document: Json): Sent => ({
  type: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  props: { repository: "api", policy: typeof document === "string" ? document : JSON.stringify(document) },
});

const allow = (Principal: Json, Condition?: Json): Json => ({
  Statement: [
    { Effect: "Allow", Principal, Action: "ecr:BatchGetImage", ...(Condition === undefined ? {} : { Condition }) },
  ],
});
const EXPIRING = JSON.stringify({ rules: [{ rulePriority: 1, action: { type: "expire" } }] });
const KMS = { encryptionConfigurations: [{ encryptionType: "KMS" }] };

export const cases: readonly Case[] = [
  {
    rule: "ecr-scan-on-push",
    when: "images are scanned",
    given: repository({ imageScanningConfiguration: { scanOnPush: true } }),
    result: "passes",
  },
  {
    rule: "ecr-scan-on-push",
    when: "they are not",
    given: repository({ imageScanningConfiguration: { scanOnPush: false } }),
    result: [/imageScanningConfiguration\.scanOnPush: it is false, and must be true/],
  },
  {
    rule: "ecr-scan-on-push",
    when: "the block is absent",
    given: repository(),
    result: [/imageScanningConfiguration\.scanOnPush: it is not set/],
  },
  {
    rule: "ecr-scan-on-push",
    when: "it is unknown",
    given: repository({ imageScanningConfiguration: { scanOnPush: UNKNOWN } }),
    result: [/scanOnPush: its value is not known/],
  },

  {
    rule: "ecr-immutable-tags",
    when: "they are",
    given: repository({ imageTagMutability: "IMMUTABLE" }),
    result: "passes",
  },
  {
    rule: "ecr-immutable-tags",
    when: "nothing is said",
    given: repository(),
    result: [/imageTagMutability: it is not set/],
  },
  {
    rule: "ecr-immutable-tags",
    when: "some may move",
    given: repository({ imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }),
    result: [/imageTagMutability: it is "IMMUTABLE_WITH_EXCLUSION"/],
  },
  {
    rule: "ecr-immutable-tags",
    when: "those of a template may move",
    given: template({ imageTagMutability: "MUTABLE" }),
    result: [/imageTagMutability: it is "MUTABLE"/],
  },
  {
    rule: "ecr-immutable-tags",
    when: "it is unknown",
    given: repository({ imageTagMutability: UNKNOWN }),
    result: [/imageTagMutability: its value is not known/],
  },

  {
    rule: "ecr-lifecycle-policy",
    when: "a policy has rules",
    given: lifecycle({ policy: EXPIRING }),
    result: "passes",
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "a policy has no rules",
    given: lifecycle({ policy: JSON.stringify({ rules: [] }) }),
    result: [/policy: it has no rules/],
  },
  { rule: "ecr-lifecycle-policy", when: "a policy is unknown", given: lifecycle({ policy: UNKNOWN }), result: "waits" },
  {
    rule: "ecr-lifecycle-policy",
    when: "a template has none",
    given: template({}),
    result: [/lifecyclePolicy: it has no rules/],
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "a template has one",
    given: template({ lifecyclePolicy: EXPIRING }),
    result: "passes",
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "a policy names the repository",
    given: [
      repository({ id: "api-1a2b3c4", name: "api-1a2b3c4" }),
      lifecycle({ repository: "api-1a2b3c4", policy: EXPIRING }),
    ],
    result: "passes",
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "a policy refers to a repository whose name is unknown",
    given: [
      repository({ name: UNKNOWN }),
      lifecycle({ repository: UNKNOWN, policy: EXPIRING }, { repository: ["api"] }),
    ],
    result: "passes",
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "the policy is another repository's",
    given: [repository({ id: "api-1a2b3c4", name: "api-1a2b3c4" }), lifecycle({ repository: "web", policy: EXPIRING })],
    result: [/name: no lifecycle policy is about "api"/],
  },
  {
    rule: "ecr-lifecycle-policy",
    when: "there is no policy",
    given: [repository({ id: "api-1a2b3c4" })],
    result: [/no lifecycle policy is about "api", so that it keeps every image/],
  },

  {
    rule: "ecr-policy-not-public",
    when: "an account may pull",
    given: policy(allow({ AWS: "arn:aws:iam::111122223333:root" })),
    result: "passes",
  },
  {
    rule: "ecr-policy-not-public",
    when: "everyone may pull",
    given: policy(allow("*")),
    result: [/policy: statement 1 allows every principal/],
  },
  {
    rule: "ecr-policy-not-public",
    when: "everyone may pull by the other spelling",
    given: policy(allow({ AWS: ["*"] })),
    result: [/allows every principal/],
  },
  {
    rule: "ecr-policy-not-public",
    when: "the organisation may pull",
    given: policy(allow("*", { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } })),
    result: "passes",
  },
  { rule: "ecr-policy-not-public", when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: "ecr-policy-not-public",
    when: "nothing is allowed",
    given: { type: "aws:ecr/repositoryPolicy:RepositoryPolicy", props: { repository: "api" } },
    result: "passes",
  },
  {
    rule: "ecr-policy-not-public",
    when: "the registry's is public",
    given: { type: "aws:ecr/registryPolicy:RegistryPolicy", props: { policy: JSON.stringify(allow("*")) } },
    result: [/policy: statement 1 allows every principal/],
  },
  {
    rule: "ecr-policy-not-public",
    when: "the registry has none",
    given: { type: "aws:ecr/registryPolicy:RegistryPolicy", props: {} },
    result: "passes",
  },
  {
    rule: "ecr-policy-not-public",
    when: "a template's is public",
    given: template({ repositoryPolicy: JSON.stringify(allow("*")) }),
    result: [/repositoryPolicy: statement 1 allows every principal/],
  },
  { rule: "ecr-policy-not-public", when: "a template has none", given: template({}), result: "passes" },

  { rule: "ecr-kms-encrypted", when: "KMS does it", given: repository(KMS), result: "passes" },
  {
    rule: "ecr-kms-encrypted",
    when: "ECR's own key does it",
    given: repository({ encryptionConfigurations: [{ encryptionType: "AES256" }] }),
    result: [/encryptionConfigurations\[0\]\.encryptionType: it is "AES256", and must be one of KMS, KMS_DSSE/],
  },
  {
    rule: "ecr-kms-encrypted",
    when: "the block is absent",
    given: repository(),
    result: [/encryptionConfigurations: it is not set/],
  },
  {
    rule: "ecr-kms-encrypted",
    when: "the block is empty",
    given: repository({ encryptionConfigurations: [{}] }),
    result: [/encryptionConfigurations\[0\]\.encryptionType: it is not set/],
  },
  {
    rule: "ecr-kms-encrypted",
    when: "it is unknown",
    given: repository({ encryptionConfigurations: UNKNOWN }),
    result: [/encryptionConfigurations: its value is not known/],
  },

  { rule: "ecr-not-deleted-with-images", when: "nothing is said", given: repository(), result: "passes" },
  {
    rule: "ecr-not-deleted-with-images",
    when: "it may be",
    given: repository({ forceDelete: true }),
    result: [/forceDelete: it is true, and must be false/],
  },
  {
    rule: "ecr-not-deleted-with-images",
    when: "it is unknown",
    given: repository({ forceDelete: UNKNOWN }),
    result: [/forceDelete: its value is not known/],
  },
];
