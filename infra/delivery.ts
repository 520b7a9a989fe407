import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { dataStatements } from "./delivery/data.ts";
import { identityStatements } from "./delivery/identity.ts";
import { platformStatements, pulls, pushes } from "./delivery/platform.ts";
import { previewBoundaryStatements, previewIdentityStatements, previewStatements } from "./delivery/preview.ts";
import { readStatements } from "./delivery/reads.ts";
import type { DeployScope, Statement } from "./delivery/scope.ts";
import { physicalName } from "./naming.ts";
import { PrivateBucket } from "./private-bucket.ts";

/** `image` and `previews` are plain: they decide which resources there are. */
export interface DeliveryArgs {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly recoveryRegion: pulumi.Input<string>;
  /** Every name of the program begins with it. */
  readonly project: pulumi.Input<string>;
  /**
   * The GitHub repository whose jobs may come in: `owner/name`. Where its tokens carry immutable subjects, as those of
   * repositories since July 2026 do, with both ids: `owner@123456/name@456789`.
   */
  readonly repository: pulumi.Input<string>;
  /** The GitHub environment of the jobs that deploy; its protection rules are what stands before the role. */
  readonly environment: pulumi.Input<string>;
  /** What every role that the deploy role makes must carry. */
  readonly boundaryArn: pulumi.Input<string>;
  /** The registry's repository. */
  readonly repositoryArn: pulumi.Input<string>;
  /**
   * `pull`: images are built here, and a job may copy one out. `push`: a job may put in the one that was copied.
   * No role ever sees both registries. Default: neither, and no image is built here.
   */
  readonly image?: "pull" | "push";
  /**
   * Previews run in the account: jobs of the GitHub environment `preview` have a role that changes previews, and nothing
   * else that is here. Default: none.
   */
  readonly previews?: boolean;
  /** Days in which an overwritten release record can be restored. Default: 90. */
  readonly recordVersionDays?: pulumi.Input<number>;
  /** Whether a change to the program may delete the release records. Default: true, it may not. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const issuer = "token.actions.githubusercontent.com";
const audience = "sts.amazonaws.com";

/** An owner has up to 39 letters, digits, and hyphens, a repository up to 100 with dots and underscores too. */
const repositoryForm = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(@\d+)?\/[\w.-]{1,100}(@\d+)?$/;

/**
 * How GitHub's jobs reach the account without a stored key: GitHub as an identity provider (one per account; AWS knows
 * its certificates, so it takes no thumbprints), and a role for each thing that a job does, pinned to one repository and
 * one GitHub environment.
 *
 * - deploy: changes this environment, as far as IAM can tell it apart, and makes roles inside the boundary alone
 * - read: reads how things are set up, and no data; in jobs of `<environment>-read`, which nobody has to approve
 * - preview: the same reads, and what a preview needs to come and go
 * - image: pulls from the registry, or pushes to it
 *
 * None of them can change this component, nor what watches over the account: that is for an administrator. The bucket
 * keeps a record of every release. Current records never expire: the last good release may be an old one.
 *
 * Throws where `repository` or `environment` is none of GitHub's, or `accountId` is no account.
 */
export class Delivery extends pulumi.ComponentResource {
  readonly deployRoleArn: pulumi.Output<string>;
  readonly readRoleArn: pulumi.Output<string>;
  /** Undefined where there are no previews. */
  readonly previewRoleArn: pulumi.Output<string> | undefined;
  /** What every role of a preview must carry. Undefined where there are no previews. */
  readonly previewBoundaryArn: pulumi.Output<string> | undefined;
  /** Undefined where no image is copied. */
  readonly imageRoleArn: pulumi.Output<string> | undefined;
  readonly releaseBucketName: pulumi.Output<string>;
  readonly #name: string;
  readonly #tags: Pick<DeliveryArgs, "tags">;

  constructor(name: string, args: DeliveryArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:delivery:Delivery", name, {}, options);
    this.#name = name;
    this.#tags = args.tags ? { tags: args.tags } : {};
    const repository = checked(
      this,
      "repository",
      args.repository,
      z.string().regex(repositoryForm, "must be owner/name, or owner@id/name@id"),
    );
    const environment = checked(
      this,
      "environment",
      args.environment,
      z.string().regex(/^[a-z][a-z0-9-]*$/, "must be a GitHub environment in lower case"),
    );
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));

    const github = new aws.iam.OpenIdConnectProvider(
      name,
      { url: `https://${issuer}`, clientIdLists: [audience], ...this.#tags },
      { parent: this },
    );
    const role = (purpose: string, description: string, jobs: pulumi.Input<string>): aws.iam.Role =>
      new aws.iam.Role(
        physicalName("aws:iam/role:Role", name, purpose),
        { description, assumeRolePolicy: assumedByJobs(github.arn, repository, jobs), ...this.#tags },
        { parent: this },
      );

    const scope = pulumi
      .all([accountId, args.region, args.recoveryRegion, args.project, args.boundaryArn])
      .apply(([account, region, recoveryRegion, project, boundaryArn]): DeployScope => ({
        accountId: account,
        region,
        recoveryRegion,
        project,
        delivery: name,
        boundaryArn,
        buildsImages: args.image === "pull",
      }));
    const reads = this.#policy("reads", "Shows how things are set up.", scope.apply(readStatements));
    const deploy = role("deploy", "Changes this environment.", environment);
    this.#attach("deploy", deploy, {
      reads,
      platform: this.#policy("platform", "Changes network and hosting.", scope.apply(platformStatements)),
      data: this.#policy("data", "Changes stores, keys, logs, alarms, and budgets.", scope.apply(dataStatements)),
      identity: this.#policy("identity", "Makes bounded roles, and no others.", scope.apply(identityStatements)),
    });
    const read = role("read", "Reads, for drift and plans.", pulumi.interpolate`${environment}-read`);
    this.#attach("read", read, { reads });

    const preview = args.previews === true ? role("preview", "Changes previews.", "preview") : undefined;
    const previewBoundary =
      preview &&
      this.#policy(
        "preview-roles",
        "The most that a role of a preview may do.",
        scope.apply(previewBoundaryStatements),
      );
    if (preview !== undefined && previewBoundary !== undefined)
      this.#attach("preview", preview, {
        reads,
        previews: this.#policy("previews", "Changes previews.", scope.apply(previewStatements)),
        identity: this.#policy(
          "preview-identity",
          "Makes bounded roles of previews, and no others.",
          pulumi.all([scope, previewBoundary.arn]).apply(([all, arn]) => previewIdentityStatements(all, arn)),
        ),
      });

    const image =
      args.image === undefined ? undefined : role(`image-${args.image}`, imageRole[args.image], environment);
    if (args.image !== undefined && image !== undefined)
      new aws.iam.RolePolicy(
        physicalName("aws:iam/rolePolicy:RolePolicy", name, `image-${args.image}`),
        { role: image.name, policy: copies(args.image, args.repositoryArn) },
        { parent: this },
      );

    const records = new PrivateBucket(
      name,
      {
        purpose: "releases",
        noncurrentVersionDays: args.recordVersionDays ?? 90,
        protect: args.protect ?? true,
        ...this.#tags,
      },
      { parent: this },
    );

    this.deployRoleArn = deploy.arn;
    this.readRoleArn = read.arn;
    this.previewRoleArn = preview?.arn;
    this.previewBoundaryArn = previewBoundary?.arn;
    this.imageRoleArn = image?.arn;
    this.releaseBucketName = records.bucketName;
    this.registerOutputs({
      deployRoleArn: this.deployRoleArn,
      readRoleArn: this.readRoleArn,
      previewRoleArn: this.previewRoleArn,
      previewBoundaryArn: this.previewBoundaryArn,
      imageRoleArn: this.imageRoleArn,
      releaseBucketName: this.releaseBucketName,
    });
  }

  #policy(purpose: string, description: string, statements: pulumi.Output<Statement[]>): aws.iam.Policy {
    return new aws.iam.Policy(
      physicalName("aws:iam/policy:Policy", this.#name, purpose),
      {
        description,
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
        ...this.#tags,
      },
      { parent: this },
    );
  }

  #attach(purpose: string, role: aws.iam.Role, policies: Readonly<Record<string, aws.iam.Policy>>): void {
    for (const [part, { arn }] of Object.entries(policies))
      new aws.iam.RolePolicyAttachment(
        `${this.#name}-${purpose}-${part}`,
        { role: role.name, policyArn: arn },
        { parent: this },
      );
  }
}

const imageRole = {
  pull: "Lets a job copy an image out of the registry.",
  push: "Lets a job put the image that was copied into the registry.",
} as const;

/** Jobs of one GitHub environment of one repository; the token must be made for AWS. */
function assumedByJobs(
  providerArn: pulumi.Input<string>,
  repository: pulumi.Input<string>,
  environment: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: audience,
            [`${issuer}:sub`]: pulumi.interpolate`repo:${repository}:environment:${environment}`,
          },
        },
      },
    ],
  });
}

/** ECR's token is one for the whole registry: its action takes no resource. */
function copies(direction: "pull" | "push", repositoryArn: pulumi.Input<string>): pulumi.Output<string> {
  const actions = direction === "pull" ? pulls : [...pulls, ...pushes];
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "RegistryToken", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Sid: "OneRepository",
        Effect: "Allow",
        Action: actions.map((action) => `ecr:${action}`),
        Resource: repositoryArn,
      },
    ],
  });
}
