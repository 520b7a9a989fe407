import type * as pulumi from "@pulumi/pulumi";
import { qualifiedName } from "../naming.ts";
import { bounded, PermissionsBoundary } from "../permissions-boundary.ts";
import { createPreviewProviders, createProviders, type Providers } from "../providers.ts";
import type { Settings } from "../settings/settings.ts";
import { tagsOf, type Tags } from "../tags.ts";

/** What every part of any stack is built with. */
export interface BaseContext {
  readonly settings: Settings;
  /** For each component: its providers, and the permissions boundary on every role in it. */
  readonly options: pulumi.ComponentResourceOptions;
  /** A component's name: `groundwork-staging-network`. */
  readonly name: (area: string) => string;
  /** The whole tag set, for what has no provider that adds it. */
  readonly tags: (service: string) => Tags;
}

/** What every part of an environment is built with. */
export interface StackContext extends BaseContext {
  readonly providers: Providers;
  /** For what people set up themselves: the boundary, and the roles of the pipeline, which it would make powerless. */
  readonly adminOptions: pulumi.ComponentResourceOptions;
}

/** Of staging or production, which make the boundary of their roles. */
export function stackContext(settings: Settings): StackContext & { readonly boundaryArn: pulumi.Output<string> } {
  const providers = createProviders(settings);
  const adminOptions = { providers: providers.all };
  const { name, tags } = namesOf(settings);
  const boundaryArn = new PermissionsBoundary(
    name("boundary"),
    { accountId: settings.aws.accountId, tags: { Service: "delivery" } },
    adminOptions,
  ).arn;
  return {
    settings,
    providers,
    options: { ...adminOptions, transformations: [bounded(boundaryArn)] },
    adminOptions,
    boundaryArn,
    name,
    tags,
  };
}

/** Of a preview, whose roles have the boundary that staging makes for them. */
export function previewContext(settings: Settings, boundaryArn: pulumi.Input<string>): BaseContext {
  const providers = createPreviewProviders(settings);
  return { settings, options: { providers, transformations: [bounded(boundaryArn)] }, ...namesOf(settings) };
}

function namesOf(settings: Settings): Pick<BaseContext, "name" | "tags"> {
  return {
    name: (area) => qualifiedName(settings, area),
    tags: (service) => tagsOf(settings, service),
  };
}
