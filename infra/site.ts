import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { SiteAccess, type SiteAccessArgs } from "./site-access.ts";
import { variableProblem, type Deployment } from "./site/variables.ts";

/** Variable to value, in plain text: both are public. */
export type SiteVariables = Record<string, string>;

export interface SiteArgs {
  /** The Cloudflare account that holds the project: 32 hexadecimal digits. */
  readonly accountId: pulumi.Input<string>;
  /** The zone of `host`: 32 hexadecimal digits. */
  readonly zoneId: pulumi.Input<string>;
  /** Where the site is found, `www.example.com`. */
  readonly host: pulumi.Input<string>;
  /** Deployments of this branch are the site; those of every other are previews. */
  readonly productionBranch: pulumi.Input<string>;
  /** Of the site itself. Default: none. */
  readonly variables?: pulumi.Input<SiteVariables>;
  /** Of preview deployments. Nothing is inherited. Default: none. */
  readonly previewVariables?: pulumi.Input<SiteVariables>;
  /** Who may see the site, its `pages.dev` host, and its previews. Plain. Default: everybody. */
  readonly access?: Pick<SiteAccessArgs, "emailDomains" | "identityProviderId" | "sessionDuration">;
}

/** Cloudflare's limit; the name becomes the label of a host. */
const projectName = /^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/;
const automatic = 1;

/**
 * A static site on Cloudflare Pages, under its own host, whose files the release uploads: no repository is linked, so
 * that nothing is published which the release did not test.
 *
 * Each branch other than `productionBranch` has a preview deployment at `https://BRANCH.PROJECT.pages.dev`. Variables
 * are plain text by construction: there is no way to hand in a secret, and what looks like one is refused. A preview
 * deployment has its own, and never those of the site.
 * With `access`, Cloudflare Access stands before the host, the project's own `pages.dev` host, and every preview.
 *
 * Throws where the component's name is no project's name, the host is none, or a variable looks like a credential (in
 * previews also like a payment provider's).
 */
export class Site extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Where previews are: `https://*.PROJECT.pages.dev`. */
  readonly previewUrl: pulumi.Output<string>;

  constructor(name: string, args: SiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:sites:Site", name, {}, options);
    const host = checked(
      this,
      "host",
      args.host,
      z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,63}$/, "must be a host name in lower case"),
    );
    checked(this, "name", name, z.string().regex(projectName, "must be at most 58 of a-z, 0-9, and hyphens"));
    const variables = checked(this, "variables", args.variables ?? {}, publicIn("production"));
    const previewVariables = checked(this, "previewVariables", args.previewVariables ?? {}, publicIn("preview"));
    const { accountId, zoneId } = args;
    const parent = { parent: this };

    const project = new cloudflare.PagesProject(
      name,
      {
        accountId,
        name,
        productionBranch: args.productionBranch,
        deploymentConfigs: {
          production: { envVars: variables.apply(plainText) },
          preview: { envVars: previewVariables.apply(plainText) },
        },
      },
      parent,
    );
    // Access first: between the two the site would be open.
    const guard =
      args.access === undefined
        ? []
        : [new SiteAccess(name, { accountId, host, projectHost: project.subdomain, ...args.access }, parent)];
    const domain = new cloudflare.PagesDomain(
      name,
      { accountId, projectName: project.name, name: host },
      { parent: this, dependsOn: guard },
    );
    new cloudflare.DnsRecord(
      name,
      {
        zoneId,
        name: host,
        type: "CNAME",
        content: project.subdomain,
        proxied: true,
        ttl: automatic,
        comment: `Site ${name}`,
      },
      { parent: this, dependsOn: [domain] },
    );

    this.projectName = project.name;
    this.url = pulumi.interpolate`https://${host}`;
    this.previewUrl = pulumi.interpolate`https://*.${project.subdomain}`;
    this.registerOutputs({ projectName: this.projectName, url: this.url, previewUrl: this.previewUrl });
  }
}

const plainText = (variables: SiteVariables) =>
  Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, { type: "plain_text", value }]));

/** Names what is wrong, never the value. */
const publicIn = (deployment: Deployment): z.ZodType<SiteVariables> =>
  z.record(z.string(), z.string()).superRefine((variables, context) => {
    for (const [name, value] of Object.entries(variables)) {
      const problem = variableProblem(name, value, deployment);
      if (problem !== undefined) context.addIssue({ code: "custom", path: [name], message: problem });
    }
  });
