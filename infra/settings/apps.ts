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
};
const mediaUrl: SiteVariable = { ...apiUrl, purpose: "Where the browser finds images." };
const environment: SiteVariable = { ...apiUrl, purpose: "Names the environment in error reports." };
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
