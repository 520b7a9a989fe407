import type * as pulumi from "@pulumi/pulumi";
import { qualifiedName } from "../naming.ts";
import { bounded, PermissionsBoundary } from "../permissions-boundary.ts";
import { createProviders, type Providers } from "../providers.ts";
import type { Settings } from "../settings/settings.ts";
import { tagsOf, type Tags } from "../tags.ts";

/** What every part of a stack is built with. */
export interface StackContext {
  readonly settings: Settings;
  readonly providers: Providers;
  /** For each component: its providers, and the permissions boundary on every role in it. */
  readonly options: pulumi.ComponentResourceOptions;
  /** For what people set up themselves: the boundary, and the roles of the pipeline, which it would make powerless. */
  readonly adminOptions: pulumi.ComponentResourceOptions;
  /** A component's name: `groundwork-staging-network`. */
  readonly name: (area: string) => string;
  /** The whole tag set, for what has no provider that adds it. */
  readonly tags: (service: string) => Tags;
}

/** `options` carry the boundary only where the stack makes one, or is given staging's. */
export function stackContext(
  settings: Settings,
  boundary: "own" | pulumi.Input<string>,
): StackContext & {
  readonly boundaryArn: pulumi.Input<string>;
} {
  const providers = createProviders(settings);
  const adminOptions = { providers: providers.all };
  const name = (area: string) => qualifiedName(settings, area);
  const boundaryArn =
    boundary === "own"
      ? new PermissionsBoundary(
          name("boundary"),
          { accountId: settings.aws.accountId, tags: { Service: "delivery" } },
          adminOptions,
        ).arn
      : boundary;
  return {
    settings,
    providers,
    options: { ...adminOptions, transformations: [bounded(boundaryArn)] },
    adminOptions,
    boundaryArn,
    name,
    tags: (service) => tagsOf(settings, service),
  };
}
