import { textAt, textsAt } from "../fields.ts";
import type { CloudResource, Location, World } from "../service.ts";
import { placeHex } from "./lookup.ts";

export const IMAGE = "docker-build:index:Image";
export const REPOSITORY = "aws:ecr/repository:Repository";

export const registryHost = ({ account, region }: Location): string => `${account}.dkr.ecr.${region}.amazonaws.com`;

/** What opens a registry; the real one counts for twelve hours. */
export const registryPassword = (location: Location): string =>
  Buffer.from(`sandbox-registry-password-${placeHex(location, "ecr-password", 64)}`).toString("base64");

/** Name and tag of `HOST/NAME:TAG`; undefined where it is no tag in ECR. */
export function splitReference(reference: string): { readonly url: string; readonly tag: string } | undefined {
  const match = /^(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[^:@]+):([\w][\w.-]{0,127})$/.exec(reference);
  return match === null ? undefined : { url: match[1] ?? "", tag: match[2] ?? "" };
}

export const repositoryAt = (world: World, url: string): CloudResource | undefined =>
  world.all(REPOSITORY).find(({ outputs }) => textAt(outputs, "repositoryUrl") === url);

export interface PushedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly resource: CloudResource;
}

/** Images in the repository, the newest last. */
export const imagesIn = (world: World, url: string): PushedImage[] =>
  world.all(IMAGE).flatMap((resource) => {
    const digest = textAt(resource.outputs, "digest");
    const tags = textsAt(resource.inputs, "tags").flatMap((one) => {
      const found = splitReference(one);
      return found?.url === url ? [found.tag] : [];
    });
    return digest === undefined || tags.length === 0 ? [] : [{ digest, tags, resource }];
  });
