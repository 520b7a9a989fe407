import type * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../certificate.ts";
import { LoadBalancer } from "../load-balancer.ts";
import { OriginPull } from "../origin-pull.ts";
import { apps, hostOf, previewHosts, siteVariables } from "../settings/apps.ts";
import { Site, type SiteArgs } from "../site.ts";
import { Zone } from "../zone.ts";
import type { StackContext } from "./context.ts";
import type { Foundation } from "./foundation.ts";

export interface Edge {
  readonly loadBalancer: LoadBalancer;
  readonly certificateArn: pulumi.Output<string>;
  /** For the registrar, once. */
  readonly dsRecord: pulumi.Output<string>;
  readonly storefront: Site;
  readonly admin: Site;
}

/** The Cloudflare zone with its sites, and a load balancer behind it that lets in nobody else. */
export function edge({ settings, options, name }: StackContext, { network, securityGroups }: Foundation): Edge {
  const { domain } = settings;
  const { zoneId } = settings.cloudflare;
  const protect = settings.protection.protectStateful;

  const zone = new Zone(
    name("zone"),
    {
      zoneId,
      domain,
      plan: settings.edge.plan,
      machineHosts: [hostOf("api", domain), ...(settings.delivery.previews ? [previewHosts(domain)] : [])],
      watchedPages: (["storefront", "admin"] as const).map((site) => ({
        host: hostOf(site, domain),
        path: apps[site].healthPath,
      })),
      sensitivePaths: [...settings.edge.sensitivePaths],
      sensitiveLimit: settings.edge.sensitiveLimit,
      generalLimit: settings.edge.generalLimit,
      hstsMaxAgeSeconds: settings.edge.hstsMaxAgeSeconds,
      spf: settings.edge.spf,
    },
    options,
  );

  const originPull = new OriginPull(
    name("origin-pull"),
    { zoneId, generations: settings.originPull.generations, tags: { Service: "edge" } },
    options,
  );
  const certificate = new Certificate(
    name("certificate"),
    // One certificate for the API and for all previews, which are its siblings.
    {
      domainName: hostOf("api", domain),
      alternativeNames: settings.delivery.previews ? [`*.${domain}`] : [],
      zoneId,
      tags: { Service: "edge" },
    },
    options,
  );
  const loadBalancer = new LoadBalancer(
    name("edge"),
    {
      subnetIds: network.publicSubnetIds,
      securityGroupId: securityGroups.loadBalancerId,
      certificateArn: certificate.arn,
      trustStoreArn: originPull.trustStoreArn,
      accountId: settings.aws.accountId,
      deletionProtection: protect,
      accessLogDays: settings.loadBalancer.accessLogDays,
      deleteLogsWithBucket: !protect,
      protect,
      tags: { Service: "edge" },
    },
    options,
  );

  const site = (app: "storefront" | "admin", access?: SiteArgs["access"]) =>
    new Site(
      name(app),
      {
        accountId: settings.cloudflare.accountId,
        zoneId,
        host: hostOf(app, domain),
        productionBranch: settings.sites.productionBranch,
        variables: siteVariables(app, { domain, environment: settings.environment }),
        previewVariables: settings.sites.previewsReachApi ? siteVariables(app, { domain, environment: "preview" }) : {},
        ...(access && { access }),
      },
      options,
    );
  return {
    loadBalancer,
    certificateArn: certificate.arn,
    dsRecord: zone.dsRecord,
    storefront: site("storefront"),
    admin: site("admin", {
      emailDomains: [...settings.adminEmailDomains],
      sessionDuration: settings.sites.adminSession,
    }),
  };
}
