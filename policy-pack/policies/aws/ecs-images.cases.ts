import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const task = (containerDefinitions: Json): Sent => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  props: { family: "api", containerDefinitions, tags },
});
const image = (...images: Json[]): Sent =>
  task(JSON.stringify(images.map((name, index) => ({ name: `c${index}`, image: name }))));

const OWN = "444455556666.dkr.ecr.us-east-1.amazonaws.com/api";
const DIGEST = `sha256:${"b2d1f0c7".repeat(8)}`;

const unknowns = ["ecs-image-pinned", "ecs-image-by-digest", "ecs-image-from-allowed-registry"].map((rule): Case => ({
  rule,
  when: "the containers are unknown",
  given: task(UNKNOWN),
  result: "waits",
}));

export const cases: readonly Case[] = [
  ...unknowns,
  { rule: "ecs-image-pinned", when: "the image has a digest", given: image(`${OWN}@${DIGEST}`), result: "passes" },
  {
    rule: "ecs-image-pinned",
    when: "the tag is a version",
    given: image("public.ecr.aws/datadog/agent:7.77.2"),
    result: "passes",
  },
  { rule: "ecs-image-pinned", when: "the tag is a commit", given: image(`${OWN}:main-1a2b3c4`), result: "passes" },
  {
    rule: "ecs-image-pinned",
    when: "one of two has no tag",
    given: image(`${OWN}@${DIGEST}`, OWN),
    result: [/containerDefinitions\[1\]\.image: in container "c1" it has no tag, which is latest/],
  },
  {
    rule: "ecs-image-pinned",
    when: "the tag is latest",
    given: image(`${OWN}:latest`),
    result: [/it has the tag "latest", which may be another image tomorrow/],
  },
  {
    rule: "ecs-image-pinned",
    when: "the tag is a major version",
    given: image("public.ecr.aws/datadog/agent:7"),
    result: [/it has the tag "7"/],
  },
  {
    rule: "ecs-image-pinned",
    when: "the digest is none",
    given: image(`${OWN}@sha256:abc`),
    result: [/it has sha256:abc/],
  },
  { rule: "ecs-image-pinned", when: "there are no containers", given: task("[]"), result: "passes" },

  { rule: "ecs-image-by-digest", when: "the image has one", given: image(`${OWN}:1.2.3@${DIGEST}`), result: "passes" },
  {
    rule: "ecs-image-by-digest",
    when: "the image has a tag alone",
    given: image("public.ecr.aws/datadog/agent:7.77.2"),
    result: [/image: in container "c0" it has the tag "7\.77\.2" and no digest/],
  },

  {
    rule: "ecs-image-from-allowed-registry",
    when: "the image is in ECR",
    given: image(`${OWN}:1.2.3`),
    result: "passes",
  },
  {
    rule: "ecs-image-from-allowed-registry",
    when: "the image is on Docker Hub",
    given: image("node:24.1.0"),
    result: [/image: in container "c0" it comes from docker\.io\/library\/node, which is not in the list/],
  },
  {
    rule: "ecs-image-from-allowed-registry",
    when: "the name only looks like ECR",
    given: image("evil.example/444455556666.dkr.ecr.us-east-1.amazonaws.com/api:1.2.3"),
    result: [/it comes from evil\.example/],
  },
  {
    rule: "ecs-image-from-allowed-registry",
    when: "the setting names the publisher",
    given: image("ghcr.io/example-org/api:1.2.3"),
    config: { repositories: ["ghcr.io/example-org/*"] },
    result: "passes",
  },
];
