import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Settings } from "./settings/settings.ts";
import { tagsOf } from "./tags.ts";

/**
 * Every provider of the program. Default providers are disabled, so what is not built from these is refused.
 * Components hand them to their children, also to those that awsx makes.
 */
export function createProviders(settings: Settings): pulumi.ProviderResource[] {
  return [
    new aws.Provider("aws", {
      region: settings.aws.region as aws.Region,
      // Credentials of any other account fail before anything is made.
      allowedAccountIds: [settings.aws.accountId],
      defaultTags: { tags: tagsOf(settings) },
    }),
    new awsx.Provider("awsx"),
    new random.Provider("random"),
  ];
}
