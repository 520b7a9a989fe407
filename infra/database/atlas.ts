import { z } from "zod";
import { physicalName } from "../naming.ts";

const clusterType = "mongodbatlas:index/advancedCluster:AdvancedCluster";

/** Of a cluster's name so many characters become part of its hosts' names. */
const hostLength = 23;

/** An AWS region in Atlas's spelling: `us-east-1` is `US_EAST_1`. */
export const atlasRegion = (region: string): string => region.toUpperCase().replaceAll("-", "_");

/** Logical name of a cluster. Cut to its hosts' length it must not end in a hyphen: a hyphen in that place is left out. */
export function clusterName(component: string): string {
  const whole = physicalName(clusterType, component, "cluster");
  const last = hostLength - 1;
  return whole[last] === "-" ? whole.slice(0, last) + whole.slice(hostLength) : whole;
}

/** Datadog's sites in Atlas's words. A site that is not here Atlas cannot send to. */
const datadogRegions: ReadonlyMap<string, string> = new Map([
  ["datadoghq.com", "US"],
  ["us3.datadoghq.com", "US3"],
  ["us5.datadoghq.com", "US5"],
  ["datadoghq.eu", "EU"],
  ["ap1.datadoghq.com", "AP1"],
]);

export const datadogSite = z
  .string()
  .refine(
    (site) => datadogRegions.has(site),
    `must be one that Atlas sends to: ${[...datadogRegions.keys()].join(", ")}`,
  );

/** The region of a site that has passed `datadogSite`. */
export const datadogRegion = (site: string): string => datadogRegions.get(site) ?? "US";

/** Sizes of dedicated clusters that the program may choose, from the smallest up. */
export const instanceSizes = ["M10", "M20", "M30", "M40", "M50", "M60", "M80"] as const;
export type InstanceSize = (typeof instanceSizes)[number];
