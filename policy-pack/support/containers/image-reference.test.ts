import assert from "node:assert/strict";
import { imageReferenceOf, isFrom, isPinned } from "./image-reference.ts";

const DIGEST = `sha256:${"b2d1f0c7".repeat(8)}`;

describe("an image reference", () => {
  for (const [text, repository, tag, digest] of [
    ["node", "docker.io/library/node", undefined, undefined],
    ["node:24", "docker.io/library/node", "24", undefined],
    ["datadog/agent:7.77.2", "docker.io/datadog/agent", "7.77.2", undefined],
    ["public.ecr.aws/datadog/agent:7.77.2", "public.ecr.aws/datadog/agent", "7.77.2", undefined],
    ["localhost:5000/api", "localhost:5000/api", undefined, undefined],
    [
      `444455556666.dkr.ecr.us-east-1.amazonaws.com/api:abc@${DIGEST}`,
      "444455556666.dkr.ecr.us-east-1.amazonaws.com/api",
      "abc",
      DIGEST,
    ],
  ] as const)
    it(`${text.slice(0, 50)} is of ${repository}`, () => {
      assert.deepEqual(imageReferenceOf(text), { repository, tag, digest });
    });

  for (const text of [`api@${DIGEST}`, "agent:7.77.2", "api:v1.2.3-alpine", "api:main-1a2b3c4", "api:20261121"])
    it(`${text.slice(0, 30)} is pinned`, () => {
      assert.equal(isPinned(imageReferenceOf(text)), true);
    });

  for (const text of ["api", "api:latest", "node:24", "node:24.1", "api:main", "api:feedbac", "api:1.2.3@sha256:abc"])
    it(`${text} is not pinned`, () => {
      assert.equal(isPinned(imageReferenceOf(text)), false);
    });
});

describe("a pattern of repositories", () => {
  const ECR = "*.dkr.ecr.*.amazonaws.com/*";
  for (const [image, pattern, expected] of [
    ["444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/api:1", ECR, true],
    ["evil.example/1.dkr.ecr.us-east-1.amazonaws.com/api:1", ECR, false],
    ["1.dkr.ecr.evil.example/amazonaws.com/api:1", ECR, false],
    ["public.ecr.aws/datadog/agent:7", "public.ecr.aws/datadog/*", true],
    ["public.ecr.aws/datadogs/agent:7", "public.ecr.aws/datadog/*", false],
    ["node:24", "docker.io/library/node", true],
    ["node-x:24", "docker.io/library/node", false],
  ] as const)
    it(`${pattern} ${expected ? "has" : "has not"} ${image}`, () => {
      assert.equal(isFrom(imageReferenceOf(image), pattern), expected);
    });
});
