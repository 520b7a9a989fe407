import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as cloudflare from "@pulumi/cloudflare";
import * as datadog from "@pulumi/datadog";
import * as dockerBuild from "@pulumi/docker-build";
import * as mongodbatlas from "@pulumi/mongodbatlas";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Settings } from "./settings/settings.ts";
import { tagsOf } from "./tags.ts";

/** Every provider of the program. Default providers are disabled, so what is not built from these is refused. */
export interface Providers {
  /** Components hand them to their children, also to those that awsx makes. */
  readonly all: pulumi.ProviderResource[];
  readonly datadog: datadog.Provider;
  /** For what AWS knows there alone: CloudFront's certificates, billing. */
  readonly usEast1: aws.Provider;
  /** For copies that survive the loss of the stack's own region. */
  readonly recovery: aws.Provider;
}

/**
 * Tokens of Cloudflare, Atlas, and Datadog are no inputs: their providers read them from the environment
 * (CLOUDFLARE_API_TOKEN; MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY; DATADOG_API_KEY and DATADOG_APP_KEY),
 * so they never stand in state.
 */
export function createProviders(settings: Settings): Providers {
  const inAccount = {
    // Credentials of any other account fail before anything is made.
    allowedAccountIds: [settings.aws.accountId],
    defaultTags: { tags: tagsOf(settings) },
  };
  const ofDatadog = new datadog.Provider("datadog", { apiUrl: `https://api.${settings.datadog.site}/` });
  return {
    datadog: ofDatadog,
    all: [
      new aws.Provider("aws", { region: settings.aws.region as aws.Region, ...inAccount }),
      new awsx.Provider("awsx"),
      new cloudflare.Provider("cloudflare"),
      ofDatadog,
      // awsx builds images with it.
      new dockerBuild.Provider("docker-build"),
      new mongodbatlas.Provider("mongodbatlas"),
      new random.Provider("random"),
    ],
    usEast1: new aws.Provider("aws-us-east-1", { region: "us-east-1", ...inAccount }),
    recovery: new aws.Provider("aws-recovery", { region: settings.aws.recoveryRegion as aws.Region, ...inAccount }),
  };
}
