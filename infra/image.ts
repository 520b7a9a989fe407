import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import type { ImageSource } from "./settings/api-image.ts";
import { sourceHash } from "./image/source-hash.ts";

/** `source`, `imageDigest`, and `tagPrefix` are plain: by them an image is built or not, and under which tag. */
export interface ImageArgs {
  /** Where the image lies, or is put. */
  readonly repositoryUrl: pulumi.Input<string>;
  /** What is built where no digest is given. */
  readonly source: ImageSource;
  /** `sha256:` and 64 hexadecimal digits: the image in the repository that is to run. Default: one is built. */
  readonly imageDigest?: string | undefined;
  /** What the tag begins with, so that stacks that share a repository share no tag. Default: nothing. */
  readonly tagPrefix?: string;
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits");
const prefix = z.string().regex(/^([a-z0-9-]{1,64})?$/, "must be lower-case letters, digits, and hyphens");

/** Fargate's Graviton, a fifth cheaper than x86. */
const platform = "linux/arm64";

/**
 * The image that is to run: one that is in the repository already, or one that is built and put there under the hash of
 * its files.
 *
 * The build needs Docker with BuildKit on the machine that runs Pulumi, and emulation where that is not ARM.
 * Throws where `imageDigest` is no digest, `tagPrefix` no part of a tag, or a file of `source` is missing.
 */
export class Image extends pulumi.ComponentResource {
  /** `<repositoryUrl>@sha256:...` */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:Image", name, {}, options);
    if (args.imageDigest !== undefined) checked(this, "imageDigest", args.imageDigest, digest);
    const tagPrefix = args.tagPrefix ?? "";
    checked(this, "tagPrefix", tagPrefix, prefix);
    this.reference =
      args.imageDigest === undefined
        ? this.#build(name, args.source, args.repositoryUrl, tagPrefix)
        : pulumi.interpolate`${args.repositoryUrl}@${args.imageDigest}`;
    this.registerOutputs({ reference: this.reference });
  }

  #build(name: string, source: ImageSource, repositoryUrl: pulumi.Input<string>, tagPrefix: string) {
    const providers = ["aws:ecr/repository:Repository", "docker-build:index:Image"].flatMap(
      (type) => this.getProvider(type) ?? [],
    );
    const image = new awsx.ecr.Image(
      name,
      {
        repositoryUrl,
        context: source.context,
        dockerfile: source.dockerfile,
        imageTag: `${tagPrefix}${sourceHash(source)}`,
        platform,
      },
      {
        parent: this,
        // awsx makes the child in another process, which knows only the providers that it is given by name.
        providers,
        // The child is named after the tag. Deleted with its predecessor, a running task could not start again.
        retainOnDelete: true,
      },
    );
    // docker-build calls all secret that came of the registry's password; a digest is none.
    return pulumi.unsecret(image.imageUri);
  }
}

/**
 * The same in a component that holds other things too: what awsx makes, without awsx between. Gives the reference.
 * An image of the stack's own goes with the stack; those that it replaced go as the repository's others do.
 */
export function runningImage(name: string, args: ImageArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { repositoryUrl, source, imageDigest, tagPrefix = "" } = args;
  checked(parent, "tagPrefix", tagPrefix, prefix);
  if (imageDigest !== undefined) {
    checked(parent, "imageDigest", imageDigest, digest);
    return pulumi.interpolate`${repositoryUrl}@${imageDigest}`;
  }
  const { proxyEndpoint, userName, password } = aws.ecr.getAuthorizationTokenOutput({}, { parent });
  const reference = pulumi.interpolate`${repositoryUrl}:${tagPrefix}${sourceHash(source)}`;
  const image = new dockerBuild.Image(
    name,
    {
      context: { location: source.context },
      dockerfile: { location: source.dockerfile },
      platforms: [platform],
      tags: [reference],
      push: true,
      // The provider deletes an image by its digest, which another stack would have too that built the same files.
      labels: { stack: tagPrefix.replace(/-$/, "") },
      registries: [{ address: proxyEndpoint, username: userName, password: pulumi.secret(password) }],
    },
    { parent },
  );
  return pulumi.interpolate`${repositoryUrl}@${pulumi.unsecret(image.digest)}`;
}
