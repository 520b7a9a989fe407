import { contract as api } from "../../api/src/environment.ts";
import type { EnvironmentName } from "./stacks.ts";

export type SiteName = "storefront" | "admin";
export type AppName = SiteName | "api";

export interface SiteVariable {
  readonly purpose: string;
  readonly required: boolean;
  /** Who gives the value. */
  readonly source: "infra" | "release";
  /** Who answers for it. */
  readonly owner: "platform" | "frontend";
  readonly environments: readonly EnvironmentName[];
  /** What infra gives; a release gives its own. */
  readonly value?: (facts: SiteFacts) => string;
}

/** What the values of a site's variables are made from. */
export interface SiteFacts {
  /** `preview` for the preview deployments of a site, whatever the stack. */
  readonly environment: EnvironmentName;
  readonly domain: string;
}

/** What a static site promises to its host, and what it reads when it is built. */
export interface Site {
  /** The first label of its host name. */
  readonly host: string;
  /** Built files, relative to the site's own folder. */
  readonly output: string;
  /** What an uptime check asks for. */
  readonly healthPath: string;
  readonly variables: Readonly<Record<string, SiteVariable>>;
}

const everyEnvironment = ["production", "staging", "preview"] as const;

const apiUrl: SiteVariable = {
  purpose: "Where the browser finds the API.",
  required: true,
  source: "infra",
  owner: "platform",
  environments: everyEnvironment,
  value: ({ domain }) => `https://${hostOf("api", domain)}`,
};
const mediaUrl: SiteVariable = {
  ...apiUrl,
  purpose: "Where the browser finds images.",
  value: ({ domain }) => `https://${mediaHostOf(domain)}`,
};
const environment: SiteVariable = {
  ...apiUrl,
  purpose: "Names the environment in error reports.",
  value: (facts) => facts.environment,
};
const commit: SiteVariable = {
  purpose: "The commit that was built, for error reports.",
  required: false,
  source: "release",
  owner: "frontend",
  environments: everyEnvironment,
};

/** The prefixes are those that Next.js and Vite put into what the browser gets: nothing here may be a secret. */
export const sites = {
  storefront: {
    host: "www",
    output: "out",
    healthPath: "/",
    variables: {
      NEXT_PUBLIC_API_URL: apiUrl,
      NEXT_PUBLIC_MEDIA_URL: mediaUrl,
      NEXT_PUBLIC_ENVIRONMENT: environment,
      NEXT_PUBLIC_COMMIT: commit,
    },
  },
  admin: {
    host: "admin",
    output: "dist",
    healthPath: "/",
    variables: {
      VITE_API_URL: apiUrl,
      VITE_MEDIA_URL: mediaUrl,
      VITE_ENVIRONMENT: environment,
      VITE_COMMIT: commit,
    },
  },
} as const satisfies Record<SiteName, Site>;

/** Every app, and where it is found. */
export const apps = {
  api: { host: "api", healthPath: api.paths.heartbeat },
  ...sites,
} as const satisfies Record<AppName, Pick<Site, "host" | "healthPath">>;

/** `api.example.com` */
export function hostOf(app: AppName, domain: string): string {
  return `${apps[app].host}.${domain}`;
}

/** Where pages are that may speak to the API and upload images: the sites, and what developers run themselves. */
export function pageOrigins(domain: string, localOrigins: readonly string[]): string[] {
  const hosts = (["storefront", "admin"] as const).map((site) => hostOf(site, domain));
  return [...hosts.map((host) => `https://${host}`), ...localOrigins];
}

/** `media.example.com`: images are served by CloudFront, not by an app. */
export function mediaHostOf(domain: string): string {
  return `media.${domain}`;
}

/** What infra gives a site: variable to value. */
export function siteVariables(site: SiteName, facts: SiteFacts): Record<string, string> {
  const given = Object.entries<SiteVariable>(sites[site].variables).flatMap(([variable, { environments, value }]) =>
    value !== undefined && environments.includes(facts.environment) ? [[variable, value(facts)] as const] : [],
  );
  return Object.fromEntries(given);
}

/** A preview's API: `api-fix-login.example.com`, beside the API's own host, so that one certificate covers both. */
export function previewHostOf(slug: string, domain: string): string {
  return `${apps.api.host}-${slug}.${domain}`;
}

/** All of them, with `*` for any text. */
export function previewHosts(domain: string): string {
  return previewHostOf("*", domain);
}
