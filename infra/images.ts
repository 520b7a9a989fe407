import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface ImagesArgs {
  /** How many of the newest tagged images stay, 2 or more; a signature is one as well. Default: 60. */
  readonly keep?: pulumi.Input<number>;
  /** Deletes the images with the repository. Default: false, so that a repository which holds any is not deleted. */
  readonly deleteImagesWithRepository?: pulumi.Input<boolean>;
  /** A customer's key; a change of it replaces the repository. Default: the key that AWS keeps for ECR, for nothing. */
  readonly encryptionKeyArn?: pulumi.Input<string>;
  /** Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An ECR repository, for every image of one app.
 *
 * Tags are immutable: an image is put in under the hash of its files, so other files are another tag, and a tag that
 * was proved stays what it was. Each image is scanned as it arrives.
 *
 * Untagged images (parts of builds that failed) go after a day, and of the tagged ones all but the newest `keep`. ECR
 * does not know which image runs; what keeps it is the order: a deployment pushes one image and then runs it, so the
 * one that runs goes only after `keep` newer ones were pushed of which none came to run. A deployment that rolls back
 * must therefore be mended before the `keep`th attempt, and earlier where signatures and previews' images, which are
 * tagged too, are pushed meanwhile. Images that later builds replaced are left to this rule.
 *
 * Throws where `keep` is below 2.
 */
export class Images extends pulumi.ComponentResource {
  readonly repositoryUrl: pulumi.Output<string>;
  readonly repositoryArn: pulumi.Output<string>;
  readonly repositoryName: pulumi.Output<string>;

  constructor(name: string, args: ImagesArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:hosting:Images", name, {}, options);
    // One that runs, and one to roll back to.
    const keep = checked(this, "keep", args.keep ?? 60, z.int().min(2, "must be 2 or more"));

    const repository = new aws.ecr.Repository(
      physicalName("aws:ecr/repository:Repository", name, "api"),
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [
          { encryptionType: "KMS", ...(args.encryptionKeyArn !== undefined && { kmsKey: args.encryptionKeyArn }) },
        ],
        forceDelete: args.deleteImagesWithRepository ?? false,
        ...(args.tags && { tags: args.tags }),
      },
      { parent: this, protect: args.protect ?? true },
    );
    new aws.ecr.LifecyclePolicy(
      name,
      { repository: repository.name, policy: newest(keep) },
      // A repository has one policy: made first, the new one would go with the old one.
      { parent: this, deleteBeforeReplace: true },
    );

    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    this.repositoryName = repository.name;
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
      repositoryName: this.repositoryName,
    });
  }
}

function newest(keep: pulumi.Input<number>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    rules: [
      {
        rulePriority: 1,
        description: "Parts of builds that failed",
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
        action: { type: "expire" },
      },
      {
        rulePriority: 2,
        description: "All but the newest builds",
        selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: keep },
        action: { type: "expire" },
      },
    ],
  });
}
