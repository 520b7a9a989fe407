import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as cloudflare from "@pulumi/cloudflare";
import * as datadog from "@pulumi/datadog";
import * as dockerBuild from "@pulumi/docker-build";
import * as mongodbatlas from "@pulumi/mongodbatlas";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { lifetimeTag } from "./settings/lifetime.ts";
import type { Settings } from "./settings/settings.ts";
import { tagsOf } from "./tags.ts";

/** Every provider of an environment. Default providers are disabled, so what is not built from these is refused. */
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
  const { datadog: ofDatadog, others } = ofEveryStack(settings);
  return {
    datadog: ofDatadog,
    // awsx builds images with docker-build.
    all: [...others, ofDatadog, new awsx.Provider("awsx"), new dockerBuild.Provider("docker-build")],
    usEast1: inAccount("aws-us-east-1", settings, "us-east-1"),
    recovery: inAccount("aws-recovery", settings, settings.aws.recoveryRegion),
  };
}

/** The providers of a preview: those that make something there, each of which is a resource too. */
export function createPreviewProviders(settings: Settings): pulumi.ProviderResource[] {
  const { datadog: ofDatadog, others } = ofEveryStack(settings);
  const builds = settings.imageDigest === undefined;
  return [...others, ofDatadog, ...(builds ? [new dockerBuild.Provider("docker-build")] : [])];
}

function ofEveryStack(settings: Settings) {
  return {
    datadog: new datadog.Provider("datadog", { apiUrl: `https://api.${settings.datadog.site}/` }),
    others: [
      inAccount("aws", settings, settings.aws.region),
      new cloudflare.Provider("cloudflare"),
      new mongodbatlas.Provider("mongodbatlas"),
      new random.Provider("random"),
    ],
  };
}

function inAccount(name: string, settings: Settings, region: string): aws.Provider {
  return new aws.Provider(name, {
    region: region as aws.Region,
    // Credentials of any other account fail before anything is made.
    allowedAccountIds: [settings.aws.accountId],
    defaultTags: { tags: { ...tagsOf(settings), ...lifetimeTag(settings) } },
  });
}
