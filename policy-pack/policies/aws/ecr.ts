import { parse } from "../../support/iam/policy-document.ts";
import { notPublic } from "../../support/iam/public-policy.ts";
import { unnamed } from "../../support/join.ts";
import { at, expects, isNotTrue, isTrue, judged, locate, oneOf } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isList, type Plain } from "../../support/unknown.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";
const REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const REGISTRY_POLICY = "aws:ecr/registryPolicy:RegistryPolicy";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

const WHO = "name the accounts, or the roles, that may pull";

const hasRules = (policy: Plain): boolean => {
  const document = typeof policy === "string" ? parse(policy) : policy;
  const listed = document instanceof Unknown ? document : at(document, "rules");
  return isList(listed) && listed.length > 0;
};

/** Lifecycle policies that let nothing expire. */
function emptyLifecycle({ type, props }: Resource): readonly Finding[] {
  const property = type === TEMPLATE ? "lifecyclePolicy" : "policy";
  const policy = props[property];
  if (policy instanceof Unknown) return [{ property, unknown: policy }];
  if (hasRules(policy)) return [];
  return [{ property, wrong: "it has no rules, so that nothing expires", fix: `add a rule to ${property}` }];
}

/** Repositories whose images nothing lets expire. */
function everlastingImages(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([REPOSITORY]), stack.ofType([LIFECYCLE]), "repository").map(({ urn, name }) => ({
    urn,
    property: "name",
    wrong: `no lifecycle policy is about "${name}", so that it keeps every image`,
    fix: "add an aws.ecr.LifecyclePolicy for it that lets untagged and old images expire",
  }));
}

/** AES-256 with a key of ECR is the default, where the block is absent. */
function withoutKey(resource: Resource): readonly Finding[] {
  const path = "encryptionConfigurations[].encryptionType";
  const fix = 'set encryptionConfigurations: [{ encryptionType: "KMS" }]';
  const types = locate(resource.props, path);
  const located = types.length > 0 ? types : [{ property: "encryptionConfigurations", value: undefined }];
  return located.flatMap((type) => judged(type, oneOf("KMS", "KMS_DSSE"), fix));
}

export const rules: readonly Rule[] = [
  {
    name: "ecr-scan-on-push",
    description: "ECR scans each image when it is pushed.",
    why: "Known holes of an image are then known before it runs.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...[
        "CKV_AWS_163",
        "FSBP ECR.1",
        "AWS-0030",
        "Prowler ecr_repositories_scan_images_on_push_enabled",
        "cfn-guard ecr_repo_scan_on_push",
      ],
      ...["compliance-policies", "PCI DSS v4.0.1/6.2.3", "PCI DSS v4.0.1/6.2.4"],
    ],
    resources: [
      {
        types: [REPOSITORY],
        unknown: "refuse",
        find: expects(
          "imageScanningConfiguration.scanOnPush",
          isTrue,
          "set imageScanningConfiguration: { scanOnPush: true }",
        ),
      },
    ],
    remedy: ({ type, props }) =>
      type !== REPOSITORY || isTrue.is(at(props, "imageScanningConfiguration.scanOnPush"))
        ? []
        : [{ path: ["imageScanningConfiguration", "scanOnPush"], value: true }],
  },
  {
    name: "ecr-immutable-tags",
    description: "Tags of images in ECR cannot be moved.",
    why: "What was tested under a tag is then what runs under it.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV_AWS_51",
      "FSBP ECR.2",
      "AWS-0031",
      "Prowler ecr_repositories_tag_immutability",
      "compliance-policies",
    ],
    resources: [
      {
        types: [REPOSITORY, TEMPLATE],
        unknown: "refuse",
        find: expects("imageTagMutability", oneOf("IMMUTABLE"), 'set imageTagMutability: "IMMUTABLE"'),
      },
    ],
  },
  {
    name: "ecr-lifecycle-policy",
    description: "Old images in ECR expire.",
    why: "A build a day is hundreds of gigabytes a year, each with the holes of its day.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP ECR.3", "Prowler ecr_repositories_lifecycle_policy_enabled"],
    resources: [{ types: [LIFECYCLE, TEMPLATE], unknown: "defer", find: emptyLifecycle }],
    stack: everlastingImages,
  },
  {
    name: "ecr-policy-not-public",
    description: "No policy of ECR lets everyone pull or push.",
    why: "Images hold code, and whoever may push runs code with the task's role.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_32", "AwsSolutions-ECR1", "AWS-0032", "Prowler ecr_repositories_not_publicly_accessible"],
    resources: [
      { types: [REPOSITORY_POLICY, REGISTRY_POLICY], unknown: "defer", find: notPublic("policy", WHO) },
      { types: [TEMPLATE], unknown: "defer", find: notPublic("repositoryPolicy", WHO) },
    ],
  },
  {
    name: "ecr-kms-encrypted",
    description: "Images in ECR are encrypted with a key of KMS.",
    why: "Every use of the key is then recorded, and access can be taken away by the key alone.",
    severity: "low",
    level: "mandatory",
    standards: ["CKV_AWS_136", "AWS-0033", "compliance-policies"],
    resources: [{ types: [REPOSITORY, TEMPLATE], unknown: "refuse", find: withoutKey }],
  },
  {
    name: "ecr-not-deleted-with-images",
    description: "A repository in ECR that holds images cannot be deleted.",
    why: "A replacement by mistake would take the image of every running task with it.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [REPOSITORY], unknown: "refuse", find: expects("forceDelete", isNotTrue, "set forceDelete: false") },
    ],
  },
];
