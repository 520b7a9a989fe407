import { TASK_DEFINITION, eachContainer, inContainer, type Container } from "../../support/containers/definitions.ts";
import {
  hasDigest,
  imageReferenceOf,
  isFrom,
  isPinned,
  type ImageReference,
} from "../../support/containers/image-reference.ts";
import { textsOf } from "../../support/property.ts";
import type { Config, Find, Finding, Rule } from "../../support/rule.ts";

const eachImage = (check: (image: ImageReference, container: Container, config: Config) => readonly Finding[]): Find =>
  eachContainer((container, _, config) => {
    const { image } = container.definition;
    return typeof image === "string" ? check(imageReferenceOf(image), container, config) : [];
  });

const referenceOf = ({ tag, digest }: ImageReference): string =>
  digest ?? (tag === undefined ? "no tag, which is latest" : `the tag "${tag}"`);

const movingImages = eachImage((image, container) =>
  isPinned(image)
    ? []
    : [
        inContainer(
          container,
          "image",
          `it has ${referenceOf(image)}, which may be another image tomorrow`,
          "name the image by its digest (repository@sha256:...), or by the tag of one version (1.2.3)",
        ),
      ],
);

// What moves anyway is the other rule's finding.
const undigestedImages = eachImage((image, container) =>
  hasDigest(image) || !isPinned(image)
    ? []
    : [inContainer(container, "image", `it has ${referenceOf(image)} and no digest`, "add the digest, @sha256:...")],
);

const foreignImages = eachImage((image, container, { repositories }) => {
  if (textsOf(repositories).some((pattern) => isFrom(image, pattern))) return [];
  const wrong = `it comes from ${image.repository}, which is not in the list of this rule`;
  const fix = "copy the image to a repository of the project, or add the publisher to the setting repositories";
  return [inContainer(container, "image", wrong, fix)];
});

export const rules: readonly Rule[] = [
  {
    name: "ecs-image-pinned",
    description: "Images of ECS tasks are named by a digest, or by a tag that means one version.",
    why: "A tag that moves brings untested code with the next task that starts, and no deployment shows it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: movingImages }],
  },
  {
    name: "ecs-image-by-digest",
    description: "Images of ECS tasks are named by their digest.",
    why: "Whoever takes over a publisher's account can move any tag of it.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: undigestedImages }],
  },
  {
    name: "ecs-image-from-allowed-registry",
    description: "Images of ECS tasks come from ECR, or from publishers that the project has chosen.",
    why: "An image of a stranger runs with the task's role.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      repositories: {
        type: "array",
        description: "Repositories that images may come from, with * for any part between slashes, or all below.",
        default: ["*.dkr.ecr.*.amazonaws.com/*", "public.ecr.aws/datadog/*"],
      },
    },
    resources: [{ types: [TASK_DEFINITION], unknown: "defer", find: foreignImages }],
  },
];
